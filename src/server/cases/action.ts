/**
 * Answering a letter. The server cannot open a reply, and cannot make one: the person's own signature is over these very
 * bytes and over the act before, and nothing is written without it.
 */
import { decide } from "../../domain/access/decide.ts";
import { sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { caseOf, follows } from "../../domain/case/fold.ts";
import { checkSealedReply } from "../../domain/case/reply.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import { currentEpoch, type BodyState } from "../../domain/grant/state.ts";
import { signersOf, type SignedEvent } from "../../domain/log/act.ts";
import { Fault, refused, type Decision } from "../../domain/problem.ts";
import type { KeyKind } from "../../domain/seal/age.ts";
import { provedSoon, writeAct } from "../acts/action.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import type { SignedIn } from "../grants/action.ts";
import type { EventProof } from "../log/store/proofs.ts";
import { releaseProof } from "../log/store/proofs.ts";
import { epochsOfSubmissions } from "../public/store.ts";
import type { Chains } from "../statements/chains.ts";
import { shareChains } from "../statements/store.ts";
import { actsOfCase, insertReply, letterEntry, lockCase, repliesOf } from "./store.ts";

export type Sending = {
  readonly body: string;
  readonly case: string;
  readonly act: SignedEvent<"case.replied">;
  readonly bytes: Bytes;
};

/** No operator answers letters. */
const NOBODY: ReadonlyMap<string, Bytes> = new Map();

/**
 * Takes one reply, with its act and its event, or none of them.
 * @throws the decision's code; `ERASED`; `EPOCH_ENDED`; `CASE_MOVED` when another act came first; `ACT_UNSIGNED`;
 * `ENVELOPE_*`
 */
export async function sendReply(
  pool: Pool,
  chains: Chains,
  kind: KeyKind,
  who: SignedIn,
  { body, case: letter, act, bytes }: Sending,
): Promise<void> {
  const { event: said } = act;
  if (said.body !== body || said.case !== letter || said.submission !== letter) throw new Fault("BAD_REQUEST");
  if (said.digest !== toHex(sha256(bytes)) || said.size !== bytes.length) throw new Fault("BAD_REQUEST");
  checkSealedReply(bytes, kind);
  const event = await inTransaction(pool, async (client) => {
    // An erasure of this body's letters and an answer to one come one after the other; so do two answers.
    await shareChains(client, [body]);
    await lockCase(client, letter);
    const { state } = await chains.need(client, body);
    const reading = await mayAnswer(client, state, who.person, said);
    const decision = decide(who, "case.reply", { body, reading });
    if (!decision.ok) throw new Fault(decision.code);
    const current = currentEpoch(state.inboxes.get(said.inbox)!).epoch;
    if (said.epoch !== current) throw new Fault(said.epoch < current ? "EPOCH_ENDED" : "EPOCH_UNKNOWN");
    const before = await actsOfCase(client, letter);
    const { head } = caseOf(await letterEntry(client, letter), before);
    if (!follows(said, head)) throw new Fault("CASE_MOVED");
    const written = await writeAct(client, signersOf(state, NOBODY), who.person, act);
    await insertReply(client, { letter, seq: said.seq, event: written, reply: said.reply, bytes });
    await announceEvent(client);
    return written;
  });
  await provedSoon(pool, event);
}

/** Whether this person may read the letter, and what is received in its inbox now: whoever answers reads the answer. */
async function mayAnswer(
  client: Client,
  state: BodyState,
  person: string,
  { inbox, submission, epoch }: Sending["act"]["event"],
): Promise<Decision> {
  const found = (await epochsOfSubmissions(client, inbox, [submission])).get(submission);
  if (!found) return refused("REFUSED_NO_GRANT");
  for (const one of [found.epoch, Math.min(epoch, state.inboxes.get(inbox)?.epochs.length ?? 0)]) {
    const decision = mayRead(state, person, inbox, one, Date.now());
    if (!decision.ok) return decision;
  }
  if (found.erased) throw new Fault("ERASED");
  return { ok: true };
}

export type HandedReply = EventProof & {
  readonly person: string;
  readonly bySalt: Bytes;
  readonly signature: Bytes;
  readonly sealed: Bytes | null;
  readonly fetched: EventProof | null;
};

/**
 * The replies to a letter that is being released, as far as the log covers them; sealed bytes of the epochs that the
 * person may read.
 */
export async function handedReplies(
  client: Client,
  letter: string,
  may: (epoch: number) => boolean,
): Promise<readonly HandedReply[]> {
  const handed: HandedReply[] = [];
  for (const row of await repliesOf(client, letter)) {
    const proof = await releaseProof(client, row.event);
    // What stands behind one that is not signed yet is not signed either.
    if (!proof) break;
    const fetched = row.fetched === null ? null : await releaseProof(client, row.fetched);
    const { person, bySalt, signature, bytes, epoch } = row;
    handed.push({ ...proof, person, bySalt, signature, sealed: may(epoch) ? bytes : null, fetched });
  }
  return handed;
}
