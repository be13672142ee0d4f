/**
 * `pillarbox witness DIRECTORY --log KEY [--log KEY …] [--name NAME] [--port N] [--host HOST]`: co-signs the
 * checkpoints of the logs it is told of. The directory holds its key and what it has seen; it is made at the first
 * start, and never restored from a backup.
 */
import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  cosigner,
  formatCosigner,
  formatCosignerKey,
  parseCosigner,
  type Cosigner,
} from "../domain/log/cosignature.ts";
import { parseVerifierKey } from "../domain/log/note-key.ts";
import { Fault } from "../domain/problem.ts";
import { witnessServer } from "./serve.ts";
import { witnessStore } from "./store.ts";
import { newWitness } from "./witness.ts";

const HELP = [
  "pillarbox witness DIRECTORY --log KEY [--log KEY …]",
  "  --name NAME   how it signs, for example dpo.example.org/witness; given once, at the first start",
  "  --port N      3010 unless said otherwise",
  "  --host HOST   localhost unless said otherwise; put a proxy with https before it for anything else",
];

class Refusal extends Error {}
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      log: { type: "string", multiple: true, default: [] },
      name: { type: "string" },
      port: { type: "string", default: "3010" },
      host: { type: "string", default: "localhost" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [directory, ...more] = positionals;
  if (values.help || directory === undefined) return HELP.forEach(say);
  if (more.length > 0 || !/^\d{1,5}$/.test(values.port))
    throw new Refusal("Name one directory, and a port that is a number.");
  if (values.log.length === 0)
    throw new Refusal(
      "Name the key of at least one log with --log. A witness signs for the logs that it knows and for no other.",
    );
  const logs = values.log.map((vkey) => {
    try {
      return parseVerifierKey(vkey);
    } catch {
      throw new Refusal(`${vkey} is not the key of a log.`);
    }
  });
  const signer = keyIn(directory, values.name);
  const witness = newWitness(signer, logs, witnessStore(join(directory, "seen")), () => Math.floor(Date.now() / 1000));
  const app = witnessServer(witness, (line) =>
    say(
      JSON.stringify({
        time: new Date().toISOString(),
        level: line.status < 500 ? "info" : "error",
        process: "witness",
        ...line,
      }),
    ),
  );
  app.server.on("error", (thrown) => stopWith(`The witness cannot listen (${thrown.message}).`));
  for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const)
    process.once(event, () => void app.close().then(() => process.exit(0)));
  // A name is one address here: for a second one Fastify would open a second server, with limits of its own.
  const { address } = await lookup(values.host);
  await app.listen({ port: Number(values.port), host: address });
  say(`Witness   ${signer.key.name}`);
  say(`Key       ${formatCosignerKey(signer.key)}`);
  say(`Address   http://${values.host}:${values.port}`);
  for (const log of logs) say(`Log       ${log.name}`);
  process.send?.({ ready: true });
}

/**
 * The witness's key: made once, together with the place for what it sees. A key without that place means that its
 * memory was lost.
 */
function keyIn(directory: string, name: string | undefined): Cosigner {
  const file = join(directory, "key");
  if (existsSync(file)) {
    if (!existsSync(join(directory, "seen")))
      throw new Refusal(
        `${directory} has a key, and what this witness has seen is gone. It would sign a log that was rolled back. Begin with a new directory, and give its new key to whoever relies on it.`,
      );
    const found = parseCosigner(readFileSync(file, "utf8").trim());
    if (name !== undefined && name !== found.key.name)
      throw new Refusal(
        `The witness in ${directory} is called ${found.key.name}. A key signs under one name only; begin with a new directory.`,
      );
    return found;
  }
  if (name === undefined)
    throw new Refusal("Give the new witness a name with --name, for example dpo.example.org/witness.");
  const made = cosigner(name, new Uint8Array(randomBytes(32)));
  mkdirSync(join(directory, "seen"), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${formatCosigner(made)}\n`, { mode: 0o600, flag: "wx", flush: true });
  return made;
}

function stopWith(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

// A terminal that was closed must not end the witness.
process.stdout.on("error", () => {});

main().catch((thrown: unknown) =>
  stopWith(
    thrown instanceof Refusal
      ? thrown.message
      : thrown instanceof Fault
        ? `The witness cannot start (${thrown.code}: ${thrown.detail}).`
        : `The witness cannot start (${thrown instanceof Error ? thrown.message : "no reason given"}).`,
  ),
);
