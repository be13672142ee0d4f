/**
 * `pillarbox rotate-log [--lost]`: makes the next key of the log. The next start ends the log under the old key, by an
 * entry that names the new one, and goes on under the new. Nothing changes until then; a second call shows the key that
 * waits.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readInstallation } from "./installation.ts";
import { prepareNextLog } from "./logs.ts";
import { Refusal } from "./refusal.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function main(): void {
  const { values } = parseArgs({
    options: { lost: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
  });
  if (values.help) {
    say(
      "pillarbox rotate-log          makes the next key of the log; the next start ends the old log and goes on under it",
    );
    say(
      "pillarbox rotate-log --lost   begins a log that nothing leads to, because the old one can never be signed again; everybody who saw the old one will be alarmed",
    );
    return;
  }
  const data = resolve(process.env["PILLARBOX_DATA"] || join(import.meta.dirname, "..", "data"));
  const installation = readInstallation(data);
  if (installation === null)
    throw new Refusal(`There is no installation in ${data}: name its directory with PILLARBOX_DATA.`);
  const next = prepareNextLog(data, installation.installation, values.lost);
  if (values.lost !== next.lost)
    throw new Refusal(
      `A next log waits already, and not for this reason: take ${join(data, "log", String(next.number))} away if you are sure that no start has begun it, and say it again.`,
    );
  say(`New key of the log   ${next.key.verifier}`);
  say("");
  say("Before you stop and start Pillarbox:");
  say("  give the key to everybody who runs a witness, who adds it with a second --log,");
  say(
    `  and write it into ${join(data, "log", "policy")}, if there is one, on a line of its own after the word “log”.`,
  );
  say(
    next.lost
      ? "The next start begins the new log. Nothing leads to it from the old one: every staff browser that saw the old one locks, until its data for the staff pages is cleared."
      : "The next start ends the old log by an entry that names this key. Browsers and verifiers follow that entry and nothing else.",
  );
}

// Whoever reads our output may stop early, as `head` does.
process.stdout.on("error", () => process.exit());

try {
  main();
} catch (thrown) {
  process.stderr.write(
    `${thrown instanceof Refusal ? thrown.message : thrown instanceof Error ? thrown.message : "The key could not be made."}\n`,
  );
  process.exitCode = 1;
}
