/** The log: a body's history for its owners and auditors; checkpoints, tiles and entries as c2sp.org/tlog-tiles. */
import { json, octets, open, plain, refusedAs, staff } from "./route.ts";
import {
  anything,
  anyText,
  bytes,
  id,
  list,
  maybe,
  numeral,
  optional,
  ownShape,
  record,
  slug,
  spelled,
  whole,
  type Value,
} from "./shape.ts";
import { Fault } from "../domain/problem.ts";

const named = record({ person: id, name: anyText, role: anyText });
export const logItem = record({
  leaf: whole,
  at: whole,
  kind: anyText,
  event: anything,
  who: maybe(named),
  about: record({ people: list(named), reason: maybe(anyText) }),
});
export type LogItem = Value<typeof logItem>;
export const logPage = record({
  checkpoint: record({ size: whole, checkpoint: maybe(anyText), at: maybe(whole) }),
  items: list(logItem),
  /** where the next page begins; null: this is the last */
  next: maybe(whole),
});
export type LogPage = Value<typeof logPage>;

const shownLog = record({
  /** which log it is, counted from 0: where its entries are asked for */
  log: whole,
  checkpoint: anyText,
  proofs: list(record({ size: whole, hashes: list(bytes()) })),
  begun: maybe(anyText),
  ended: maybe(anyText),
});

/** A checkpoint that somebody has seen, by the name of its log and its size; in an address `<size>:<origin>`. */
export type SeenSize = { readonly size: number; readonly origin: string };
const seen = optional(
  ownShape<readonly SeenSize[]>(
    "seen sizes",
    (value) =>
      [value].flat().map((one) => {
        const [, size, origin] = (typeof one === "string" ? /^(\d{1,16}):(\S{1,1000})$/u.exec(one) : null) ?? [];
        if (origin === undefined) throw new Fault("MALFORMED", "expected size and origin");
        return { size: whole.parse(Number(size)), origin };
      }),
    (sizes) => sizes.map(({ size, origin }) => `${size}:${origin}`),
  ),
);

export const readHistory = staff.get({
  path: "/api/bodies/:body/log",
  params: { body: slug },
  action: "log.view",
  query: { before: optional(numeral), kind: optional(anyText) },
  answer: json(logPage),
});
/** The host's log as it is now, with proofs that it extends what was seen. */
export const auditLog = staff.get({
  path: "/api/log/audit",
  action: "log.audit",
  query: { seen },
  answer: json(record({ logs: list(shownLog) })),
  refusals: ["LOG_NOT_SIGNED"],
});
/** The same of a body's log. */
export const auditBodyLog = staff.get({
  path: "/api/bodies/:body/log/audit",
  params: { body: slug },
  action: "log.audit",
  query: { seen },
  answer: json(record({ logs: list(shownLog) })),
  refusals: ["LOG_NOT_SIGNED"],
});
/** The newest checkpoint of the host's log; empty before the first. */
export const readCheckpoint = staff.get({ path: "/api/log/checkpoint", action: "checkpoint.view", answer: plain });

const TILE = "application/octet-stream";
/** The n-th of somebody's logs after their first. */
const log = refusedAs("NOT_FOUND", spelled(/^[1-9]\d{0,5}$/));
/** Of a tile `<L>/<N>`, of entries `<N>`, each with its width where it is not whole. Any other spelling is nothing. */
const rest = {
  "*": refusedAs("NOT_FOUND", spelled(/^(?:\d{1,2}\/)?(?:x\d{3}\/){0,5}\d{3}(?:\.p\/\d{1,3})?$/)),
} as const;

/** The host's: nothing in them is of any body. */
export const readEntries = staff.get({
  path: "/api/log/tile/entries/*",
  params: rest,
  action: "log.entries",
  answer: octets(TILE),
});
export const readEntriesOf = staff.get({
  path: "/api/log/:log/tile/entries/*",
  params: { log, ...rest },
  action: "log.entries",
  answer: octets(TILE),
});

/** A body's own: for its owners and auditors, and for nobody else's. */
export const readBodyEntries = staff.get({
  path: "/api/bodies/:body/log/tile/entries/*",
  params: { body: slug, ...rest },
  action: "log.own",
  answer: octets(TILE),
});
export const readBodyEntriesOf = staff.get({
  path: "/api/bodies/:body/log/:log/tile/entries/*",
  params: { body: slug, log, ...rest },
  action: "log.own",
  answer: octets(TILE),
});

/**
 * One bundle of entries of a body's log for somebody who reads letters and not the log: whole are those of letters that they may read,
 * and in the place of any other its leaf stands, 32 bytes. So all of it can be held against the signed root.
 */
export const readLetterEntries = staff.get({
  path: "/api/bodies/:body/log/:log/letters/*",
  params: { body: slug, log: refusedAs("NOT_FOUND", spelled(/^\d{1,6}$/)), ...rest },
  action: "log.letters",
  answer: octets(TILE),
});

/**
 * The host's first log is at the prefix itself, the n-th after it at `<prefix>/<n>`; a body's first log at
 * `<prefix>/<body>`, the n-th after it at `<prefix>/<body>/<n>`.
 */
export const publicCheckpoint = open.get({ path: "/log/checkpoint", action: "log.read", answer: plain });
/** Of a log that ended: the proof of the entry that names the next key. */
export const publicNext = open.get({ path: "/log/next", action: "log.read", answer: plain });
/** Of a log that goes on another: the proof of its first entry. */
export const publicFirst = open.get({ path: "/log/first", action: "log.read", answer: plain });
export const publicTile = open.get({ path: "/log/tile/*", params: rest, action: "log.read", answer: octets(TILE) });
/** A number, or a body's slug: no body is called by a number alone (`mayHaveLog`). One that is too long is nobody's. */
const of = refusedAs("NOT_FOUND", spelled(/^(?:[1-9]\d{0,5}|\d{0,63}[a-z-][a-z0-9-]{0,63})$/));
const one = { params: { of }, action: "log.read", answer: plain } as const;
export const publicCheckpointOf = open.get({ path: "/log/:of/checkpoint", ...one });
export const publicNextOf = open.get({ path: "/log/:of/next", ...one });
export const publicFirstOf = open.get({ path: "/log/:of/first", ...one });
export const publicTileOf = open.get({
  path: "/log/:of/tile/*",
  params: { of, ...rest },
  action: "log.read",
  answer: octets(TILE),
});
const body = refusedAs("NOT_FOUND", spelled(/^\d{0,63}[a-z-][a-z0-9-]{0,63}$/));
const later = { params: { of: body, log }, action: "log.read", answer: plain } as const;
export const publicCheckpointOfBody = open.get({ path: "/log/:of/:log/checkpoint", ...later });
export const publicNextOfBody = open.get({ path: "/log/:of/:log/next", ...later });
export const publicFirstOfBody = open.get({ path: "/log/:of/:log/first", ...later });
export const publicTileOfBody = open.get({
  path: "/log/:of/:log/tile/*",
  params: { of: body, log, ...rest },
  action: "log.read",
  answer: octets(TILE),
});
