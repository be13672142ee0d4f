/**
 * Who was affected, for this body's own forms: the whole log is read and verified in this browser, then asked; names
 * come from letters that a key holder loads.
 */
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { bundlesOf } from "../../domain/incident/log-index-fill.ts";
import { writersOf, type Reached, type Scope } from "../../domain/incident/reach.ts";
import { parseCheckpoint } from "../../domain/log/checkpoint.ts";
import { parseNote } from "../../domain/log/note.ts";
import { entriesPath } from "../../domain/log/tile.ts";
import { Fault } from "../../domain/problem.ts";
import type { ReachAnswer } from "../hands/tasks.ts";
import { auditLog } from "./audit.ts";
import type { Incident } from "./incidents.ts";
import { bytesOf, takeKeys } from "./reading.ts";
import type { Tell } from "../member.ts";
import type { Member } from "../member.ts";
import type { Found } from "./world.ts";

/** So many bundles, of 256 entries each, are asked for at once. */
const AT_ONCE = 8;

/** Reads and verifies every entry of the log. @throws `LOG_REFUSED`, `LOG_NOT_SIGNED` */
async function readLog(member: Member, tell: Tell): Promise<void> {
  const kept = await auditLog(member);
  if (!kept) throw new Fault("LOG_NOT_SIGNED");
  const { size } = parseCheckpoint(parseNote(kept.note).text);
  const bundles = bundlesOf(size);
  for (let from = 0; from < bundles.length; from += AT_ONCE) {
    const some = await Promise.all(
      bundles.slice(from, from + AT_ONCE).map(({ index, width }) => member.api.entries(entriesPath(index, width))),
    );
    tell({ done: await member.hands.call("readEntries", { start: from === 0, bundles: some }), total: size });
  }
  await member.hands.call("entriesRead", null);
}

/** Which letters could be reached, and which were looked at. @param from when it may have begun */
export async function whoWasReached(
  member: Member,
  { state, world }: Incident,
  scope: Scope,
  from: number,
  tell: Tell,
): Promise<ReachAnswer> {
  await readLog(member, tell);
  const rows = await member.api.readings(world.body.id, state.incident, scope.inbox);
  return member.hands.call("whoWasReached", { scope, from, rows, incident: state.incident, acts: state.acts.length });
}

/** As many letters as one release may hold. */
const BATCH = 100;

/**
 * The writers of letters, each with what was reached of theirs. Every batch is a release of purpose `affected`, and an
 * event.
 */
export async function loadPeople(
  member: Member,
  { state, world }: Incident,
  found: Found,
  letters: readonly Reached[],
  tell: Tell,
): Promise<readonly AffectedPerson[]> {
  await takeKeys(member, found);
  const writers = writersOf(letters);
  const firsts = [...writers.keys()];
  const people: AffectedPerson[] = [];
  for (let from = 0; from < firsts.length; from += BATCH) {
    const released = await member.api.releaseAffected(
      world.body.id,
      state.incident,
      found.inbox.inbox,
      firsts.slice(from, from + BATCH),
    );
    await auditLog(member, [released.proof]);
    const some = await member.hands.call("openPeople", await bytesOf(member, found, released), ({ done }) =>
      tell({ done: from + done, total: firsts.length }),
    );
    await member.api.opened(released.release);
    people.push(
      ...some.map((person) => ({
        ...person,
        records: person.records.flatMap((record) => writers.get(record) ?? [record]),
      })),
    );
  }
  return people;
}
