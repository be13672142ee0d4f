/**
 * What is done about a letter: answering it, giving it to somebody, noting, closing, opening it again. The server cannot
 * open what is sealed, and cannot act itself: the person's own signature is over the act before and over these very
 * bytes, and nothing is written without it.
 */
import { decide } from "../../domain/access/decide.ts";
import { equalBytes, sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { isTo } from "../../domain/case/by.ts";
import { caseOf, follows, refusalOf } from "../../domain/case/fold.ts";
import { checkSealedNote } from "../../domain/case/note.ts";
import { checkSealedReply } from "../../domain/case/reply.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import { currentEpoch, type BodyState } from "../../domain/grant/state.ts";
import { signersOf, type SignedEvent } from "../../domain/log/act.ts";
import { Fault, refused, type Decision } from "../../domain/problem.ts";
import type { KeyKind } from "../../domain/seal/age.ts";
import { provedSoon, writeAct } from "../acts/action.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import type { SignedIn } from "../grants/action.ts";
import type { Committed } from "../log/store/events.ts";
import { epochsOfSubmissions } from "../public/store.ts";
import type { Chains } from "../statements/chains.ts";
import { shareChains } from "../statements/store.ts";
import { actsOfCase, insertAct, insertNote, insertReply, letterEntry, lockCase } from "./store.ts";

type Where = { readonly body: string; readonly case: string };
type Sending = Where & { readonly act: SignedEvent<"case.replied">; readonly bytes: Bytes };
type Doing = Where & {
  readonly act: SignedEvent<"case.assigned" | "case.noted" | "case.closed" | "case.reopened">;
  readonly bytes: Bytes | null;
  readonly to: To | null;
};
type To = { readonly person: string; readonly salt: Bytes };
type Said = Sending["act"]["event"] | Doing["act"]["event"];

/** No operator does anything about letters. */
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
  { act, bytes, ...where }: Sending,
): Promise<void> {
  const { event: said } = act;
  if (said.submission !== where.case) throw new Fault("BAD_REQUEST");
  demandBytes(said, bytes);
  checkSealedReply(bytes, kind);
  await take(pool, chains, who, where, "case.reply", act, null, (client, event) =>
    insertReply(client, { letter: where.case, event, reply: said.reply, bytes }),
  );
}

/**
 * Takes any other act, with its event and, of a note, the sealed bytes, or none of them.
 * @throws as `sendReply`; `CASE_CLOSED`, `CASE_OPEN` for what makes no sense now; `CASE_NOT_THEIRS` when it gives the
 * letter to somebody who may not read it
 */
export async function actOnCase(
  pool: Pool,
  chains: Chains,
  kind: KeyKind,
  who: SignedIn,
  { act, bytes, to, ...where }: Doing,
): Promise<void> {
  const { event: said } = act;
  if ((said.kind === "case.noted") !== (bytes !== null)) throw new Fault("BAD_REQUEST");
  if ((said.kind === "case.assigned") !== (to !== null)) throw new Fault("BAD_REQUEST");
  const given = said.kind === "case.assigned" && to !== null ? { ...to, commitment: said.to } : null;
  if (given !== null) demandTo(given, act.bySalt, who.person);
  if (said.kind === "case.noted" && bytes !== null) {
    demandBytes(said, bytes);
    checkSealedNote(bytes, kind);
  }
  await take(pool, chains, who, where, "case.act", act, given, async (client, event) => {
    if (said.kind === "case.noted" && bytes !== null)
      await insertNote(client, { letter: where.case, event, note: said.note, bytes });
  });
}

/** These very bytes were signed. @throws `BAD_REQUEST` */
function demandBytes(said: { readonly digest: string; readonly size: number }, bytes: Bytes): void {
  if (said.digest !== toHex(sha256(bytes)) || said.size !== bytes.length) throw new Fault("BAD_REQUEST");
}

/** The salt opens who was signed; of somebody who takes it themselves there is one salt. @throws `BAD_REQUEST` */
function demandTo(to: Committed, bySalt: Bytes, person: string): void {
  if (!isTo(to.commitment, to)) throw new Fault("BAD_REQUEST", "the salt is not that of whoever it is given to");
  if (to.person === person && !equalBytes(new Uint8Array(to.salt), bySalt))
    throw new Fault("BAD_REQUEST", "one person, one salt");
}

/** In one transaction, behind every other act of the same case; then until the log has signed over it. */
async function take(
  pool: Pool,
  chains: Chains,
  who: SignedIn,
  { body, case: letter }: Where,
  action: "case.reply" | "case.act",
  act: SignedEvent<Said["kind"]>,
  to: Committed | null,
  write: (client: Client, event: number) => Promise<void>,
): Promise<void> {
  const said: Said = act.event;
  if (said.body !== body || said.case !== letter) throw new Fault("BAD_REQUEST");
  const event = await inTransaction(pool, async (client) => {
    // An erasure of this body's letters and an act about one come one after the other; so do two acts.
    await shareChains(client, [body]);
    await lockCase(client, letter);
    const { state } = await chains.need(client, body);
    const decision = decide(who, action, { body, reading: await mayHandle(client, state, who.person, said) });
    if (!decision.ok) throw new Fault(decision.code);
    const current = currentEpoch(state.inboxes.get(said.inbox)!).epoch;
    if (said.epoch !== current) throw new Fault(said.epoch < current ? "EPOCH_ENDED" : "EPOCH_UNKNOWN");
    const before = caseOf(await letterEntry(client, letter), await actsOfCase(client, letter));
    if (!follows(said, before.head)) throw new Fault("CASE_MOVED");
    const why = refusalOf(before, said.kind);
    if (why !== null) throw new Fault(why);
    if (to !== null && !(await mayHandle(client, state, to.person, said)).ok) throw new Fault("CASE_NOT_THEIRS");
    const about = to === null || to.person === who.person ? [] : [to];
    const written = await writeAct(client, signersOf(state, NOBODY), who.person, act, {}, about);
    await insertAct(client, { letter, seq: said.seq, event: written });
    await write(client, written);
    await announceEvent(client);
    return written;
  });
  await provedSoon(pool, event);
}

/**
 * Whether this person may read the letter, and what is received in its inbox now: whoever handles it reads what is
 * written about it.
 */
async function mayHandle(
  client: Client,
  state: BodyState,
  person: string,
  { inbox, case: letter, epoch }: Pick<Said, "inbox" | "case" | "epoch">,
): Promise<Decision> {
  const found = (await epochsOfSubmissions(client, inbox, [letter])).get(letter);
  if (!found) return refused("REFUSED_NO_GRANT");
  for (const one of [found.epoch, Math.min(epoch, state.inboxes.get(inbox)?.epochs.length ?? 0)]) {
    const decision = mayRead(state, person, inbox, one, Date.now());
    if (!decision.ok) return decision;
  }
  if (found.erased) throw new Fault("ERASED");
  return { ok: true };
}
