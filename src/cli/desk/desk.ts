/** DANGEROUS: a member at a desk: the flows and hands of the staff pages, with a program's wire and memory. */
import type { Whose } from "../../domain/log/names.ts";
import { normaliseAccount, type PassphraseKeys } from "../../domain/person/passphrase.ts";
import { auditLogs } from "../../member/flows/audit.ts";
import { enter, withCode } from "../../member/flows/entering.ts";
import { directHands } from "../../member/hands/direct.ts";
import type { DeskMember, Kept, Memory } from "../../member/member.ts";
import type { Setup } from "../../member/setup.ts";
import { makeApi } from "../../member/wire/api.ts";
import { keysOfPassphrase } from "../stretch.ts";
import { sessionAt, type Session } from "./session.ts";

export type Desk = DeskMember & Session;

/** What one visit has seen of the log; a program keeps nothing for the next. */
function newMemory(): Memory {
  const kept = new Map<Whose, Kept>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: (whose) => kept.get(whose) ?? null,
    keep: (whose, seen) => void kept.set(whose, seen),
    alone: (work) => {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** Asks whoever is there for the code beside the passphrase. */
type Ask = (() => Promise<string>) | null;

/**
 * Signs in, unlocks and audits the log, in this order, as the staff pages do.
 * @throws `SIGN_IN_REFUSED`, `PASSPHRASE_INVALID`, `UNLOCK_FAILED`, `LOG_REFUSED`, `UNAVAILABLE`
 */
export const signIn = async (setup: Setup, account: string, passphrase: string, askCode: Ask = null): Promise<Desk> =>
  signInWith(setup, account, await keysOfPassphrase(setup.installation, account, passphrase), askCode);

/** As `signIn`, for a passphrase that was stretched before. */
export async function signInWith(
  setup: Setup,
  account: string,
  passphrase: PassphraseKeys,
  askCode: Ask = null,
): Promise<Desk> {
  const session = sessionAt(setup.staffOrigin);
  const [api, hands] = [makeApi(session.send), directHands(passphrase.unlock)];
  const me = await withCode(askCode, (code) =>
    enter({ api, hands }, normaliseAccount(account), passphrase.signIn, code),
  );
  const desk: Desk = { ...session, setup, api, hands, me, memory: newMemory(), documents: new Map() };
  try {
    await auditLogs(desk);
    return desk;
  } catch (thrown) {
    await signOut(desk).catch(() => undefined);
    throw thrown;
  }
}

/** Forgets the keys, then ends the server's session. */
export async function signOut({ hands, documents, api }: Desk): Promise<void> {
  hands.end();
  documents.clear();
  await api.signOut();
}
