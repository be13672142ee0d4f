/**
 * The jobs process: sends what is due, notes what comes back, until it is told to stop. It sees ids, states and sealed
 * bytes.
 */
import { verifiedRecipient } from "../../domain/mail/mailroom-key.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import type { Config } from "../config.ts";
import { note } from "../http/log.ts";
import { newWaker } from "../log/waker.ts";
import { listenFor, type Listener } from "../database/listen.ts";
import { openPool, type Pool } from "../database/pool.ts";
import { mailroomAt, type Mailroom } from "./mailroom.ts";
import { forgetInvitations } from "./store.ts";
import { useKey, sendNext, takeBounces, finishEarlier } from "./send.ts";

/** How long a lost wake-up can go unnoticed, and how long a fault is left alone. Milliseconds. */
const POLL = 1_000;
const REST = 1_000;
/** How often what has been kept for long enough is deleted. */
const FORGET = 3_600_000;

export async function runJobs(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  ready: () => void,
  stopped: AbortSignal,
): Promise<void> {
  const url = env["PB_DATABASE"];
  const [port, credential] = [Number(env["PB_MAILROOM_PORT"]), env["PB_MAILROOM_CREDENTIAL"]];
  if (!url || !credential || !Number.isInteger(port))
    throw new Fault("CONFIG_INVALID", "PB_DATABASE, PB_MAILROOM_PORT and PB_MAILROOM_CREDENTIAL are needed");
  const pool = openPool(url, 4);
  const mailroom = mailroomAt(port, credential);
  ready();
  try {
    await Promise.all([
      sending(pool, mailroom, config, stopped),
      again(stopped, () => takeBounces(pool, mailroom)),
      forgetting(pool, stopped),
    ]);
  } finally {
    await pool.end();
  }
}

async function forgetting(pool: Pool, stopped: AbortSignal): Promise<void> {
  const { pause } = newWaker(stopped);
  await again(stopped, async () => {
    await forgetInvitations(pool);
    await pause(FORGET);
  });
}

async function sending(pool: Pool, mailroom: Mailroom, config: Config, stopped: AbortSignal): Promise<void> {
  const waker = newWaker(stopped);
  const listening: { listener: Listener | null } = { listener: null };
  let finished = false;
  await again(stopped, async () => {
    if (!listening.listener?.isOpen()) listening.listener = await listenFor(pool, "pillarbox_delivery", waker.wake);
    const key = await mailroom.key();
    verifiedRecipient(config.installation, config.mailKey, key, Date.now());
    await useKey(pool, key);
    if (!finished) await finishEarlier(pool, mailroom, key, config);
    finished = true;
    for (let sent = 0; sent < 100 && !stopped.aborted; sent++)
      if (!(await sendNext(pool, mailroom, key, config))) return waker.within(POLL);
  });
  listening.listener?.close();
}

/** Does something again and again; what fails is said once until it works. */
async function again(stopped: AbortSignal, work: () => Promise<void>): Promise<void> {
  const { pause } = newWaker(stopped);
  let said = "";
  while (!stopped.aborted) {
    try {
      await work();
      said = "";
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code !== said)
        note({
          level: "error",
          process: "jobs",
          code,
          detail:
            thrown instanceof Fault
              ? thrown.detail
              : thrown instanceof Error
                ? `${thrown.name} ${"code" in thrown ? String(thrown.code) : ""}`.trim()
                : "",
        });
      said = code;
      await pause(REST);
    }
  }
}
