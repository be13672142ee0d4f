/**
 * Who holds the current key of an inbox and may no longer ask for letters: the public counts them, so staff see them
 * too.
 */
import { holdersOf, readersNow, type Reader } from "../../domain/grant/readers.ts";
import { currentEpoch, type BodyState } from "../../domain/grant/state.ts";

/**
 * People whose grant ran out or was ended, and who hold the key until the inbox gets its next one. `until` is when the
 * last grant ended.
 */
export function lapsedHolders(state: BodyState, inbox: string, now: number): Reader[] {
  const found = state.inboxes.get(inbox);
  if (!found) return [];
  const { epoch } = currentEpoch(found);
  const reading = new Set(readersNow(state, inbox, now).map((reader) => reader.person));
  return holdersOf(state, inbox, epoch).flatMap((person): Reader[] => {
    const confirmed = state.persons.get(person);
    if (!confirmed || reading.has(person)) return [];
    const ends = [...state.grants.values()].flatMap((grant) => {
      const one = grant.inbox === inbox ? grant.persons.find((p) => p.person === person) : undefined;
      return one ? [{ grant, open: !one.ended, until: Math.min(grant.until, one.ended?.at ?? grant.until) }] : [];
    });
    const last = ends.toSorted((a, b) => b.until - a.until)[0];
    return [
      {
        person,
        role: confirmed.role,
        why: "grant",
        since: last?.grant.at ?? confirmed.at,
        epochs: [epoch],
        ...(last && { until: last.until }),
        ...(last?.open && { grant: last.grant.grant }),
      },
    ];
  });
}
