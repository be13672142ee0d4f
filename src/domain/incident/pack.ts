/**
 * The evidence pack: one file, canonical JSON, that shows without the installation what was known, decided, said and
 * done about an incident (decision 0028). Its content is named by the incident's last act in it; beside it stand the
 * proofs that each entry is in the log. Nothing of those affected is in it beyond counts and hashes.
 */
import { fromBase64, fromUtf8, sha256, toBase64, toHex, toUtf8, type Bytes } from "../bytes.ts";
import { canonicalBytes, canonicalJson, parseCanonical, type Json } from "../canonical.ts";
import type { SignedStatement } from "../grant/statement.ts";
import { Fault } from "../problem.ts";
import type { Texts } from "./act.ts";
import type { StoredAct } from "./verify.ts";

export const PACK_KIND = "pillarbox-evidence-pack";

export type PackedAct = Omit<StoredAct, "proof" | "signedAt">;
/** A version of the report with the salt of its hash in the log. */
export type PackedReport = { readonly version: number; readonly content: Bytes; readonly salt: Bytes };
/** What the watchers found: its evidence as it was hashed into the log. */
export type PackedFinding = { readonly finding: string; readonly evidence: string };
/** One letter: how it went and the salted hash of what was sent. Never to whom. */
export type PackedDelivery = {
  readonly delivery: string;
  readonly channel: string;
  readonly state: string;
  readonly code: string;
  /** letters that were handed in together */
  readonly batch: number;
  readonly hash: string | null;
};

/** What the last act names by its hash. */
export type PackContent = {
  readonly installation: string;
  readonly body: string;
  /** hex SHA-256 of the body's first statement */
  readonly root: string;
  readonly incident: string;
  /** how far the body's log was looked through: every entry before this place that speaks of the incident is in it */
  readonly size: number;
  /** the same of the host's log, where findings stand that concern every body */
  readonly hostSize: number;
  readonly statements: readonly SignedStatement[];
  /** in order, from the opening */
  readonly acts: readonly PackedAct[];
  /** other entries that speak of the incident: of the body's log, then of the host's, each in the log's order */
  readonly events: readonly Bytes[];
  readonly reports: readonly PackedReport[];
  readonly findings: readonly PackedFinding[];
  readonly deliveries: readonly PackedDelivery[];
};

/** A proof is a tlog-proof text (c2sp.org/tlog-proof@v1); all that are of one log are under one checkpoint. */
export type PackProofs = {
  readonly acts: readonly string[];
  readonly events: readonly string[];
  readonly packed: string;
};

export type Pack = { readonly content: PackContent; readonly packed: PackedAct; readonly proofs: PackProofs };

const actJson = ({ entry, signature, person, bySalt, texts, salt }: PackedAct): Json => ({
  bySalt: toBase64(bySalt),
  entry: toBase64(entry),
  person,
  salt: salt && toBase64(salt),
  signature: toBase64(signature),
  texts,
});

const contentJson = ({ statements, acts, events, reports, findings, deliveries, ...rest }: PackContent): Json => ({
  ...rest,
  statements: statements.map(({ bytes, signature }) => ({ bytes: toBase64(bytes), signature: toBase64(signature) })),
  acts: acts.map(actJson),
  events: events.map(toBase64),
  reports: reports.map(({ version, content, salt }) => ({ version, content: fromUtf8(content), salt: toBase64(salt) })),
  findings: findings.map((one) => ({ ...one })),
  deliveries: deliveries.map((one) => ({ ...one })),
});

/** The bytes whose SHA-256 the act `incident.packed` names. */
export const contentBytes = (content: PackContent): Bytes => canonicalBytes(contentJson(content));
export const contentHash = (content: PackContent): string => toHex(sha256(contentBytes(content)));

/** How many entries of the log a content stands on. */
export const entryCount = ({ acts, events }: PackContent): number => acts.length + events.length;

/** The sum over all but itself: a bit that was lost on the way is noticed even where no signature covers it. */
const sumOf = (value: { readonly [key: string]: Json }): string => toHex(sha256(canonicalBytes(value)));

/** The file. The same content under the same checkpoint always gives the same bytes. */
export function encodePack({ content, packed, proofs }: Pack): Bytes {
  const whole = {
    v: 1,
    kind: PACK_KIND,
    content: contentJson(content),
    packed: actJson(packed),
    proofs: { ...proofs },
  };
  return canonicalBytes({ ...whole, sum: sumOf(whole) });
}

