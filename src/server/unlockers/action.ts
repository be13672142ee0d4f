/**
 * Adding, changing and removing unlockers, and signing in with a passkey. A session alone changes nothing: adding and removing are
 * acts that the person's key signs, over what the new unlocker is.
 */
import type { Adding, Renewing, ShownPasskey } from "../../contract/unlockers.ts";
import { sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { signersOf, type SignedEvent } from "../../domain/log/act.ts";
import { alertOf, type AlertKind } from "../../domain/mail/alert.ts";
import { Fault } from "../../domain/problem.ts";
import { writeAct } from "../acts/action.ts";
import { queueAlert } from "../alerts/tell.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import type { Config } from "../config.ts";
import type { SignedIn } from "../grants/action.ts";
import { beginSession, type Begun } from "../session/action.ts";
import { endOtherSessions, stillRuns, type Account } from "../people/store/accounts.ts";
import type { Chains } from "../statements/chains.ts";
import { checkMade, checkShown, type Asked } from "./ceremony.ts";
import { deleteUnlocker, insertPasskey, insertPassphrase, lockUnlockers, passkeyOf } from "./store.ts";

type Acting = { readonly pool: Pool; readonly chains: Chains };
/** Who acts: a member of a body, in a session, by the hash of its token. */
export type Acted = { readonly who: SignedIn; readonly account: Account; readonly session: Bytes };

/** @throws `REFUSED_ROLE` for whoever is of no body */
export const memberIn = ({ who }: Acted): string => {
  if (who.kind !== "member") throw new Fault("REFUSED_ROLE");
  return who.body;
};

/**
 * Writes an act of one's own about what one signs in with, in a session that runs still: one that new words ended at this
 * moment adds no passkey after them.
 * @throws `ACT_UNSIGNED`, `ACT_MOVED`, `REFUSED_BODY`, `NOT_SIGNED_IN`
 */
export async function recorded(
  client: Client,
  chains: Chains,
  acted: Acted,
  act: SignedEvent<"unlocker.added" | "unlocker.removed" | "totp.on" | "totp.off">,
): Promise<number> {
  const body = memberIn(acted);
  if (act.event.body !== body) throw new Fault("REFUSED_BODY");
  const signers = signersOf((await chains.need(client, body)).state, new Map());
  const id = await writeAct(client, signers, acted.who.person, act as SignedEvent);
  if (!(await stillRuns(client, acted.who.person, acted.session))) throw new Fault("NOT_SIGNED_IN");
  return id;
}

/** Tells the person by mail. */
export const told = (client: Client, { account }: Acted, kind: AlertKind): Promise<void> =>
  queueAlert(client, [account], alertOf(kind, { time: Date.now() }));

/** @throws `ACT_UNSIGNED` for another unlocker, copy or kind than the person signed for */
function checkOver(
  { event }: SignedEvent<"unlocker.added">,
  how: "passphrase" | "passkey",
  { copy, credential }: { readonly copy: Adding["copy"]; readonly credential: Bytes },
): void {
  if (
    event.how !== how ||
    event.unlocker !== copy.unlocker ||
    event.recipient !== toHex(copy.recipientHash) ||
    event.copy !== toHex(sha256(copy.sealedKeys)) ||
    event.credential !== toHex(sha256(credential))
  )
    throw new Fault("ACT_UNSIGNED", "the person signed for something else");
}

/**
 * Adds a passkey with the copy of the keys that it opens.
 * @throws `ACT_UNSIGNED` for another unlocker, copy or passkey than the person signed for; `PASSKEY_REFUSED`
 */
export async function addPasskey(
  { pool, chains }: Acting,
  acted: Acted,
  asked: Asked,
  { act, label, copy, passkey }: Adding,
): Promise<void> {
  checkOver(act, "passkey", { copy, credential: passkey.credential });
  await inTransaction(pool, async (client) => {
    // The signature first: whoever has a session alone gets nothing read that a device would say.
    const id = await recorded(client, chains, acted, act);
    const made = await checkMade(asked, passkey);
    const { credential } = passkey;
    if (!(await insertPasskey(client, { account: acted.who.person, event: id, label, copy, credential, ...made })))
      throw new Fault("PASSKEY_REFUSED", "it is there already");
    await told(client, acted, "unlocker.added");
    await announceEvent(client);
  });
}

/**
 * A new passphrase in the place of the old one: that one's copy and what it signs in with go in the same transaction, and
 * every other sign-in ends. The words were made and opened elsewhere; of them there is nothing here but a hash.
 * @throws `ACT_UNSIGNED`, `ACT_MOVED`, and `REFUSED_STATE` when the old one is another by now
 */
export async function renewPassphrase(
  { pool, chains }: Acting,
  acted: Acted,
  { act, removed, copy, signInHash }: Renewing,
): Promise<void> {
  checkOver(act, "passphrase", { copy, credential: signInHash });
  await inTransaction(pool, async (client) => {
    const { person } = acted.who;
    const old = (await lockUnlockers(client, person)).filter(({ kind }) => kind === "passphrase");
    if (old.length > 1 || old[0]?.id !== removed?.event.unlocker) throw new Fault("REFUSED_STATE");
    await insertPassphrase(client, person, { signInHash, copy }, await recorded(client, chains, acted, act));
    if (removed) {
      await recorded(client, chains, acted, removed);
      await deleteUnlocker(client, person, removed.event.unlocker);
    }
    await endOtherSessions(client, person, acted.session);
    await told(client, acted, "passphrase.changed");
    await announceEvent(client);
  });
}

/**
 * Takes an unlocker of one's own away, and ends every other sign-in: whoever has the lost one may be in.
 * @throws `ACT_UNSIGNED`, `NOT_FOUND`, `UNLOCKER_LAST`
 */
export async function removeUnlocker(
  { pool, chains }: Acting,
  acted: Acted,
  unlocker: string,
  act: SignedEvent<"unlocker.removed">,
): Promise<void> {
  if (act.event.unlocker !== unlocker) throw new Fault("ACT_UNSIGNED", "the person signed for another one");
  await inTransaction(pool, async (client) => {
    const { person } = acted.who;
    const there = await lockUnlockers(client, person);
    if (!there.some(({ id }) => id === unlocker)) throw new Fault("NOT_FOUND");
    if (there.length === 1) throw new Fault("UNLOCKER_LAST");
    await recorded(client, chains, acted, act);
    await told(client, acted, "unlocker.removed");
    await deleteUnlocker(client, person, unlocker);
    await endOtherSessions(client, person, acted.session);
    await announceEvent(client);
  });
}

/**
 * Signs in by a passkey. @throws `PASSKEY_REFUSED`, the same for an unknown one, a wrong signature, one that was used
 * before, and somebody whom only a row calls an operator
 */
export async function signInByPasskey(
  pool: Pool,
  config: Pick<Config, "operators">,
  asked: Asked,
  shown: ShownPasskey,
): Promise<Begun> {
  const tried = toHex(sha256(shown.credential));
  return beginSession(pool, config, tried, "PASSKEY_REFUSED", async (client) => {
    const found = await passkeyOf(client, shown.credential);
    const count = found && (await countOf(asked, shown, found));
    return found && count !== null && count !== undefined ? { found, count } : undefined;
  });
}

type Known = NonNullable<Awaited<ReturnType<typeof passkeyOf>>>;

/** What it counts to now, where it is the passkey and its counter grew; null otherwise. */
async function countOf(asked: Asked, shown: ShownPasskey, one: Known): Promise<number | null> {
  const known = { publicKey: new Uint8Array(one.public_key), signCount: Number(one.sign_count) };
  return checkShown(asked, shown, known).catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.code === "PASSKEY_REFUSED") return null;
    throw thrown;
  });
}
