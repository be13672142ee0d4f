/** The log's signing key, made and read. */
import { randomBytes } from "node:crypto";
import { formatSignerKey, formatVerifierKey, parseSignerKey } from "../src/domain/log/note-key.ts";

/** A key of a C2SP signed note (c2sp.org/signed-note), as text: the secret one, and the one that everybody may have. */
export type LogKey = { readonly signer: string; readonly verifier: string };

/** Makes an Ed25519 key for notes signed under `name`, which holds neither spaces nor plus signs. */
export const newLogKey = (name: string): LogKey => readLogKey(formatSignerKey(name, randomBytes(32)));

/** Reads what `newLogKey` made. @throws `NOTE_INVALID` when it is damaged */
export const readLogKey = (signer: string): LogKey => ({
  signer,
  verifier: formatVerifierKey(parseSignerKey(signer).verifier),
});
