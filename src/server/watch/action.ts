/** Taking a watcher's report: what was found becomes rows and events, in one transaction (decision 0020). */
import type { ReportAnswer, WatchState } from "../../contract/watch.ts";
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { newId } from "../../domain/seal/random.ts";
import { Fault } from "../../domain/problem.ts";
import { evidenceHash, type Watcher } from "../../domain/watch/finding.ts";
import { judge, silenceOf, siteSilentSince } from "../../domain/watch/judge.ts";
import { isMarker, type SignedMarker } from "../../domain/watch/marker.ts";
import { openReport, type Report } from "../../domain/watch/report.ts";
import { alertOf } from "../../domain/mail/alert.ts";
import type { Config } from "../config.ts";
import { writeEvent } from "../log/store/events.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { tellOwnersAndAuditors } from "../alerts/tell.ts";
import {
  closeFinding,
  countOpen,
  insertFinding,
  insertMarker,
  isMarkerKnown,
  latestMarkers,
  lockWatch,
  looks,
  markersOf,
  noteLook,
  openFindings,
  seenAgain,
  type FindingRow,
} from "./store/findings.ts";

/** Of so many of its markers the monitor is reminded. */
const REMINDED = 200;

/** @throws `REPORT_REFUSED`, `REPORT_OLD` for one that was told before */
export async function takeReport(
  pool: Pool,
  chains: Chains,
  config: Config,
  watcher: Watcher,
  signed: { readonly report: Bytes; readonly signature: Bytes },
): Promise<ReportAnswer & { readonly opened: readonly FindingRow[] }> {
  const key = config.watchers[watcher];
  const report = openReport(
    key,
    { installation: config.installation, watcher, now: Date.now() },
    signed.report,
    signed.signature,
  );
  return inTransaction(pool, async (client) => {
    await lockWatch(client, watcher);
    const before = (await looks(client)).filter((one) => one.watcher === watcher);
    if (before.some((one) => one.reported_at >= report.at)) throw new Fault("REPORT_OLD");
    for (const marker of report.plants) await plant(client, config, key, marker);
    const open = await openFindings(client, watcher);
    const cleanAt = before.find((one) => one.kind === report.look?.kind)?.ended_at ?? null;
    const { opened, closed } = report.look ? await apply(client, report, open, cleanAt) : { opened: [], closed: [] };
    if (report.look?.complete)
      await noteLook(
        client,
        watcher,
        report.look.kind,
        report.at,
        report.look.began,
        report.look.ended,
        report.seen.length === 0 && open.length === 0,
      );
    if (report.look?.kind === "proof" && report.look.complete)
      await writeEvent(client, {
        kind: "watch.proved",
        watcher,
        result: report.seen.length === 0 ? "found" : "missed",
      });
    await announceEvent(client);
    const now = await openFindings(client, watcher);
    await notify(
      client,
      config,
      chains,
      "finding.opened",
      now.filter((one) => opened.includes(one.id)).map((one) => ({ ...one, at: one.opened_at })),
    );
    await notify(client, config, chains, "finding.closed", closed);
    const markers = watcher === "monitor" ? await latestMarkers(client, REMINDED) : [];
    return {
      open: now.map(({ key: name, code, place, body, form }) => ({ key: name, code, place, body, form })),
      markers,
      opened: now.filter((one) => opened.includes(one.id)),
    };
  });
}

type Told = Pick<FindingRow, "id" | "code" | "body"> & { readonly at: number };

/** Tells owners and auditors of each body that a finding concerns, once: with the rows, or not at all. */
async function notify(
  client: Client,
  config: Config,
  chains: Chains,
  kind: "finding.opened" | "finding.closed",
  findings: readonly Told[],
): Promise<void> {
  for (const { id, code, body, at } of findings) {
    const alert = alertOf(kind, { code, time: at, about: id });
    for (const one of body === null ? config.roots.keys() : [body])
      await tellOwnersAndAuditors(client, chains, one, alert);
  }
}

