/**
 * Erasure: the writer asks, an owner decides, and what is granted is deleted in the transaction of its event
 * (docs/LOG.md, Erasure; T39). The log stays as it is: what it said of the letter were hashes of sealed bytes, and
 * commitments whose salts go with the letter.
 */
import { decide } from "../../domain/access/decide.ts";
import { toHex } from "../../domain/bytes.ts";
import { encodeCertificate } from "../../domain/log/certificate.ts";
import { backupsUntil, type GrantReason, type RefuseReason } from "../../domain/log/erasure.ts";
import { newSalt, textCommitment } from "../../domain/person/details.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import {
  additionsTo,
  closeErasure,
  deleteErased,
  erasureForDecision,
  insertErasure,
  type ErasureRow,
} from "./store/erasures.ts";
import { commitTo, writeEvent, type Committed } from "../log/store/events.ts";
import { announceEvent, inTransaction, type Client, type Db, type Pool } from "../database/pool.ts";
import { proofParts } from "../log/store/proofs.ts";
import { lockChain } from "../statements/store.ts";
import { roleOf, type SignedIn } from "../grants/action.ts";

/**
 * Asks that a letter be erased, with what was added to it. The writer asks by their receipt: whoever calls this has
 * checked it. Inside the caller's transaction; the public login may call it. Asked twice, it is asked once.
 * @returns whether this made a new request; false: one is open already, or the letter is erased
 */
export async function askErasure(
  client: Client,
  asked: { readonly submission: string; readonly askedBy?: "submitter" | "retention" },
): Promise<boolean> {
  const { submission, askedBy = "submitter" } = asked;
  const erasure = newId();
  if (!(await insertErasure(client, erasure, submission, askedBy))) return false;
  await writeEvent(client, { kind: "erasure.requested", erasure, submission, askedBy });
  await announceEvent(client);
  return true;
}

/** The certificate of an erasure by its event; null while no signed checkpoint covers it. */
export async function certificateOf(db: Db, event: number): Promise<string | null> {
  const found = await proofParts(db, event);
  return found && encodeCertificate(found.entry, found.proof);
}

export type ErasureDecision =
  | { readonly grant: GrantReason }
  | { readonly refuse: RefuseReason; readonly words: string };

/** An owner decides. Granted: deletion and event are one transaction. @throws the decision's code, `ERASURE_UNKNOWN` */
export async function decideErasure(
  pool: Pool,
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
    if ("grant" in decision) await grantErasure(client, who, row, decision.grant, backupDays);
    else await refuseErasure(client, who, row, decision.refuse, decision.words);
    await announceEvent(client);
  });
}

/** Deletes, and says so in the log. Whoever calls this has decided, and holds the body's lock. */
export async function grantErasure(
  client: Client,
  who: SignedIn,
  row: ErasureRow,
  reason: GrantReason,
  backupDays: number,
): Promise<void> {
  const by = commitTo(who.person);
  const additions = await additionsTo(client, row.submission);
  const deleted = await deleteErased(client, row.id, additions);
  const event = await writeEvent(
    client,
    {
      kind: "erasure.done",
      ...commonOf(row, who, by),
      reason,
      additions,
      ...deleted,
      backupsUntil: backupsUntil(Date.now(), backupDays),
    },
    [by],
  );
  if (!(await closeErasure(client, row.id, { state: "granted", by: who.person, reason, event: event.id })))
    throw new Fault("REFUSED_STATE");
}

async function refuseErasure(
  client: Client,
  who: SignedIn,
  row: ErasureRow,
  reason: RefuseReason,
  words: string,
): Promise<void> {
  const by = commitTo(who.person);
  const salt = newSalt();
  const event = await writeEvent(
    client,
    {
      kind: "erasure.refused",
      ...commonOf(row, who, by),
      reason,
      reasonCommitment: toHex(textCommitment(salt, words)),
    },
    [by],
  );
  if (
    !(await closeErasure(client, row.id, {
      state: "refused",
      by: who.person,
      reason,
      event: event.id,
      text: { words, salt },
    }))
  )
    throw new Fault("REFUSED_STATE");
}

const commonOf = ({ id: erasure, body, inbox, submission }: ErasureRow, who: SignedIn, by: Committed) => ({
  body,
  inbox,
  erasure,
  submission,
  by: by.commitment,
  role: roleOf(who),
});
