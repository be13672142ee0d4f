/**
 * What a watcher tells the installation, signed with its own key: the look that it completed, what it saw, what it saw
 * no more, and what it is about to plant.
 */
import { fromHex, tag, toHex, toUtf8, concat, type Bytes } from "../bytes.ts";
import { canonicalBytes, parseCanonical, type Json } from "../canonical.ts";
import { sign, verify } from "../person/sign.ts";
import { Fault } from "../problem.ts";
import { LOOKS, readObservation, type Look, type Observation, type Watcher } from "./finding.ts";
import type { SignedMarker } from "./marker.ts";

export type Report = {
  readonly installation: string;
  readonly watcher: Watcher;
  /** milliseconds since the epoch; each report is later than the one before, so that none can be told twice */
  readonly at: number;
  /**
   * the look that this tells of; not complete: something could not be looked at, so it counts as no look. Null: the
   * report only plants or asks
   */
  readonly look: {
    readonly kind: Look;
    readonly began: number;
    readonly ended: number;
    readonly complete: boolean;
  } | null;
  readonly seen: readonly Observation[];
  /** keys of open findings whose every address was looked at again in this look and showed nothing */
  readonly cleared: readonly string[];
  readonly plants: readonly SignedMarker[];
};

export const MOST_SEEN = 500;
const MOST = 2000;

const signedBytes = (report: Bytes): Bytes => concat(toUtf8(tag("report")), report);

export function signReport(secret: Bytes, report: Report): { readonly report: Bytes; readonly signature: Bytes } {
  const bytes = canonicalBytes({
    ...report,
    v: 1,
    plants: report.plants.map((one) => ({ ...one, signature: toHex(one.signature) })),
  });
  return { report: bytes, signature: sign(secret, signedBytes(bytes)) };
}

/**
 * So far may a watcher's clock be ahead of ours, milliseconds. A report from the future would make every later one old,
 * and its watcher's silence go unnoticed.
 */
const AHEAD = 5 * 60_000;

/**
 * @throws `REPORT_REFUSED` for another signer, another installation, a time that is still to come, or anything that
 * does not fit
 */
export function openReport(
  key: Bytes,
  expected: Pick<Report, "installation" | "watcher"> & { readonly now: number },
  report: Bytes,
  signature: Bytes,
): Report {
  if (!verify(key, signature, signedBytes(report))) throw new Fault("REPORT_REFUSED", "the signature does not hold");
  const read = readReport(expected.watcher, report);
  if (read.installation !== expected.installation || read.watcher !== expected.watcher)
    throw new Fault("REPORT_REFUSED", "of another installation or watcher");
  if (Math.max(read.at, read.look?.ended ?? 0) > expected.now + AHEAD)
    throw new Fault("REPORT_REFUSED", "its clock is ahead of ours");
  return read;
}

type Fields = { readonly [field: string]: Json };
const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readReport(watcher: Watcher, bytes: Bytes): Report {
  const bad = (what: string): never => {
    throw new Fault("REPORT_REFUSED", what);
  };
  const value = parseCanonical(bytes);
  if (!isFields(value) || value["v"] !== 1) return bad("of an unknown version");
  const time = (one: Json | undefined): number =>
    typeof one === "number" && Number.isSafeInteger(one) && one >= 0 ? one : bad("a time");
  const list = <T>(name: string, most: number, read: (one: Json) => T): T[] => {
    const items = value[name];
    return Array.isArray(items) && items.length <= most ? (items as Json[]).map(read) : bad(name);
  };
  const matching = (one: Json | undefined, pattern: RegExp): string =>
    typeof one === "string" && pattern.test(one) ? one : bad("an id");
  const look = value["look"];
  const readLook = (one: Fields): Report["look"] => ({
    kind: LOOKS[watcher].find((kind) => kind === one["kind"]) ?? bad("an unknown look"),
    began: time(one["began"]),
    ended: time(one["ended"]),
    complete: one["complete"] === true,
  });
  const marker = (one: Json): SignedMarker => {
    if (!isFields(one)) return bad("a marker");
    return {
      body: matching(one["body"], /^[a-z0-9-]{1,64}$/),
      inbox: matching(one["inbox"], /^[0-9a-f]{32}$/),
      epoch: time(one["epoch"]),
      submission: matching(one["submission"], /^[0-9a-f]{32}$/),
      signature: fromHex(matching(one["signature"], /^[0-9a-f]{128}$/)),
    };
  };
  return {
    installation: matching(value["installation"], /^[0-9a-f]{32}$/),
    watcher: value["watcher"] === watcher ? watcher : bad("of another watcher"),
    at: time(value["at"]),
    look: isFields(look) ? readLook(look) : look === null ? null : bad("look"),
    seen: list("seen", MOST_SEEN, (one) => readObservation(watcher, one)),
    cleared: list("cleared", MOST, (one) => matching(one, /^[0-9a-f]{32}$/)),
    // Letters of its own has the monitor alone: with those of another it would be reminded of what it never planted.
    plants: list("plants", watcher === "monitor" ? MOST_SEEN : 0, marker),
  };
}
