/**
 * The certificate of an erasure, as one text to keep and to check offline: words for people, below them the signature
 * of the owner who decided with their key, and the log's own entry with its proof (c2sp.org/tlog-proof@v1, the entry as
 * its `extra`). The words follow from the entry and the key, so a file in which any bit was altered is refused
 * (`NOTE_INVALID`). Whose the key is, only the body's signed statements tell.
 */
import { fromHex, toHex, type Bytes } from "../bytes.ts";
import { faultOfSignature } from "../person/signed.ts";
import { Fault } from "../problem.ts";
import { referenceOf } from "../seal/reference.ts";
import { isZone, instantText, plainTime, type Zone } from "../time.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { parseEntry, type Entry } from "./event.ts";
import { keyGivenFor } from "./names.ts";
import type { VerifierKey } from "./note-key.ts";
import { parseNote, signatureLine } from "./note.ts";
import { encodeProof, parseProof, verifyProof, type LogProof } from "./proof.ts";

type Done = Extract<Entry, { kind: "erasure.done" }>;

/** The owner's signing key, and their signature over what they decided (`src/domain/person/signed.ts`). */
export type Decided = { readonly key: Bytes; readonly signature: Bytes };

export type Certificate = {
  readonly entry: Done;
  readonly index: number;
  readonly checkpoint: Checkpoint;
  /** the owner's signing key, as the file says it; the signature holds under it */
  readonly key: Bytes;
};

const TITLE = "Certificate of erasure\n";
const PROOF = "\nc2sp.org/tlog-proof@v1\n";
const ACT = /\npillarbox\/v1\/act\nkey ([0-9a-f]{64})\nsignature ([0-9a-f]{128})\n$/;

/** By whose clock it is said; the instant is the entry's. */
const ERASED = /\nErased {4}[^,\n]* by the clock in (\S+), by /;

const invalid = (detail: string): Fault => new Fault("NOTE_INVALID", detail);

/**
 * The text, with its time by the clock of the body. Of the checkpoint's signatures only the log's own goes in: whoever checks has its key, and one that nobody
 * checks could be altered.
 */
export function encodeCertificate(
  entry: Bytes,
  { index, hashes, checkpoint }: LogProof,
  { key, signature }: Decided,
  zone: Zone,
): string {
  const done = doneIn(entry);
  const act = `pillarbox/v1/act\nkey ${toHex(key)}\nsignature ${toHex(signature)}\n`;
  const { text, signatures } = parseNote(checkpoint);
  const own = signatures.find(({ name }) => name === text.split("\n")[0]);
  if (own === undefined) throw invalid("the log did not sign its checkpoint");
  return `${wordsOf(done, index, key, zone)}\n${act}\n${encodeProof({ extra: entry, index, hashes, checkpoint: `${text}\n${signatureLine(own)}` })}`;
}

/**
 * Whether this is a certificate of the log of the body in it, every character of it, and signed by the holder of the key in it.
 * @param given the key of that log, or of the host's
 * @throws `NOTE_INVALID`
 */
export function verifyCertificate(text: string, given: VerifierKey): Certificate {
  const end = text.indexOf(PROOF);
  if (!text.startsWith(TITLE) || end < 0) throw invalid("this is not a certificate of erasure");
  const proof = parseProof(text.slice(end + 1));
  if (proof.extra === undefined) throw invalid("the entry of the log is missing");
  const [, keyHex, signatureHex] = ACT.exec(text.slice(0, end)) ?? [];
  if (keyHex === undefined || signatureHex === undefined) throw invalid("nobody's signature is in it");
  const decided = { key: fromHex(keyHex), signature: fromHex(signatureHex) };
  const zone = ERASED.exec(text.slice(0, end))?.[1] ?? "";
  const words = isZone(zone) ? encodeCertificate(proof.extra, proof, decided, zone) : null;
  if (words !== text) throw invalid("the words are not what the log says");
  const entry = doneIn(proof.extra);
  const { index, checkpoint } = verifyProof(text.slice(end + 1), proof.extra, keyGivenFor(given, entry.body));
  if (faultOfSignature(entry, decided.signature, { role: "owner", signingKey: decided.key }) !== null)
    throw invalid("the signature of who decided does not hold");
  return { entry, index, checkpoint, key: decided.key };
}

function doneIn(bytes: Bytes): Done {
  const entry = parseEntry(bytes);
  if (entry.kind !== "erasure.done") throw invalid("the entry is not about an erasure");
  return entry;
}

/** What the certificate says, and what it does not: nothing but what follows from the entry, its place and the key. */
function wordsOf(entry: Done, index: number, key: Bytes, zone: Zone): string {
  const { submission, additions, body, inbox, erasure, reason, parts, at, backupsUntil } = entry;
  return [
    TITLE,
    `Letter    ${referenceOf(submission)} (${submission})`,
    ...additions.map((id) => `Addition  ${referenceOf(id)} (${id})`),
    `Body      ${body}, inbox ${inbox}`,
    `Erased    ${plainTime(at, zone)} by the clock in ${zone}, by an owner of the body, for the reason: ${reason}`,
    `In UTC    ${instantText(at)}`,
    `Deleted   ${parts} sealed parts, from live storage`,
    `Backups   the last one that may hold them expires on ${instantText(backupsUntil).slice(0, 10)} (UTC)`,
    `Request   ${erasure}`,
    `Signed    by the key that begins with ${toHex(key).slice(0, 8)}`,
    `Log       entry ${index}`,
    "",
    "The body's server says so in its log, which cannot be rewritten unseen. Deleted from live storage means:",
    "the sealed letter is in no row of the database any more, nothing hands it out, and the database's files are",
    "written anew without it. It does not mean that a disk was wiped, and it does not take back what a reader's",
    "browser, a printer or a reader has already been given. Until the day named above a backup can hold the sealed",
    "letter; it can be opened only by those who held its key. A backup that is restored is erased again first.",
    "",
    "Whoever holds the key named above signed this decision. Whether it is an owner's, the body can say: its page of",
    "people shows the fingerprint of each, and that of this person ends with those eight characters.",
    "",
    "To check this file, with nothing but the key of the log: pillarbox verify-certificate FILE --log-key KEY",
    "",
  ].join("\n");
}
