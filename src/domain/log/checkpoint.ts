/**
 * Checkpoints: the log's size and root as the text of a signed note. Source: c2sp.org/tlog-checkpoint@v1. Every refusal
 * is a Fault `NOTE_INVALID`.
 */
import { fromBase64, toBase64, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { openNote, signNote, type NoteSigner, type NoteVerifier } from "./note.ts";

/** `root` is the RFC 6962 tree hash over `size` leaves of the log named `origin`. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly extensions: readonly string[];
};

const invalid = (detail: string): Fault => new Fault("NOTE_INVALID", detail);

/**
 * ASCII decimal without leading zeros; `NOTE_INVALID` for any other spelling, and for what a number here cannot hold
 * exactly.
 */
export function parseDecimal(text: string): number {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) throw invalid("a number is not in its one spelling");
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw invalid("a number is too large");
  return value;
}

/** 32 bytes from their one base64 spelling. */
export function parseHash(text: string): Bytes {
  const bytes = decode(text);
  if (bytes.length !== 32) throw invalid("a hash has 32 bytes");
  return bytes;
}

function decode(base64: string): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw invalid("a hash is not base64");
  }
}

/** The note text of a checkpoint: origin, size, root, then any extension lines. */
export function encodeCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), toBase64(root), ...extensions];
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== 32)
    throw invalid("a checkpoint has a whole size and a root of 32 bytes");
  if (lines.some((line) => line === "" || line.includes("\n"))) throw invalid("a checkpoint has no empty line");
  return `${lines.join("\n")}\n`;
}

/** Reads a note text as a checkpoint; `encodeCheckpoint` gives the same text back. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw invalid("the last line does not end in a newline");
  const [origin, size, root, ...extensions] = lines;
  if (origin === undefined || size === undefined || root === undefined)
    throw invalid("a checkpoint has at least three lines");
  if (lines.some((line) => line === "")) throw invalid("a checkpoint has no empty line");
  return { origin, size: parseDecimal(size), root: parseHash(root), extensions };
}

/** Signs a checkpoint. A log must never do this for a tree that does not extend the last one it signed. */
export const signCheckpoint = (checkpoint: Checkpoint, signer: NoteSigner): string =>
  signNote(encodeCheckpoint(checkpoint), [signer]);

/** Verifies a signed checkpoint: by the log's own key, and of the log of that name (the key's name is the origin). */
export function openCheckpoint(note: string, logKey: NoteVerifier): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, [logKey]).text);
  if (checkpoint.origin !== logKey.name) throw invalid("the checkpoint is of another log");
  return checkpoint;
}
