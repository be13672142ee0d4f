/**
 * The witness: co-signs a checkpoint only if it extends the last one that it co-signed of the same log. Source:
 * c2sp.org/tlog-witness, "add-checkpoint". The order of the refusals is that of the specification; each is an HTTP
 * status.
 */
import { equalBytes } from "../domain/bytes.ts";
import { parseAddCheckpoint, type AddCheckpoint } from "../domain/log/add-checkpoint.ts";
import { parseCheckpoint, type Checkpoint } from "../domain/log/checkpoint.ts";
import { cosign, type Cosigner } from "../domain/log/cosignature.ts";
import { keyOfLog, mayHaveLog } from "../domain/log/names.ts";
import type { VerifierKey } from "../domain/log/note-key.ts";
import { openNote, parseNote, signatureLine } from "../domain/log/note.ts";
import { EMPTY_ROOT } from "../domain/log/tree.ts";
import { verifyConsistency } from "../domain/log/tree-verify.ts";
import { Fault } from "../domain/problem.ts";
import type { WitnessStore } from "./store.ts";

export type Answer = { readonly status: number; readonly type: string; readonly body: string };

export type Witness = {
  readonly add: (body: string) => Promise<Answer>;
  readonly latest: (originHash: string) => Promise<Answer>;
};

const plain = (status: number, sentence: string): Answer => ({
  status,
  type: "text/plain; charset=utf-8",
  body: `${sentence}\n`,
});
const conflict = (size: number): Answer => ({ status: 409, type: "text/x.tlog.size", body: `${size}\n` });

/**
 * @param logs the logs that it knows, each by the key whose name is its origin; with a host's log those of its bodies
 * @param now seconds since the epoch
 */
export function newWitness(
  signer: Cosigner,
  logs: readonly VerifierKey[],
  store: WitnessStore,
  now: () => number,
): Witness {
  const turns = new Map<string, Promise<unknown>>();

  /** Looking and keeping are one step for each log: otherwise a smaller checkpoint could be kept after a larger one. */
  function inTurn<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(origin) ?? Promise.resolve()).then(work, work);
    turns.set(
      origin,
      mine.catch(() => {}),
    );
    return mine;
  }

  async function add(body: string): Promise<Answer> {
    const asked = parsed(() => parseAddCheckpoint(body));
    const text = asked && parsed(() => parseNote(asked.checkpoint).text);
    const checkpoint = text && parsed(() => parseCheckpoint(text));
    if (!asked || !text || !checkpoint) return plain(400, "This is not a request that a witness understands.");
    const keys = keysOf(logs, checkpoint.origin);
    if (keys.length === 0) return plain(404, "This witness does not know this log.");
    const signed = parsed(() => openNote(asked.checkpoint, keys));
    if (!signed) return plain(403, "The checkpoint is not signed by a key that this witness knows for this log.");
    if (asked.old > checkpoint.size) return plain(400, "The old size is larger than the checkpoint.");
    return inTurn(checkpoint.origin, () => decide(asked, text, checkpoint, keys));
  }

  async function decide(
    asked: AddCheckpoint,
    text: string,
    checkpoint: Checkpoint,
    keys: readonly VerifierKey[],
  ): Promise<Answer> {
    const seen = await store.latest(checkpoint.origin);
    const before = seen?.checkpoint ?? { size: 0, root: EMPTY_ROOT };
    if (asked.old !== before.size) return conflict(before.size);
    if (!extends_(before, checkpoint, asked))
      return plain(422, "The checkpoint does not extend the last one that this witness co-signed.");
    const line = cosign(text, now(), signer);
    const ours = `${text}\n${logSignatures(asked.checkpoint, keys)}${line}`;
    if (await store.add(checkpoint.origin, seen, ours))
      return { status: 200, type: "text/plain; charset=utf-8", body: line };
    // Another process of this witness was first.
    return conflict((await store.latest(checkpoint.origin))?.checkpoint.size ?? 0);
  }

  return {
    add,
    async latest(originHash) {
      const seen = await store.latestByHash(originHash);
      return seen
        ? { status: 200, type: "text/plain; charset=utf-8", body: seen.note }
        : plain(404, "This witness has not co-signed a checkpoint of this log.");
    },
  };
}

/** The keys of a log that is known by its name, or as the log of a body at a host whose log is known. */
function keysOf(logs: readonly VerifierKey[], origin: string): readonly VerifierKey[] {
  const at = origin.lastIndexOf("/");
  const [host, body] = [origin.slice(0, at), origin.slice(at + 1)];
  return [
    ...logs.filter((log) => log.name === origin),
    ...logs.filter((log) => at > 0 && log.name === host && mayHaveLog(body)).map((log) => keyOfLog(log, body)),
  ];
}

function extends_(
  before: { readonly size: number; readonly root: Uint8Array },
  now: Checkpoint,
  { proof }: AddCheckpoint,
): boolean {
  if (now.size === 0 && !equalBytes(now.root, EMPTY_ROOT)) return false;
  if (before.size === 0) return proof.length === 0;
  return verifyConsistency({
    first: before.size,
    firstRoot: before.root,
    second: now.size,
    secondRoot: now.root,
    proof,
  });
}

/** The log's own signature lines, so that what is served holds no line that was not verified. */
const logSignatures = (note: string, keys: readonly VerifierKey[]): string =>
  parseNote(note)
    .signatures.filter((line) => keys.some((key) => key.name === line.name && key.id === line.id))
    .map(signatureLine)
    .join("");

function parsed<T>(read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Fault) return null;
    throw thrown;
  }
}
