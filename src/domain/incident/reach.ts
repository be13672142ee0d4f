/**
 * Who was affected, for Pillarbox's own forms: which letters could be reached, and which of them were looked at, as far
 * as the records go.
 */
import type { BodyState } from "../grant/state.ts";
import { idsRoot, personCommitment } from "../log/commit.ts";
import { Fault } from "../problem.ts";
import type { Coverage, LoggedReading, LogIndex } from "./log-index.ts";

/**
 * What could be reached: letters of these epochs of one inbox, and those that were answered in one of them, before
 * `until` (milliseconds; null: it goes on).
 */
export type Scope = { readonly inbox: string; readonly epochs: readonly number[]; readonly until: number | null };

/** Everything that the keys of a person open, now or ever: a grant that was ended took no key back. */
export const epochsHeldBy = (state: BodyState, inbox: string, person: string): readonly number[] =>
  (state.inboxes.get(inbox)?.epochs ?? []).filter((epoch) => epoch.holders.has(person)).map((epoch) => epoch.epoch);

export const allEpochs = (state: BodyState, inbox: string): readonly number[] =>
  (state.inboxes.get(inbox)?.epochs ?? []).map((epoch) => epoch.epoch);

export type Reached = {
  readonly submission: string;
  readonly epoch: number;
  readonly receivedAt: number;
  readonly first: string | null;
};

/**
 * The letters of a scope; one that was erased meanwhile is counted and not named. A reply is sealed to the key of its own
 * day, so a key may open what was answered to a letter that it does not open: that letter is among them.
 */
export function reachedIn(
  index: LogIndex,
  { inbox, epochs, until }: Scope,
): { readonly letters: readonly Reached[]; readonly erased: number } {
  const { ids, epochs: epochOf, at, first } = index.received(inbox);
  const wanted = new Set(epochs);
  const end = until ?? Infinity;
  const answered = new Set(
    index.replies(inbox).flatMap((one) => (one.at < end && wanted.has(one.epoch) ? [one.submission] : [])),
  );
  const letters: Reached[] = [];
  let erased = 0;
  // Two entries may name one id, and it is one letter; the first says what was received.
  const seen = new Set<string>();
  for (let i = 0; i < ids.length; i++) {
    if (seen.has(ids[i]!)) continue;
    seen.add(ids[i]!);
    if (at[i]! >= end || !(wanted.has(epochOf[i]!) || answered.has(ids[i]!))) continue;
    if (index.isErased(ids[i]!)) erased += 1;
    else letters.push({ submission: ids[i]!, epoch: epochOf[i]!, receivedAt: at[i]!, first: first[i]! });
  }
  return { letters, erased };
}

/**
 * Whose letters they are: what a writer added later belongs to the first letter, which says who they are. By first
 * letter, what was reached of it.
 */
export function writersOf(letters: readonly Reached[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { submission, first } of letters) {
    const before = found.get(first ?? submission);
    if (before) before.push(submission);
    else found.set(first ?? submission, [submission]);
  }
  return found;
}

/**
 * What a row says of a reading: who it was, and of which letters. Believed only as far as the log's commitments open to
 * it.
 */
export type ReadingRow = {
  readonly release: string;
  readonly person: string;
  readonly personSalt: Uint8Array;
  readonly idsSalt: Uint8Array | null;
  readonly ids: readonly string[];
};

/**
 * A reading with its person and its letters; null where no row opens the commitment any more: then it may have been
 * anybody, or any letter.
 */
export type Look = Omit<LoggedReading, "reader" | "ids"> & {
  readonly person: string | null;
  readonly letters: ReadonlySet<string> | null;
};

/**
 * The readings of an inbox between two times.
 * @throws `INCIDENT_BROKEN` for a row that says something else than the log
 */
export function looksAt(
  index: LogIndex,
  inbox: string,
  from: number,
  until: number | null,
  rows: readonly ReadingRow[],
): readonly Look[] {
  const byRelease = new Map(rows.map((row) => [row.release, row]));
  return index
    .readings(inbox)
    .filter(({ at }) => at >= from && at <= (until ?? Infinity))
    .map(({ reader, ids, ...reading }): Look => {
      const row = byRelease.get(reading.release);
      if (!row) return { ...reading, person: null, letters: null };
      const opens = personCommitment(row.personSalt, row.person) === reader;
      // A letter that was erased took the salt of its own reading with it.
      const letters =
        row.idsSalt === null
          ? null
          : idsRoot(row.idsSalt, row.ids) === ids && row.ids.length === reading.count
            ? new Set(row.ids)
            : undefined;
      if (!opens || letters === undefined)
        throw new Fault("INCIDENT_BROKEN", `entry ${reading.leaf}: a row says something else of this reading`);
      return { ...reading, person: row.person, letters };
    });
}

/** The looks that touched a scope's letters, or may have. */
export const touching = (looks: readonly Look[], letters: readonly Reached[]): readonly Look[] => {
  const ids = new Set(letters.map(({ submission }) => submission));
  return looks.filter((look) => look.letters === null || [...look.letters].some((id) => ids.has(id)));
};

/** The hours that the records cover, of those asked about. */
export type Covered = { readonly from: number; readonly until: number };

/**
 * What can be said about access. "No evidence" cannot be said without the hours that the records cover, and never of
 * hours that they do not cover:
 * there is no other way to make one.
 */
export type Evidence =
  | { readonly kind: "looked-at"; readonly looks: readonly Look[]; readonly covered: Covered | null }
  | {
      readonly kind: "no-evidence";
      readonly covered: Covered;
      /** whether they cover all that was asked about */
      readonly whole: boolean;
    }
  | { readonly kind: "no-records" };

/** @param asked the window; `until` null: up to the newest record */
export function evidenceOf(
  looks: readonly Look[],
  asked: { readonly from: number; readonly until: number | null },
  coverage: Coverage,
): Evidence {
  const wanted = asked.until ?? coverage.until;
  const [from, until] = [Math.max(asked.from, coverage.from), Math.min(wanted, coverage.until)];
  const covered = coverage.entries > 0 && from <= until ? { from, until } : null;
  if (looks.length > 0) return { kind: "looked-at", looks, covered };
  if (covered === null) return { kind: "no-records" };
  return { kind: "no-evidence", covered, whole: covered.from <= asked.from && covered.until >= wanted };
}
