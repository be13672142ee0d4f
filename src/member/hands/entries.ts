/** The entries of every log, read once in a visit and held against the audited checkpoints. */
import { sha256 } from "../../domain/bytes.ts";
import { bundlesOf, IndexFill } from "../../domain/incident/log-index-fill.ts";
import { LogIndex } from "../../domain/incident/log-index.ts";
import { parseCheckpoint } from "../../domain/log/checkpoint.ts";
import { parseNote } from "../../domain/log/note.ts";
import { Fault } from "../../domain/problem.ts";
import { keysIn, type Filling, type Hand, type ShownTo, type Vault } from "./vault.ts";

const sizeOf = ({ note }: ShownTo): number => parseCheckpoint(parseNote(note).text).size;

function begun(vault: Vault): Filling {
  vault.filling ??= { index: new LogIndex(), fills: [] };
  const { index, fills } = vault.filling;
  while (fills.length < vault.all.length) fills.push(new IndexFill(sha256, index));
  return vault.filling;
}

/** What the log says, as it was read last. @throws `LOG_NOT_SIGNED` before it was read */
export function indexIn(vault: Vault): LogIndex {
  if (!vault.index) throw new Fault("LOG_NOT_SIGNED", "the entries of the log have not been read");
  return vault.index;
}

/**
 * The same, and it is all that the log says.
 * @throws `LOG_REFUSED` where entries were withheld: what they say could be of one more letter
 */
export function wholeIndexIn(vault: Vault): LogIndex {
  const index = indexIn(vault);
  if (index.withheld > 0) throw new Fault("LOG_REFUSED", "not all entries of the log were shown");
  return index;
}

type Entries = "entriesToRead" | "readEntries" | "entriesRead" | "whenReceived";

export const entriesOf = (vault: Vault): { [N in Entries]: Hand<N> } => ({
  whenReceived: ({ inbox, submission }) => wholeIndexIn(vault).letters(inbox).get(submission)?.at ?? null,

  entriesToRead: () => {
    keysIn(vault);
    const { fills } = begun(vault);
    return vault.all.flatMap((shown, nth) => {
      const [size, fill] = [sizeOf(shown), fills[nth]!];
      if (fill.size === size) return [];
      return [{ nth, log: shown.log, size, bundles: bundlesOf(size).slice(fill.next) }];
    });
  },

  readEntries: ({ nth, bundles }) => {
    keysIn(vault);
    const fill = vault.filling?.fills[nth];
    if (!fill) throw new Fault("LOG_NOT_SIGNED");
    // Until all of it is verified nothing of it is used.
    vault.index = null;
    for (const bundle of bundles) fill.add(bundle);
    return fill.size;
  },

  entriesRead: () => {
    const { filling, all } = vault;
    if (!filling || all.length === 0) throw new Fault("LOG_NOT_SIGNED");
    try {
      for (const [nth, { note, logKey }] of all.entries()) filling.fills[nth]!.done(note, logKey);
    } catch (thrown) {
      [vault.filling, vault.index] = [null, null];
      throw thrown;
    }
    vault.index = filling.index;
    return filling.index.coverage;
  },
});
