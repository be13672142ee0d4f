/** Answering a letter: sealed and signed in the hands, sent in one piece. */
import { Fault } from "../../domain/problem.ts";
import type { Member } from "../member.ts";
import { stateOf, type Found } from "./world.ts";

/**
 * Sends a reply to a letter that was opened in this visit.
 * @throws `CASE_MOVED` when somebody else answered meanwhile; then the letter is to be opened again
 */
export async function sendReply(
  member: Member,
  { world, inbox }: Found,
  submission: string,
  text: string,
): Promise<void> {
  const body = world.body.id;
  await stateOf(member, body);
  const current = inbox.epochs.at(-1);
  if (!current?.recipient) throw new Fault("INBOX_UNKNOWN");
  const { epoch, recipient } = current;
  const { act, bytes } = await member.hands.call("sealReply", { body, submission, text, epoch, recipient });
  await member.api.sendReply(body, submission, act, bytes);
}
