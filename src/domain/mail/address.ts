/** One e-mail address. There is no type for several: a shared To is how one person's address reaches another (M2). */
import { toUtf8 } from "../bytes.ts";

/** RFC 5321, 4.5.3.1, in octets. */
const LOCAL_MAX = 64;
const WHOLE_MAX = 254;
const LABEL_MAX = 63;

/** RFC 5322 atext, and letters and figures of any script (RFC 6531). */
const DOT_ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** A quoted local part, without what a line or another address could hide in. */
const QUOTED = /^"(?:[ !#-[\]-~]|\\["\\])+"$/;
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/**
 * The address that a text is, white space around it taken away; null for what is none, or more than one. Odd but valid
 * forms pass (tags, apostrophes, quoted local parts, other scripts); a list, a display name, a domain without a dot and
 * a number in brackets do not.
 */
export function addressOf(text: string): string | null {
  const address = text.trim();
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1 || toUtf8(address).length > WHOLE_MAX || toUtf8(local).length > LOCAL_MAX) return null;
  if (!DOT_ATOM.test(local) && !QUOTED.test(local)) return null;
  const labels = domain.split(".");
  if (
    labels.length < 2 ||
    /^\d+$/.test(labels.at(-1)!) ||
    labels.some((label) => label.length > LABEL_MAX || !LABEL.test(label))
  )
    return null;
  return address;
}
