/**
 * `pillarbox confirm-owner`: whoever looks after the machine compares six words with the first owner of its body, and
 * only then the body has a root: the hash of the owner's own first statement, which holds the keys that were compared.
 * It ends in `installation.json`, never in the database. No key of a person is here at any time.
 */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { toHex } from "../src/domain/bytes.ts";
import { randomBytes } from "../src/domain/seal/random.ts";
import { filesOf, readReal } from "./configuration.ts";
import { askDatabase, type Asked } from "./init/ask.ts";
import { compare, CONFIRMING, enterRoot, hasOwner, refuseRoot, rootOf, rowOf, type Joined } from "./init/confirming.ts";
import { readInstallation } from "./installation.ts";
import { takeLock } from "./lock.ts";
import { Refusal } from "./refusal.ts";

const ROOT = resolve(import.meta.dirname, "..");
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** One line of standard input after another; null at its end. */
function lineReader(): { readonly next: () => Promise<string | null>; readonly close: () => void } {
  const lines = createInterface({ input: process.stdin });
  const each = lines[Symbol.asyncIterator]();
  return { next: async () => (await each.next()).value ?? null, close: () => lines.close() };
}

async function confirm(data: string): Promise<void> {
  const installation = readInstallation(data);
  const real = readReal(data, installation);
  if (installation === null || real === null)
    throw new Refusal(
      `${data} holds no installation made by \`pillarbox init\`: name its directory with PILLARBOX_DATA.`,
    );
  const lock = await takeLock(data, CONFIRMING);
  try {
    await confirmed(data);
  } finally {
    lock.release();
  }
}

async function confirmed(data: string): Promise<void> {
  // Read behind the lock: whoever held it before may have confirmed.
  const installation = readInstallation(data)!;
  const real = readReal(data, installation)!;
  const { body } = real.configuration;
  if (real.owner === null) throw hasOwner(body);
  refuseRoot(installation, body);
  const asked: Asked = {
    data,
    installation,
    ports: { ...real.configuration.ports, mail: 0 },
    databaseUrl: real.databaseUrl,
  };
  const joined = await askDatabase(asked, "joined", { invitation: real.owner.invitation });
  // The row is fixed before the nonce is made: whoever could change it afterwards could look for one that fits.
  const row = rowOf(joined as Joined | null, real.owner);
  const nonce = randomBytes(32);
  await askDatabase(asked, "compare", { person: row.person, nonce: toHex(nonce) });
  say(`${row.name}, ${row.email}, has made keys. Ring them by a number that you knew before, or sit beside them.`);
  say("Six words stand on their page now, for fifteen minutes.");
  const lines = lineReader();
  const next = (): Promise<string | null> => {
    process.stdout.write("The six words that they read to you: ");
    return lines.next();
  };
  await compare({ ask: next, say, now: Date.now }, body, row, nonce).finally(lines.close);
  const at = Date.now();
  const root = rootOf({ installation: installation.installation, body }, row, at);
  enterRoot(data, installation.installation, { body, root, at });
  rmSync(filesOf(data).owner, { force: true });
  say("");
  say(`They fit. The root of ${body} is ${root}.`);
  say("Give it to the first owner, who keeps it on paper. Now stop Pillarbox and start it again; then they sign in.");
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h", default: false } } });
  if (values.help)
    return say("pillarbox confirm-owner   compares six words with the first owner, while Pillarbox runs");
  await confirm(resolve(process.env["PILLARBOX_DATA"] || join(ROOT, "data")));
}

main().then(
  () => process.exit(0),
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : "Nothing was confirmed."}\n`);
    process.exit(1);
  },
);
