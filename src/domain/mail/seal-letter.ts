/**
 * A letter to one person becomes a sealed message: sealing ends before anything is handed in, and nobody else is in it.
 */
import type { AffectedPerson } from "../affected/person.ts";
import { taggedHash, toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { randomBytes } from "../seal/random.ts";
import { letterText, letterTo, templateProblems, type LetterTemplate } from "./letter.ts";
import { messageCommitment, sealMessage, type Message } from "./message.ts";

export type SealedLetter = {
  readonly delivery: string;
  readonly person: string;
  readonly bytes: Bytes;
  readonly salt: Bytes;
  readonly commitment: Bytes;
};

/** What the log says of the text that all letters have in common. Nothing of anybody is in it. */
export const templateHash = (template: LetterTemplate): string =>
  toHex(taggedHash("letter-template", canonicalBytes(template)));

/**
 * The message of a letter; the same whenever it is made anew, so that it can be held against the record.
 * @throws `LETTER_UNFINISHED`
 */
function letterMessage(template: LetterTemplate, person: AffectedPerson, to: string, delivery: string): Message {
  if (templateProblems(template).length > 0) throw new Fault("LETTER_UNFINISHED");
  return { delivery, to, subject: template.subject, text: letterText(letterTo(template, person)) };
}

/**
 * @param to the address that `wayOf` gave for this person;
 * @param recipient the mailroom's, verified.
 * @throws `LETTER_UNFINISHED`, `MAIL_ADDRESS`, `SEAL_*`, `TOO_LARGE`
 */
export async function sealLetter(
  template: LetterTemplate,
  person: AffectedPerson,
  to: string,
  delivery: string,
  recipient: string,
): Promise<SealedLetter> {
  const message = letterMessage(template, person, to, delivery);
  const salt = randomBytes(32);
  return {
    delivery,
    person: person.person,
    bytes: await sealMessage(message, recipient),
    salt,
    commitment: messageCommitment(salt, message),
  };
}
