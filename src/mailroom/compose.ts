/**
 * One message as a carrier wants it (RFC 5322): one sender, one recipient, a subject of the closed list, plain text.
 */
import { domainToASCII } from "node:url";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Message } from "../domain/mail/message.ts";
import { SUBJECTS } from "../domain/mail/subject.ts";
import { newId } from "../domain/seal/random.ts";

/** @param from the installation's sender, without a name: a name could say what the letter is about */
export const compose = (message: Message, from: string, at: Date): Promise<Buffer> =>
  new MailComposer({
    from: { name: "", address: from },
    to: { name: "", address: message.to },
    subject: SUBJECTS[message.subject],
    text: message.text,
    textEncoding: "quoted-printable",
    date: at,
    messageId: `<${newId()}@${from.slice(from.lastIndexOf("@") + 1)}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();

/**
 * An address as every carrier takes it: its domain in plain letters (RFC 5890). Whether one takes a mailbox in other
 * letters, it says itself (RFC 6531).
 */
export function onTheWire(address: string): string {
  const at = address.lastIndexOf("@") + 1;
  return address.slice(0, at) + (domainToASCII(address.slice(at)) || address.slice(at));
}
