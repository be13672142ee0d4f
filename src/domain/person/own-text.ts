/**
 * DANGEROUS: text that a person sealed to their own key becomes readable to them again. Reachable from src/member only.
 */
import { decodeFields, encodeFields, fromHex, fromUtf8, tag, toHex, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { ageOpen } from "../seal/age-open.ts";
import { ageSeal } from "../seal/age-seal.ts";
import { pad, unpad } from "../seal/padding.ts";
import type { PersonKeys } from "./keys.ts";

/** Far more than anybody types before they send it; bytes. */
const CAP = 4 * 1024 * 1024;

/** Seals a text to the person's own key. @throws `TOO_LARGE`, `SEAL_FAILED` */
export async function sealOwnText({ person, recipient }: PersonKeys, text: string): Promise<Bytes> {
  const plaintext = pad(encodeFields([toUtf8(tag("own-text")), fromHex(person), toUtf8(text)]));
  if (plaintext.length > CAP) throw new Fault("TOO_LARGE");
  return ageSeal([recipient], plaintext);
}

/** The text again. @throws `OPEN_FAILED` for another key, `OPEN_CONTEXT` for anything else of this key */
export async function openOwnText({ person, identity }: PersonKeys, sealed: Bytes): Promise<string> {
  const [kind, owner, text, ...rest] = decodeFields(unpad(await ageOpen(identity, sealed, CAP)));
  if (!kind || !owner || !text || rest.length > 0 || fromUtf8(kind) !== tag("own-text") || toHex(owner) !== person)
    throw new Fault("OPEN_CONTEXT", "not a text of this person's own");
  return fromUtf8(text);
}
