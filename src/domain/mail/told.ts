/**
 * What an act about messages commits to: hashes over the rows that it makes, so that a signature is over exactly these.
 * Ids are random, so a hash tells nothing of anybody once its rows are gone.
 */
import { taggedHash, toHex, type Bytes } from "../bytes.ts";

/** Messages that are handed in together. @param commitments of each, in any order */
export const handedInHash = (commitments: readonly Bytes[]): string =>
  toHex(taggedHash("messages-handed-in", ...commitments.map(toHex).toSorted()));

export type Posted = { readonly delivery: string; readonly person: string };

/** Messages that somebody put into the post, in any order. */
export const postedHash = (posted: readonly Posted[]): string =>
  toHex(taggedHash("messages-posted", ...posted.map(({ delivery, person }) => `${delivery} ${person}`).toSorted()));

/** One call: whose it was and where its words are. @param document null: there are no words */
export const callHash = (call: {
  readonly call: string;
  readonly person: string;
  readonly document: string | null;
}): string => toHex(taggedHash("call", call.call, call.person, call.document ?? ""));
