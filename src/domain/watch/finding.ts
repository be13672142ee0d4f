/**
 * What the watchers can find: a closed list of codes, and an observation as it is reported. No personal data and no
 * content stands in one (T43).
 */
import { sha256, toHex } from "../bytes.ts";
import { canonicalBytes, type Json } from "../canonical.ts";
import { Fault } from "../problem.ts";

/** Who looks: from outside over HTTP, from inside at the database's own catalogue, or at an old website elsewhere. */
export const WATCHERS = ["monitor", "inspect", "site"] as const;
export type Watcher = (typeof WATCHERS)[number];

export const CODES = {
  monitor: [
    "route-open",
    "denial-differs",
    "sealed-bytes",
    "marker-seen",
    "file-exposed",
    "header-missing",
    "from-cache",
    "third-party",
    "script-altered",
    "key-differs",
    "statements-broken",
    "detector-broken",
  ],
  inspect: [
    "login-strays",
    "catalogue-added",
    "catalogue-missing",
    "wrap-unstated",
    "recipient-unstated",
    "chain-broken",
    "row-differs",
    "bytes-differ",
    "log-differs",
    "event-aside",
    "operator-unnamed",
  ],
  site: ["site-open", "site-answers"],
} as const satisfies { readonly [watcher in Watcher]: readonly string[] };
export type FindingCode = (typeof CODES)[Watcher][number];

/** The looks that a watcher takes. A look that was not completed is not reported as one. */
export const LOOKS = {
  monitor: ["round", "matrix", "proof"],
  inspect: ["round", "rows", "bytes"],
  site: ["round"],
} as const satisfies {
  readonly [watcher in Watcher]: readonly string[];
};
export type Look = "round" | "matrix" | "proof" | "rows" | "bytes";

/** One thing that was seen, once per place: the same code and place is the same finding for as long as it is open. */
export type Observation = {
  readonly code: FindingCode;
  /** what it is about: the pattern of a route, an address of ours, a part of the database */
  readonly place: string;
  /** whose; null where it concerns every body */
  readonly body: string | null;
  readonly form: string | null;
  /** for an engineer: each line says what was asked and what came, never what stood in it */
  readonly evidence: readonly string[];
  /**
   * of a site: when this very place was last looked at and showed nothing, null: never. Other watchers look at all
   * their places in each round
   */
  readonly cleanAt?: number | null;
};

export const MOST_EVIDENCE = 12;
const LINE = /^[\x20-\x7e]{1,400}$/;
const SLUG = /^[a-z0-9-]{1,64}$/;

/** The name of what was seen, by which it is found again: 32 hex. */
export const keyOf = (watcher: Watcher, { code, place, body }: Pick<Observation, "code" | "place" | "body">): string =>
  toHex(sha256(canonicalBytes([watcher, code, place, body]))).slice(0, 32);

/** What the log holds of the evidence. */
export const evidenceHash = ({ code, place, evidence }: Observation): string =>
  toHex(sha256(canonicalBytes([code, place, [...evidence]])));

/** A line of evidence in the one alphabet that it may have, cut to size: an answer from outside could hold anything. */
export const plainLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 400) || "?";

/** @throws `MALFORMED` */
export function readObservation(watcher: Watcher, value: Json): Observation {
  const bad = (what: string): never => {
    throw new Fault("MALFORMED", `an observation: ${what}`);
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return bad("not an object");
  const { code, place, body, form, evidence, cleanAt, ...rest } = value as { readonly [field: string]: Json };
  if (Object.keys(rest).length > 0) return bad("an unknown field");
  const known = CODES[watcher].find((one) => one === code) ?? bad("an unknown code");
  if (typeof place !== "string" || !LINE.test(place)) return bad("its place");
  const slug = (one: Json | undefined): string | null =>
    one === null || (typeof one === "string" && SLUG.test(one)) ? one : bad("a slug");
  if (
    !Array.isArray(evidence) ||
    evidence.length === 0 ||
    evidence.length > MOST_EVIDENCE ||
    !evidence.every((line): line is string => typeof line === "string" && LINE.test(line))
  )
    return bad("its evidence");
  const own =
    watcher === "site"
      ? cleanAt === null || (typeof cleanAt === "number" && Number.isSafeInteger(cleanAt) && cleanAt >= 0)
        ? { cleanAt }
        : bad("its last clean look")
      : cleanAt === undefined
        ? {}
        : bad("a last clean look of its own");
  return { code: known, place, body: slug(body), form: slug(form), evidence, ...own };
}
