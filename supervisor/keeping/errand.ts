/** A program of the server that takes or gives an archive, piece by piece, and ends. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bytes } from "../../src/domain/bytes.ts";
import type { Config } from "../config.ts";
import { give, takingGiven } from "../give.ts";
import { Refusal } from "../refusal.ts";
import { reasonIn } from "../run-once.ts";
import { plainEnvironment, type Environment } from "../servers.ts";

const GIVEN = 3;

function begun(config: Config, word: string, given: Environment, stdio: "in" | "out") {
  const child: ChildProcess = spawn(
    process.execPath,
    takingGiven(config.root, [join(config.root, "src/server/main.ts"), word]),
    {
      cwd: config.root,
      env: { ...plainEnvironment(config), PB_GIVEN: String(GIVEN) },
      stdio: [stdio === "in" ? "pipe" : "ignore", stdio === "out" ? "pipe" : "ignore", "pipe", "pipe"],
    },
  );
  give(child, GIVEN, given);
  let error = "";
  child.stderr!.setEncoding("utf8").on("data", (part: string) => (error += part));
  const ended = new Promise<void>((done, failed) => {
    child.once("error", (fault) => failed(new Refusal(fault.message)));
    child.once("close", (code) => (code === 0 ? done() : failed(new Refusal(reasonIn(error)))));
  });
  // Heard where it is waited for; until then it must not end this process.
  ended.catch(() => {});
  return { child, ended };
}

/** What a program of the server says on standard output. @throws Refusal with its own words where it did not end well */
export async function* bytesFrom(config: Config, word: string, given: Environment): AsyncGenerator<Bytes> {
  const { child, ended } = begun(config, word, given, "out");
  try {
    yield* child.stdout as AsyncIterable<Bytes>;
    await ended;
  } finally {
    child.kill("SIGTERM");
  }
}

/** Hands an archive to a program of the server. @throws what `bytes` throws, or Refusal with the program's words */
export async function bytesTo(config: Config, word: string, url: string, bytes: AsyncIterable<Bytes>): Promise<void> {
  const { child, ended } = begun(config, word, { PB_DATABASE: url }, "in");
  let why: unknown = null;
  const watched = async function* (): AsyncGenerator<Bytes> {
    try {
      yield* bytes;
    } catch (thrown) {
      why = thrown;
      throw thrown;
    }
  };
  try {
    // Where it ended early its own words say why.
    await pipeline(Readable.from(watched()), child.stdin!).catch(() => {});
    await ended;
  } catch (thrown) {
    throw why ?? thrown;
  } finally {
    child.kill("SIGTERM");
  }
}
