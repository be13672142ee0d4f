/**
 * What a file of ours may look like from outside: age v1 (age-encryption.org/v1), one kind of stanza, a stated number
 * of them. The library accepts more than we may: no recipients, mixed kinds, passphrase stanzas (T5, T10).
 */
import { sha256, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

export type KeyKind = "hybrid" | "x25519";

const STANZA: { readonly [type: string]: KeyKind } = { mlkem768x25519: "hybrid", X25519: "x25519" };
const HEADER_MAX = 512 * 1024;
/**
 * The longest line that is ever written, a hybrid stanza, has 1,512 characters; as arguments of one call a line must
 * fit the stack.
 */
const LINE_MAX = 4096;
const CHUNK = 64 * 1024;
const OVERHEAD = 16;

/** The kind of an age recipient; `SEAL_RECIPIENTS` for anything that is not exactly one of ours. */
export function kindOfRecipient(recipient: string): KeyKind {
  if (/^age1pq1[02-9ac-hj-np-z]{1948,1960}$/.test(recipient)) return "hybrid";
  if (/^age1[02-9ac-hj-np-z]{58}$/.test(recipient)) return "x25519";
  throw new Fault("SEAL_RECIPIENTS", "not an age recipient");
}

/** SHA-256 of a recipient as text: what statements carry instead of the 2 KB of a hybrid recipient. */
export const recipientHash = (recipient: string): Bytes => sha256(toUtf8(recipient));

export type AgeShape = { readonly kind: KeyKind; readonly stanzas: number; readonly plaintext: number };

/**
 * Reads the header of an age file without any key.
 * @returns its kind, its number of stanzas and the exact size of its plaintext in bytes
 * @throws `ENVELOPE_NOT_SEALED` when it is not an age file, `ENVELOPE_MALFORMED` when its stanzas are not ours
 */
export function inspectAge(file: Bytes): AgeShape {
  const { lines, end } = headerLines(file);
  let kind: KeyKind | undefined;
  let stanzas = 0;
  for (const line of lines) {
    if (!line.startsWith("-> ")) continue;
    const found = STANZA[line.split(" ")[1] ?? ""];
    if (!found) throw new Fault("ENVELOPE_MALFORMED", "a stanza is of a kind that is never written");
    if (kind && kind !== found) throw new Fault("ENVELOPE_MALFORMED", "stanzas of two kinds");
    kind = found;
    stanzas += 1;
  }
  if (!kind) throw new Fault("ENVELOPE_MALFORMED", "sealed to nobody");
  return { kind, stanzas, plaintext: plaintextSize(file.length - end) };
}

function headerLines(file: Bytes): { lines: string[]; end: number } {
  const lines: string[] = [];
  for (let start = 0; start < HEADER_MAX; ) {
    const end = file.indexOf(0x0a, start);
    if (end < 0) break;
    if (end - start > LINE_MAX)
      throw new Fault(lines.length > 0 ? "ENVELOPE_MALFORMED" : "ENVELOPE_NOT_SEALED", "a header line is too long");
    const line = String.fromCharCode.apply(null, file.subarray(start, end) as unknown as number[]);
    start = end + 1;
    if (lines.length === 0 && line !== "age-encryption.org/v1") break;
    lines.push(line);
    if (line.startsWith("---")) {
      if (!/^--- [A-Za-z0-9+/]{43}$/.test(line))
        throw new Fault("ENVELOPE_MALFORMED", "the header has no authentication");
      return { lines, end: start };
    }
    if (!/^(?:age-encryption\.org\/v1|-> [!-~]+(?: [!-~]+)*|[A-Za-z0-9+/]{0,64})$/.test(line))
      throw new Fault("ENVELOPE_MALFORMED", "a header line is not age");
  }
  throw new Fault("ENVELOPE_NOT_SEALED", "no age header");
}

/** The payload is a 16-byte nonce, then chunks of 64 KiB, each with a 16-byte tag; only the last may be short. */
function plaintextSize(payload: number): number {
  const chunks = payload - OVERHEAD;
  const count = Math.max(1, Math.ceil(chunks / (CHUNK + OVERHEAD)));
  const size = chunks - count * OVERHEAD;
  if (size < 0 || (count > 1 && chunks - (count - 1) * (CHUNK + OVERHEAD) <= OVERHEAD))
    throw new Fault("ENVELOPE_MALFORMED", "the sealed part is truncated");
  return size;
}
