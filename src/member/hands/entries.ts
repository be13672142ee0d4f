/** The entries of every log of a body, read once in a visit and held against the audited checkpoints. */
import { sha256 } from "../../domain/bytes.ts";
import { bundlesOf, IndexFill } from "../../domain/incident/log-index-fill.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import { LogIndex } from "../../domain/incident/log-index.ts";
import { parseCheckpoint } from "../../domain/log/checkpoint.ts";
import { parseNote } from "../../domain/log/note.ts";
import { Fault } from "../../domain/problem.ts";
import { keysIn, watchedIn, type Filling, type Hand, type ShownTo, type Vault, type Watched } from "./vault.ts";

const sizeOf = ({ note }: ShownTo): number => parseCheckpoint(parseNote(note).text).size;

/** Of which letters a reader may read now, and so is shown what the log says; null for whoever is shown all of it. */
function mayReadIn(vault: Vault, body: string): ReadonlySet<string> | null {
  const { person } = keysIn(vault);
  const state = vault.bodies.get(body)?.state;
  if (state?.persons.get(person)?.role !== "reader") return null;
  const now = Date.now();
  return new Set(
    [...state.inboxes].flatMap(([inbox, { epochs }]) =>
      epochs
        .filter(({ epoch }) => mayRead(state, person, inbox, epoch, now).ok)
        .map(({ epoch }) => `${inbox}/${epoch}`),
    ),
  );
}

/**
 * What was withheld from a reader who was let in since is not in what they read before: then all of it is read again.
 * Otherwise a letter of the new form would be called broken, and one that is hidden would be missed by nobody. What was
 * shown the first time stays known: a server could withhold it the second time.
 */
function begun(vault: Vault, body: string, watched: Watched, anew: boolean): Filling {
  const may = mayReadIn(vault, body);
  const { filling } = watched;
  if (filling !== null && may !== null) {
    const more = [...may].some((one) => !filling.mayRead?.has(one));
    if (more || (anew && filling.index.withheld > 0)) {
      watched.before = watched.index ?? watched.before;
      [watched.filling, watched.index] = [null, null];
    }
    // What may be read no more is withheld from here on.
    else filling.mayRead = may;
  }
  watched.filling ??= { index: new LogIndex(), fills: [], mayRead: may };
  const { index, fills } = watched.filling;
  while (fills.length < watched.all.length) fills.push(new IndexFill(sha256, index));
  return watched.filling;
}

/** What the log of a body says, as it was read last. @throws `LOG_NOT_SIGNED` before it was read */
export function indexIn(vault: Vault, body: string): LogIndex {
  const { index } = watchedIn(vault, body);
  if (!index) throw new Fault("LOG_NOT_SIGNED", "the entries of the log have not been read");
  return index;
}

/**
 * The same, and it is all that the log says.
 * @throws `LOG_REFUSED` where entries were withheld: what they say could be of one more letter
 */
export function wholeIndexIn(vault: Vault, body: string): LogIndex {
  const index = indexIn(vault, body);
  if (index.withheld > 0) throw new Fault("LOG_REFUSED", "not all entries of the log were shown");
  return index;
}

type Entries = "entriesToRead" | "readEntries" | "entriesRead" | "whenReceived";

export const entriesOf = (vault: Vault): { [N in Entries]: Hand<N> } => ({
  whenReceived: ({ body, inbox, submission }) => wholeIndexIn(vault, body).letters(inbox).get(submission)?.at ?? null,

  entriesToRead: ({ body, anew }) => {
    const watched = watchedIn(vault, body);
    const { fills } = begun(vault, body, watched, anew);
    return watched.all.flatMap((shown, nth) => {
      const [size, fill] = [sizeOf(shown), fills[nth]!];
      if (fill.size === size) return [];
      return [{ nth, log: shown.log, size, bundles: bundlesOf(size).slice(fill.next) }];
    });
  },

  readEntries: ({ body, nth, bundles }) => {
    keysIn(vault);
    const watched = watchedIn(vault, body);
    const fill = watched.filling?.fills[nth];
    if (!fill) throw new Fault("LOG_NOT_SIGNED");
    // Until all of it is verified nothing of it is used.
    watched.index = null;
    for (const bundle of bundles) fill.add(bundle);
    return fill.size;
  },

  entriesRead: ({ body }) => {
    const watched = watchedIn(vault, body);
    const { filling, all } = watched;
    if (!filling || all.length === 0) throw new Fault("LOG_NOT_SIGNED");
    try {
      for (const [nth, { note, logKey }] of all.entries()) filling.fills[nth]!.done(note, logKey);
    } catch (thrown) {
      [watched.filling, watched.index] = [null, null];
      throw thrown;
    }
    if (watched.before) filling.index.keep(watched.before);
    watched.before = null;
    watched.index = filling.index;
    return filling.index.coverage;
  },
});
