/** Plain alerts of the program itself, and the delivery that each is. */
import type { Client } from "../../database/pool.ts";

export async function insertAlert(
  client: Client,
  delivery: string,
  alert: { readonly address: string; readonly subject: string; readonly text: string },
): Promise<void> {
  await client.query("INSERT INTO delivery (id, channel, state) VALUES ($1, 'email', 'handed-in')", [delivery]);
  await client.query("INSERT INTO alert (delivery, address, subject, text) VALUES ($1, $2, $3, $4)", [
    delivery,
    alert.address,
    alert.subject,
    alert.text,
  ]);
}

/** Tells the jobs process that there is something to send; delivered with the commit. */
export const announceDelivery = (client: Pick<Client, "query">): Promise<unknown> =>
  client.query("SELECT pg_notify('pillarbox_delivery', '')");
