/** Who may confirm a request: worked out from the statements alone, so that everybody who checks comes to the same. */
import { ALLOWED, refused, type Decision } from "../problem.ts";
import { ownersNow, type BodyState } from "./state.ts";

/** What decides who may confirm. `asker` may be an operator, of whom the statements say nothing. */
export type ToConfirm = {
  readonly inbox: string;
  readonly scope: string;
  readonly asker: string;
  readonly persons: readonly string[];
};

/**
 * Whether an owner may confirm a request. Whoever confirmed the asker, or somebody who will read, when that person
 * joined, may not while another owner could: otherwise one owner could play both telephones for an invented colleague,
 * and then let that colleague read. That whoever confirms neither asks nor reads is another rule (`apply.ts`).
 *
 * For somebody who will read, another owner could also where that owner is to read by the same request: then each is
 * asked for alone. Otherwise the first owner would only have the other put into the request.
 */
export function mayConfirm(state: BodyState, asked: ToConfirm, owner: string): Decision {
  const brought = (person: string): boolean => person !== owner && state.persons.get(person)?.confirmedBy === owner;
  const another = (persons: readonly string[]): boolean =>
    able(state, { ...asked, persons }).some((other) => other !== owner);
  const refuse =
    (brought(asked.asker) && another(asked.persons)) ||
    asked.persons.some((person) => brought(person) && another([person]));
  return refuse ? refused("REFUSED_BROUGHT") : ALLOWED;
}

/**
 * The owners who may confirm a request and have the keys. Empty where each of them confirmed somebody in it, or is
 * to read: then each person is asked for alone, or somebody else asks.
 */
export const ownersWhoMayConfirm = (state: BodyState, asked: ToConfirm): readonly string[] =>
  able(state, asked).filter((owner) => mayConfirm(state, asked, owner).ok);

/** The owners of now who neither ask nor will read, and have the keys. "From now on" makes a key of its own. */
function able(state: BodyState, { inbox, scope, asker, persons }: ToConfirm): readonly string[] {
  const epochs = scope === "from-now" ? [] : (state.inboxes.get(inbox)?.epochs ?? []);
  return ownersNow(state).filter(
    (owner) => owner !== asker && !persons.includes(owner) && epochs.every(({ holders }) => holders.has(owner)),
  );
}
