/**
 * `pillarbox verify-pack`: whether an evidence pack is what was signed and logged, offline, in words, with an exit
 * code.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Bytes } from "../domain/bytes.ts";
import { toHex } from "../domain/bytes.ts";
import { checkPack, findingsOf, speaksOf, type PackReport } from "../domain/incident/pack-check.ts";
import { parsePack, type ReadPack } from "../domain/incident/pack.ts";
import { parseBundle } from "../domain/log/bundle.ts";
import { parseCheckpoint } from "../domain/log/checkpoint.ts";
import { parseNote } from "../domain/log/note.ts";
import { HOST, hostKeyIn, keyGivenFor, type Whose } from "../domain/log/names.ts";
import type { VerifierKey } from "../domain/log/note-key.ts";
import type { Policy } from "../domain/log/policy.ts";
import { parseProof } from "../domain/log/proof.ts";
import { leafHash } from "../domain/log/tree.ts";
import { Fault } from "../domain/problem.ts";
import { Refusal, say } from "./say.ts";
import { fingerprintOf, keyOf, policyOf, rootOf } from "./verify-log.ts";
import { checkWitnesses } from "../domain/verify/checkpoint.ts";
import { entryOf } from "../domain/verify/look.ts";
import { lineage } from "../domain/verify/lineage.ts";
import { find, isSound, linesOf, newReport, number, type Report } from "../domain/verify/report.ts";
import type { LogSource } from "../domain/verify/source.ts";
import { directorySource } from "./verify/source.ts";
import { verifyLog } from "./verify/verify.ts";

const VERIFY_PACK_HELP = [
  "pillarbox verify-pack FILE --log-key KEY",
  "                            checks an evidence pack without its installation; ends with 0 only if everything in it holds",
  "  --root BODY=HASH  the body's root, known from elsewhere: who may sign for it",
  "  --policy FILE   which witnesses must have co-signed its checkpoint (c2sp.org/tlog-policy)",
  "  --log DIRECTORY an export of the logs with their entries (export-log --body): shows whether an event of the incident is not in the pack",
];

const SPELLED = {
  "log-key": { type: "string" },
  root: { type: "string" },
  policy: { type: "string" },
  log: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: SPELLED });
  } catch (thrown) {
    throw new Refusal(
      `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Say “pillarbox verify-pack --help”.`,
    );
  }
}

/** Verifies and says what it found; sets the exit code. @throws `Refusal` when nothing could be looked at */
export async function verifyPackCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args);
  const [file, ...more] = positionals;
  if (values.help || file === undefined) return VERIFY_PACK_HELP.forEach(say);
  if (more.length > 0) throw new Refusal("Name one file. Say “pillarbox verify-pack --help”.");
  const key = keyOf(values["log-key"]);
  const root = values.root === undefined ? null : rootOf(values.root);
  const policy = values.policy === undefined ? undefined : policyOf(values.policy);
  say(`Log           ${key.name}`);
  say(`Fingerprint   ${fingerprintOf(key)}`);
  const report = await verifyPack({
    bytes: read(file),
    key,
    root,
    ...(policy && { policy }),
    ...(values.log !== undefined && { log: await directorySource(values.log) }),
  });
  linesOf(report, PACK_ADVICE).forEach(say);
  process.exitCode = isSound(report) ? 0 : 1;
}

const PACK_ADVICE = {
  sound: "Everything that was looked at holds.",
  unsound:
    "This pack must not be relied on. Keep it as it is, ask for another copy, and tell the data protection officer of the body and whoever else has one.",
};

export type PackAsked = {
  readonly bytes: Bytes;
  /** of the body's log, or of the host's */
  readonly key: VerifierKey;
  /** body and root */
  readonly root: readonly [string, string] | null;
  readonly policy?: Policy;
  /** the host's log, with the body's in it */
  readonly log?: LogSource;
};