/** A pack that could be read; `sum`: whether its own sum fits. */
export type ReadPack = Pack & { readonly sum: boolean };

/**
 * Reads a file strictly: every field there is, and none beside them. Nothing in it is verified yet.
 * @throws `MALFORMED`, `UNKNOWN_VERSION`
 */
export function parsePack(bytes: Bytes): ReadPack {
  const whole = object(parseCanonical(bytes), ["content", "kind", "packed", "proofs", "sum", "v"]);
  if (whole["kind"] !== PACK_KIND) throw new Fault("MALFORMED", "not an evidence pack");
  if (whole["v"] !== 1) throw new Fault("UNKNOWN_VERSION", "an evidence pack of an unknown version");
  const { sum, ...rest } = whole;
  const proofs = object(whole["proofs"], ["acts", "events", "packed"]);
  return {
    content: contentOf(whole["content"]),
    packed: act(whole["packed"]),
    proofs: { acts: list(proofs["acts"], text), events: list(proofs["events"], text), packed: text(proofs["packed"]) },
    sum: sum === sumOf(rest),
  };
}

/** Reads the bytes of a content alone. @throws `MALFORMED` */
export const parseContent = (bytes: Bytes): PackContent => contentOf(parseCanonical(bytes));

function contentOf(value: Json | undefined): PackContent {
  const given = object(value, [
    "acts",
    "body",
    "deliveries",
    "events",
    "findings",
    "hostSize",
    "incident",
    "installation",
    "reports",
    "root",
    "size",
    "statements",
  ]);
  return {
    installation: text(given["installation"]),
    body: text(given["body"]),
    root: text(given["root"]),
    incident: text(given["incident"]),
    size: numeral(given["size"]),
    hostSize: numeral(given["hostSize"]),
    statements: list(given["statements"], (one) => object(one, ["bytes", "signature"])).map(
      ({ bytes: b, signature }) => ({ bytes: base64(b), signature: base64(signature) }),
    ),
    acts: list(given["acts"], act),
    events: list(given["events"], base64),
    reports: list(given["reports"], (one) => object(one, ["content", "salt", "version"])).map((one) => ({
      version: numeral(one["version"]),
      content: toUtf8(text(one["content"])),
      salt: base64(one["salt"]),
    })),
    findings: list(given["findings"], (one) => object(one, ["evidence", "finding"])).map((one) => ({
      finding: text(one["finding"]),
      evidence: text(one["evidence"]),
    })),
    deliveries: list(given["deliveries"], (one) =>
      object(one, ["batch", "channel", "code", "delivery", "hash", "state"]),
    ).map((one) => ({
      delivery: text(one["delivery"]),
      channel: text(one["channel"]),
      state: text(one["state"]),
      code: text(one["code"]),
      batch: numeral(one["batch"]),
      hash: one["hash"] === null ? null : text(one["hash"]),
    })),
  };
}

const bad = (what: string): never => {
  throw new Fault("MALFORMED", what);
};

function object(value: Json | undefined, keys: readonly string[]): { readonly [key: string]: Json } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return bad("a part of the pack is missing");
  if (canonicalJson(Object.keys(value)) !== canonicalJson(keys.toSorted()))
    return bad("a part of the pack has other fields");
  return value as { readonly [key: string]: Json };
}

const text = (value: Json | undefined): string =>
  typeof value === "string" ? value : bad("a text of the pack is missing");
const numeral = (value: Json | undefined): number =>
  typeof value === "number" ? value : bad("a number of the pack is missing");
const list = <T>(value: Json | undefined, one: (value: Json) => T): T[] =>
  Array.isArray(value) ? value.map(one) : bad("a list of the pack is missing");
const base64 = (value: Json | undefined): Bytes => {
  const bytes = fromBase64(text(value));
  // One spelling: a base64 text may end in bits that say nothing.
  return toBase64(bytes) === value ? bytes : bad("bytes of the pack are not in their one spelling");
};

function act(value: Json | undefined): PackedAct {
  const given = object(value, ["bySalt", "entry", "person", "salt", "signature", "texts"]);
  const { texts, salt } = given;
  return {
    entry: base64(given["entry"]),
    signature: base64(given["signature"]),
    person: text(given["person"]),
    bySalt: base64(given["bySalt"]),
    texts: texts === null ? null : textsOf(texts),
    salt: salt === null ? null : base64(salt),
  };
}

function textsOf(value: Json | undefined): Texts {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return bad("the texts of an act are missing");
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, text(one)]));
}
