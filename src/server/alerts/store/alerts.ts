/** Plain alerts of the program itself, and the delivery that each is. */
import type { Alert } from "../../../domain/mail/alert.ts";
import type { Client } from "../../database/pool.ts";

/** @param account to whom; it was confirmed */
export async function insertAlert(client: Client, delivery: string, account: string, alert: Alert): Promise<void> {
  await client.query("INSERT INTO delivery (id, channel, state) VALUES ($1, 'email', 'handed-in')", [delivery]);
  await client.query(
    "INSERT INTO alert (delivery, account, kind, about, code, form, count, hours, time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    [
      delivery,
      account,
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
