/** A program that runs once and ends: what it is given, what it says. */
import { spawn } from "node:child_process";
import { give, takingGiven } from "./give.ts";
import type { Environment } from "./servers.ts";

const GIVEN = 3;
const COMPILED = "NODE_COMPILE_CACHE";

/**
 * Where Node keeps what it compiled, in tests: programs that run once are many there. They run as whoever started them,
 * who may write the programs themselves.
 */
const compiled = (): Environment => {
  const place = process.env[COMPILED];
  return place ? { [COMPILED]: place } : {};
};

/** What a program that runs and ends has said. */
export type Result = { readonly code: number | null; readonly out: string; readonly error: string };

/**
 * A program that runs once: Node's arguments, its whole environment, what it reads, and who is told each line as it
 * comes.
 */
export type OneRun = {
  readonly arguments: readonly string[];
  readonly environment: Environment;
  /** What it alone may know. */
  readonly given?: Environment;
  readonly cwd: string;
  readonly input?: string;
  readonly line?: (line: string) => void;
  /** Ends it early; the result then has the code null. */
  readonly signal?: AbortSignal;
};

/** Runs Node once and gives what it said. Never throws for what the program does. */
export function runOnce(run: OneRun): Promise<Result> {
  return new Promise((resolve) => {
    const { given } = run;
    const child = spawn(process.execPath, given ? takingGiven(run.cwd, run.arguments) : [...run.arguments], {
      cwd: run.cwd,
      env: { ...compiled(), ...run.environment, ...(given && { PB_GIVEN: String(GIVEN) }) },
      detached: true,
      stdio: ["pipe", "pipe", "pipe", ...(given ? (["pipe"] as const) : [])],
    });
    if (given) give(child, GIVEN, given);
    let out = "";
    let error = "";
    let rest = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      if (run.line === undefined) {
        out += part;
        return;
      }
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") run.line(line);
    });
    child.stderr?.setEncoding("utf8").on("data", (part: string) => (error += part));
    child.on("error", (fault) => resolve({ code: null, out, error: fault.message }));
    child.on("close", (code) => resolve({ code, out, error }));
    const stop = (): void => void child.kill("SIGTERM");
    if (run.signal?.aborted) stop();
    run.signal?.addEventListener("abort", stop, { once: true });
    child.stdin?.on("error", () => {});
    child.stdin?.end(run.input ?? "");
  });
}

/**
 * Why a program failed, in one line: the thrown error where it threw, else its last line with the first as the detail.
 */
export function reasonIn(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("Node.js v"));
  const thrown = lines.find((line) => /^(\w*(Error|Fault)\b|✘ \[ERROR\])/.test(line));
  const last = lines.at(-1) ?? "no reason was given";
  return thrown ?? (lines.length === 2 ? `${last} (${lines[0]})` : last);
}
