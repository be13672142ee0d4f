/** `pillarbox verify-log`: whether a log is what it was signed to be, in words, with an exit code. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fromHex, toHex, toUtf8, sha256 } from "../domain/bytes.ts";
import { HOST, keyGivenFor, mayHaveLog } from "../domain/log/names.ts";
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from "../domain/log/note-key.ts";
import { parsePolicy, type Policy } from "../domain/log/policy.ts";
import { Fault } from "../domain/problem.ts";
import { openPlace } from "./log-place.ts";
import { originOf } from "./options.ts";
import { Refusal, say } from "./say.ts";
import { isSound, linesOf } from "../domain/verify/report.ts";
import { openRows, operatorsIn, rootsIn } from "./verify/rows.ts";
import { verifyLog } from "./verify/verify.ts";

const VERIFY_HELP = [
  "pillarbox verify-log DIRECTORY|ADDRESS --log-key KEY",
  "                            recomputes a log and says what holds; ends with 0 only if all that it could look at does",
  "  --since FILE    an older checkpoint that you kept: shows whether the log was rolled back or forked",
  "  --policy FILE   which witnesses must have co-signed (c2sp.org/tlog-policy)",
  "  --body SLUG     the log of this body in the place of the host's; the key may be that of either",
  "  --entries       looks at every entry, too; at an address as an auditor or owner: --as E-MAIL --staff URL",
  "  --database URL  compares the rows with all logs, by the login pb_inspect; or the data directory of this machine's installation",
  "  --operator PERSON=KEY  who runs the host, for each once: whoever else a row calls an operator is none",
  "  --root BODY=HASH  replays the statements of a body from its root, for each body once; a data directory brings its own",
];

const SPELLED = {
  policy: { type: "string" },
  since: { type: "string" },
  "log-key": { type: "string" },
  entries: { type: "boolean", default: false },
  database: { type: "string" },
  body: { type: "string" },
  root: { type: "string", multiple: true },
  operator: { type: "string", multiple: true },
  as: { type: "string" },
  staff: { type: "string", default: "http://localhost:3001" },
  help: { type: "boolean", short: "h", default: false },
} as const;

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: SPELLED });
  } catch (thrown) {
    throw new Refusal(
      `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Say “pillarbox verify-log --help”.`,
    );
  }
}

/** Verifies and says what it found; sets the exit code. @throws `Refusal`, `Fault` when nothing could be looked at */
export async function verifyLogCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args);
  const [where, ...more] = positionals;
  if (values.help || where === undefined) return VERIFY_HELP.forEach(say);
  if (more.length > 0) throw new Refusal("Name one directory or one address. Say “pillarbox verify-log --help”.");
  const whose = bodyOf(values.body) ?? HOST;
  const given = keyOf(values["log-key"]);
  const key = keyGivenFor(given, whose);
  const policy = values.policy === undefined ? undefined : policyOf(values.policy);
  const since = values.since === undefined ? undefined : read(values.since);
  const { database } = values;
  if (database !== undefined && whose !== HOST)
    throw new Refusal("The rows are those of all bodies, so all logs are compared with them: leave --body out.");
  const roots = new Map([...(database === undefined ? [] : rootsIn(database)), ...(values.root ?? []).map(rootOf)]);
  const operators = [
    ...(database === undefined ? [] : operatorsIn(database)),
    ...(values.operator ?? []).map(operatorOf),
  ];
  const place = await openPlace({
    where,
    entries: values.entries,
    staff: originOf(values.staff),
    ...(values.as !== undefined && { as: values.as }),
  });
  try {
    say(`Log           ${key.name}`);
    say(`Key           ${formatVerifierKey(key)}`);
    say(`Fingerprint   ${fingerprintOf(key)}`);
    if (policy) say(`Policy        SHA-256 ${toHex(sha256(toUtf8(read(values.policy!)))).slice(0, 32)}…`);
    const report = await verifyLog({
      source: whose === HOST ? place.source : place.source.of(whose),
      key,
      whose,
      entries: values.entries,
      ...(policy && { policy }),
      ...(since !== undefined && { since }),
      ...(database !== undefined && { rows: () => openRows(database), roots }),
      ...(operators.length > 0 && { operators: new Map(operators.map(([one, hex]) => [one, fromHex(hex)])) }),
    });
    linesOf(report).forEach(say);
    process.exitCode = isSound(report) ? 0 : 1;
  } finally {
    await place.leave().catch(() => {});
  }
}

/** SHA-256 of the public key, in groups to read aloud. */
export const fingerprintOf = ({ publicKey }: { readonly publicKey: Uint8Array }): string =>
  toHex(sha256(publicKey)).match(/.{4}/g)!.join(" ");

/** The key of a log, as given on the command line. @throws `Refusal` */
export function keyOf(text: string | undefined): VerifierKey {
  if (text === undefined)
    throw new Refusal(
      "Give the key of the log with --log-key. It must come from somebody you trust and never from the log itself: `npm start` prints it, and the body writes it where you can find it.",
    );
  try {
    return parseVerifierKey(text);
  } catch (thrown) {
    throw new Refusal(
      `--log-key is not the key of a log (${thrown instanceof Fault ? thrown.detail : "it cannot be read"}). It looks like example.org/log+1a2b3c4d+AY….`,
    );
  }
}

/** A body, as given on the command line. @throws `Refusal` */
export function bodyOf(text: string | undefined): string | undefined {
  if (text !== undefined && !mayHaveLog(text))
    throw new Refusal(`“${text}” is not the short name of a body. It looks like harrowmere.`);
  return text;
}

/** A body and its root, as given on the command line. @throws `Refusal` */
export function rootOf(text: string): [string, string] {
  const [, body, root] = /^([a-z0-9-]{1,64})=([0-9a-f]{64})$/.exec(text) ?? [];
  if (body === undefined || root === undefined)
    throw new Refusal(
      `“${text}” is not the root of a body. It looks like harrowmere=…, with 64 characters, 0 to 9 and a to f, after the sign.`,
    );
  return [body, root];
}

/** An operator and their signing key, as given on the command line. @throws `Refusal` */
function operatorOf(text: string): [string, string] {
  const [, person, key] = /^([0-9a-f]{32})=([0-9a-f]{64})$/.exec(text) ?? [];
  if (person === undefined || key === undefined)
    throw new Refusal(
      `“${text}” is not an operator. It looks like 32 characters, the sign =, and 64 characters, 0 to 9 and a to f.`,
    );
  return [person, key];
}

/** A policy out of a file. @throws `Refusal` */
export function policyOf(file: string): Policy {
  try {
    return parsePolicy(read(file));
  } catch (thrown) {
    if (thrown instanceof Fault) throw new Refusal(`${file} is not a policy: ${thrown.detail}.`);
    throw thrown;
  }
}

export function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Refusal(`The file ${file} cannot be read. Check its name and that you may read it.`);
  }
}
