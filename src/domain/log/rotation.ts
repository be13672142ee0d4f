/**
 * From one key of the log to the next (docs/LOG.md, Another key): the old log's last entry names the new key, and the
 * new log's first entry is the old one's final checkpoint. Each step is two proofs that anybody can check: a tlog-proof
 * whose extra data is the entry itself.
 */
import { equalBytes, fromHex, toHex, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { encodeCheckpoint, openCheckpoint, parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { parseEntry, type Entry, type LogEvent } from "./event.ts";
import { formatVerifierKey, parseVerifierKey, verifies, type VerifierKey } from "./note-key.ts";
import { parseNote } from "./note.ts";
import { encodeProof, parseProof } from "./proof.ts";
import { leafHash } from "./tree.ts";
import { verifyInclusion } from "./tree-verify.ts";

const invalid = (detail: string): Fault => new Fault("NOTE_INVALID", detail);

/**
 * The first event of a log that goes on where another ended.
 * @throws `NOTE_INVALID` when the note is not the old log's
 */
export function continuation(
  origin: string,
  previous: VerifierKey,
  final: string,
): Extract<LogEvent, { kind: "log.continued" }> {
  const { size, root } = openCheckpoint(final, previous);
  const own = parseNote(final).signatures.find((line) => line.name === previous.name && line.id === previous.id);
  if (own === undefined) throw invalid("the old log did not sign its final checkpoint");
  return {
    kind: "log.continued",
    origin,
    previous: formatVerifierKey(previous),
    size,
    root: toHex(root),
    signature: toHex(own.signature),
  };
}

/** Whether a first entry is this checkpoint, signed by this key: no other beginning goes on where the old log ended. */
export function isContinuation(entry: Entry, origin: string, previous: VerifierKey, final: Checkpoint): boolean {
  return (
    entry.kind === "log.continued" &&
    entry.origin === origin &&
    entry.previous === formatVerifierKey(previous) &&
    entry.size === final.size &&
    equalBytes(fromHex(entry.root), final.root) &&
    bearsSignature(entry)
  );
}

/** Whether the checkpoint in a first entry was signed by the key in it. */
export function bearsSignature({
  previous,
  size,
  root,
  signature,
}: Extract<Entry, { kind: "log.continued" }>): boolean {
  const key = parseVerifierKey(previous);
  return verifies(
    key.publicKey,
    toUtf8(encodeCheckpoint({ origin: key.name, size, root: fromHex(root), extensions: [] })),
    fromHex(signature),
  );
}

/** The proof that an entry stands at `index`, with the entry in it. */
export const entryProof = (index: number, entry: Bytes, hashes: readonly Bytes[], checkpoint: string): string =>
  encodeProof({ extra: entry, index, hashes, checkpoint });

/** The key that a log named as the next, in the very last entry of its final checkpoint. @throws `NOTE_INVALID` */
export function nextKey(proof: string, final: string, key: VerifierKey): VerifierKey {
  const { entry, index, checkpoint } = open(proof, final, key);
  if (index !== checkpoint.size - 1) throw invalid("the entry that names the next key is not the last");
  if (entry.kind !== "log.rotated") throw invalid("the last entry names no key");
  return parseVerifierKey(entry.next);
}

/** The first entry of a log, proven under one of its checkpoints. @throws `NOTE_INVALID` */
export function firstEntry(proof: string, note: string, key: VerifierKey): Entry {
  const { entry, index } = open(proof, note, key);
  if (index !== 0) throw invalid("the entry is not the first");
  return entry;
}

/**
 * The entry in a proof, which must be under this checkpoint of this key: cosignatures may differ, the signed text may
 * not.
 */
function open(
  proof: string,
  note: string,
  key: VerifierKey,
): { readonly entry: Entry; readonly index: number; readonly checkpoint: Checkpoint } {
  const { extra, index, hashes } = parseProof(proof);
  if (extra === undefined) throw invalid("the entry did not come with its proof");
  const checkpoint = openCheckpoint(note, key);
  const signed = parseCheckpoint(parseNote(parseProof(proof).checkpoint).text);
  if (signed.size !== checkpoint.size || !equalBytes(signed.root, checkpoint.root))
    throw invalid("the proof is under another checkpoint");
  if (!verifyInclusion({ index, size: checkpoint.size, leaf: leafHash(extra), proof: hashes, root: checkpoint.root }))
    throw invalid("the entry is not in the log at this place");
  return { entry: parseEntry(extra), index, checkpoint };
}
