/** Signing in and unlocking: one act to the person. */
import type { Bytes } from "../../domain/bytes.ts";
import type { Member } from "../member.ts";
import type { Me } from "../../contract/session.ts";

/**
 * Signs in, and unlocks with what the hands have stretched. Only when both held is there somebody.
 * @param signIn the part of the passphrase that signs in
 * @throws `SIGN_IN_REFUSED`, `UNLOCK_FAILED`
 */
export async function enter(
  { api, hands }: Pick<Member, "api" | "hands">,
  account: string,
  signIn: Bytes,
): Promise<Me> {
  const { me, sealedKeys } = await api.signIn(account, signIn);
  await hands.call("unlock", { person: me.person, sealedKeys });
  return me;
}
