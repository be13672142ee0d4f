/**
 * Acts of members: verified before they are written, so that a session alone changes nothing; written with their event
 * in one transaction.
 */
import { checkSigned, type SignedEvent, type Signers } from "../../domain/log/act.ts";
import type { LogEvent } from "../../domain/log/event.ts";
import type { SignedKind } from "../../domain/person/signed.ts";
import type { Client, Pool } from "../database/pool.ts";
import { writeEvent, type Committed } from "../log/store/events.ts";
import { releaseProof } from "../log/store/proofs.ts";
import { insertAct } from "./store.ts";

/**
 * Writes the event of an act, and its signature.
 * @param added the fields that nobody signs: what the server counted
 * @param about other people to whom it commits
 * @throws `ACT_UNSIGNED` when it is not the act of this person, by the verified statements
 */
export async function writeAct<K extends SignedKind>(
  client: Client,
  signers: Signers,
  person: string,
  act: SignedEvent<K>,
  added: { readonly [field: string]: number } = {},
  about: readonly Committed[] = [],
): Promise<number> {
  checkSigned(act as unknown as SignedEvent, person, signers);
  const event = { ...act.event, ...added } as unknown as Extract<LogEvent, { readonly by: string }>;
  const { id } = await writeEvent(client, event, [{ person, salt: act.bySalt, commitment: event.by }, ...about]);
  await insertAct(client, { event: id, person, signature: act.signature });
  return id;
}

/** How long somebody who acts waits for the signed checkpoint over it, and how often is looked. Milliseconds. */
const WAIT = 3000;
const LOOK = 20;

/** Waits until the log has signed over an event, so that whoever looks next finds its proof. A slow log hinders nobody. */
export async function provedSoon(pool: Pool, event: number): Promise<void> {
  for (const end = Date.now() + WAIT; Date.now() < end; await new Promise((later) => setTimeout(later, LOOK)))
    if (await releaseProof(pool, event)) return;
}
