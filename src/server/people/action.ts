/** Joining by invitation. Nothing here can read anything, nor let anybody read. */
import { decide } from "../../domain/access/decide.ts";
import { sha256, type Bytes } from "../../domain/bytes.ts";
import { addressOf } from "../../domain/form/email.ts";
import type { BodyRole } from "../../domain/grant/statement.ts";
import { signersOf, type SignedEvent } from "../../domain/log/act.ts";
import { alertOf } from "../../domain/mail/alert.ts";
import { normaliseAccount } from "../../domain/person/passphrase.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { ownersAndAuditors, queueAlert, queueInvitation } from "../alerts/tell.ts";
import { writeAct } from "../acts/action.ts";
import type { Config } from "../config.ts";
import { announceEvent, inTransaction, type Pool } from "../database/pool.ts";
import type { SignedIn } from "../grants/action.ts";
import type { Chains } from "../statements/chains.ts";
import { insertPassphrase, type NewPassphrase } from "../unlockers/store.ts";
import { lockChain } from "../statements/store.ts";
import { closeWaiting, insertAccount, peopleOf, type NewAccount } from "./store/accounts.ts";
import {
  insertInvitation,
  insertLink,
  invitationOf,
  isTaken,
  lockAddress,
  mailedToday,
  replaceInvitations,
  useInvitation,
  withdrawInvitation,
  type Invitation,
} from "./store/invitations.ts";

const INVITATION_DAYS = 7;
/** Mails in 24 hours: a stolen session must not write to hundreds of people in a body's name. */
const MAILED_BY_ONE = 20;
const MAILED_BY_BODY = 40;

/**
 * Makes an invitation, one use, seven days. It is powerless until an owner confirms the person (T20).
 * @param link the hash of a secret that the asker hands over by themselves; without one the mail makes and brings it
 * @throws `REFUSED_ROLE` for an operator, but for the first owner of a body; `ADDRESS_TAKEN`, `MAIL_ADDRESS`,
 *   `INVITATIONS_MANY`
 */
export async function invite(
  pool: Pool,
  chains: Chains,
  who: SignedIn,
  one: { readonly body: string; readonly name: string; readonly email: string; readonly role: BodyRole },
  link: Bytes | null,
): Promise<void> {
  // The address that is in the text, and not the text: nobody could sign in as `Wren <wren@x.example>`.
  const found = addressOf(one.email);
  if (found === null) throw new Fault("MAIL_ADDRESS");
  const email = normaliseAccount(found);
  const id = newId();
  await inTransaction(pool, async (client) => {
    const first = (await chains.load(client, one.body)) === undefined;
    const decision = decide(who, "invitation.make", { body: one.body, invited: { role: one.role, first } });
    if (!decision.ok) throw new Fault(decision.code);
    await lockAddress(client, email);
    if (await isTaken(client, email)) throw new Fault("ADDRESS_TAKEN");
    const mailed = link === null ? await mailedToday(client, one.body, who.person) : { own: 0, body: 0 };
    if (mailed.own >= MAILED_BY_ONE || mailed.body >= MAILED_BY_BODY) throw new Fault("INVITATIONS_MANY");
    await replaceInvitations(client, one.body, email, id);
    const mail = link === null ? newId() : null;
    await insertInvitation(client, {
      ...one,
      id,
      email,
      mailed: mail !== null,
      mail,
      by: who.person,
      days: INVITATION_DAYS,
    });
    if (mail !== null) await queueInvitation(client, id, mail);
    if (link !== null) await insertLink(client, link, id);
  });
}

/** Ends an invitation that is open, by an owner's signed act. @throws `REFUSED_STATE`, `ACT_UNSIGNED`, `ACT_MOVED` */
export async function withdraw(
  pool: Pool,
  chains: Chains,
  config: Config,
  who: SignedIn,
  { body, invitation }: { readonly body: string; readonly invitation: string },
  act: SignedEvent<"invitation.withdrawn">,
): Promise<void> {
  if (act.event.body !== body || act.event.invitation !== invitation)
    throw new Fault("ACT_MOVED", "it is about something else");
  await inTransaction(pool, async (client) => {
    const { state } = await chains.need(client, body);
    await writeAct(client, signersOf(state, config.operators), who.person, act);
    if (!(await withdrawInvitation(client, body, invitation))) throw new Fault("REFUSED_STATE");
    await announceEvent(client);
  });
}

/**
 * Turns away somebody who waits, by an owner's signed act: their sign-ins end in the same transaction, and nothing of
 * them stays. Nobody who was confirmed goes this way (`person.ended`).
 * @throws `PERSON_UNKNOWN`, `REFUSED_STATE`, `ACT_UNSIGNED`, `ACT_MOVED`
 */
export async function refuseNewcomer(
  pool: Pool,
  chains: Chains,
  config: Config,
  who: SignedIn,
  { body, person }: { readonly body: string; readonly person: string },
  act: SignedEvent<"person.refused">,
): Promise<void> {
  if (act.event.body !== body || act.event.newcomer !== person)
    throw new Fault("ACT_MOVED", "it is about somebody else");
  await inTransaction(pool, async (client) => {
    // Another owner may be confirming them at this moment.
    await lockChain(client, body);
    const { state } = await chains.need(client, body);
    const row = (await peopleOf(client, body)).find(({ id }) => id === person);
    if (!row) throw new Fault("PERSON_UNKNOWN");
    if (row.state !== "waiting" || state.persons.has(person)) throw new Fault("REFUSED_STATE");
    await closeWaiting(client, person, await writeAct(client, signersOf(state, config.operators), who.person, act));
    await announceEvent(client);
  });
}

/** Whom a link invites. @throws `INVITATION_INVALID`, `INVITATION_USED`, `INVITATION_WITHDRAWN` */
export async function invitedBy(pool: Pool, token: Bytes): Promise<Invitation> {
  const found = await invitationOf(pool, sha256(token));
  if (!found) throw new Fault("INVITATION_INVALID");
  if (found.used_at !== null) throw new Fault(found.used_by === null ? "INVITATION_WITHDRAWN" : "INVITATION_USED");
  return found;
}

/**
 * Uses an invitation: somebody has made their keys, and waits. Owners and auditors hear of it at once.
 * @throws `INVITATION_INVALID`, `INVITATION_USED`, `INVITATION_WITHDRAWN`, `ADDRESS_TAKEN`
 */
export async function join(pool: Pool, chains: Chains, token: Bytes, one: NewAccount & NewPassphrase): Promise<void> {
  const invited = await invitedBy(pool, token);
  await inTransaction(pool, async (client) => {
    if (!(await useInvitation(client, invited.id, one.id))) throw new Fault("INVITATION_USED");
    if (!(await insertAccount(client, invited, one))) throw new Fault("ADDRESS_TAKEN");
    await insertPassphrase(client, one.id, one);
    // However the link came to them: whoever stole a session could bring a link of their own. Only whoever handed a link
    // over by themselves knows.
    const told = (await ownersAndAuditors(client, chains, invited.body)).filter(
      ({ id }) => invited.mailed || id !== invited.invited_by,
    );
    await queueAlert(client, told, alertOf("person.joined", { time: Date.now() }));
  });
}
