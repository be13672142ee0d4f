/**
 * Events: the closed union of what the log can say. Ids, counts, times, codes and commitments; no names, no free text
 * (T43).
 * An entry is an event with its time and a nonce, as canonical JSON; its bytes are the leaf.
 */
import { toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes, parseCanonical, type Json } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { checkFields } from "./event-fields.ts";

/** Who looks for exposure: from outside, or at the database's own catalogue (`src/domain/watch/finding.ts`). */
export type Watcher = "monitor" | "inspect" | "site";

export type Role = "operator" | "owner" | "reader" | "auditor";

/** What sealed bytes may leave for. */
export type ReleasePurpose = "list" | "open" | "affected";

/**
 * `ids` is `idsRoot`, `reader` is `personCommitment`; `release` is 128 random bits that the reader's app made for this
 * one reading.
 */
type Released = {
  readonly body: string;
  readonly inbox: string;
  readonly count: number;
  readonly ids: string;
  readonly reader: string;
  readonly role: Role;
  readonly purpose: ReleasePurpose;
  readonly release: string;
};

type Decided = {
  readonly body: string;
  readonly request: string;
  readonly by: string;
  readonly role: Role;
  readonly reason: string;
  readonly reasonCommitment?: string;
};

type ErasureDecided = {
  readonly body: string;
  readonly inbox: string;
  readonly erasure: string;
  readonly submission: string;
  readonly by: string;
  readonly role: Role;
  readonly reason: string;
};
/**
 * What a person records about an incident: `seq` counts from 0, `prev` is the leaf hash of the entry before (64 zeros
 * for the first), `by` is `personCommitment`,
 * `words` commits to the texts. Codes are those of `src/domain/incident/codes.ts`; the row holds the person's signature
 * over all of it.
 */
type Acted = {
  readonly body: string;
  readonly incident: string;
  readonly seq: number;
  readonly prev: string;
  readonly by: string;
  readonly role: Role;
  readonly words?: string;
};

/** `statement` is the hash of the signed statement, which holds the rest. */
type Stated = { readonly body: string; readonly statement: string };

/** Of letters to the people of an incident, and of who did something there: `by` is `personCommitment`. */
type OfIncident = { readonly body: string; readonly incident: string };
type By = { readonly by: string; readonly role: Role };

/**
 * Ids: 32 hex. Hashes and commitments: 64 hex. Times: milliseconds since the epoch. Bodies, forms, purposes and
 * reasons: slugs.
 */
