/**
 * Letters that have been kept as long as their form says (T40). Nothing is erased by the calendar: an owner looks and
 * decides, and each letter gets a request, a decision and a certificate of its own.
 */
import { MOST_DUE } from "../../contract/erasure.ts";
import { decide } from "../../domain/access/decide.ts";
import { toHex, sha256 } from "../../domain/bytes.ts";
import { parseCanonical } from "../../domain/canonical.ts";
import { formOf } from "../../domain/form/form.ts";
import { signersOf, type SignedEvent } from "../../domain/log/act.ts";
import { startOfKept, zoneOf, type Zones } from "../../domain/time.ts";
import { Fault } from "../../domain/problem.ts";
import { openErasureFor, overdue, type Overdue } from "./store/erasures.ts";
import { announceEvent, inTransaction, type Db, type Pool } from "../database/pool.ts";
import { formDefinition, lockChain } from "../statements/store.ts";
import type { Config } from "../config.ts";
import type { Chains } from "../statements/chains.ts";
import { askErasure, grantErasure } from "./action.ts";
import type { SignedIn } from "../grants/action.ts";

export type Due = Overdue & { readonly months: number };

/**
 * The letters whose time is up, oldest first and at most as many as are decided at once: by the version of the form
 * that their writer saw, and by the log's time of their arrival.
 */
export async function dueLetters(db: Db, chains: Chains, body: string, now: number, zones: Zones): Promise<Due[]> {
  const { state } = await chains.need(db, body);
  const months = new Map<string, number>();
  for (const hash of [...state.forms.values()].flatMap((form) => [...form.versions.keys()])) {
    const stored = await formDefinition(db, hash);
    if (stored && toHex(sha256(stored.definition)) === hash)
      months.set(hash, formOf(parseCanonical(stored.definition)).retention.months);
  }
  const ends = [...months].map(([hash, kept]): [string, number] => [hash, startOfKept(now, kept, zoneOf(zones, body))]);
  return (await overdue(db, body, ends, MOST_DUE)).map((row) => ({
    ...row,
    months: months.get(row.form_hash.toString("hex"))!,
  }));
}

/**
 * Erases letters whose time is up, each by an owner's signed act, all or none.
 * @throws the decision's code; `NOT_DUE` when one of them is not; `ACT_UNSIGNED`, `ACT_MOVED`
 */
export async function eraseDue(
  pool: Pool,
  chains: Chains,
  who: SignedIn,
  body: string,
  acts: readonly SignedEvent<"erasure.done">[],
  { backupDays, zones }: Pick<Config, "backupDays" | "zones">,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockChain(client, body);
    const allowed = decide(who, "erasure.due", { body });
    if (!allowed.ok) throw new Fault(allowed.code);
    const submissions = acts.map(({ event }) => event.submission);
    const due = new Set((await dueLetters(client, chains, body, Date.now(), zones)).map((letter) => letter.submission));
    if (
      submissions.length === 0 ||
      new Set(submissions).size !== submissions.length ||
      submissions.some((id) => !due.has(id))
    )
      throw new Fault("NOT_DUE");
    const signers = signersOf((await chains.need(client, body)).state, new Map());
    for (const act of acts) {
      // The request is the owner's own: they signed its id.
      const { submission, erasure, reason } = act.event;
      if (reason !== "period-ended") throw new Fault("BAD_REQUEST");
      await askErasure(client, { body, submission, erasure, askedBy: "retention" });
      const row = await openErasureFor(client, body, submission);
      if (!row) throw new Fault("NOT_DUE");
      await grantErasure(client, signers, who, row, act, backupDays);
    }
    await announceEvent(client);
  });
}
