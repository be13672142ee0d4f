/** An owner's acts on a request: judged before they are offered, drafted in the worker, sent in one piece. */
import { ownersWhoMayConfirm, mayConfirm } from "../../domain/grant/confirmers.ts";
import { PURPOSES, type EndReason, type Purpose } from "../../domain/grant/statement.ts";
import { vkeyOfLog } from "../../domain/log/names.ts";
import { Fault, sentence, type Code } from "../../domain/problem.ts";
import { takeKeys } from "./reading.ts";
import type { Tell } from "../member.ts";
import type { Member } from "../member.ts";
import type { Me } from "../../contract/session.ts";
import {
  holdersByName,
  readersOf,
  rowsOfPeople,
  type Asked,
  type BodyWorld,
  type Found,
  type Named,
  type SignedInbox,
} from "./world.ts";

const isPurpose = (code: string): code is Purpose => (PURPOSES as readonly string[]).includes(code);

/** How many letters a request lets its people read at once: nothing that came is counted for "from now on". */
export const countedFor = ({ scope }: Asked, { received }: SignedInbox): number => (scope === "all" ? received : 0);

/** Why this owner cannot confirm this request, if they cannot. The signed statements would refuse it all the same. */
export function whyNotConfirm(world: BodyWorld, request: Asked, me: Me, now: number): readonly string[] {
  const codes: Code[] = [];
  if (me.role !== "owner") codes.push("REFUSED_ROLE");
  if (request.state !== "open") codes.push("REFUSED_STATE");
  if (
    request.asker.person === me.person ||
    request.persons.includes(me.person) ||
    request.persons.includes(request.asker.person)
  )
    codes.push("REFUSED_SAME_PERSON");
  if (request.persons.length === 0) codes.push("REFUSED_EMPTY");
  const reasons = codes.map(sentence);
  if (new Set(request.persons).size !== request.persons.length)
    reasons.push("The request names somebody twice. Decline it and ask for a new one.");
  for (const person of request.persons) {
    const row = world.people.find((one) => one.person === person);
    if (!row) reasons.push(sentence("PERSON_UNKNOWN"));
    else if (row.code !== null) reasons.push(`${row.name}: ${sentence(row.code)}`);
  }
  // Said where it is the only reason: all others are to be mended first.
  if (reasons.length === 0) reasons.push(...broughtBy(world, request, me.person));
  if (request.until <= now) reasons.push("The date when it would end has passed. Decline it and ask for a new one.");
  if (!isPurpose(request.purpose))
    reasons.push("The purpose is not one that Pillarbox knows. Decline it and ask for a new one.");
  return reasons;
}

/** That another owner has to confirm, and who can, or what to do where nobody can. */
function broughtBy({ state, people }: BodyWorld, request: Asked, owner: string): readonly string[] {
  const asked = { ...request, asker: request.asker.person };
  if (mayConfirm(state, asked, owner).ok) return [];
  const named = (ids: readonly string[], type: "conjunction" | "disjunction"): string =>
    new Intl.ListFormat("en-GB", { type }).format(
      ids.map((id) => people.find(({ person }) => person === id)?.name ?? "somebody whose row does not hold"),
    );
  const yours = [asked.asker, ...asked.persons].filter((person) => state.persons.get(person)?.confirmedBy === owner);
  const who = ownersWhoMayConfirm(state, asked);
  const then =
    who.length === 0
      ? "Each owner confirmed somebody in it, or is to read. Decline it; then each person is asked for alone, or somebody else asks."
      : `${named(who, "disjunction")} can confirm it.`;
  const whom = named(yours, "conjunction");
  return [
    `You confirmed ${whom} when they joined. Nobody lets somebody in all alone, so another owner decides on this request. ${then}`,
  ];
}

export type After = Named & {
  readonly person: string;
  readonly why: "owner" | "grant";
  readonly until: number | null;
  readonly added: boolean;
  readonly lapsed: boolean;
};

/** Everyone who would hold the key once the request is confirmed: as many as the public is then told. */
export function readersAfter(
  world: BodyWorld,
  request: Asked,
  named: (person: string) => Named,
  now: number,
): readonly After[] {
  const before = holdersByName(world, request.inbox, now);
  // "From now on" begins with a new key, which only those who go on reading are given.
  const keep = before.filter(
    (holder) => !request.persons.includes(holder.person) && !(holder.lapsed && request.scope === "from-now"),
  );
  const stay = keep.map((holder): After => ({ ...holder, until: holder.until ?? null, added: false }));
  const added = request.persons.map(
    (person): After => ({
      ...named(person),
      person,
      why: "grant",
      until: Math.max(request.until, before.find((r) => r.person === person)?.until ?? 0),
      added: true,
      lapsed: false,
    }),
  );
  return [...stay, ...added];
}

/** Confirms exactly what was shown. @param now milliseconds @returns the grant @throws `CHAIN_MOVED` when somebody else was faster; `REQUEST_ALTERED` */
export async function confirmRequest(
  member: Member,
  found: Found,
  request: Asked,
  counted: number,
  tell: Tell,
  now = Date.now(),
): Promise<string> {
  const { world } = found;
  if (!isPurpose(request.purpose)) throw new Fault("BAD_REQUEST");
  if (request.state !== "open") throw new Fault("REFUSED_STATE");
  await takeKeys(member, found);
  const staying = readersOf(world, request.inbox, now)
    .map((reader) => reader.person)
    .filter((person) => !request.persons.includes(person));
  const { inbox, request: id, scope, until, purpose, purposeText, purposeSalt, act } = request;
  const draft = await member.hands.call(
    "draftGrant",
    {
      body: world.body.id,
      inbox,
      request: id,
      asker: request.asker.person,
      scope,
      until,
      purpose,
      purposeText,
      purposeSalt,
      act,
      operators: member.setup.operators,
      logKey: vkeyOfLog(member.setup.logKey, world.body.id),
      people: rowsOfPeople(world, request.persons),
      remaining: rowsOfPeople(world, staying),
      counted,
      now,
    },
    tell,
  );
  const { statements, wraps, recipients } = draft;
  await member.api.post(world.body.id, { statements, wraps, recipients, request: id });
  return draft.grant;
}

/** Ends one person's grant and gives the form its next key, wrapped to everyone who goes on reading. */
export async function endGrant(
  member: Member,
  found: Found,
  grant: string,
  person: string,
  reason: EndReason,
): Promise<void> {
  const { world, inbox } = found;
  const now = Date.now();
  const staying = readersOf(world, inbox.inbox, now)
    .filter((reader) => reader.person !== person || reader.why === "owner")
    .map((reader) => reader.person);
  const draft = await member.hands.call("draftEnd", {
    body: world.body.id,
    inbox: inbox.inbox,
    grant,
    person,
    reason,
    remaining: rowsOfPeople(world, staying),
    now,
  });
  await member.api.post(world.body.id, {
    statements: draft.statements,
    wraps: draft.wraps,
    recipients: draft.recipients,
  });
}

/**
 * Lets a person out, an owner too: what comes next is sealed to keys that they never had.
 * @throws `REFUSED_LAST_OWNERS`, `REFUSED_LAST_HOLDER` when something must be done first
 */
export async function letOut(member: Member, world: BodyWorld, person: string, reason: EndReason): Promise<void> {
  const body = world.body.id;
  const { people } = world;
  const draft = await member.hands.call("draftLeave", { body, person, reason, people, now: Date.now() });
  await member.api.post(body, draft);
}
