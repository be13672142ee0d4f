/** What is done about a letter: sealed and signed in the hands, sent in one piece. */
import { Fault } from "../../domain/problem.ts";
import type { Wish } from "../hands/tasks.ts";
import type { Member } from "../member.ts";
import { stateOf, type Found } from "./world.ts";

/**
 * Sends a reply to a letter that was opened in this visit.
 * @throws `CASE_MOVED` when somebody else did something meanwhile; then the letter is to be opened again
 */
export async function sendReply(member: Member, found: Found, submission: string, text: string): Promise<void> {
  const key = await currentKey(member, found);
  const { act, bytes } = await member.hands.call("sealReply", { submission, text, ...key });
  await member.api.sendReply(key.body, submission, act, bytes);
}

/**
 * Does anything else about it: gives it to somebody, notes, closes, opens again.
 * @throws `CASE_MOVED` as above; `CASE_CLOSED`, `CASE_OPEN`, `CASE_NOT_THEIRS`
 */
export async function actOnCase(member: Member, found: Found, submission: string, wish: Wish): Promise<void> {
  const key = await currentKey(member, found);
  const { act, bytes, to } = await member.hands.call("signCaseAct", { submission, wish, ...key });
  await member.api.actOnCase(key.body, submission, act, bytes, to);
}

async function currentKey(member: Member, { world, inbox }: Found) {
  const body = world.body.id;
  await stateOf(member, body);
  const current = inbox.epochs.at(-1);
  if (!current?.recipient) throw new Fault("INBOX_UNKNOWN");
  return { body, epoch: current.epoch, recipient: current.recipient };
}
