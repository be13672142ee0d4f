/** Pillarbox at a desk: one command per file. */
import { affectedCommand, AFFECTED_HELP } from "./affected.ts";
import { EXPORT_HELP, exportLogCommand } from "./export-log.ts";
import { form, FORM_HELP } from "./form.ts";
import { optionsOf } from "./options.ts";
import { Refusal, refusalOf, say } from "./say.ts";
import { CERTIFICATE_HELP, verifyCertificateCommand } from "./verify-certificate.ts";
import { VERIFY_HELP, verifyLogCommand } from "./verify-log.ts";
import { VERIFY_PACK_HELP, verifyPackCommand } from "./verify-pack.ts";

const HELP = [
  "Pillarbox: contact and complaint forms for public bodies, sealed so that no setting can make them public.",
  "",
  "npm start                   starts everything, with a filled demonstration",
  "npm test                    tries everything",
  "",
  ...FORM_HELP,
  "",
  ...VERIFY_HELP,
  ...EXPORT_HELP,
  ...CERTIFICATE_HELP,
  "",
  ...VERIFY_PACK_HELP,
  "",
  ...AFFECTED_HELP,
  "",
  "pillarbox help              this page",
];

async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === undefined || command === "help" || command === "--help" || command === "-h") return HELP.forEach(say);
  if (command === "form") return form(optionsOf(rest));
  if (command === "verify-log") return verifyLogCommand(rest);
  if (command === "verify-pack") return verifyPackCommand(rest);
  if (command === "verify-certificate") return verifyCertificateCommand(rest);
  if (command === "export-log") return exportLogCommand(rest);
  if (command === "affected") return affectedCommand(rest);
  throw new Refusal(`There is no command “${command}”. Say “pillarbox help” to see what there is.`);
}

// Whoever reads our output may stop early, as `head` does.
process.stdout.on("error", () => process.exit());

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${refusalOf(thrown)}\n`);
  process.exitCode = 1;
});
