/**
 * Who was affected, for this body's own forms: the whole log is read and verified in this browser, then asked; names
 * come from letters that a key holder loads.
 */
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { writersOf, type Reached, type Scope } from "../../domain/incident/reach.ts";
import type { ReachAnswer, Writers } from "../hands/tasks.ts";
import { auditLog } from "./audit.ts";
import { readLog } from "./entries.ts";
import type { Incident } from "./incidents.ts";
import { bytesOf, takeKeys } from "./reading.ts";
import type { Tell } from "../member.ts";
import type { Member } from "../member.ts";
import type { Found } from "./world.ts";

/** Which letters could be reached, and which were looked at. @param from when it may have begun */
export async function whoWasReached(
  member: Member,
  { state, world }: Incident,
  scope: Scope,
  from: number,
  tell: Tell,
): Promise<ReachAnswer> {
  await readLog(member, world.body.id, tell);
  const rows = await member.api.readings(world.body.id, state.incident, scope.inbox);
  return member.hands.call("whoWasReached", {
    body: world.body.id,
    scope,
    from,
    rows,
    incident: state.incident,
    acts: state.acts.length,
  });
}

/** As many letters as one release may hold. */
const BATCH = 100;

/**
 * The writers of letters, each with what was reached of theirs; and which of them the monitor planted. Every batch is a
 * release of purpose `affected`, and an event. Each letter is one of these two, or nothing is answered.
 */
export async function loadPeople(
  member: Member,
  { state, world }: Incident,
  found: Found,
  letters: readonly Reached[],
  tell: Tell,
): Promise<Writers> {
  await takeKeys(member, found);
  await readLog(member, world.body.id, () => {});
  const writers = writersOf(letters);
  const firsts = [...writers.keys()];
  const people: AffectedPerson[] = [];
  const markers: string[] = [];
  for (let from = 0; from < firsts.length; from += BATCH) {
    const submissions = firsts.slice(from, from + BATCH);
    const released = await member.api.releaseAffected(world.body.id, state.incident, found.inbox.inbox, submissions);
    await auditLog(member, world.body.id, [released.proof]);
    const ask = { ...(await bytesOf(member, found, released)), submissions };
    const some = await member.hands.call("openPeople", ask, ({ done }) =>
      tell({ done: from + done, total: firsts.length }),
    );
    await member.api.opened(released.release);
    markers.push(...some.markers);
    people.push(
      ...some.people.map((person) => ({
        ...person,
        records: person.records.flatMap((record) => writers.get(record) ?? [record]),
      })),
    );
  }
  return { people, markers };
}
