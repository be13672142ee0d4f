/**
 * Notices of the program itself, such as that something was found. They leave with the row that they speak of: same
 * transaction, or not at all.
 */
import { addressOf } from "../../domain/mail/address.ts";
import type { Notice, NoticeText } from "../../domain/mail/notice.ts";
import type { Subject } from "../../domain/mail/subject.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { peopleOf } from "../people/store/accounts.ts";
import { announceDelivery, insertNotice } from "./store/alerts.ts";
import type { Client } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";

/**
 * One message to each address, each on its own. Subject and text come from `noticeOf` (src/domain/mail/notice.ts): a
 * closed set of
 * sentences with codes, counts and addresses of our own pages, so no notice can hold personal data.
 *
 *   await queueNotice(client, { to: addresses, ...noticeOf("finding.opened", { code, time, link }) });
 *
 * @throws `MAIL_ADDRESS`
 */
export async function queueNotice(
  client: Client,
  { to, subject, text }: { readonly to: readonly string[]; readonly subject: Subject; readonly text: NoticeText },
): Promise<void> {
  for (const one of new Set(to)) {
    const address = addressOf(one);
    if (address === null) throw new Fault("MAIL_ADDRESS");
    await insertNotice(client, newId(), { address, subject, text });
  }
  await announceDelivery(client);
}

/** Tells the owners and auditors of a body. */
export async function tellOwnersAndAuditors(
  client: Client,
  chains: Chains,
  body: string,
  notice: Notice,
): Promise<void> {
  // Where the statements do not hold nobody's role is known: then everybody who once had one is told.
  const state = await chains.load(client, body).then(
    (chain) => chain?.state,
    () => undefined,
  );
  const people = (await peopleOf(client, body)).filter((one) =>
    ["owner", "auditor"].includes(state ? (state.persons.get(one.id)?.role ?? "") : one.role),
  );
  await queueNotice(client, { to: people.map((one) => one.email).filter((one) => addressOf(one) !== null), ...notice });
}
