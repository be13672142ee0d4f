/**
 * The one grammar of an e-mail address: for what somebody types into a form, for another system's table, and for the
 * mailroom. There is no type for several: a shared To is how one person's address reaches another (M2).
 */
import { withoutHidden } from "./clean.ts";

/** RFC 5321, 4.5.3.1, in octets. */
const LOCAL_MAX = 64;
const WHOLE_MAX = 254;
const LABEL_MAX = 63;
/** Of what is looked at, in characters. */
const TEXT_MAX = 1_000;

/** RFC 5322 atext, and letters and figures of any script (RFC 6531), with the joiners that some are written with. */
const ATOM = "[\\p{L}\\p{M}\\p{N}\\u200c\\u200d!#$%&'*+/=?^_`{|}~-]+";
const DOT_ATOM = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, "u");
const DOTS_AMISS = new RegExp(`^(?:\\.|${ATOM})+$`, "u");
/** A quoted local part, without what a line or another address could hide in. */
const QUOTED = /^"(?:[ !#-[\]-~]|\\["\\])+"$/;
const LABEL = /^[\p{L}\p{N}](?:[\u200d\u200c\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/** What was taken out or put right, because it can mean nothing else. */
export type EmailMend =
  /** characters that nobody sees */
  | "unseen"
  /** what stood around the address: a name, `mailto:`, quotation marks, a full stop or comma at its end */
  | "around"
  /** a curly apostrophe, or letters of double width */
  | "spelling";

/** Why a text is not one address, and what to do. */
export const EMAIL_FAULTS = {
  format: "Enter an email address in the correct format, like name@example.com",
  several: "Enter one email address only",
  // Never mended: with one dot fewer it may be somebody else's mailbox.
  dots: "Enter an email address without two dots in a row, and without a dot beside the @",
  long: "Enter a shorter email address: at most 64 characters before the @, and 254 in all",
} as const;
export type EmailFault = keyof typeof EMAIL_FAULTS;

export type EmailRead =
  | { readonly address: string; readonly mended: readonly EmailMend[] }
  | { readonly address: null; readonly fault: EmailFault };

/**
 * One address out of a text. What cannot be meant is taken out: characters that nobody sees, a name or quotation marks
 * around it, a full stop at its end, a curly apostrophe. What could be another person's mailbox is not guessed at: two
 * dots, two addresses, a space. Odd but valid forms pass (tags, apostrophes, quoted local parts, other scripts).
 * What is found is found again as itself.
 */
export function readEmail(text: string): EmailRead {
  if (text.length > TEXT_MAX) return { address: null, fault: "long" };
  const mended: EmailMend[] = [];
  let now = text.trim();
  const mend = (kind: EmailMend, next: string): void => {
    if (next !== now && !mended.includes(kind)) mended.push(kind);
    now = next;
  };
  mend("unseen", withoutHidden(now).trim());
  mend("around", unwrapped(now));
  mend("spelling", respelled(now));
  // Narrow letters may have left another full stop or bracket at an end.
  mend("around", unwrapped(now));
  const fault = faultOf(now);
  return fault === null ? { address: now, mended } : { address: null, fault };
}

/** The address that a text is (`readEmail`); null for what is none, or more than one. */
export const addressOf = (text: string): string | null => readEmail(text).address;

const PAIRS = [/^"([^"]*)"$/, /^'([^']*)'$/, /^“([^“”]*)”$/, /^‘([^‘’]*)’$/, /^\(([^()]*)\)$/, /^\[([^[\]]*)\]$/];

/** Without what stands around an address. A name that could itself be an address is left, and so refused. */
function unwrapped(text: string): string {
  let now = text;
  for (let before = ""; before !== now; ) {
    before = now;
    now = now.replace(/^mailto:/i, "").replace(/[.,;]+$/, "");
    now = now.trim();
    now = /^[^<>@]*<([^<>]*)>$/.exec(now)?.[1] ?? now;
    for (const pair of PAIRS) now = pair.exec(now)?.[1] ?? now;
    now = now.trim();
  }
  return now;
}

/** Letters of double width become plain, and apostrophes straight: no mailbox is known to be called by the others. */
function respelled(text: string): string {
  const plain = text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\ufe6b/g, "@");
  const at = plain.lastIndexOf("@");
  if (at < 0) return plain;
  const local = plain
    .slice(0, at)
    .normalize("NFC")
    .replace(/[\u2018\u2019\u201b\u2032\u00b4]/g, "'");
  // A letter of its own in some scripts; among plain letters it is an apostrophe.
  const straight = /^[ -~\u02bc]+$/.test(local) ? local.replace(/\u02bc/g, "'") : local;
  // As names of domains are compared everywhere (UTS 46).
  return `${straight}@${plain
    .slice(at + 1)
    .normalize("NFKC")
    .replace(/\u3002/g, ".")}`;
}

/** In UTF-8; counted here, so that a page that only checks need not load what makes hashes. */
function octetsOf(text: string): number {
  let octets = 0;
  for (const one of text) {
    const code = one.codePointAt(0)!;
    octets += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return octets;
}

function faultOf(address: string): EmailFault | null {
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1) return "format";
  const labels = domain.split(".");
  if (!DOT_ATOM.test(local) && !QUOTED.test(local)) {
    if (DOTS_AMISS.test(local)) return "dots";
    return isSeveral(address) ? "several" : "format";
  }
  if (labels.length > 1 && labels.includes("")) return "dots";
  if (labels.length < 2 || labels.some((label) => !LABEL.test(label)) || /^\d+$/.test(labels.at(-1)!)) return "format";
  if (octetsOf(address) > WHOLE_MAX || octetsOf(local) > LOCAL_MAX) return "long";
  return labels.some((label) => label.length > LABEL_MAX) ? "long" : null;
}

const isSeveral = (text: string): boolean => {
  const parts = text.split(/[\s,;/|]+(?:(?:and|or)\s+)?/i).filter((part) => part !== "");
  return parts.length > 1 && parts.every((part) => !/[\s,;/|]/.test(part) && faultOf(unwrapped(part)) === null);
};
