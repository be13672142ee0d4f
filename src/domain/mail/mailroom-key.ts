/**
 * The mailroom's key of one start, signed with the installation's mail key. The private half lives in that process's
 * memory and dies with it; a row that somebody writes into the database is not signed, so nothing is sealed to it.
 */
import { encodeFields, fromHex, tag, type Bytes } from "../bytes.ts";
import { sign, verify } from "../person/sign.ts";
import { Fault } from "../problem.ts";
import { kindOfRecipient } from "../seal/age.ts";

export type MailroomKey = {
  /** 32 hex, random: this start of the mailroom */
  readonly start: string;
  /** milliseconds since the epoch */
  readonly at: number;
  readonly recipient: string;
};
export type SignedMailroomKey = MailroomKey & { readonly signature: Bytes };

const bytesOf = (installation: string, { start, at, recipient }: MailroomKey): Bytes =>
  encodeFields([tag("mailroom-key"), fromHex(installation), fromHex(start), at, recipient]);

export const signMailroomKey = (installation: string, secret: Bytes, key: MailroomKey): SignedMailroomKey => ({
  ...key,
  signature: sign(secret, bytesOf(installation, key)),
});

/**
 * The recipient to seal to.
 * @param mailKey public half of the installation's mail key, 32 bytes
 * @throws `MAILROOM_KEY` when the signature does not hold or the key is of no kind of ours
 */
export function verifiedRecipient(installation: string, mailKey: Bytes, signed: SignedMailroomKey): string {
  if (!verify(mailKey, signed.signature, bytesOf(installation, signed))) throw new Fault("MAILROOM_KEY");
  kindOfRecipient(signed.recipient);
  return signed.recipient;
}
