/**
 * `pillarbox backup TARGET --to RECIPIENT`: one sealed file with everything that a new machine needs, made while
 * Pillarbox runs or is stopped. `pillarbox backup --make-recipient FILE`: the identity that opens it, made elsewhere.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Manifest } from "../../src/domain/keeping/manifest.ts";
import { configOf } from "../config.ts";
import { readInstallation, type Installation } from "../installation.ts";
import { logsOf } from "../logs.ts";
import { Refusal, systemCode } from "../refusal.ts";
import { bytesFrom } from "./errand.ts";
import { withDatabase } from "./reach.ts";
import { makeIdentity, recipientsOf } from "./seal.ts";
import { noteBackup } from "./state.ts";
import { heedSignals } from "./stop.ts";
import { placeOf, writeBackup, type Made } from "./write.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const NO_PORTS = { public: 1, staff: 2, counter: 3, mail: 4 };
/** Certificates of erasure name this many days where nothing was answered. */
const DAYS = 35;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const HELP = [
  "pillarbox backup TARGET --to RECIPIENT   seals a copy of everything into the file TARGET, or into a new file in the directory TARGET",
  "  --to                      age1…, or a file with recipients, one a line; more than one may be named",
  "pillarbox backup --make-recipient FILE   on another computer: makes the identity that opens backups, and FILE.pub for --to",
];

async function backUp(data: string, target: string, to: readonly string[]): Promise<number> {
  const recipients = recipientsOf(to);
  const installation = readInstallation(data);
  if (installation === null)
    throw new Refusal(
      `There is no installation in ${data}: name its directory with PILLARBOX_DATA. Nothing was written.`,
    );
  if (!existsSync(join(data, "log", "key")))
    throw new Refusal(
      `The installation in ${data} was never started, so there is nothing to keep yet. Nothing was written.`,
    );
  const at = Date.now();
  // Said before a database is looked for.
  placeOf({ target, installation: installation.installation, at, data });
  const made = await withDatabase({ root: ROOT, data, installation }, (url) => {
    const { key, store } = logsOf(data, installation.installation).findLast((one) => one.begun)!;
    return writeBackup({
      data,
      installation: installation.installation,
      logKey: key.verifier,
      snapshot: bytesFrom(configOf(ROOT, installation, NO_PORTS, key.verifier), "snapshot", {
        PB_DATABASE: url,
        PB_LOG_STORE: store,
      }),
      recipients,
      target,
      at,
    });
  });
  return told(data, installation, made, at);
}

const number = (value: number): string => value.toLocaleString("en-GB");
const rowsIn = ({ tables }: Manifest, name?: string): number =>
  tables.reduce((sum, table) => (name === undefined || table.name === name ? sum + table.rows : sum), 0);

function told(data: string, { backupDays = DAYS }: Installation, made: Made, at: number): number {
  const { manifest, bytes, path, sha256 } = made;
  const { letters, parts } = manifest.missing;
  const entries = manifest.logs.reduce((sum, { size }) => sum + size, 0);
  say(
    `Sealed in ${path}: ${number(rowsIn(manifest, "submission"))} letters and additions, ${number(rowsIn(manifest))} rows of ${manifest.tables.length} tables, ${number(entries)} entries of ${manifest.logs.length} logs, the configuration and the key of the log; ${number(bytes)} bytes, in ${number(Math.round((Date.now() - at) / 1000))} s, and read back.`,
  );
  say(`SHA-256 ${sha256}`);
  say(`Log ${manifest.logKey}`);
  say(`Delete it within ${backupDays} days: that is what certificates of erasure say.`);
  if (letters + parts === 0) {
    noted(data, at, bytes);
    return 0;
  }
  process.stderr.write(
    `It holds everything that is there, and something is missing in the database: of ${letters} letters in the log there is no row, and of ${parts} a sealed part is gone. Look with verify-log --database, and keep the backups from before.\n`,
  );
  return 1;
}

/** The backup is good, whatever becomes of the note: the disk of the data directory may be full. */
function noted(data: string, at: number, bytes: number): void {
  try {
    noteBackup(data, at, bytes);
  } catch (thrown) {
    process.stderr.write(
      `The backup is whole. That it was made could not be noted in ${data} (${systemCode(thrown)}), so status goes on showing the one before: look at that disk.\n`,
    );
  }
}

async function main(): Promise<number> {
  const { values, positionals } = argumentsIn();
  if (values.help) {
    HELP.forEach(say);
    return 0;
  }
  const data = resolve(process.env["PILLARBOX_DATA"] || join(ROOT, "data"));
  const identity = values["make-recipient"];
  if (identity !== undefined) {
    const path = resolve(identity);
    if (existsSync(data) && `${path}/`.startsWith(`${data}/`))
      throw new Refusal(
        "An identity in the data directory would be lost or stolen with it: name a file on another computer.",
      );
    const recipient = await makeIdentity(path);
    say(
      `The identity is in ${path}: whoever has it opens every backup, and without it none is opened. Keep it off the`,
    );
    say("machine that is backed up, twice, and on paper if you can. Nobody can make it again.");
    say(`The recipient is in ${path}.pub, for --to; it opens nothing. It begins with ${recipient.slice(0, 20)}.`);
    return 0;
  }
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0)
    throw new Refusal("Name one place: pillarbox backup TARGET --to RECIPIENT. Nothing was written.");
  return backUp(data, resolve(target), values.to ?? []);
}

function argumentsIn() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        to: { type: "string", multiple: true },
        "make-recipient": { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (thrown) {
    throw new Refusal(
      `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Nothing was written. Say “pillarbox backup --help”.`,
    );
  }
}

heedSignals();
main().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    process.stderr.write(
      `${thrown instanceof Refusal ? thrown.message : thrown instanceof Error ? thrown.stack : "There is no backup."}\n`,
    );
    process.exit(1);
  },
);
