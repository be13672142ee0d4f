/**
 * Letters to the people of an incident, at a desk: which way each is told, sealed one by one, handed in; and how far
 * they are.
 */
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { wayOf, type NeverAsked, type Way } from "../../domain/mail/channel.ts";
import type { LetterTemplate } from "../../domain/mail/letter.ts";
import { verifiedRecipient } from "../../domain/mail/mailroom-key.ts";
import { sealLetter, templateHash } from "../../domain/mail/seal-letter.ts";
import { newId } from "../../domain/seal/random.ts";
import { bytes, flag, id, list, member, record, text, whole } from "../shape.ts";
import type { Visit } from "./visit.ts";

const key = record({ start: id, at: whole, recipient: text, signature: bytes });
const delivery = record({ delivery: id, person: id, channel: text, state: text, code: text, attempts: whole });
export type Delivery = ReturnType<typeof delivery>;

const at = (body: string, incident: string): string =>
  `/api/bodies/${encodeURIComponent(body)}/incidents/${incident}/letters`;

export type Letters = { readonly paused: boolean; readonly deliveries: readonly Delivery[] };

/** How far the letters of an incident are. */
export async function lettersOf(visit: Visit, body: string, incident: string): Promise<Letters> {
  const { value } = await visit.client.get(at(body, incident));
  return record({ paused: flag, deliveries: list(delivery) })(value);
}

/** The mailroom's recipient of this start, as the installation signed it. @throws `MAILROOM_AWAY`, `MAILROOM_KEY` */
export async function mailroomOf(
  visit: Visit,
  body: string,
  mailKey: Bytes,
): Promise<{ readonly start: string; readonly recipient: string }> {
  const signed = key((await visit.client.get(`/api/bodies/${encodeURIComponent(body)}/mailroom`)).value);
  return { start: signed.start, recipient: verifiedRecipient(visit.where.installation, mailKey, signed) };
}

export type Sending = {
  readonly template: LetterTemplate;
  readonly people: readonly AffectedPerson[];
  readonly neverAsked: NeverAsked;
  readonly mailKey: Bytes;
};

const IN_ONE = 50;

/**
 * Seals and hands in a letter to everybody who is told by e-mail and has none on its way. Called again it hands over
 * again what the
 * mailroom lost, and nothing else.
 * @returns by which way each is told, and how many letters were taken in now
 */
export async function sendLetters(
  visit: Visit,
  body: string,
  incident: string,
  sending: Sending,
): Promise<{
  readonly ways: readonly { readonly person: AffectedPerson; readonly way: Way }[];
  readonly stored: number;
}> {
  const { template, people, neverAsked, mailKey } = sending;
  const ways = people.map((person) => ({ person, way: wayOf(person, neverAsked) }));
  const known = new Map(
    (await lettersOf(visit, body, incident)).deliveries
      .filter((one) => one.channel === "email")
      .map((one) => [one.person, one]),
  );
  const due = ways.flatMap(({ person, way }) => {
    const before = known.get(person.person);
    return way.by === "email" && (before === undefined || before.state === "hand-over-again")
      ? [{ person, to: way.to, delivery: before?.delivery ?? newId() }]
      : [];
  });
  if (due.length === 0) return { ways, stored: 0 };
  const { start, recipient } = await mailroomOf(visit, body, mailKey);
  let stored = 0;
  for (let from = 0; from < due.length; from += IN_ONE) {
    const letters = [];
    for (const one of due.slice(from, from + IN_ONE))
      letters.push(await sealLetter(template, one.person, one.to, one.delivery, recipient));
    const { value } = await visit.client.post(`${at(body, incident)}/hand-in`, {
      start,
      template: templateHash(template),
      letters: letters.map((one) => ({ ...one, commitment: toHex(one.commitment) })),
    });
    stored += member("stored", whole)(value);
  }
  return { ways, stored };
}