/** Everything that could be judged about a pack. */
export async function verifyPack({ bytes, key: given, root, policy, log }: PackAsked): Promise<Report> {
  const report = newReport();
  const pack = readable(report, bytes);
  if (pack === null) return report;
  const { content, proofs } = pack;
  const key = await keyOfPack(report, pack, keyGivenFor(given, content.body), log?.of(content.body));
  report.looked.push(
    `An evidence pack about the incident ${content.incident} of the body ${content.body}: ${number(content.acts.length)} acts, ${number(content.events.length)} other events, ${number(content.reports.length)} versions of the report, ${number(content.findings.length)} findings, ${number(content.deliveries.length)} letters, ${number(proofs.acts.length + proofs.events.length + 1)} proofs.`,
  );
  if (root !== null && root[0] !== content.body)
    find(
      report,
      "contradicted",
      `the pack is of the body ${content.body}, and the root that you gave is of ${root[0]}`,
    );
  const checked = checkPack(pack, key, root?.[1] ?? null);
  report.holds.push(...checked.holds);
  report.open.push(...checked.open);
  for (const { wrong, what } of checked.wrong) find(report, wrong, what);
  const { checkpoint } = checked;
  if (checkpoint !== null)
    report.holds.push(`The checkpoint, of size ${number(checkpoint.opened.size)}, is signed by this key.`);
  const hostKey = hostKeyIn(key, content.body);
  const witnessed =
    policy !== undefined &&
    checkpoint !== null &&
    checkWitnesses(report, checkpoint.note, key, policy) &&
    (checked.host === null || checkWitnesses(report, checked.host.note, hostKey, policy));
  if (!witnessed)
    report.open.push("Whether the log was the same for everybody: give a policy that names witnesses with --policy.");
  if (log === undefined)
    report.open.push(
      "Whether the pack has every event of the incident: give an export of the logs with their entries (pillarbox export-log --entries --body) with --log.",
    );
  else {
    await compare(report, pack, checked, { key, whose: content.body, size: content.size }, log.of(content.body));
    await compare(report, pack, checked, { key: hostKey, whose: HOST, size: content.hostSize }, log);
  }
  return report;
}

/**
 * The key of the log that the pack was made under: the given one, or one that it leads to in the logs beside the pack.
 */
async function keyOfPack(
  report: Report,
  { proofs }: ReadPack,
  given: VerifierKey,
  log: LogSource | undefined,
): Promise<VerifierKey> {
  const origin = originOf(proofs.packed);
  if (origin === null || origin === given.name) return given;
  const lines = newReport();
  const found = log && (await lineage(lines, log, given, true)).find(({ key }) => key.name === origin);
  if (found) {
    report.holds.push(...lines.holds, `The pack is from the log ${origin}, which leads to ${given.name}.`);
    return found.key;
  }
  report.open.push(
    `The pack is from the log ${origin}, and the key is of ${given.name}: give the key of that log, or, if one goes on from the other, an export of both (pillarbox export-log) with --log.`,
  );
  return given;
}

function originOf(proof: string): string | null {
  try {
    return parseCheckpoint(parseNote(parseProof(proof).checkpoint).text).origin;
  } catch {
    return null;
  }
}

function readable(report: Report, bytes: Bytes): ReadPack | null {
  try {
    return parsePack(bytes);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    find(report, "altered", `this is not an evidence pack as Pillarbox writes it (${thrown.detail})`);
    return null;
  }
}

/** A log that a pack looked at, and how far. */
type LookedAt = { readonly key: VerifierKey; readonly whose: Whose; readonly size: number };

/** Every entry of a verified log that speaks of the incident is in the pack, as far as the pack says that it looked. */
async function compare(
  report: Report,
  { content }: ReadPack,
  { entries }: PackReport,
  { key, whose, size }: LookedAt,
  source: LogSource,
): Promise<void> {
  const findings = findingsOf(content.acts.map(({ entry }) => entry));
  let [lacking, later] = [0, 0];
  const watched = (of: LogSource): LogSource => ({
    ...of,
    at: (number) => watched(of.at(number)),
    bundle: async (index, width) => {
      const bundle = await of.bundle(index, width);
      // A log that goes on from this one has places of its own, and everything in it is later.
      const isOwn = (await of.checkpoint())?.startsWith(`${key.name}\n`) === true;
      for (const [i, bytes] of (bundle === null ? [] : entriesIn(bundle)).entries()) {
        const leaf = index * 256 + i;
        const entry = entryOf(bytes);
        if (entry === null || !speaksOf(entry, content.incident, findings) || entries.has(toHex(leafHash(bytes))))
          continue;
        if (!isOwn || leaf >= size) later += 1;
        else {
          lacking += 1;
          find(
            report,
            "missing",
            `entry ${number(leaf)} of the log${whose === HOST ? " of the host" : ""} (${entry.kind}) speaks of this incident and is not in the pack`,
          );
        }
      }
      return bundle;
    },
  });
  const log = await verifyLog({ source: watched(source), key, whose, entries: true });
  for (const { wrong, what } of log.findings)
    find(report, wrong, `the log${whose === HOST ? " of the host" : ""} beside the pack: ${what}`);
  if (lacking === 0 && isSound(log))
    report.holds.push(
      whose === HOST
        ? "Every event of the incident that the log of the host has is in the pack."
        : "Every event of the incident that the log has is in the pack.",
    );
  if (later > 0)
    report.open.push(
      `What came later: the log${whose === HOST ? " of the host" : ""} has ${number(later)} more events of this incident that were recorded since. Ask for a newer pack.`,
    );
}

function entriesIn(bundle: Bytes): Bytes[] {
  try {
    return parseBundle(bundle);
  } catch {
    return [];
  }
}

function read(file: string): Bytes {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    throw new Refusal(`The file ${file} cannot be read. Check its name and that you may read it.`);
  }
}
