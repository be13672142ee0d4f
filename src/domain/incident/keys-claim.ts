/**
 * What the signed statements and the log prove about keys, for Art. 34(3)(a): who was ever given the key of these
 * letters. It claims no more than that.
 */
import type { BodyState } from "../grant/state.ts";
import type { BodyRole } from "../grant/statement.ts";

export type KeyHolder = { readonly person: string; readonly role: BodyRole | null; readonly epochs: readonly number[] };

export type KeysClaim = {
  /**
   * everybody to whom a signed statement ever gave the key of one of these epochs, whether their grant runs or has
   * ended
   */
  readonly holders: readonly KeyHolder[];
  readonly epochs: readonly number[];
};

/**
 * It does not prove that a holder handed nothing on, that no device was read, or that sealed bytes did not leave by
 * another way than a release. Where sealed bytes alone could be reached, these are the people who could have read them
 * with what Pillarbox gave them.
 */
export function keysClaim(state: BodyState, inbox: string, epochs: readonly number[]): KeysClaim {
  const found = (state.inboxes.get(inbox)?.epochs ?? []).filter(({ epoch }) => epochs.includes(epoch));
  const people = [...new Set(found.flatMap(({ holders }) => [...holders.keys()]))];
  return {
    holders: people.map((person) => ({
      person,
      role: state.persons.get(person)?.role ?? null,
      epochs: found.filter(({ holders }) => holders.has(person)).map(({ epoch }) => epoch),
    })),
    epochs: found.map(({ epoch }) => epoch),
  };
}
