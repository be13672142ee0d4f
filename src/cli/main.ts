/** Pillarbox at a desk: one command per file. */
import { affectedCommand } from "./affected.ts";
import { exportLogCommand } from "./export-log.ts";
import { form } from "./form.ts";
import { optionsOf } from "./options.ts";
import { Refusal, refusalOf } from "./say.ts";
import { verifyCertificateCommand } from "./verify-certificate.ts";
import { verifyLogCommand } from "./verify-log.ts";
import { verifyPackCommand } from "./verify-pack.ts";

async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === "form") return form(optionsOf(rest));
  if (command === "verify-log") return verifyLogCommand(rest);
  if (command === "verify-pack") return verifyPackCommand(rest);
  if (command === "verify-certificate") return verifyCertificateCommand(rest);
  if (command === "export-log") return exportLogCommand(rest);
  if (command === "affected") return affectedCommand(rest);
  throw new Refusal(`There is no command “${command ?? ""}”. Say “pillarbox help” to see what there is.`);
}

// Whoever reads our output may stop early, as `head` does.
process.stdout.on("error", () => process.exit());

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${refusalOf(thrown)}\n`);
  process.exitCode = 1;
});
