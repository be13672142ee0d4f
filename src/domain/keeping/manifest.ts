/**
 * What a backup says that it holds: written last, inside the seal, and compared with everything that was read. A part
 * that is missing, added, changed or of another backup does not fit it.
 */
import { fromUtf8, sha256, toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { PART_NAME, type Part } from "./tar.ts";

/** A table in the snapshot: its columns in the order of the rows, and how many rows. */
export type KeptTable = { readonly name: string; readonly columns: readonly string[]; readonly rows: number };
/** A log as it was published in the snapshot: `root` in hex; `store` is the number of its last file in the checkpoint store, which is not in the backup. */
export type LogOfSnapshot = {
  readonly whose: string;
  readonly log: number;
  readonly size: number;
  readonly root: string;
  readonly store?: number;
};

/** What the database's side says of the snapshot. */
export type Snapshot = {
  /** number of the last file of `sql/` that the tables are from */
  readonly schema: number;
  readonly tables: readonly KeptTable[];
  readonly sequences: readonly { readonly name: string; readonly next: number }[];
  readonly logs: readonly LogOfSnapshot[];
  /** Of letters that the log calls received: rows that are not there, and letters of which a sealed part is not. */
  readonly missing: { readonly letters: number; readonly parts: number };
};

export type KeptPart = { readonly name: string; readonly bytes: number; readonly sha256: string };

export type Manifest = Snapshot & {
  readonly v: 1;
  readonly installation: string;
  /** milliseconds */
  readonly at: number;
  readonly logKey: string;
  readonly parts: readonly KeptPart[];
};

/** The first part says whose backup it is, so that another's is refused before anything else; the last is the manifest. */
export const FIRST = "pillarbox.json";
export const MANIFEST = "manifest.json";

export const keptPart = ({ name, bytes }: Part): KeptPart => ({
  name,
  bytes: bytes.length,
  sha256: toHex(sha256(bytes)),
});

const wrong = (detail: string): Fault => new Fault("RESTORE_REFUSED", detail);

/**
 * The manifest, if it fits what was read before it, part by part.
 * @throws `RESTORE_REFUSED`
 */
export function manifestOf(last: Part, read: readonly KeptPart[]): Manifest {
  const manifest = parse(last.bytes);
  const { parts } = manifest;
  for (let i = 0; i < Math.max(parts.length, read.length); i++) {
    const [said, found] = [parts[i], read[i]];
    if (said === undefined) throw wrong(`the part ${found?.name} is in no line of the manifest`);
    if (found?.name !== said.name) throw wrong(`the part ${said.name} of the manifest is not there`);
    if (found.bytes !== said.bytes || found.sha256 !== said.sha256)
      throw wrong(`the part ${said.name} is not the one that the manifest names`);
  }
  return manifest;
}

function parse(bytes: Bytes): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch {
    throw wrong("the manifest cannot be read");
  }
  if (!isManifest(value)) throw wrong("the manifest is of another form, or of a later Pillarbox");
  return value;
}

type Told = Readonly<Record<string, unknown>>;
const told = (value: unknown): value is Told => typeof value === "object" && value !== null && !Array.isArray(value);
const count = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const text = (form: RegExp) => (value: unknown) => typeof value === "string" && form.test(value);
const each = (of: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(of);
const having =
  (fields: { readonly [field: string]: (value: unknown) => boolean }) =>
  (value: unknown): boolean =>
    told(value) && Object.entries(fields).every(([field, holds]) => holds(value[field]));

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const HASH = /^[0-9a-f]{64}$/;

/**
 * Every field in its own form. Whoever has the recipient writes what they like, and it is said on a terminal: words that
 * move its cursor could write another log's key over the one that is to be compared.
 */
const isManifest = having({
  v: (value) => value === 1,
  installation: text(/^[0-9a-f]{32}$/),
  // what `Date` can say
  at: (value) => count(value) && (value as number) <= 8.64e15,
  logKey: text(/^[\w./-]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{1,255}$/),
  schema: (value) => count(value) && value !== 0,
  tables: each(having({ name: text(NAME), columns: each(text(NAME)), rows: count })),
  sequences: each(having({ name: text(NAME), next: count })),
  logs: each(
    having({
      whose: text(/^[a-z0-9-]{0,64}$/),
      log: count,
      size: count,
      root: text(HASH),
      store: (value) => value === undefined || count(value),
    }),
  ),
  missing: having({ letters: count, parts: count }),
  parts: each(having({ name: text(PART_NAME), bytes: count, sha256: text(HASH) })),
}) as (value: unknown) => value is Manifest;
