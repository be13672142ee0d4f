/** Findings and markers: reports in from the watchers, and what staff see of them. */
import { WATCHERS } from "../domain/watch/finding.ts";
import { json, staff } from "./route.ts";
import { anyText, bytes, exact, flag, id, list, maybe, oneOf, record, slug, whole, type Value } from "./shape.ts";

export const finding = record({
  finding: id,
  watcher: oneOf(...WATCHERS),
  code: anyText,
  place: anyText,
  body: maybe(slug),
  form: maybe(slug),
  evidence: list(anyText),
  cleanAt: maybe(whole),
  openedAt: whole,
  seenAt: whole,
  closedAt: maybe(whole),
});
export type Finding = Value<typeof finding>;

/** What every member of staff is told: whether something is open, and whether anybody still looks. */
export const watchState = record({
  open: whole,
  silent: flag,
  since: maybe(whole),
  broken: flag,
  lookedAt: maybe(whole),
  provedAt: maybe(whole),
  rowsAt: maybe(whole),
  bytesAt: maybe(whole),
  siteSince: maybe(whole),
});
export type WatchState = Value<typeof watchState>;
export const marker = record({ submission: id, body: slug, inbox: id, epoch: whole, signature: bytes() });

/** What a watcher is told back: which of its findings are open, and which markers it has planted. */
export const heard = record({
  open: list(record({ key: anyText, code: anyText, place: anyText, body: maybe(slug), form: maybe(slug) })),
  markers: list(record({ submission: id, inbox: id, epoch: whole, planted: whole })),
});
export type ReportAnswer = Value<typeof heard>;

const REPORT_MAX = 2 * 1024 * 1024;
export const takeReport = staff.post({
  path: "/api/watch/reports",
  action: "watch.report",
  bodyLimit: REPORT_MAX,
  request: json(exact({ report: bytes(REPORT_MAX), signature: bytes(64) })),
  answer: json(heard),
  refusals: ["REPORT_REFUSED", "REPORT_OLD"],
});
export const readWatch = staff.get({ path: "/api/watch", action: "watch.view", answer: json(watchState) });
export const listFindings = staff.get({
  path: "/api/bodies/:body/findings",
  params: { body: slug },
  action: "findings.list",
  answer: json(record({ findings: list(finding) })),
});
export const readFinding = staff.get({
  path: "/api/bodies/:body/findings/:finding",
  params: { body: slug, finding: id },
  action: "findings.list",
  answer: json(finding),
  refusals: ["FINDING_UNKNOWN"],
});
/** Letters that the monitor planted and that were received, each by its signature. */
export const listMarkers = staff.get({
  path: "/api/bodies/:body/markers",
  params: { body: slug },
  action: "markers.list",
  answer: json(record({ markers: list(marker) })),
});
/**
 * It answers while the log refuses, too: receiving and granting go on, only reading stops. `logWaitingSince`: the
 * oldest event that no checkpoint covers; null while there is none.
 */
export const health = staff.get({
  path: "/health",
  action: "page.view",
  answer: json(record({ ok: flag, logWaitingSince: maybe(whole) })),
});
