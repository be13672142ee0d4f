/**
 * The entries of a body's log, read and verified in this browser: whoever may read the log gets all of it, a reader what it
 * says of letters that they may read. What a visit has read it does not read again.
 */
import { Fault } from "../../domain/problem.ts";
import { auditLog } from "./audit.ts";
import type { Member, Tell } from "../member.ts";

/** So many bundles, of 256 entries each, are asked for at once. */
const AT_ONCE = 8;

/**
 * Reads what this visit has not read yet, and verifies all of it.
 * @param proofs of releases: their checkpoints must be of the same log
 * @param anew also what was withheld when it was read
 * @returns how many entries there are
 * @throws `LOG_REFUSED`, `LOG_NOT_SIGNED`
 */
export async function readLog(
  member: Member,
  body: string,
  tell: Tell,
  proofs: readonly string[] = [],
  anew = false,
): Promise<number> {
  const { api, hands, me } = member;
  if (!(await auditLog(member, body, proofs))) throw new Fault("LOG_NOT_SIGNED");
  const mayReadLog = me.role === "owner" || me.role === "auditor";
  for (const { nth, log, size, bundles } of await hands.call("entriesToRead", { body, anew })) {
    for (let from = 0; from < bundles.length; from += AT_ONCE) {
      const some = await Promise.all(
        bundles
          .slice(from, from + AT_ONCE)
          .map(({ index, width }) =>
            mayReadLog ? api.entries(body, log, index, width) : api.letterEntries(body, log, index, width),
          ),
      );
      tell({ done: await hands.call("readEntries", { body, nth, bundles: some }), total: size });
    }
  }
  return (await hands.call("entriesRead", { body })).entries;
}

/** When a letter was received, by the whole log; null where the log says nothing of it. For owners and auditors. */
export async function whenReceived(
  member: Member,
  body: string,
  { inbox, submission }: { readonly inbox: string; readonly submission: string },
): Promise<number | null> {
  await readLog(member, body, () => {});
  return member.hands.call("whenReceived", { body, inbox, submission });
}
