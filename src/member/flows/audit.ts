/**
 * This browser as an auditor: what the log shows now must extend what it showed before. At sign-in, at every release,
 * and when the log is looked at.
 */
import type { ShownLog } from "../../domain/log/audit.ts";
import { HOST, type Whose } from "../../domain/log/names.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import type { Kept, Member } from "../member.ts";

/** The alarm about the log, with what proves it: the checkpoint kept here and the one that was shown. */
export class LogAlarm extends Fault {
  readonly evidence: readonly { readonly title: string; readonly note: string }[];
  constructor(detail: string, kept: Kept | null, shown: readonly ShownLog[]) {
    super("LOG_REFUSED", detail);
    const now = shown.at(-1)?.checkpoint;
    this.evidence = [
      ...(kept ? [{ title: "Checkpoint that this browser has kept", note: kept.note }] : []),
      ...(now === undefined ? [] : [{ title: "Checkpoint that the server showed", note: now }]),
    ];
  }
}

/**
 * Verifies a log, of the host or of a body, in the worker against everything that this browser has seen of it, and keeps
 * the new checkpoint; what is refused changes nothing.
 * @param proofs of releases: their checkpoints must be of the same log
 * @returns what is kept now; null while the log has not been signed for the first time
 * @throws LogAlarm
 */
export const auditLog = (
  { setup, api, hands, memory }: Pick<Member, "setup" | "api" | "hands" | "memory">,
  whose: Whose,
  proofs: readonly string[] = [],
): Promise<Kept | null> =>
  memory.alone(async () => {
    const kept = memory.read(whose);
    let shown: readonly ShownLog[] = [];
    try {
      shown = await api.audit(whose, await hands.call("seen", { whose, kept, proofs }));
      const newest = await hands.call("audit", { whose, kept, proofs, shown, hostKey: setup.logKey });
      if (newest === null) return null;
      const now = { ...newest, since: kept?.since ?? Date.now() };
      memory.keep(whose, now);
      return now;
    } catch (thrown) {
      const code = codeOf(thrown);
      // A log with a hole in its tree can prove nothing.
      if (code === "LOG_DIVERGED")
        throw new LogAlarm("the server cannot prove that the log only grew since this browser saw it", kept, shown);
      throw code === "LOG_REFUSED" && thrown instanceof Fault ? new LogAlarm(thrown.detail, kept, shown) : thrown;
    }
  });

/** Every log that this person watches: the host's, and that of their body. @throws LogAlarm */
export async function auditLogs(member: Pick<Member, "setup" | "api" | "hands" | "memory" | "me">): Promise<void> {
  await auditLog(member, HOST);
  if (member.me.body) await auditLog(member, member.me.body.id);
}
