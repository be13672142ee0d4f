/**
 * What a log asks of a witness: an old size, a consistency proof, a checkpoint. Source: c2sp.org/tlog-witness,
 * "add-checkpoint".
 */
import { toBase64, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { parseDecimal, parseHash } from "./checkpoint.ts";

/** `checkpoint` is the signed note, verbatim. */
export type AddCheckpoint = { readonly old: number; readonly proof: readonly Bytes[]; readonly checkpoint: string };

const MOST_HASHES = 63;

export const encodeAddCheckpoint = ({ old, proof, checkpoint }: AddCheckpoint): string =>
  `${[`old ${old}`, ...proof.map(toBase64), ""].join("\n")}\n${checkpoint}`;

/**
 * Reads a request's body; `encodeAddCheckpoint` gives the same text back. `NOTE_INVALID` for any other form. Nothing in
 * it is verified.
 */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf("\n\n");
  if (end < 0) throw new Fault("NOTE_INVALID", "there is no empty line before the checkpoint");
  const [first, ...hashes] = body.slice(0, end).split("\n");
  if (!first?.startsWith("old ")) throw new Fault("NOTE_INVALID", "there is no old size");
  if (hashes.length > MOST_HASHES) throw new Fault("NOTE_INVALID", "there are too many hashes");
  return {
    old: parseDecimal(first.slice("old ".length)),
    proof: hashes.map(parseHash),
    checkpoint: body.slice(end + 2),
  };
}
