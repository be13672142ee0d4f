/**
 * Proofs that an entry stands in the log, as a text to keep and to check offline. Source: c2sp.org/tlog-proof@v1. Every
 * refusal is a Fault `NOTE_INVALID`.
 */
import { fromBase64, toBase64, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { openCheckpoint, parseDecimal, parseHash, type Checkpoint } from "./checkpoint.ts";
import { parseNote, type NoteVerifier } from "./note.ts";
import { leafHash } from "./tree.ts";
import { verifyInclusion } from "./tree-verify.ts";

/**
 * `hashes` runs from the leaf's sibling to the root's child; `checkpoint` is the signed note, verbatim; `extra` is not
 * authenticated.
 */
export type LogProof = {
  readonly extra?: Bytes;
  readonly index: number;
  readonly hashes: readonly Bytes[];
  readonly checkpoint: string;
};

const HEADER = "c2sp.org/tlog-proof@v1";
// A tree deeper than this has more leaves than a size can say.
const MOST_HASHES = 63;

const invalid = (detail: string): Fault => new Fault("NOTE_INVALID", detail);

/** The text of a proof. */
export function encodeProof({ extra, index, hashes, checkpoint }: LogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
    "",
  ];
  return `${lines.join("\n")}\n${checkpoint}`;
}

/** Reads a proof; `encodeProof` gives the same text back. Nothing in it is verified yet. */
export function parseProof(text: string): LogProof {
  const end = text.indexOf("\n\n");
  if (end < 0) throw invalid("there is no empty line before the checkpoint");
  const lines = text.slice(0, end).split("\n");
  if (lines.shift() !== HEADER) throw invalid("not a proof of a known version");
  const extra = lines[0]?.startsWith("extra ") ? parseExtra(lines.shift()!.slice("extra ".length)) : undefined;
  const index = lines.shift();
  if (!index?.startsWith("index ")) throw invalid("there is no index");
  if (lines.length > MOST_HASHES) throw invalid("there are too many hashes");
  const checkpoint = text.slice(end + 2);
  parseNote(checkpoint);
  return {
    ...(extra && { extra }),
    index: parseDecimal(index.slice("index ".length)),
    hashes: lines.map(parseHash),
    checkpoint,
  };
}

function parseExtra(base64: string): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw invalid("the extra data is not base64");
  }
}

/**
 * Verifies that the entry is in the log of `logKey`: the checkpoint by its signature, the entry by its inclusion.
 * Returns where and under which checkpoint.
 */
export function verifyProof(
  text: string,
  entry: Bytes,
  logKey: NoteVerifier,
): { readonly index: number; readonly checkpoint: Checkpoint } {
  const { index, hashes, checkpoint: note } = parseProof(text);
  const checkpoint = openCheckpoint(note, logKey);
  if (!verifyInclusion({ index, size: checkpoint.size, leaf: leafHash(entry), proof: hashes, root: checkpoint.root })) {
    throw invalid("the entry is not in the log at this place");
  }
  return { index, checkpoint };
}
