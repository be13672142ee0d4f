/**
 * What was done about a letter as whoever wrote it is told: each act is believed only as one of a person of the body who
 * was given the key of the letter's inbox, in its place among the others, under the log's proof; a reply only with the
 * very bytes that it names.
 */
import { equalBytes, fromBase64, fromHex, sha256, toHex, type Bytes } from "../bytes.ts";
import type { BodyState } from "../grant/state.ts";
import { lookIn } from "../log/status-check.ts";
import { faultOfSignature } from "../person/signed.ts";
import { Fault } from "../problem.ts";
import type { DecidedBy, Status } from "../receipt/status.ts";
import { mayAct } from "./by.ts";
import { isCaseAct, newCase, withAct, type CaseAct, type CaseState } from "./fold.ts";

/** A reply whose act holds, with its sealed bytes; or one that does not. */
export type HeldAct = { readonly act: CaseAct; readonly sealed: Bytes | null };

/** `state`: the case as far as its acts hold; null where not all of them do. */
export type HeldCase = { readonly state: CaseState | null; readonly acts: readonly (HeldAct | null)[] };

/**
 * The acts of a status, the first first; null for one that does not hold, and for all behind it: they name what nobody
 * has seen. That a newest one is left out cannot be seen from here, nor to whom a letter was given.
 * @param state of the body, from its verified statements
 * @param logKey of the host's log, from the page or the configuration and never from the answer
 */
export function heldCase(status: Status, state: BodyState, logKey: string): HeldCase {
  const look = lookIn(status, logKey);
  const { letter } = status;
  const received = look(letter.received);
  const isLetter =
    typeof received !== "string" &&
    received.kind === "submission.received" &&
    received.submission === letter.submission &&
    received.body === state.body;
  let found = isLetter ? newCase(fromBase64(letter.received!.entry)) : null;
  const acts = status.acts.map(({ said, sealed, by }): HeldAct | null => {
    const entry = look(said);
    const before = found;
    found = null;
    if (before === null || typeof entry === "string" || !isCaseAct(entry)) return null;
    try {
      const after = withAct(before, fromBase64(said.entry));
      const bytes = sealed === null ? null : fromBase64(sealed);
      if (!isItsText(entry, bytes) || !isBySomebodyIn(state, entry, by)) return null;
      found = after;
      return { act: entry, sealed: bytes };
    } catch (thrown) {
      if (thrown instanceof Fault) return null;
      throw thrown;
    }
  });
  return { state: found, acts };
}

/** A reply comes with the bytes that it names, and nothing else comes with any. */
const isItsText = (act: CaseAct, bytes: Bytes | null): boolean =>
  act.kind === "case.replied" ? bytes !== null && act.digest === toHex(sha256(bytes)) : bytes === null;

/** Signed by a person of the body who was given the key of this epoch, while it was the current one. */
function isBySomebodyIn(state: BodyState, act: CaseAct, by: DecidedBy): boolean {
  const key = fromHex(by.key);
  const person = [...state.persons.values()].find(({ signingKey }) => equalBytes(signingKey, key));
  if (!person || faultOfSignature(act, fromHex(by.signature), person) !== null) return false;
  return mayAct(state, act, person.person);
}
