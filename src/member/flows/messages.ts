/**
 * The messages of an incident as its desk knows them: who has to be told, by which way, what was written, and how far it
 * is.
 */
import type { AffectedPerson } from "../../domain/affected/person.ts";
import type { MessageDraft } from "../../domain/mail/draft.ts";
import { callHash, handedInHash, postedHash, type Posted } from "../../domain/mail/told.ts";
import type { ReturnedSaid } from "../../domain/mail/returned.ts";
import { fateOf, type CallOutcome, type Fate } from "../../domain/mail/fate.ts";
import { firstTemplate, templateProblems } from "../../domain/mail/template.ts";
import { templateHash } from "../../domain/mail/seal-message.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { signed } from "./acts.ts";
import { stateOf } from "./world.ts";
import { affectedPeople, keptDraft } from "./message-documents.ts";
import type { Incident } from "./incidents.ts";
import type { Tell } from "../member.ts";
import type { Member } from "../member.ts";
import type { Messages } from "../../contract/messages.ts";

export type Somebody = { readonly person: AffectedPerson; readonly fate: Fate };
export type MessageWorld = {
  readonly body: string;
  readonly incident: string;
  readonly people: readonly AffectedPerson[];
  readonly draft: MessageDraft;
  readonly messages: Messages;
};

const first = ({ world }: Incident): MessageDraft => ({
  template: firstTemplate(world.body.name),
  neverAsked: "look-first",
});

/** What somebody sees who holds no key to the documents: how many messages stand where, and nobody's name. */
export type SealedWorld = { readonly sealed: true; readonly messages: Messages };

const NO_KEY: readonly string[] = ["REFUSED_EPOCH", "REFUSED_NO_GRANT", "REFUSED_GRANT_ENDED"];

/** Null while the incident has no list of people. */
export async function loadMessages(member: Member, incident: Incident): Promise<MessageWorld | SealedWorld | null> {
  const { body, incident: id } = incident.head;
  let people: readonly AffectedPerson[] | null;
  try {
    people = await affectedPeople(member, incident);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !NO_KEY.includes(thrown.code)) throw thrown;
    return { sealed: true, messages: await member.api.messages(body, id) };
  }
  if (people === null) return null;
  return {
    body,
    incident: id,
    people,
    draft: (await keptDraft(member, incident)) ?? first(incident),
    messages: await member.api.messages(body, id),
  };
}

/** Everybody with where they stand. */
export const everybody = ({ people, draft, messages }: MessageWorld): readonly Somebody[] =>
  people.map((person) => ({ person, fate: fateOf(person, draft.neverAsked, messages.deliveries, messages.calls) }));

export const isWritten = ({ draft }: MessageWorld): boolean => templateProblems(draft.template).length === 0;

/** Those to whom a message would go by e-mail now, each with the delivery that it is. */
export function dueByEmail(
  world: MessageWorld,
): readonly { readonly person: AffectedPerson; readonly to: string; readonly delivery: string }[] {
  const before = new Map(
    world.messages.deliveries.filter(({ channel }) => channel === "email").map((one) => [one.person, one.delivery]),
  );
  return everybody(world).flatMap(({ person, fate }) =>
    fate.at === "to-do" && fate.way.by === "email"
      ? [{ person, to: fate.way.to, delivery: before.get(person.person) ?? newId() }]
      : [],
  );
}

/** Messages in one request. */
const IN_ONE = 50;

/**
 * Seals and hands in every message that is due. Stopped half way, what was handed in stays, and pressing again goes on.
 */
export async function handInAll(member: Member, world: MessageWorld, tell: Tell): Promise<number> {
  const { setup, api, hands } = member;
  const due = dueByEmail(world);
  const mailroom = await api.mailroom(world.body);
  const template = world.draft.template;
  const sealed = await hands.call(
    "sealMessages",
    { installation: setup.installation, mailKey: setup.mailKey, mailroom, now: Date.now(), template, messages: due },
    tell,
  );
  let stored = 0;
  for (let from = 0; from < sealed.length; from += IN_ONE) {
    const messages = sealed.slice(from, from + IN_ONE);
    const act = await signed(member, {
      kind: "messages.handed-in",
      ...placeOf(world),
      count: messages.length,
      template: templateHash(template),
      messages: handedInHash(messages.map(({ commitment }) => commitment)),
    });
    stored += await api.handIn(world.body, world.incident, { act, start: mailroom.start, messages });
  }
  return stored;
}

type Place = Pick<MessageWorld, "body" | "incident">;
const placeOf = ({ body, incident }: Place): Place => ({ body, incident });

/** Holds back what has not left yet, or lets it go on. */
export async function hold(member: Member, place: Place, paused: boolean): Promise<void> {
  const { body, incident } = place;
  await stateOf(member, body);
  const at = placeOf(place);
  if (paused) await member.api.hold(body, incident, await signed(member, { kind: "messages.paused", ...at }));
  else await member.api.resume(body, incident, await signed(member, { kind: "messages.resumed", ...at }));
}

/** Of one delivery: whether it went out, goes again, or goes no more; `returned` of one that was posted. */
export type Decision = "judged-sent" | "judged-again" | "cancelled" | "returned";

export async function decideDelivery(
  member: Member,
  place: Place,
  delivery: string,
  decision: Decision,
): Promise<void> {
  await stateOf(member, place.body);
  const act = await signed(member, { kind: "delivery.decided", ...placeOf(place), delivery, decision });
  await member.api.decideDelivery(place.body, place.incident, delivery, act);
}

/** What somebody says who looked at what came back; once. */
export async function judgeReturned(
  member: Member,
  place: Place,
  { delivery, document }: { readonly delivery: string; readonly document: string },
  decision: ReturnedSaid,
): Promise<void> {
  await stateOf(member, place.body);
  const act = await signed(member, { kind: "delivery.decided", ...placeOf(place), delivery, decision, document });
  await member.api.judgeReturned(place.body, place.incident, document, act);
}

/** Notes what was put into the post. */
export async function notePosted(member: Member, place: Place, posted: readonly Posted[]): Promise<void> {
  await stateOf(member, place.body);
  const about = { count: posted.length, messages: postedHash(posted) };
  const act = await signed(member, { kind: "messages.posted", ...placeOf(place), ...about });
  await member.api.posted(place.body, place.incident, { act, posted });
}

/** Notes that somebody was rung. @param document their words, if any: sealed, of the incident */
export async function noteCall(
  member: Member,
  place: Place,
  call: { readonly person: string; readonly outcome: CallOutcome; readonly document: string | null },
): Promise<void> {
  const { person, outcome, document } = call;
  await stateOf(member, place.body);
  const id = newId();
  const act = await signed(member, {
    kind: "call.made",
    ...placeOf(place),
    outcome,
    call: callHash({ call: id, person, document }),
  });
  await member.api.noteCall(place.body, place.incident, {
    act,
    call: id,
    person,
    ...(document === null ? {} : { document }),
  });
}

/** Since when the mailroom runs, by a key that this browser verified; null while it does not. */
export async function mailroomSince({ setup, api, hands }: Member, body: string): Promise<number | null> {
  try {
    return (
      await hands.call("mailroom", {
        installation: setup.installation,
        mailKey: setup.mailKey,
        mailroom: await api.mailroom(body),
        now: Date.now(),
      })
    ).at;
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === "MAILROOM_AWAY") return null;
    throw thrown;
  }
}
