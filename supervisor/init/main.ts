/**
 * `pillarbox init [--answers FILE]`: makes a real installation, and never a demonstration. Each answer is tried when it
 * is given, and nothing is written before the last one held. Exit code 0, or 1 after a sentence on standard error.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../refusal.ts";
import { QUESTIONS, type Answers, type Before, type Question } from "./answers.ts";
import { tried } from "./tries.ts";
import { writeAll, type Written } from "./write.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Reads one answer, and tries it. @throws Refusal that names the question */
async function answered(one: Question, given: unknown, before: Before): Promise<Before> {
  try {
    const after = { ...before, [one.key]: one.read(given, before) };
    const note = await tried(one.key, after);
    if (note !== null) say(note);
    return after;
  } catch (thrown) {
    throw thrown instanceof Refusal ? new Refusal(`"${one.key}": ${thrown.message}`) : thrown;
  }
}

async function fromFile(path: string): Promise<Answers> {
  const given = readAnswers(path);
  const known = QUESTIONS.map(({ key }) => key as string);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Refusal(`"${unknown}" is no question: take it out. The questions are ${known.join(", ")}.`);
  let answers: Before = {};
  for (const one of QUESTIONS) {
    const answer = given[one.key] ?? one.usual;
    if (answer === undefined) throw new Refusal(`"${one.key}" has no answer: ${one.ask}.`);
    answers = await answered(one, answer, answers);
  }
  return answers as Answers;
}

function readAnswers(path: string): { readonly [key: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Refusal(`${path} cannot be read as JSON: name a file of answers, as docs/INSTALL.md shows one.`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as { [key: string]: unknown };
  throw new Refusal(`${path} holds no answers: docs/INSTALL.md shows how they are written.`);
}

async function fromTerminal(): Promise<Answers> {
  if (!process.stdin.isTTY)
    throw new Refusal("Nobody can be asked here: run it on a terminal, or name a file of answers with --answers.");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const over = new AbortController();
  lines.once("close", () => over.abort());
  let answers: Before = {};
  try {
    say("Nothing is written before the last answer. Passwords in addresses are shown as you type them.\n");
    for (const one of QUESTIONS) {
      for (let held = false; !held; ) {
        const usual = one.usual === undefined ? "" : ` [${one.usual}]`;
        const typed = (await lines.question(`${one.ask}${usual}: `, { signal: over.signal })).trim();
        try {
          answers = await answered(one, typed === "" ? (one.usual ?? "") : typed, answers);
          held = true;
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          say(thrown.message);
        }
      }
    }
    return answers as Answers;
  } catch (thrown) {
    throw over.signal.aborted ? new Refusal("Nothing was written.") : thrown;
  } finally {
    lines.close();
  }
}

function tellNext({ data, ownerName, ownerEmail }: Answers, { snippet, link }: Written): void {
  say(`The installation is in ${data}. No letter can be sent to it yet. Next:`);
  say("");
  say(`1. Give the proxy its file: ${snippet} (with your certificates).`);
  say(`2. Start it:  PILLARBOX_DATA=${data} node bin/pillarbox.mjs start`);
  say(
    link === null
      ? `3. ${ownerName} gets a link by mail at ${ownerEmail}, makes keys in their browser, and rings you.`
      : `3. Give ${ownerName} this link. It works once, for seven days from the start, and is shown only here:`,
  );
  if (link !== null) say(`\n   ${link}\n`);
  say(`4. While it runs:  PILLARBOX_DATA=${data} node bin/pillarbox.mjs confirm-owner`);
  say("   They read six words to you, and you type them. Then stop and start once more.");
}

const HELP = `pillarbox init                  makes a real installation, and asks for what it needs on the terminal
pillarbox init --answers FILE   the same, with the answers in a JSON file`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { answers: { type: "string" }, help: { type: "boolean", short: "h", default: false } },
  });
  if (values.help) return say(HELP);
  const answers = values.answers === undefined ? await fromTerminal() : await fromFile(resolve(values.answers));
  tellNext(answers, writeAll(ROOT, answers));
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : "Nothing was written."}\n`);
  process.exitCode = 1;
});
