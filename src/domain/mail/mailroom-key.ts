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
  /** when it started, milliseconds since the epoch */
  readonly at: number;
  /** when this signature was made, milliseconds since the epoch; made anew as long as this start lives */
  readonly said: number;
  readonly recipient: string;
};
export type SignedMailroomKey = MailroomKey & { readonly signature: Bytes };

/** Milliseconds; clocks of staff and host may differ by some minutes. */
const FRESH = 10 * 60_000;

const bytesOf = (installation: string, { start, at, said, recipient }: MailroomKey): Bytes =>
  encodeFields([tag("mailroom-key"), fromHex(installation), fromHex(start), at, said, recipient]);

export const signMailroomKey = (installation: string, secret: Bytes, key: MailroomKey): SignedMailroomKey => ({
  ...key,
  signature: sign(secret, bytesOf(installation, key)),
});

/**
 * The recipient to seal to. Somebody who once got hold of a start's private half and can write rows could show that
 * start's key again, signed as it was; so a signature counts for a while only.
 * @param mailKey public half of the installation's mail key, 32 bytes
 * @param now milliseconds since the epoch, by the clock of whoever seals
 * @throws `MAILROOM_KEY` when the signature does not hold or the key is of no kind of ours; `MAILROOM_OLD` when it was
 * signed more than ten minutes before or after
 */
export function verifiedRecipient(
  installation: string,
  mailKey: Bytes,
  signed: SignedMailroomKey,
  now: number,
): string {
  if (!verify(mailKey, signed.signature, bytesOf(installation, signed))) throw new Fault("MAILROOM_KEY");
  if (Math.abs(now - signed.said) > FRESH) throw new Fault("MAILROOM_OLD");
  kindOfRecipient(signed.recipient);
  return signed.recipient;
}
