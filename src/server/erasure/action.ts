/**
 * Erasure: the writer asks, an owner decides, and what is granted is deleted in the transaction of its event
 * (docs/LOG.md, Erasure; T39). The log stays as it is: what it said of the letter were hashes of sealed bytes, and
 * commitments whose salts go with the letter.
 */
import { decide } from "../../domain/access/decide.ts";
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { canonicalJson } from "../../domain/canonical.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import { signersOf, type SignedEvent, type Signers } from "../../domain/log/act.ts";
import { encodeCertificate } from "../../domain/log/certificate.ts";
import { parseEntry } from "../../domain/log/event.ts";
import { backupsUntil, GRANT_REASONS, REFUSE_REASONS } from "../../domain/log/erasure.ts";
import { textCommitment } from "../../domain/person/details.ts";
import { faultOfSignature } from "../../domain/person/signed.ts";
import { Fault } from "../../domain/problem.ts";
import { zoneOf, type Zones } from "../../domain/time.ts";
import { newId } from "../../domain/seal/random.ts";
import { writeAct } from "../acts/action.ts";
import { actOf } from "../acts/store.ts";
import { announceEvent, inTransaction, type Client, type Db, type Pool } from "../database/pool.ts";
import type { SignedIn } from "../grants/action.ts";
import { writeEvent } from "../log/store/events.ts";
import { proofParts } from "../log/store/proofs.ts";
import type { Chains } from "../statements/chains.ts";
import { lockChain } from "../statements/store.ts";
import {
  closeErasure,
  countErased,
  deleteErased,
  erasureForDecision,
  insertErasure,
  type ErasureRow,
} from "./store/erasures.ts";

/**
 * Asks that a letter be erased, with what was added to it. The writer asks by their receipt: whoever calls this has
 * checked it. Inside the caller's transaction; the public login may call it. Asked twice, it is asked once.
 * @returns whether this made a new request; false: one is open already, or the letter is erased
 */
export async function askErasure(
  client: Client,
  asked: {
    readonly body: string;
    readonly submission: string;
    readonly askedBy?: "submitter" | "retention";
    readonly erasure?: string;
  },
): Promise<boolean> {
  const { body, submission, askedBy = "submitter", erasure = newId() } = asked;
  if (!(await insertErasure(client, erasure, submission, askedBy))) return false;
  await writeEvent(client, { kind: "erasure.requested", body, erasure, submission, askedBy });
  await announceEvent(client);
  return true;
}

/**
 * The certificate of an erasure by its event; null while no signed checkpoint covers it.
 * @throws `ACT_UNSIGNED` for an erasure that no owner signed: of that there is no certificate
 */
export async function certificateOf(
  db: Db,
  event: number,
  persons: BodyState["persons"],
  zones: Zones,
): Promise<string | null> {
  const [found, act] = [await proofParts(db, event), await actOf(db, event)];
  if (found === null) return null;
  const [signer, signature] = [act && persons.get(act.person), new Uint8Array(act?.signature ?? [])];
  const entry = parseEntry(found.entry);
  if (!signer || entry.kind !== "erasure.done" || faultOfSignature(entry, signature, signer) !== null)
    throw new Fault("ACT_UNSIGNED", "no owner signed this erasure");
  return encodeCertificate(found.entry, found.proof, { key: signer.signingKey, signature }, zoneOf(zones, entry.body));
}

type Done = SignedEvent<"erasure.done">;
type Refused = SignedEvent<"erasure.refused">;
/** What the owner signed; of a refusal also the words that it commits to. */
export type ErasureDecision =
  | { readonly grant: Done }
  | { readonly refuse: Refused; readonly words: string; readonly salt: Bytes };

/**
 * An owner decides. Granted: deletion and event are one transaction.
 * @throws the decision's code, `ERASURE_UNKNOWN`, `ACT_UNSIGNED`, `ACT_MOVED`
 */
export async function decideErasure(
  pool: Pool,
  chains: Chains,
  who: SignedIn,
  body: string,
  erasure: string,
  decision: ErasureDecision,
  backupDays: number,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    // Readings of this body's letters wait: a letter that is being erased is not released meanwhile.
    await lockChain(client, body);
    const row = await erasureForDecision(client, body, erasure);
    if (!row) throw new Fault("ERASURE_UNKNOWN");
    const allowed = decide(who, "erasure.decide", { body, erasure: row });
    if (!allowed.ok) throw new Fault(allowed.code);
    const signers = signersOf((await chains.need(client, body)).state, NOBODY);
    if ("grant" in decision) await grantErasure(client, signers, who, row, decision.grant, backupDays);
    else await refuseErasure(client, signers, who, row, decision);
    await announceEvent(client);
  });
}

/** No operator decides about letters. */
const NOBODY: ReadonlyMap<string, Bytes> = new Map();

/** Deletes, and says so in the log. Whoever calls this has decided, and holds the body's lock. */
export async function grantErasure(
  client: Client,
  signers: Signers,
  who: SignedIn,
  row: ErasureRow,
  act: Done,
  backupDays: number,
): Promise<void> {
  const { event: said } = act;
  checkAbout(said, row);
  if (canonicalJson(said.additions) !== canonicalJson(row.additions)) throw new Fault("ACT_MOVED");
  const reason = GRANT_REASONS.find((known) => known === said.reason);
  if (!reason) throw new Fault("BAD_REQUEST");
  const counted = await countErased(client, row.id, row.additions);
  const event = await writeAct(client, signers, who.person, act, {
    ...counted,
    backupsUntil: backupsUntil(Date.now(), backupDays),
  });
  await deleteErased(client, row.id, row.additions, event);
  if (!(await closeErasure(client, row.id, { state: "granted", by: who.person, reason, event })))
    throw new Fault("REFUSED_STATE");
}

async function refuseErasure(
  client: Client,
  signers: Signers,
  who: SignedIn,
  row: ErasureRow,
  { refuse: act, words, salt }: Extract<ErasureDecision, { readonly refuse: Refused }>,
): Promise<void> {
  const { event: said } = act;
  checkAbout(said, row);
  const reason = REFUSE_REASONS.find((known) => known === said.reason);
  if (!reason || said.reasonCommitment !== toHex(textCommitment(salt, words))) throw new Fault("BAD_REQUEST");
  const event = await writeAct(client, signers, who.person, act);
  const text = { words, salt };
  if (!(await closeErasure(client, row.id, { state: "refused", by: who.person, reason, event, text })))
    throw new Fault("REFUSED_STATE");
}

/** What was signed is about this request and this letter. @throws `ACT_MOVED` */
function checkAbout(said: Done["event"] | Refused["event"], { id, body, inbox, submission }: ErasureRow): void {
  if (said.erasure !== id || said.body !== body || said.inbox !== inbox || said.submission !== submission)
    throw new Fault("ACT_MOVED", "it is about something else");
}
