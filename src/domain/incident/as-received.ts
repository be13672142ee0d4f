/**
 * What was released, held against what the log says was received. Whoever can write rows can seal bytes of their own to
 * a public key and put them, or another time, in a letter's place; they cannot change the entry.
 */
import { sha256, toHex, type Bytes } from "../bytes.ts";
import type { Scope } from "./reach.ts";
import type { LoggedLetter, LogIndex } from "./log-index.ts";

/** A released part with what its row says. */
export type ReleasedPart = {
  readonly submission: string;
  readonly epoch: number;
  readonly formHash: string;
  readonly path: "browser" | "counter";
  readonly first: string | null;
  readonly bytes: Bytes;
};

/**
 * Whether a row and its bytes are those of the entry. The commitment to the answers is compared after opening. A row
 * has no say about the time: the entry's is the one that is used.
 */
export function isReceived(
  item: ReleasedPart,
  part: "slip" | "letter",
  inbox: string,
  said: LoggedLetter | undefined,
): said is LoggedLetter {
  return (
    said !== undefined &&
    said.submission === item.submission &&
    said.inbox === inbox &&
    said.epoch === item.epoch &&
    said.formHash === item.formHash &&
    said.first === item.first &&
    said.path === item.path &&
    said[part] === toHex(sha256(item.bytes))
  );
}

/** Letters of a time: from `since` until just before `before`, milliseconds, by the entries' time. */
export type Listing = Pick<Scope, "inbox" | "epochs"> & { readonly since: number; readonly before: number };

/**
 * The letters that a list must and may hold. `due`: those of which the log said, before the list was asked for, that
 * they were received (the first `known` entries), and not erased. What came meanwhile may be in it, too.
 */
export function listedIn(
  index: LogIndex,
  { inbox, epochs, since, before }: Listing,
  known: number,
): { readonly may: readonly string[]; readonly due: readonly string[] } {
  const fitting = [...index.letters(inbox).values()].filter(
    ({ epoch, at }) => epochs.includes(epoch) && at >= since && at < before,
  );
  return {
    may: fitting.map(({ submission }) => submission),
    due: fitting
      .filter(({ submission, nth }) => nth < known && !index.isErased(submission))
      .map(({ submission }) => submission),
  };
}
