/** Findings and markers: reports in from the watchers, and what staff see of them. */
import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import * as contract from "../../contract/watch.ts";
import { Fault } from "../../domain/problem.ts";
import { WATCHERS, type Watcher } from "../../domain/watch/finding.ts";
import { plantedIn, takeReport, watchState } from "./action.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { logState } from "../log/store/proofs.ts";
import { findingOf, findingsOf, type FindingRow } from "./store/findings.ts";

const MOST_SHOWN = 200;

/** The credentials of the watchers, each given to the supervisor's child of that name and to nobody else. */
export type Credentials = { readonly [watcher in Watcher]: string };

/** Which watcher a request comes from, by its own credential. */
export function watcherOf(credentials: Credentials, request: FastifyRequest): Watcher | undefined {
  const given = Buffer.from(request.headers.authorization ?? "");
  return WATCHERS.find((watcher) => {
    const expected = Buffer.from(`Pillarbox-Watch ${credentials[watcher]}`);
    return credentials[watcher] !== "" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

export async function watchRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  const started = Date.now();

  serve(app, contract.health, async () => ({ ok: true, logWaitingSince: (await logState(pool)).waitingSince }));

  serve(app, contract.takeReport, async ({ content, request }) => {
    if (request.who.kind !== "watcher") throw new Fault("NOT_SIGNED_IN");
    return takeReport(pool, chains, config, request.who.watcher, content);
  });

  serve(app, contract.readWatch, async ({ request }) => {
    const who = signedIn(request);
    return watchState(pool, who.kind === "operator" ? null : who.body, started, Date.now());
  });

  serve(app, contract.listFindings, async ({ params }) => ({
    findings: (await findingsOf(pool, params.body, MOST_SHOWN)).map(present),
  }));

  serve(app, contract.readFinding, async ({ params }) => {
    const found = await findingOf(pool, params.body, params.finding);
    if (!found) throw new Fault("FINDING_UNKNOWN");
    return present(found);
  });

  serve(app, contract.listMarkers, async ({ params }) => {
    const { state } = await chains.need(pool, params.body);
    return { markers: await plantedIn(pool, config, [...state.inboxes.keys()]) };
  });
}

const present = (row: FindingRow) => ({
  finding: row.id,
  watcher: row.watcher,
  code: row.code,
  place: row.place,
  body: row.body,
  form: row.form,
  evidence: row.evidence,
  cleanAt: row.clean_at,
  openedAt: row.opened_at,
  seenAt: row.seen_at,
  closedAt: row.closed_at,
});
