/** A real installation in a test: answers, `pillarbox init`, and the launcher on what it made. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { untilThere } from "./in-time.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** A directory of its own, for answers, body and data. */
export const newPlace = (): string => mkdtempSync(join(tmpdir(), "pillarbox-init-"));

/** The record of an invented body that is none of the demonstration's. */
export const recordOf = (id: string): { readonly [key: string]: unknown } => {
  const { dataProblem: _, ...record } = JSON.parse(
    readFileSync(join(ROOT, "forms/bodies/harrowmere.json"), "utf8"),
  ) as { [key: string]: unknown };
  return { ...record, id, name: "Northmarsh Ombudsman" };
};

/** Whole answers, in which a test changes what it is about. */
export const answersOf = (place: string, changed: { readonly [key: string]: unknown } = {}) => ({
  data: join(place, "data"),
  body: recordOf("northmarsh"),
  publicAddress: "http://127.0.0.1:3000",
  staffAddress: "http://localhost:3001",
  proxies: "192.0.2.1",
  mailFrom: "post@northmarsh.example",
  mail: "smtp://localhost:1",
  alarm: "duty@it.example",
  ownerName: "Ottilie Marsh",
  ownerEmail: "ottilie@northmarsh.example",
  ...changed,
});

export type Said = { readonly code: number | null; readonly out: string; readonly error: string };

export type Command = {
  readonly child: ChildProcessWithoutNullStreams;
  /** what it has said so far */
  readonly out: () => string;
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<Said>;
};

/** Runs a command as a person would, with nothing else in its environment. */
export function command(words: readonly string[], environment: { readonly [name: string]: string } = {}): Command {
  const child = spawn("node", [join(ROOT, "bin/pillarbox.mjs"), ...words], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...environment },
  });
  let out = "";
  let error = "";
  child.stdout.on("data", (part) => (out += part));
  child.stderr.on("data", (part) => (error += part));
  child.stdin.on("error", () => {});
  let over = false;
  const ended = new Promise<Said>((done) =>
    child.once("close", (code) => {
      over = true;
      done({ code, out, error });
    }),
  );
  const says = (text: string): Promise<void> =>
    untilThere(async () => {
      if (over && !out.includes(text)) throw new Error(`it ended before it said "${text}": ${out}${error}`);
      return out.includes(text);
    }, text).then(() => undefined);
  return { child, out: () => out, says, ended };
}

/** `pillarbox init` with these answers. */
export async function init(place: string, answers: object): Promise<Said> {
  const file = join(place, "answers.json");
  writeFileSync(file, JSON.stringify(answers));
  const run = command(["init", "--answers", file]);
  run.child.stdin.end();
  return run.ended;
}
