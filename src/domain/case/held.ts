/**
 * Replies as whoever wrote the letter is given them: each is believed only as an act of a person of the body who was
 * given the key of the letter's inbox, in its place among the others, of these very bytes, under the log's proof.
 */
import { equalBytes, fromBase64, fromHex, sha256, toHex, type Bytes } from "../bytes.ts";
import type { BodyState } from "../grant/state.ts";
import { lookIn } from "../log/status-check.ts";
import { faultOfSignature } from "../person/signed.ts";
import { Fault } from "../problem.ts";
import type { SentReply, Status } from "../receipt/status.ts";
import { mayAnswer } from "./by.ts";
import { caseOf, type Replied } from "./fold.ts";

/** A reply whose act holds, and its sealed bytes. */
export type HeldReply = { readonly act: Replied; readonly sealed: Bytes };

/**
 * The replies of a status, the first first; null for one that does not hold, and for all behind it: they name what
 * nobody has seen. That a newest one is left out cannot be seen from here.
 * @param state of the body, from its verified statements
 * @param logKey of the host's log, from the page or the configuration and never from the answer
 */
export function heldReplies(status: Status, state: BodyState, logKey: string): readonly (HeldReply | null)[] {
  const look = lookIn(status, logKey);
  const { letter, replies } = status;
  const received = look(letter.received);
  const isLetter =
    typeof received !== "string" &&
    received.kind === "submission.received" &&
    received.submission === letter.submission &&
    received.body === state.body;
  const before: Bytes[] = [];
  return replies.map(({ said, sealed, by }, seq) => {
    const entry = look(said);
    if (!isLetter || before.length < seq || typeof entry === "string" || entry.kind !== "case.replied") return null;
    try {
      const so = [...before, fromBase64(said.entry)];
      caseOf(fromBase64(letter.received!.entry), so);
      const bytes = fromBase64(sealed);
      if (entry.digest !== toHex(sha256(bytes)) || !isBySomebodyIn(state, entry, by)) return null;
      before.push(so.at(-1)!);
      return { act: entry, sealed: bytes };
    } catch (thrown) {
      if (thrown instanceof Fault) return null;
      throw thrown;
    }
  });
}

/** Signed by a person of the body who was given the key of this epoch, while it was the current one. */
function isBySomebodyIn(state: BodyState, act: Replied, by: SentReply["by"]): boolean {
  const key = fromHex(by.key);
  const person = [...state.persons.values()].find(({ signingKey }) => equalBytes(signingKey, key));
  if (!person || faultOfSignature(act, fromHex(by.signature), person) !== null) return false;
  return mayAnswer(state, act, person.person);
}
