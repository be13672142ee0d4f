/**
 * The log process: gives events their leaves and signs checkpoints, until it is told to stop. When the tree does not
 * fit what was signed it refuses, says so, and goes on running: receiving goes on, reading stops.
 */
import { randomBytes } from "node:crypto";
import { formatVerifierKey, type SignerKey } from "../../domain/log/note-key.ts";
import { codeOf, Fault, type Code } from "../../domain/problem.ts";
import { parseConfig } from "../config.ts";
import { note } from "../http/log.ts";
import type { Listener } from "../database/listen.ts";
import { listenForEvents } from "./store/log.ts";
import { openPool } from "../database/pool.ts";
import { HOST } from "../../domain/log/names.ts";
import { checkpointStores } from "./checkpoint-store.ts";
import { nativeSigner } from "./native-key.ts";
import { newWaker } from "./waker.ts";
import { witnessesOf } from "./witnesses.ts";
import { addCosignatures, needsRound, round, type LogParts } from "./writer.ts";

/** How the process is tied to whoever started it. */
export type Ipc = { readonly send: (message: object) => void; readonly stopped: AbortSignal };

/** What the log process says about itself: in its first message with `ready`, and again when it changes. */
export type LogMessage =
  | { readonly ready?: true; readonly log: "signing" }
  | { readonly ready?: true; readonly log: "refusing"; readonly code: Code; readonly detail: string };

/** Rounds are at least this far apart, so that many events share one commit and one signature; milliseconds. */
const APART = 40;
/**
 * How far apart they are while nobody says that they wait. Whoever reads, signs or decides does say so, and whoever
 * receives letters does not: what a round costs hardly depends on how many letters it takes. Also how long a lost
 * wake-up can go unnoticed, since LISTEN does not survive every pooler.
 */
const UNASKED = 200;
/** How often a log that refuses looks whether the right database is back. */
const REFUSED = 500;

/**
 * Runs until `ipc.stopped`.
 * @throws `CONFIG_INVALID` when key, configuration or checkpoint store are not as they must be
 */
export async function runLog(env: Readonly<Record<string, string | undefined>>, ipc: Ipc): Promise<void> {
  const signer = readKey(env["PB_LOG_KEY"]);
  const config = parseConfig(env["PB_CONFIG"]);
  if (config.logKey !== formatVerifierKey(signer.verifier))
    throw new Fault("CONFIG_INVALID", "logKey is not the public half of PB_LOG_KEY");
  const pool = openPool(need(env, "PB_DATABASE"), 3);
  const stores = checkpointStores(need(env, "PB_LOG_STORE"), signer.verifier, env["PB_LOG_STORE_NAME"]);
  try {
    await stores.of(HOST).highest();
    const witnesses = witnessesOf(pool, config.witnesses, (name, detail) =>
      note({ level: "info", process: "log", detail: `witness ${name}: ${detail}` }),
    );
    await runRounds(
      {
        pool,
        stores,
        signer,
        clock: { now: Date.now, nonce: () => randomBytes(32) },
        ...(config.witnesses.length > 0 && { witnesses }),
      },
      (message) => tell(message, ipc),
      ipc.stopped,
    );
  } finally {
    await pool.end();
  }
}

function tell(message: LogMessage, ipc: Ipc): void {
  ipc.send(message);
  if (message.log === "refusing") note({ level: "error", process: "log", code: message.code, detail: message.detail });
  else note({ level: "info", process: "log", detail: "signing" });
}

/**
 * Rounds as events arrive, until `stopped`; `tell` hears whenever the log begins or ceases to refuse, and first of all
 * with `ready`.
 */
export async function runRounds(
  parts: LogParts,
  tell: (message: LogMessage) => void,
  stopped: AbortSignal,
): Promise<void> {
  const waker = newWaker(stopped);
  const say = onlyChanges(tell);
  let listener: Listener | null = null;
  for (let turn = 0; !stopped.aborted; turn++) {
    try {
      if (!listener?.isOpen()) listener = await listenForEvents(parts.pool, waker.wake);
      const isBusy = await needsRound(parts, turn);
      if (isBusy) await round(parts);
      else await addCosignatures(parts);
      say({ log: "signing" });
      if (isBusy) await waker.pause(APART);
      await waker.within(isBusy ? UNASKED - APART : UNASKED);
    } catch (thrown) {
      say({ log: "refusing", code: codeOf(thrown), detail: detailOf(thrown) });
      await waker.pause(REFUSED);
    }
  }
  listener?.close();
}

function onlyChanges(tell: (message: LogMessage) => void): (message: LogMessage) => void {
  let said: string | null = null;
  return (message) => {
    const now = JSON.stringify(message);
    if (now !== said) tell(said === null ? { ready: true, ...message } : message);
    said = now;
  };
}

/** For engineers. What is not ours is only named, because its words could hold anything. */
function detailOf(thrown: unknown): string {
  if (thrown instanceof Fault) return thrown.detail;
  if (!(thrown instanceof Error)) return "unknown";
  return "code" in thrown ? String(thrown.code) : thrown.name;
}

export function readKey(text: string | undefined): SignerKey {
  try {
    return nativeSigner(text ?? "");
  } catch {
    // The fault's own words could quote the key.
    throw new Fault("CONFIG_INVALID", "it is not a signer key");
  }
}

export function need(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (!value) throw new Fault("CONFIG_INVALID", `${name} is missing`);
  return value;
}
