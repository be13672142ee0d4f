/**
 * What is signed: the checkpoint by the log, the cosignatures by witnesses, and an older checkpoint that somebody kept.
 */
import { equalBytes, toHex } from "../bytes.ts";
import { openCheckpoint, type Checkpoint } from "../log/checkpoint.ts";
import { cosignaturesOf, type Cosignature } from "../log/cosignature.ts";
import type { VerifierKey } from "../log/note-key.ts";
import { isQuorum, type Policy } from "../log/policy.ts";
import { Fault } from "../problem.ts";
import { find, number, type Report } from "./report.ts";
import type { Recomputed } from "./tree.ts";
import { instantText } from "../time.ts";

/** The checkpoint of a note, or null and a finding. */
export function checkSigned(report: Report, note: string | null, key: VerifierKey, which: string): Checkpoint | null {
  if (note === null) {
    find(report, "missing", `${which} is not there`);
    return null;
  }
  try {
    const checkpoint = openCheckpoint(note, key);
    report.holds.push(`${capital(which)}, of size ${number(checkpoint.size)}, is signed by this key.`);
    return checkpoint;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    find(report, "bad signature", `${which} is not one that this key signed (${thrown.detail})`);
    return null;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Whether a policy that names one log means the other: a policy has each key once, and one key signs the log of the host
 * and of each body, so whoever names the host's means all of them.
 */
const isNamedBy = (named: VerifierKey, key: VerifierKey): boolean =>
  equalBytes(named.publicKey, key.publicKey) && (named.name === key.name || key.name.startsWith(`${named.name}/`));

/** Whether the witnesses of the policy vouch for the checkpoint. */
export function checkWitnesses(report: Report, note: string, key: VerifierKey, policy: Policy): boolean {
  if (policy.logs.length > 0 && !policy.logs.some((log) => isNamedBy(log.key, key))) {
    find(report, "not witnessed", "the policy does not name this log");
    return false;
  }
  const cosigned = new Set<string>();
  for (const witness of policy.witnesses) {
    const found = cosignatureBy(report, witness.name, () => cosignaturesOf(note, [witness.key]));
    if (found === undefined) continue;
    cosigned.add(witness.name);
    report.holds.push(
      `${witness.name} (${witness.key.name}) co-signed this checkpoint on ${instantText(found.time * 1000)}: it has seen no larger tree of this log, and none that this one does not extend.`,
    );
  }
  if (!isQuorum(policy, cosigned)) {
    find(
      report,
      "not witnessed",
      `the policy asks for the quorum ${policy.quorum}, and ${cosigned.size === 0 ? "no witness of it" : `only ${[...cosigned].join(", ")}`} co-signed`,
    );
    return false;
  }
  if (cosigned.size > 0) report.holds.push("The quorum of the policy is there.");
  return cosigned.size > 0;
}

function cosignatureBy(report: Report, name: string, read: () => Cosignature[]): Cosignature | undefined {
  try {
    return read()[0];
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    find(report, "bad signature", `the cosignature of ${name} does not hold (${thrown.detail})`);
    return undefined;
  }
}

/**
 * Whether the log only appends to an older checkpoint. `tree` is the recomputed one, null when it did not come out as
 * signed.
 */
export function checkSince(report: Report, since: Checkpoint, now: Checkpoint, tree: Recomputed | null): void {
  if (since.size > now.size)
    return find(
      report,
      "rolled back",
      `the log has ${number(now.size)} entries, and had ${number(since.size)} when the older checkpoint was signed`,
    );
  if (since.size === now.size && !equalBytes(since.root, now.root))
    return find(
      report,
      "forked",
      `this key signed two roots of size ${number(now.size)}: ${toHex(since.root)} before and ${toHex(now.root)} now`,
    );
  const root = tree?.rootAt(since.size);
  if (root === undefined) {
    if (since.size < now.size)
      report.open.push("Whether the log extends the older checkpoint: its tree does not come out as signed.");
    return;
  }
  if (!equalBytes(root, since.root))
    return find(
      report,
      "forked",
      `at size ${number(since.size)} the tree has the root ${toHex(root)}, and the older checkpoint, signed by the same key, says ${toHex(since.root)}: two histories were signed`,
    );
  report.holds.push(`The log only appends to the older checkpoint of size ${number(since.size)}.`);
}
