/** Signing in and unlocking: one act to the person. */
import type { Bytes } from "../../domain/bytes.ts";
import { codeOf } from "../../domain/problem.ts";
import type { Member } from "../member.ts";
import type { Me } from "../../contract/session.ts";

/** Asks for a code where the door asks for one, and tries once more with it. @param ask null: nobody can be asked */
export async function withCode<T>(
  ask: (() => Promise<string>) | null,
  signIn: (code: string | null) => Promise<T>,
): Promise<T> {
  try {
    return await signIn(null);
  } catch (thrown) {
    if (ask === null || codeOf(thrown) !== "TOTP_NEEDED") throw thrown;
    return signIn(await ask());
  }
}

/**
 * Signs in, and unlocks with what the hands have stretched. Only when both held is there somebody.
 * @param signIn the part of the passphrase that signs in
 * @param code beside the passphrase, where the door asked for one
 * @throws `SIGN_IN_REFUSED`, `UNLOCK_FAILED`, `TOTP_NEEDED` (nothing is used up: it is called again with a code),
 *   `TOTP_REFUSED`, `TOTP_PAUSED`
 */
export async function enter(
  { api, hands }: Pick<Member, "api" | "hands">,
  account: string,
  signIn: Bytes,
  code: string | null = null,
): Promise<Me> {
  const { me, sealedKeys } = await api.signIn(account, signIn, code);
  await hands.call("unlock", { person: me.person, sealedKeys });
  return me;
}
