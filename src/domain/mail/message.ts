/**
 * What the mailroom hands to the carrier: one text to one address. Sealed to the mailroom's key of this start; nothing
 * else can read it.
 */
import { decodeFields, encodeFields, fromHex, fromUtf8, hmacSha256, tag, toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { ageSeal } from "../seal/age-seal.ts";
import { pad } from "../seal/padding.ts";
import { addressOf } from "../form/email.ts";
import { isSubject, type Subject } from "./subject.ts";

export type Message = {
  /** 32 hex; bound inside the seal, so that no message can be sent in the place of another */
  readonly delivery: string;
  readonly to: string;
  readonly subject: Subject;
  readonly text: string;
};

/** Of a text in characters, and of a sealed message in bytes. */
export const TEXT_MAX = 40_000;
export const SEALED_MAX = 256 * 1024;

/** The bytes of a message. @throws `MAIL_ADDRESS`, `TOO_LARGE`, `MALFORMED` */
export function encodeMessage({ delivery, to, subject, text }: Message): Bytes {
  if (addressOf(to) !== to) throw new Fault("MAIL_ADDRESS");
  if (text.length > TEXT_MAX) throw new Fault("TOO_LARGE", "a message has a longest length");
  if (/[^\P{Cc}\n\t]/u.test(text)) throw new Fault("MALFORMED", "a control character in a message");
  return encodeFields([tag("mail-message"), fromHex(delivery), to, subject, text]);
}

/**
 * Reads what `encodeMessage` made.
 * @throws `OPEN_CONTEXT` when it is of another delivery; `MALFORMED`, `UNKNOWN_VERSION`, `MAIL_ADDRESS`
 */
export function decodeMessage(delivery: string, bytes: Bytes): Message {
  const [kind, id, to, subject, text, ...rest] = decodeFields(bytes);
  if (!kind || !id || !to || !subject || !text || rest.length > 0)
    throw new Fault("MALFORMED", "a message has five fields");
  if (fromUtf8(kind) !== tag("mail-message")) throw new Fault("UNKNOWN_VERSION");
  if (toHex(id) !== delivery) throw new Fault("OPEN_CONTEXT", "a message of another delivery");
  const code = fromUtf8(subject);
  if (!isSubject(code)) throw new Fault("MALFORMED", "no such subject");
  const message = { delivery, to: fromUtf8(to), subject: code, text: fromUtf8(text) };
  // What is not read back as it was written was not written by `encodeMessage`.
  encodeMessage(message);
  return message;
}

/** Seals one message to the mailroom's recipient of this start. @throws also `SEAL_RECIPIENTS`, `SEAL_FAILED` */
export const sealMessage = (message: Message, recipient: string): Promise<Bytes> =>
  ageSeal([recipient], pad(encodeMessage(message)));

/**
 * What the record keeps of a message: HMAC under a salt that lives in the row alone, so that what was sent can be
 * proved and, once erased, not guessed.
 */
export const messageCommitment = (salt: Bytes, message: Message): Bytes => hmacSha256(salt, encodeMessage(message));
