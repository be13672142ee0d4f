/** Joining by invitation. Nothing here can read anything, nor let anybody read. */
import { decide } from "../../domain/access/decide.ts";
import { sha256, type Bytes } from "../../domain/bytes.ts";
import { addressOf } from "../../domain/form/email.ts";
import type { BodyRole } from "../../domain/grant/statement.ts";
import { alertOf } from "../../domain/mail/alert.ts";
import { normaliseAccount } from "../../domain/person/passphrase.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { ownersAndAuditors, queueAlert, queueInvitation } from "../alerts/tell.ts";
import { inTransaction, type Pool } from "../database/pool.ts";
import type { SignedIn } from "../grants/action.ts";
import type { Chains } from "../statements/chains.ts";
import { insertFirst, type NewPassphrase } from "../unlockers/store.ts";
import { insertAccount, type NewAccount } from "./store/accounts.ts";
import {
  insertInvitation,
  insertLink,
  invitationOf,
  isTaken,
  lockAddress,
  replaceInvitations,
  useInvitation,
  type Invitation,
} from "./store/invitations.ts";

const INVITATION_DAYS = 7;

/**
 * Makes an invitation, one use, seven days. It is powerless until an owner confirms the person (T20).
 * @param link the hash of a secret that the asker hands over by themselves; without one the mail makes and brings it
 * @throws `REFUSED_ROLE` for an operator, but for the first owner of a body; `ADDRESS_TAKEN`, `MAIL_ADDRESS`
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
    await replaceInvitations(client, one.body, email, id);
    const mailed = link === null;
    await insertInvitation(client, { ...one, id, email, mailed, by: who.person, days: INVITATION_DAYS });
    if (link === null) await queueInvitation(client, id);
    else await insertLink(client, link, id);
  });
}

/** Whom a link invites. @throws `INVITATION_INVALID`, `INVITATION_USED` */
export async function invitedBy(pool: Pool, token: Bytes): Promise<Invitation> {
  const found = await invitationOf(pool, sha256(token));
  if (!found) throw new Fault("INVITATION_INVALID");
  if (found.used_at !== null) throw new Fault("INVITATION_USED");
  return found;
}

/**
 * Uses an invitation: somebody has made their keys, and waits. Owners and auditors hear of it at once.
 * @throws `INVITATION_INVALID`, `INVITATION_USED`, `ADDRESS_TAKEN`
 */
export async function join(pool: Pool, chains: Chains, token: Bytes, one: NewAccount & NewPassphrase): Promise<void> {
  const invited = await invitedBy(pool, token);
  await inTransaction(pool, async (client) => {
    if (!(await useInvitation(client, invited.id, one.id))) throw new Fault("INVITATION_USED");
    if (!(await insertAccount(client, invited, one))) throw new Fault("ADDRESS_TAKEN");
    await insertFirst(client, one.id, one);
    // However the link came to them: whoever stole a session could bring a link of their own. Only whoever handed a link
    // over by themselves knows.
    const told = (await ownersAndAuditors(client, chains, invited.body)).filter(
      ({ id }) => invited.mailed || id !== invited.invited_by,
    );
    await queueAlert(client, told, alertOf("person.joined", { time: Date.now() }));
  });
}
