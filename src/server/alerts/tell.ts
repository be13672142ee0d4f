/**
 * Alerts of the program itself, such as that something was found. They leave with the row that they speak of: same
 * transaction, or not at all. What is stored is a kind and its values: the text is made by the process that sends it.
 */
import { addressOf } from "../../domain/form/email.ts";
import { memberOf } from "../../domain/grant/state.ts";
import type { Alert } from "../../domain/mail/alert.ts";
import { newId } from "../../domain/seal/random.ts";
import { peopleOf, type Account } from "../people/store/accounts.ts";
import { announceDelivery, insertAlert } from "./store/alerts.ts";
import type { Client } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";

/**
 * One message to each account that was confirmed and has an address, each on its own.
 *
 *   await queueAlert(client, people, alertOf("finding.opened", { code, time, about }));
 */
export async function queueAlert(
  client: Client,
  to: readonly Pick<Account, "id" | "email" | "state">[],
  alert: Alert,
): Promise<void> {
  const accounts = to.filter(({ email, state }) => state === "confirmed" && addressOf(email) !== null);
  for (const account of new Set(accounts.map(({ id }) => id))) await insertAlert(client, newId(), { account }, alert);
  await announceDelivery(client);
}

/** The invitation itself: whoever sends it makes its link. */
export async function queueInvitation(client: Client, invitation: string, delivery: string): Promise<void> {
  await insertAlert(client, delivery, { invitation }, { kind: "invitation.made" });
  await announceDelivery(client);
}

/**
 * The owners and auditors that a body has now: whoever was let out hears nothing more of it. Where the statements do
 * not hold nobody's role is known: then everybody whose row says one.
 */
export async function ownersAndAuditors(client: Client, chains: Chains, body: string): Promise<readonly Account[]> {
  const state = await chains.load(client, body).then(
    (chain) => chain?.state,
    () => undefined,
  );
  return (await peopleOf(client, body)).filter((one) =>
    ["owner", "auditor"].includes(state ? (memberOf(state, one.id)?.role ?? "") : one.role),
  );
}

/** Tells the owners and auditors of a body. */
export const tellOwnersAndAuditors = async (
  client: Client,
  chains: Chains,
  body: string,
  alert: Alert,
): Promise<void> => queueAlert(client, await ownersAndAuditors(client, chains, body), alert);
