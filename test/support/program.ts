/**
 * Runs a program of the tree to its end, without holding up the test meanwhile. A test that blocks (`spawnSync`) does
 * not hear that a server has closed a connection that rested, and its next request goes into that connection and fails.
 */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Node runs `file` with `args`; the environment is the test's own unless another is given. */
export async function ran(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((done, failed) => child.once("error", failed).once("close", done));
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
}
