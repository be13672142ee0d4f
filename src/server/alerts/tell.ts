/**
 * Alerts of the program itself, such as that something was found. They leave with the row that they speak of: same
 * transaction, or not at all.
 */
import { addressOf } from "../../domain/mail/address.ts";
import type { Alert, AlertText } from "../../domain/mail/alert.ts";
import type { Subject } from "../../domain/mail/subject.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { peopleOf } from "../people/store/accounts.ts";
import { announceDelivery, insertAlert } from "./store/alerts.ts";
import type { Client } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";

/**
 * One message to each address, each on its own. Subject and text come from `alertOf` (src/domain/mail/alert.ts): a
 * closed set of sentences with codes, counts and addresses of our own pages, so no alert can hold personal data.
 *
 *   await queueAlert(client, { to: addresses, ...alertOf("finding.opened", { code, time, link }) });
 *
 * @throws `MAIL_ADDRESS`
 */
export async function queueAlert(
  client: Client,
  { to, subject, text }: { readonly to: readonly string[]; readonly subject: Subject; readonly text: AlertText },
): Promise<void> {
  for (const one of new Set(to)) {
    const address = addressOf(one);
    if (address === null) throw new Fault("MAIL_ADDRESS");
    await insertAlert(client, newId(), { address, subject, text });
  }
  await announceDelivery(client);
}

/** Tells the owners and auditors of a body. */
export async function tellOwnersAndAuditors(client: Client, chains: Chains, body: string, alert: Alert): Promise<void> {
  // Where the statements do not hold nobody's role is known: then everybody who once had one is told.
  const state = await chains.load(client, body).then(
    (chain) => chain?.state,
    () => undefined,
  );
  const people = (await peopleOf(client, body)).filter((one) =>
    ["owner", "auditor"].includes(state ? (state.persons.get(one.id)?.role ?? "") : one.role),
  );
  await queueAlert(client, { to: people.map((one) => one.email).filter((one) => addressOf(one) !== null), ...alert });
}
