/**
 * What somebody who comes back demands of a log: that what it shows now extends everything that it showed before (T7,
 * T8). A log that is shorter, forked, under another key that it did not name itself, or without a proof is refused with
 * `LOG_REFUSED` and words for a person.
 */
import { equalBytes, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { openCheckpoint, parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from "./note-key.ts";
import { parseNote } from "./note.ts";
import { parseProof } from "./proof.ts";
import { firstEntry, isContinuation, nextKey } from "./rotation.ts";
import { verifyConsistency } from "./tree-verify.ts";

/** A checkpoint that was seen before, and the vkey that signed it. */
export type Seen = { readonly logKey: string; readonly note: string };

/** One log of an installation as it is shown: the last is the current one, those before have ended. */
export type ShownLog = {
  /** its number, to ask for its entries by; nothing is believed of it */
  readonly log?: number;
  readonly checkpoint: string;
  /** from each size that was asked about to this checkpoint */
  readonly proofs: readonly { readonly size: number; readonly hashes: readonly Bytes[] }[];
  /** in every log but the first one here: its first entry, under `checkpoint` */
  readonly begun: string | null;
  /** in every log but the last: the entry that names the next key, under `checkpoint` */
  readonly ended: string | null;
};

export type Audit = {
  /** what was seen before, all of it: of nothing nothing can be demanded */
  readonly seen: readonly Seen[];
  /** checkpoints that came with other answers, and must be of the same logs; nobody vouches for their key */
  readonly also: readonly string[];
  /** the key in the page's setup */
  readonly trusted: string;
  readonly shown: readonly ShownLog[];
};

/**
 * What may be relied on from now on: the newest checkpoint, for each of `also` the key that signed it, and the key of
 * each log of the installation by the log's name.
 */
export type Audited = {
  readonly newest: Seen;
  readonly also: ReadonlyMap<string, string>;
  readonly logs: ReadonlyMap<string, string>;
  /** the logs of the installation, the first first, each by the checkpoint that was shown and what number it has */
  readonly all: readonly (Seen & { readonly log: number })[];
};

const count = (size: number): string =>
  `${String(size).replaceAll(/\B(?=(\d{3})+$)/g, ",")} ${size === 1 ? "entry" : "entries"}`;
const refuse = (why: string): never => {
  throw new Fault("LOG_REFUSED", why);
};

/** The origin and the size of checkpoints, to ask for proofs about. Nothing is verified. @throws `NOTE_INVALID` */
export const asked = (notes: readonly string[]): { readonly origin: string; readonly size: number }[] =>
  notes.map((note) => parseCheckpoint(parseNote(note).text)).map(({ origin, size }) => ({ origin, size }));

/**
 * The key of the log that a proof is under, among those that an audit found to be of one installation; undefined for
 * any other log.
 * @throws `NOTE_INVALID`
 */
export const keyUnder = (logs: ReadonlyMap<string, string>, proof: string): string | undefined =>
  logs.get(parseCheckpoint(parseNote(parseProof(proof).checkpoint).text).origin);

/**
 * Verifies what a log shows against all that was seen; null when nothing was ever seen and nothing is signed yet.
 * @throws `LOG_REFUSED`
 */
export function audit(given: Audit): Audited | null {
  try {
    return walk(given);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code !== "LOG_REFUSED")
      throw new Fault("LOG_REFUSED", `what the log shows does not hold: ${thrown.detail}`);
    throw thrown;
  }
}

function walk({ seen, also, trusted, shown }: Audit): Audited | null {
  if (shown.length === 0)
    return seen.length === 0 && also.length === 0
      ? null
      : refuse("the log shows no signed checkpoint any more, and this browser has seen one");
  const keys: VerifierKey[] = [];
  const all: (Seen & { log: number })[] = [];
  const keyOf = new Map<string, string>();
  const { from, key: first } = firstLog(seen, trusted, shown);
  let key = first;
  let before: { readonly key: VerifierKey; readonly final: Checkpoint } | null = null;
  let newest: Seen | null = null;
  for (const log of shown.slice(from)) {
    const now = openShown(log.checkpoint, key);
    if (before !== null) checkBeginning(log, key, before);
    keys.push(key);
    const logKey = formatVerifierKey(key);
    for (const one of seen) if (one.logKey === logKey) checkExtends(openShown(one.note, key), now, log);
    for (const note of also) {
      if (parseCheckpoint(parseNote(note).text).origin !== key.name) continue;
      checkExtends(openShown(note, key), now, log);
      keyOf.set(note, logKey);
    }
    newest = { logKey, note: log.checkpoint };
    all.push({ ...newest, log: log.log ?? all.length });
    before = { key, final: now };
    if (log !== shown.at(-1)) key = nextKey(log.ended ?? "", log.checkpoint, key);
  }
  const known = keys.map(formatVerifierKey);
  if (seen.some((one) => !known.includes(one.logKey)) || also.some((note) => !keyOf.has(note)))
    refuse("the log is another than the one that this browser has seen, and the old one does not name it as the next");
  if (!known.includes(trusted))
    refuse(
      "the page names another log than the one that this browser has seen, and the old one does not name it as the next",
    );
  return { newest: newest!, all, also: keyOf, logs: new Map(keys.map((one) => [one.name, formatVerifierKey(one)])) };
}

/**
 * Where to begin, and under which key. Whoever has seen nothing trusts the key of the page; whoever has seen something
 * trusts nothing else. From there back as far as each log's own first entry names the key and the final checkpoint of
 * the one before: what nothing leads back to is no log of this installation.
 */
function firstLog(
  seen: readonly Seen[],
  trusted: string,
  shown: readonly ShownLog[],
): { readonly from: number; readonly key: VerifierKey } {
  const origins = shown.map(({ checkpoint }) => parseCheckpoint(parseNote(checkpoint).text).origin);
  const keys = (seen.length === 0 ? [trusted] : seen.map((one) => one.logKey)).map(parseVerifierKey);
  const names = new Set(keys.map(({ name }) => name));
  const known = origins.findIndex((origin) => names.has(origin));
  if (known < 0)
    return refuse(
      `the log calls itself ${origins[0]}, which is another than the one that this browser has seen, and the old one does not name it as the next`,
    );
  let [from, key] = [known, keys.find(({ name }) => name === origins[known])!];
  for (let previous = keyBefore(shown, from, key); previous !== null; previous = keyBefore(shown, from, key))
    [from, key] = [from - 1, previous];
  return { from, key };
}

function keyBefore(shown: readonly ShownLog[], at: number, key: VerifierKey): VerifierKey | null {
  const [log, before] = [shown[at]!, shown[at - 1]];
  if (before === undefined || log.begun === null) return null;
  const entry = firstEntry(log.begun, log.checkpoint, key);
  if (entry.kind !== "log.continued") return null;
  const previous = parseVerifierKey(entry.previous);
  return isContinuation(entry, key.name, previous, openShown(before.checkpoint, previous))
    ? previous
    : refuse(`the log ${key.name} does not begin with the final checkpoint of the log before it`);
}

function openShown(note: string, key: VerifierKey): Checkpoint {
  try {
    return openCheckpoint(note, key);
  } catch (thrown) {
    return thrown instanceof Fault
      ? refuse(`a checkpoint is not signed by the key of the log ${key.name} (${thrown.detail})`)
      : refuse("a checkpoint cannot be read");
  }
}

function checkExtends(then: Checkpoint, now: Checkpoint, { proofs }: ShownLog): void {
  if (then.size > now.size)
    refuse(
      `the log has ${count(now.size)} now, and this browser has seen it with ${count(then.size)}: it was cut short, or an old copy is shown`,
    );
  if (then.size === now.size && !equalBytes(then.root, now.root))
    refuse(`the log has ${count(now.size)} as before, and other ones: two histories were signed`);
  // Every tree extends the empty one.
  if (then.size === 0) return;
  const hashes =
    then.size === now.size
      ? []
      : (proofs.find((one) => one.size === then.size)?.hashes ??
        refuse(
          `the log does not prove that its ${count(now.size)} extend the ${count(then.size)} that this browser has seen`,
        ));
  const holds = verifyConsistency({
    first: then.size,
    firstRoot: then.root,
    second: now.size,
    secondRoot: now.root,
    proof: hashes,
  });
  if (!holds)
    refuse(
      `the log of ${count(now.size)} is not the one that this browser has seen with ${count(then.size)}: an entry of those was changed, taken out or added`,
    );
}

function checkBeginning(
  { begun, checkpoint }: ShownLog,
  key: VerifierKey,
  { key: previous, final }: { readonly key: VerifierKey; readonly final: Checkpoint },
): void {
  if (!isContinuation(firstEntry(begun ?? "", checkpoint, key), key.name, previous, final))
    refuse(`the log ${key.name} does not begin with the final checkpoint of ${previous.name}`);
}
