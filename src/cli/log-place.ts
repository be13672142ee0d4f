/** Where a log command reads: a directory, or an address; entries of an address are for somebody who is signed in. */
import { code, passphrase } from "./prompt.ts";
import { withCode } from "../member/flows/entering.ts";
import { makeApi } from "../member/wire/api.ts";
import { shellOf } from "./installation.ts";
import { sessionAt } from "./desk/session.ts";
import { Refusal } from "./say.ts";
import { keysOfPassphrase } from "./stretch.ts";
import type { LogSource } from "../domain/verify/source.ts";
import { directorySource, httpSource } from "./verify/source.ts";
import { normaliseAccount } from "../domain/person/passphrase.ts";

export type Place = {
  readonly where: string;
  /** with entries */
  readonly entries: boolean;
  readonly staff: string;
  readonly as?: string;
};

export const isAddress = (where: string): boolean => /^https?:\/\//.test(where);

/**
 * Opens the place, signing in where entries are asked of an address; `leave` signs out.
 * @throws `Refusal`, `SIGN_IN_REFUSED`, `UNAVAILABLE`
 */
export async function openPlace({
  where,
  entries,
  staff,
  as,
}: Place): Promise<{ readonly source: LogSource; readonly leave: () => Promise<void> }> {
  const nothing = async (): Promise<void> => {};
  if (!isAddress(where)) return { source: await directorySource(where), leave: nothing };
  const prefix = prefixOf(where);
  if (!entries) return { source: httpSource(prefix), leave: nothing };
  if (as === undefined)
    throw new Refusal(
      "Entries are shown to auditors and owners only. Say who you are with --as E-MAIL, and where the staff pages are with --staff URL; or leave --entries out.",
    );
  const { send, cookie } = sessionAt(staff);
  const api = makeApi(send);
  const account = normaliseAccount(as);
  // Words are stretched with the installation's id, which its own pages say: an address may change.
  const { installation } = await shellOf(staff, "--staff");
  const keys = await keysOfPassphrase(installation, account, await passphrase());
  // Nothing is unlocked: the entries hold no letter, and the command verifies the log by itself.
  await withCode(code, (typed) => api.signIn(account, keys.signIn, typed));
  return {
    source: httpSource(prefix, {
      prefix: `${staff}/api/log`,
      ofBody: (body) => `${staff}/api/bodies/${body}/log`,
      headers: { cookie: cookie() },
    }),
    leave: () => api.signOut(),
  };
}

/** An address without a path is that of the public pages, where the log is at /log. */
function prefixOf(where: string): string {
  try {
    const url = new URL(where);
    return url.pathname === "/" ? `${url.origin}/log` : url.href.replace(/\/+$/, "");
  } catch {
    throw new Refusal(`“${where}” is not an address.`);
  }
}
