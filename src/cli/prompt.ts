/** Asking at the terminal; a passphrase without showing it. */
import { text as readAll } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Refusal } from "./say.ts";

/** Asks one line. Where nobody can be asked, `missing` says what to do instead. */
export function askLine(question: string, missing: string, hidden = false): Promise<string> {
  if (!process.stdin.isTTY) throw new Refusal(missing);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? mute : process.stdout, terminal: true });
  if (hidden) process.stdout.write(question);
  return new Promise((resolve, reject) => {
    lines.on("close", () => reject(new Refusal("Nothing was changed.")));
    lines.question(hidden ? "" : question, (answer) => {
      resolve(answer);
      if (hidden) process.stdout.write("\n");
      lines.close();
    });
  });
}

/**
 * The passphrase: from PILLARBOX_PASSPHRASE, else from a terminal without echo, else from standard input. Never from an
 * argument, which every process can see.
 */
export async function passphrase(): Promise<string> {
  const given = process.env["PILLARBOX_PASSPHRASE"];
  if (given !== undefined && given !== "") return given;
  if (process.stdin.isTTY) return askLine("Passphrase (seven words, not shown): ", "", true);
  const piped = (await readAll(process.stdin)).trim();
  if (piped === "")
    throw new Refusal(
      "There is no passphrase. Nothing was changed. Give it on standard input or in PILLARBOX_PASSPHRASE.",
    );
  return piped;
}

/** The code beside the passphrase, asked for only where its person has turned that on. */
export const code = (): Promise<string> =>
  askLine(
    "Code from your app, or a recovery code: ",
    "A code is asked for as well, and nobody is here to type it. Nothing was changed. Run it at a terminal.",
  );