export type LogEvent =
  | { readonly kind: "log.started"; readonly origin: string }
  /** The last entry of a log: the vkey of the one that goes on. */
  | { readonly kind: "log.rotated"; readonly next: string }
  /**
   * The first entry of a log that goes on: the final checkpoint of the one before, and its signature by that one's key.
   */
  | {
      readonly kind: "log.continued";
      readonly origin: string;
      readonly previous: string;
      readonly size: number;
      readonly root: string;
      readonly signature: string;
    }
  | {
      readonly kind: "submission.received";
      readonly inbox: string;
      readonly epoch: number;
      readonly formHash: string;
      readonly submission: string;
      readonly slip: string;
      readonly letter: string;
      readonly size: number;
      readonly path: "browser" | "counter";
      /**
       * to the answers, with a nonce that the submitter and the readers have; entries from before receipt words have
       * none
       */
      readonly commitment?: string;
      /** the submission that this one adds to */
      readonly first?: string;
    }
  | {
      readonly kind: "grant.requested";
      readonly body: string;
      readonly inbox: string;
      readonly request: string;
      readonly count: number;
      readonly scope: "all" | "from-now";
      readonly until: number;
      readonly purpose: string;
      readonly purposeCommitment: string;
      readonly askerRole: Role;
      readonly asker: string;
    }
  | ({ readonly kind: "request.declined" } & Decided)
  | ({ readonly kind: "request.withdrawn" } & Decided)
  | ({ readonly kind: "person.confirmed"; readonly role?: Role } & Stated)
  | ({ readonly kind: "inbox.rekeyed"; readonly inbox: string; readonly epoch: number } & Stated)
  | ({
      readonly kind: "grant.made";
      readonly inbox: string;
      readonly grant: string;
      readonly count: number;
      readonly request?: string;
    } & Stated)
  | ({ readonly kind: "grant.ended"; readonly inbox: string; readonly grant: string; readonly count?: number } & Stated)
  | ({
      readonly kind: "form.published";
      readonly form: string;
      readonly version: number;
      readonly inbox?: string;
    } & Stated)
  | ({ readonly kind: "slips.released" } & Released)
  | ({ readonly kind: "letter.released" } & Released)
  | ({
      readonly kind: "letters.released" /** for whom, of these letters, somebody is told */;
      readonly incident: string;
    } & Released)
  | {
      readonly kind: "document.released";
      readonly body: string;
      readonly inbox: string;
      readonly incident: string;
      readonly document: string;
      readonly reader: string;
      readonly role: Role;
      readonly purpose: "incident";
      readonly release: string;
    }
  | {
      readonly kind: "letter.opened";
      readonly body: string;
      readonly release: string;
      readonly reader: string;
      readonly role: Role;
    }
  | {
      readonly kind: "release.refused";
      readonly body: string;
      readonly inbox: string;
      readonly code: string;
      readonly reader: string;
      readonly role: Role;
    }
  /**
   * an older database was put in place: the log had gone from one size to another meanwhile, and the rows of that time
   * are lost
   */
  | {
      readonly kind: "database.restored";
      readonly from: number;
      readonly to: number /** letters that were erased again */;
      readonly erased: number /** readings of these letters alone whose salts were deleted again */;
      readonly releases: number;
    }
  | {
      readonly kind: "erasure.requested";
      readonly erasure: string;
      readonly submission: string;
      readonly askedBy: "submitter" | "retention";
    }
  | ({ readonly kind: "erasure.refused"; readonly reasonCommitment: string } & ErasureDecided)
  | ({
      readonly kind: "erasure.done" /** what the writer added to the letter, erased with it, in ascending order */;
      readonly additions: readonly string[];
      /** sealed parts that were deleted */
      readonly parts: number /** readings of these letters alone whose salts were deleted */;
      readonly releases: number;
      /** the day on which the last backup that may hold them expires */ readonly backupsUntil: number;
    } & ErasureDecided)
  | ({
      readonly kind: "incident.opened";
      readonly what: string;
      readonly source: string;
      readonly sourceId?: string;
    } & Acted)
  | ({
      readonly kind: "incident.aware";
      readonly party: string;
      readonly awareAt: number;
      readonly basis: string;
    } & Acted)
  | ({
      readonly kind: "incident.window";
      readonly earliest: number;
      readonly earliestBasis: string;
      readonly latest: number;
      readonly latestBasis: string;
      readonly end?: number;
      readonly endBasis?: string;
    } & Acted)
  | ({ readonly kind: "incident.moved"; readonly from: string; readonly to: string } & Acted)
  | ({
      readonly kind: "incident.assessed";
      readonly base: string;
      readonly factors: string;
      readonly dpc: number;
      readonly ei: number;
      readonly confidentiality: number;
      readonly integrity: number;
      readonly availability: number;
      readonly malice: number;
      readonly se: number;
      readonly level: string;
      readonly over100: "yes" | "no";
      readonly unintelligible: "yes" | "no";
    } & Acted)
  | ({
      readonly kind: "incident.sealed";
      readonly document: string;
      readonly what: string;
      readonly epoch: number /** of the sealed bytes */;
      readonly digest: string;
      readonly size: number;
      /** how many people or records are in it */ readonly count: number;
    } & Acted)
  | ({
      readonly kind: "incident.decided";
      readonly about: string;
      readonly choice: string;
      readonly reason: string;
    } & Acted)
  | ({
      readonly kind: "incident.reported";
      readonly version: number;
      readonly phase: string;
      readonly report: string;
    } & Acted)
  | ({
      readonly kind: "incident.followed";
      readonly what: string;
      readonly item: string;
      readonly revision: number;
      readonly on: number;
      readonly due?: number;
      readonly done?: number;
      readonly code?: string;
    } & Acted)
  | ({ readonly kind: "incident.notice"; readonly notice: string; readonly state: string } & Acted)
  | ({
      readonly kind: "incident.packed";
      readonly pack: string;
      readonly content: string;
      readonly count: number;
    } & Acted)
  | { readonly kind: "mailroom.started"; readonly start: string; readonly recipient: string }
  | ({
      readonly kind: "letters.handed-in";
      readonly count: number;
      readonly template: string;
      readonly letters: string;
    } & OfIncident &
      By)
  | ({ readonly kind: "letters.paused" } & OfIncident & By)
  | ({ readonly kind: "letters.resumed" } & OfIncident & By)
  | ({
      readonly kind: "delivery.ended";
      readonly delivery: string;
      readonly channel: "email" | "post";
      readonly state: string;
      readonly code: string;
    } & OfIncident)
  | ({ readonly kind: "delivery.decided"; readonly delivery: string; readonly decision: string } & OfIncident & By)
  | ({ readonly kind: "call.made"; readonly outcome: string } & OfIncident & By)
  | { readonly kind: "session.started"; readonly body: string | null; readonly person: string; readonly role: Role }
  | { readonly kind: "session.refused"; readonly account: string }
  // what the watchers say; `cleanAt` is the end of the last look that was clean, 0 where nobody had looked before
  | {
      readonly kind: "finding.opened";
      readonly body: string | null;
      readonly finding: string;
      readonly watcher: Watcher;
      readonly code: string;
      readonly form?: string;
      readonly cleanAt: number;
      readonly evidence: string;
    }
  | {
      readonly kind: "finding.closed";
      readonly body: string | null;
      readonly finding: string;
      readonly watcher: Watcher;
    }
  | {
      readonly kind: "marker.planted";
      readonly body: string;
      readonly inbox: string;
      readonly epoch: number;
      readonly submission: string;
      readonly signature: string;
    }
  | { readonly kind: "watch.proved"; readonly watcher: Watcher; readonly result: "found" | "missed" };