/**
 * The event first: a letter that is announced and never comes is no harm, one that came unannounced would be counted as
 * somebody's.
 */
async function plant(client: Client, config: Config, key: Bytes, marker: SignedMarker): Promise<void> {
  if (!isMarker(key, config.installation, marker))
    throw new Fault("REPORT_REFUSED", "a marker that the monitor did not sign");
  if (await isMarkerKnown(client, marker.submission)) return;
  const { submission, body, inbox, epoch, signature } = marker;
  const event = await writeEvent(client, {
    kind: "marker.planted",
    body,
    inbox,
    epoch,
    submission,
    signature: toHex(signature),
  });
  await insertMarker(client, marker, event.at, event.id);
}

async function apply(
  client: Client,
  report: Report,
  open: readonly FindingRow[],
  cleanAt: number | null,
): Promise<{ readonly opened: readonly string[]; readonly closed: readonly Told[] }> {
  const { watcher } = report;
  const byKey = new Map(open.map((one) => [one.key, one]));
  const judged = judge(new Set(byKey.keys()), report);
  const opened: string[] = [];
  const closed: Told[] = [];
  for (const one of judged.opened) {
    const id = newId();
    const clean = one.cleanAt === undefined ? cleanAt : one.cleanAt;
    const event = await writeEvent(client, {
      kind: "finding.opened",
      body: one.body,
      finding: id,
      watcher,
      code: one.code,
      ...(one.form === null ? {} : { form: one.form }),
      cleanAt: clean ?? 0,
      evidence: evidenceHash(one),
    });
    await insertFinding(client, { ...one, id, watcher, cleanAt: clean, at: event.at, event: event.id });
    opened.push(id);
  }
  for (const [key, one] of judged.again) await seenAgain(client, byKey.get(key)!.id, report.at, one.evidence);
  for (const key of judged.closed) {
    const { id, code, body } = byKey.get(key)!;
    const event = await writeEvent(client, { kind: "finding.closed", body, finding: id, watcher });
    await closeFinding(client, id, event.at, event.id);
    closed.push({ id, code, body, at: event.at });
  }
  return { opened, closed };
}

export async function watchState(pool: Pool, body: string | null, started: number, now: number): Promise<WatchState> {
  const all = await looks(pool);
  const of = (watcher: Watcher, kind: string): number | null =>
    all.find((one) => one.watcher === watcher && one.kind === kind)?.ended_at ?? null;
  const { silent, since } = silenceOf([of("monitor", "round"), of("inspect", "round")], started, now);
  const broken = (await openFindings(pool, "monitor")).some((one) => one.code === "detector-broken");
  return {
    open: await countOpen(pool, body),
    silent,
    since,
    broken,
    lookedAt: of("monitor", "round"),
    provedAt: all.find((one) => one.watcher === "monitor" && one.kind === "proof")?.clean_at ?? null,
    rowsAt: of("inspect", "rows"),
    bytesAt: of("inspect", "bytes"),
    siteSince: siteSilentSince(of("site", "round"), now),
  };
}

/**
 * Signatures that were verified, each over exactly these fields: a year of markers is asked for with every look at a
 * form.
 */
const verified = new Map<string, boolean>();

function isSigned(config: Config, one: SignedMarker): boolean {
  const name = `${one.body} ${one.inbox} ${one.epoch} ${one.submission} ${toHex(one.signature)}`;
  const known = verified.get(name) ?? isMarker(config.watchers.monitor, config.installation, one);
  verified.set(name, known);
  return known;
}

/** The markers of some inboxes that the monitor signed and that were received. */
export async function plantedIn(pool: Pool, config: Config, inboxes: readonly string[]): Promise<SignedMarker[]> {
  return (await markersOf(pool, inboxes)).filter((one) => one.received && isSigned(config, one));
}
