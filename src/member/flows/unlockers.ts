/**
 * One's own unlockers. What a passkey answers stays in this program: the page has it for a moment, the hands make an
 * unlocker of it, and a server gets neither.
 */
import type { MadePasskey, ShownPasskey } from "../../contract/unlockers.ts";
import type { Me } from "../../contract/session.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { signInHash } from "../../domain/person/sign-in.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import type { Member, Tell } from "../member.ts";
import { signed } from "./acts.ts";
import { stateOf } from "./world.ts";

/** A passkey where it is: of a browser, or played by a test. */
export type Passkeys = {
  /** Makes one, and asks it for its answer at once: some give none later if nobody asked then. */
  readonly make: (
    challenge: Bytes,
    others: readonly Bytes[],
    me: Pick<Me, "person" | "name" | "email">,
  ) => Promise<MadePasskey & { readonly prf: Bytes | null }>;
  /** Uses one. @param only the one, or any that the person chooses */
  readonly use: (challenge: Bytes, only: Bytes | null) => Promise<ShownPasskey & { readonly prf: Bytes | null }>;
};

const given = (prf: Bytes | null): Bytes => {
  if (prf === null) throw new Fault("PASSKEY_PRF");
  return prf;
};

const bodyOf = ({ me }: Pick<Member, "me">): string => {
  if (!me.body) throw new Fault("REFUSED_ROLE");
  return me.body.id;
};

/**
 * Adds a passkey. It is asked twice beside its making where that told nothing, once otherwise; only when what it answered
 * last has opened the new copy is anything signed or sent.
 * @throws `PASSKEY_PRF`, `PASSKEY_NOT_DONE`, `PASSKEY_REFUSED`
 */
export async function addPasskey(member: Member, passkeys: Passkeys, label: string): Promise<void> {
  const { api, hands, me } = member;
  const body = bodyOf(member);
  await stateOf(member, body);
  const { challenge, others } = await api.beginPasskey();
  const { prf, ...passkey } = await passkeys.make(challenge, others, me);
  const { credential } = passkey;
  const first = prf ?? given((await passkeys.use(challenge, credential)).prf);
  const copy = await hands.call("makeCopy", { prf: first });
  const second = given((await passkeys.use(challenge, credential)).prf);
  const act = await hands.call("proveCopy", { body, prf: second, credential });
  await api.addPasskey({ act, label, copy, passkey });
}

/**
 * New words take the place of the old ones. They are stretched from what was typed, and only when they have opened a copy
 * of their own is anything signed or sent.
 * @param typed the seven words, off the paper
 * @throws `REFUSED_STATE` when they were changed elsewhere at this moment
 */
export async function renewPassphrase(member: Member, typed: string, tell?: Tell): Promise<void> {
  const { api, hands, me, setup } = member;
  const body = bodyOf(member);
  await stateOf(member, body);
  const earlier = (await api.unlockers()).find(({ kind }) => kind === "passphrase");
  const { installation } = setup;
  const signIn = await hands.call("stretch", { installation, account: me.email, passphrase: typed }, tell);
  const hash = signInHash(signIn);
  const { copy, act } = await hands.call("renew", { body, signInHash: hash });
  const removed = earlier ? await signed(member, { kind: "unlocker.removed", body, unlocker: earlier.unlocker }) : null;
  await api.renewPassphrase({ act, removed, copy, signInHash: hash });
}

/** Takes one away, by an act of one's own; every other sign-in ends. @throws `UNLOCKER_LAST` */
export async function removeUnlocker(member: Member, unlocker: string): Promise<void> {
  const body = bodyOf(member);
  await stateOf(member, body);
  const act = await signed(member, { kind: "unlocker.removed", body, unlocker });
  await member.api.removeUnlocker(unlocker, act);
}

/**
 * Signs in with a passkey, and unlocks with the same touch.
 * @throws `PASSKEY_REFUSED`, `PASSKEY_NOT_DONE`, `PASSKEY_UNFIT` for one that gives no answer or another than before
 */
export async function enterByPasskey(
  { api, hands }: Pick<Member, "api" | "hands">,
  passkeys: Pick<Passkeys, "use">,
): Promise<Me> {
  const { prf, ...shown } = await passkeys.use(await api.beginPasskeySignIn(), null);
  if (prf === null) throw new Fault("PASSKEY_UNFIT");
  const { me, sealedKeys } = await api.signInByPasskey(shown);
  await hands.call("touch", { prf });
  try {
    await hands.call("unlock", { person: me.person, sealedKeys });
  } catch (thrown) {
    // Signed in and locked is nobody.
    await api.signOut().catch(() => undefined);
    throw codeOf(thrown) === "UNLOCK_FAILED" ? new Fault("PASSKEY_UNFIT") : thrown;
  }
  return me;
}
