/**
 * That a watcher fell silent, that letters wait for a person since the mailroom began anew, and that something came back
 * to one of them at which somebody must look: told by mail to those
 * who answer, once each, whatever is restarted in between, because it is noted in the transaction of its alerts. The
 * staff process looks: it knows the people, and lives when monitor, inspector and mailroom do not.
 */
import { alertOf, type AlertKind } from "../../domain/mail/alert.ts";
import { codeOf } from "../../domain/problem.ts";
import type { Watcher } from "../../domain/watch/finding.ts";
import { SILENT_AFTER, siteSilentSince } from "../../domain/watch/judge.ts";
import type { Config } from "../config.ts";
import { note } from "../http/log.ts";
import { inTransaction, type Client, type Pool } from "../database/pool.ts";
import { isTold, noteTold, stoppedMessages, unseenMail } from "./store/told-once.ts";
import { looks } from "../watch/store/findings.ts";
import type { Chains } from "../statements/chains.ts";
import { tellOwnersAndAuditors } from "./tell.ts";

const EVERY_MS = 10_000;

/** Looks now and every ten seconds. @returns what stops it */
export function startAlarms(pool: Pool, chains: Chains, config: Config): () => void {
  const started = Date.now();
  let busy = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (const tell of [
      () => tellSilence(pool, chains, config, started, Date.now()),
      () => tellStopped(pool, chains),
      () => tellReturned(pool, chains),
    ])
      await tell().catch((thrown: unknown) =>
        note({ level: "error", process: "staff", code: codeOf(thrown), route: "alarms" }),
      );
    busy = false;
  };
  void look();
  const timer = setInterval(() => void look(), EVERY_MS);
  return () => clearInterval(timer);
}

/**
 * A silence is named by the last round before it; a watcher that never looked has one.
 * @param started since when this process could have been told: an installation that was switched off overnight is no
 * watcher that fell silent
 */
export async function tellSilence(
  pool: Pool,
  chains: Chains,
  config: Config,
  started: number,
  now: number,
): Promise<void> {
  const rounds = new Map(
    (await looks(pool)).filter(({ kind }) => kind === "round").map((one) => [one.watcher, one.ended_at]),
  );
  const own = (watcher: Watcher): number | null =>
    now - Math.max(rounds.get(watcher) ?? 0, started) > SILENT_AFTER ? (rounds.get(watcher) ?? 0) : null;
  for (const [kind, watcher, since] of [
    ["monitor.silent", "monitor", own("monitor")],
    ["inspect.silent", "inspect", own("inspect")],
    ["site.silent", "site", siteSilentSince(rounds.get("site") ?? null, now)],
  ] as const) {
    if (since !== null)
      await tellOnce(pool, "watch.silent", [watcher, String(since)], async (client) => {
        for (const body of config.roots.keys())
          await tellOwnersAndAuditors(
            client,
            chains,
            body,
            alertOf(kind satisfies AlertKind, { time: since || started }),
          );
      });
  }
}

/** Counted when it is told; the page that the alert leads to counts anew. */
export async function tellStopped(pool: Pool, chains: Chains): Promise<void> {
  for (const { incident, body, start, count } of await stoppedMessages(pool))
    await tellOnce(pool, "messages.stopped", [incident, start], (client) =>
      tellOwnersAndAuditors(client, chains, body, alertOf("messages.stopped", { count, about: incident })),
    );
}

/**
 * That something came back, without a word of it. Told with the first at which nobody has looked, and not for each: who
 * was told finds them all. When all were looked at, the next is a first one again.
 */
export async function tellReturned(pool: Pool, chains: Chains): Promise<void> {
  for (const { incident, body, first, count } of await unseenMail(pool))
    await tellOnce(pool, "mail.returned", [incident, first], (client) =>
      tellOwnersAndAuditors(client, chains, body, alertOf("mail.returned", { count, about: incident })),
    );
}

async function tellOnce(
  pool: Pool,
  kind: Parameters<typeof noteTold>[1],
  about: readonly [string, string],
  tell: (client: Client) => Promise<void>,
): Promise<void> {
  if (await isTold(pool, kind, about)) return;
  await inTransaction(pool, async (client) => {
    if (await noteTold(client, kind, about)) await tell(client);
  });
}
