/** Findings and markers: reports in from the watchers, and what staff see of them. */
import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { toBase64 } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { WATCHERS, type Watcher } from "../../domain/watch/finding.ts";
import { plantedIn, takeReport, watchState } from "./action.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { findingOf, findingsOf, type FindingRow } from "./store/findings.ts";

type InBody = { Params: { body: string } };
const MOST_SHOWN = 200;
const REPORT_MAX = 2 * 1024 * 1024;

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

  app.post("/api/watch/reports", { config: { action: "watch.report" }, bodyLimit: REPORT_MAX }, async (request) => {
    if (request.who.kind !== "watcher") throw new Fault("NOT_SIGNED_IN");
    const given = read.fields(request.body, { report: read.bytes(REPORT_MAX), signature: read.bytes(64) });
    const { open, markers } = await takeReport(pool, chains, config, request.who.watcher, given);
    return { open, markers };
  });

  app.get("/api/watch", { config: { action: "watch.view" } }, async (request) => {
    const who = signedIn(request);
    return watchState(pool, who.kind === "operator" ? null : who.body, started, Date.now());
  });

  app.get<InBody>("/api/bodies/:body/findings", { config: { action: "findings.list" } }, async (request) =>
    (await findingsOf(pool, request.params.body, MOST_SHOWN)).map(present),
  );

  app.get<{ Params: { body: string; finding: string } }>(
    "/api/bodies/:body/findings/:finding",
    { config: { action: "findings.list" } },
    async (request) => {
      const found = await findingOf(pool, request.params.body, read.id(request.params.finding));
      if (!found) throw new Fault("FINDING_UNKNOWN");
      return present(found);
    },
  );

  app.get<InBody>("/api/bodies/:body/markers", { config: { action: "markers.list" } }, async (request) => {
    const { state } = await chains.need(pool, request.params.body);
    return (await plantedIn(pool, config, [...state.inboxes.keys()])).map(
      ({ submission, body, inbox, epoch, signature }) => ({
        submission,
        body,
        inbox,
        epoch,
        signature: toBase64(signature),
      }),
    );
  });
}

/** Each field that leaves, by name. */
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
