/** A code beside the passphrase: the server asks for it at the door. It opens no key, and no key depends on it. */
import type { BegunTotp } from "../../contract/totp.ts";
import { Fault } from "../../domain/problem.ts";
import type { Member } from "../member.ts";
import { signed } from "./acts.ts";
import { stateOf } from "./world.ts";

const bodyOf = ({ me }: Pick<Member, "me">): string => {
  if (!me.body) throw new Fault("REFUSED_ROLE");
  return me.body.id;
};

/**
 * Turns it on, by a signed act and a code of the secret that was shown.
 * @returns the recovery codes, which are never shown again
 * @throws `TOTP_REFUSED`, `TOTP_OVER`
 */
export async function turnTotpOn(
  member: Member,
  { totp }: Pick<BegunTotp, "totp">,
  code: string,
): Promise<readonly string[]> {
  const body = bodyOf(member);
  await stateOf(member, body);
  return member.api.turnTotpOn({ act: await signed(member, { kind: "totp.on", body, totp }), code });
}

/** Turns it off, by a signed act and a code. @throws `TOTP_REFUSED`, `TOTP_PAUSED` */
export async function turnTotpOff(member: Member, totp: string, code: string): Promise<void> {
  const body = bodyOf(member);
  await stateOf(member, body);
  await member.api.turnTotpOff({ act: await signed(member, { kind: "totp.off", body, totp }), code });
}
