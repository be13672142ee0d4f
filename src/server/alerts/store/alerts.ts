/** Plain alerts of the program itself, and the delivery that each is. */
import type { Alert } from "../../../domain/mail/alert.ts";
import type { Client } from "../../database/pool.ts";

/** To whom an alert goes: somebody who was confirmed, or somebody who is invited. */
export type AlertTo = { readonly account: string } | { readonly invitation: string };

export async function insertAlert(client: Client, delivery: string, to: AlertTo, alert: Alert): Promise<void> {
  await client.query("INSERT INTO delivery (id, channel, state) VALUES ($1, 'email', 'handed-in')", [delivery]);
  await client.query(
    "INSERT INTO alert (delivery, account, invitation, kind, about, code, form, count, hours, time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [
      delivery,
      "account" in to ? to.account : null,
      "invitation" in to ? to.invitation : null,
      alert.kind,
      alert.about ?? null,
      alert.code ?? null,
      alert.form ?? null,
      alert.count ?? null,
      alert.hours ?? null,
      alert.time ?? null,
    ],
  );
}

/** Tells the jobs process that there is something to send; delivered with the commit. */
export const announceDelivery = (client: Pick<Client, "query">): Promise<unknown> =>
  client.query("SELECT pg_notify('pillarbox_delivery', '')");