export type EventKind = LogEvent["kind"];

/** An event as it stands in the log. */
export type Entry = LogEvent & { readonly v: 1; readonly at: number; readonly nonce: string };

/** Entry bundles say an entry's length in 16 bits (c2sp.org/tlog-tiles). */
export const MOST_ENTRY_BYTES = 65_535;

/**
 * The bytes of an entry. `at` is in milliseconds; `nonce` is 32 fresh random bytes, so that the public leaf hash tells
 * nothing about a guessable entry.
 * `MALFORMED` for anything that `parseEntry` would refuse: a mistaken caller puts nothing unforeseen into the log.
 */
export function encodeEntry(event: LogEvent & { readonly at: number }, nonce: Bytes): Bytes {
  const bytes = canonicalBytes({ ...event, v: 1, nonce: toHex(nonce) });
  parseEntry(bytes);
  return bytes;
}

/**
 * Reads an entry strictly: known kind, exactly its fields, canonical spelling (`MALFORMED`), a known version
 * (`UNKNOWN_VERSION`).
 */
export function parseEntry(bytes: Bytes): Entry {
  if (bytes.length > MOST_ENTRY_BYTES) throw new Fault("MALFORMED", "an entry is at most 65,535 bytes");
  const value = parseCanonical(bytes);
  if (!isObject(value)) throw new Fault("MALFORMED", "an entry is an object");
  if (value["v"] !== 1) throw new Fault("UNKNOWN_VERSION", "an entry of an unknown version");
  checkFields(value);
  return value as Entry;
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
