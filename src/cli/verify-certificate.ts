/**
 * `pillarbox verify-certificate`: whether a certificate of erasure is what this log says, offline, every character of
 * it.
 */
import { parseArgs } from "node:util";
import { toHex } from "../domain/bytes.ts";
import { verifyCertificate } from "../domain/log/certificate.ts";
import { Fault } from "../domain/problem.ts";
import { Refusal, say } from "./say.ts";
import { keyOf, read } from "./verify-log.ts";
import { number } from "../domain/verify/report.ts";
import { instantText } from "../domain/time.ts";

const CERTIFICATE_HELP = [
  "pillarbox verify-certificate FILE --log-key KEY",
  "                            checks a certificate of erasure, without a network",
  "  --owner-key KEY   the signing key of the owner who is said to have decided, 64 characters, from the body itself",
];

/** Says what holds; sets the exit code. @throws `Refusal` when nothing could be looked at */
export function verifyCertificateCommand(args: readonly string[]): void {
  const { values, positionals } = argumentsOf(args);
  const [file, ...more] = positionals;
  if (values.help || file === undefined) return CERTIFICATE_HELP.forEach(say);
  if (more.length > 0) throw new Refusal("Name one file. Say “pillarbox verify-certificate --help”.");
  const key = keyOf(values["log-key"]);
  const text = read(file);
  try {
    const { entry, index, checkpoint, key: signer } = verifyCertificate(text, key);
    const wanted = values["owner-key"];
    if (wanted !== undefined && wanted !== toHex(signer))
      throw new Fault("NOTE_INVALID", "another key than the owner's signed it");
    say(text.slice(0, text.indexOf("\nc2sp.org/")));
    say(
      `Holds: this is entry ${number(index)} of the log ${checkpoint.origin}, under its signed checkpoint of size ${number(checkpoint.size)}.`,
    );
    say(
      wanted === undefined
        ? `Holds: the key ${toHex(signer)} signed this decision. Whether it is an owner's, compare with the body (--owner-key KEY).`
        : "Holds: the owner of this key signed this decision.",
    );
    say(
      `Whether the rows are gone today only somebody with the database can tell (verify-log --database); a backup may hold the sealed letter until ${instantText(entry.backupsUntil).slice(0, 10)} (UTC).`,
    );
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    say(`Does not hold: ${thrown.detail}. Do not rely on this file.`);
    process.exitCode = 1;
  }
}

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "log-key": { type: "string" },
        "owner-key": { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (thrown) {
    throw new Refusal(
      `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Say “pillarbox verify-certificate --help”.`,
    );
  }
}
