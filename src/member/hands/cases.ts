/** DANGEROUS: replies are opened, sealed and signed here. Worker only. */
import { equalBytes, sha256, toHex } from "../../domain/bytes.ts";
import { mayAnswer } from "../../domain/case/by.ts";
import { caseOf, type Replied } from "../../domain/case/fold.ts";
import { openReply } from "../../domain/case/open-reply.ts";
import { sealReply } from "../../domain/case/reply.ts";
import { draftSigned, faultOfAct, signersOf, type PlainAct } from "../../domain/log/act.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { verifyProof } from "../../domain/log/proof.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Released } from "../../contract/reading.ts";
import { checkpointOf } from "./log.ts";
import type { ReleaseBytes, Thread, ThreadReply } from "./tasks.ts";
import { bodyIn, keysIn, watchedIn, type Hand, type Vault } from "./vault.ts";

type Given = Released["replies"][number];

/**
 * What was answered to a letter that was just opened and compared. One thing that does not fit, and none is shown: the
 * letter still is.
 * @param reply the recipient out of the letter
 */
export async function threadOf(vault: Vault, ask: ReleaseBytes, submission: string, reply: string): Promise<Thread> {
  try {
    const { head, acts } = caseOf(
      ask.received!.entry,
      ask.replies.map(({ entry }) => entry),
    );
    const replies: ThreadReply[] = [];
    for (const [seq, one] of ask.replies.entries()) replies.push(await openOne(vault, ask, acts[seq]!, one));
    vault.letters.set(submission, { reply, head });
    return { ok: true, replies };
  } catch (thrown) {
    vault.letters.set(submission, { reply, head: null });
    if (codeOf(thrown) === "INTERNAL") throw thrown;
    return { ok: false, code: "CASE_BROKEN" };
  }
}

async function openOne(vault: Vault, ask: ReleaseBytes, act: Replied, given: Given): Promise<ThreadReply> {
  const { index } = loggedIn(vault, ask.body, given);
  const { state } = bodyIn(vault, ask.body);
  const why = faultOfAct(act as unknown as PlainAct, given, signersOf(state, new Map()));
  if (why !== null) throw new Fault("CASE_BROKEN", why);
  // As whoever wrote the letter is shown it: from nobody who had not the key then (`src/domain/case/held.ts`).
  if (!mayAnswer(state, act, given.person))
    throw new Fault("CASE_BROKEN", "by somebody who had not the key of that time");
  const { reply, submission, at, role, epoch, digest } = act;
  const key = vault.inboxKeys.get(ask.inbox)?.get(epoch);
  let text: string | null = null;
  if (key) {
    if (given.sealed === null || toHex(sha256(given.sealed)) !== digest)
      throw new Fault("CASE_BROKEN", "the sealed reply is not the one that was signed");
    text = await openReply(key.identity, given.sealed, { submission, reply });
  }
  return { reply, at, entry: index, person: given.person, role, text, fetchedAt: fetchedAt(vault, ask, act, given) };
}

function fetchedAt(vault: Vault, { body }: ReleaseBytes, { reply }: Replied, { fetched }: Given): number | null {
  if (fetched === null) return null;
  const { entry } = loggedIn(vault, body, fetched);
  if (entry.kind !== "reply.fetched" || entry.body !== body || entry.reply !== reply)
    throw new Fault("CASE_BROKEN", "not that this reply was fetched");
  return entry.at;
}

/** @throws `CASE_BROKEN` for what is not in the log that this browser has watched */
function loggedIn(
  vault: Vault,
  body: string,
  { proof, entry }: Pick<Given, "proof" | "entry">,
): { readonly index: number; readonly entry: Entry } {
  const logKey = watchedIn(vault, body).proven.get(checkpointOf(proof));
  if (logKey === undefined) throw new Fault("CASE_BROKEN", "not under a checkpoint that this browser has seen");
  try {
    return { index: verifyProof(proof, entry, parseVerifierKey(logKey)).index, entry: parseEntry(entry) };
  } catch {
    throw new Fault("CASE_BROKEN", "not in the log");
  }
}

export const casesOf = (vault: Vault): { [N in "sealReply"]: Hand<N> } => ({
  sealReply: async ({ body, submission, text, epoch, recipient }) => {
    const letter = vault.letters.get(submission);
    if (!letter?.head || letter.head.body !== body)
      throw new Fault("CASE_BROKEN", "the letter was not opened in this visit, or its replies do not hold");
    const { head } = letter;
    const { person, signingSecret } = keysIn(vault);
    const { state } = bodyIn(vault, body);
    const role = state.persons.get(person)?.role;
    if (!role) throw new Fault("PERSON_UNCONFIRMED");
    const signed = state.inboxes.get(head.inbox)?.epochs.at(-1);
    // The key came from the server; an owner signed which one it is (T1).
    if (!signed || signed.epoch !== epoch || !equalBytes(signed.recipientHash, recipientHash(recipient)))
      throw new Fault("RECIPIENT_MISMATCH");
    const reply = newId();
    const bytes = await sealReply({ submission, reply }, text, letter.reply, recipient);
    const digest = toHex(sha256(bytes));
    const act = draftSigned<"case.replied">(
      { person, role, signingSecret },
      { kind: "case.replied", ...head, submission, reply, epoch, digest, size: bytes.length },
    );
    return { act, bytes };
  },
});
