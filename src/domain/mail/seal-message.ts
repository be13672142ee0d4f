/**
 * A message to one person becomes a sealed message: sealing ends before anything is handed in, and nobody else is in it.
 */
import type { AffectedPerson } from "../affected/person.ts";
import { taggedHash, toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { randomBytes } from "../seal/random.ts";
import { textOf, letterTo, templateProblems, type MessageTemplate } from "./template.ts";
import { messageCommitment, sealMessage, type Message } from "./message.ts";

export type MessageTo = {
  readonly delivery: string;
  readonly person: string;
  readonly bytes: Bytes;
  readonly salt: Bytes;
  readonly commitment: Bytes;
};

/** What the log says of the text that all messages have in common. Nothing of anybody is in it. */
export const templateHash = (template: MessageTemplate): string =>
  toHex(taggedHash("letter-template", canonicalBytes(template)));

/**
 * The message of a message; the same whenever it is made anew, so that it can be held against the record.
 * @throws `MESSAGE_UNFINISHED`
 */
function messageTo(template: MessageTemplate, person: AffectedPerson, to: string, delivery: string): Message {
  if (templateProblems(template).length > 0) throw new Fault("MESSAGE_UNFINISHED");
  return { delivery, to, subject: template.subject, text: textOf(letterTo(template, person)) };
}

/**
 * @param to the address that `wayOf` gave for this person;
 * @param recipient the mailroom's, verified.
 * @throws `MESSAGE_UNFINISHED`, `MAIL_ADDRESS`, `SEAL_*`, `TOO_LARGE`
 */
export async function sealLetter(
  template: MessageTemplate,
  person: AffectedPerson,
  to: string,
  delivery: string,
  recipient: string,
): Promise<MessageTo> {
  const message = messageTo(template, person, to, delivery);
  const salt = randomBytes(32);
  return {
    delivery,
    person: person.person,
    bytes: await sealMessage(message, recipient),
    salt,
    commitment: messageCommitment(salt, message),
  };
}
