/**
 * What became of a letter, as the public server tells it to whoever brings the sign-in part of its words. No person is
 * named, and nothing that was written.
 */
import { fromUtf8, toUtf8, type Bytes } from "../bytes.ts";
import { parseJson, type Json } from "../canonical.ts";
import { MOST_DAYS, PARTS, RULES, type FormTimes } from "../form/clock.ts";
import { Fault } from "../problem.ts";
import { isZone, type Zone } from "../time.ts";

export type ReadingRole = "owner" | "reader" | "auditor";

/** One release. Times in milliseconds since the epoch. `count`: letters that left together, this one included. */
export type Reading = {
  readonly at: number;
  readonly part: "slip" | "letter";
  readonly role: ReadingRole;
  readonly count: number;
  readonly openedAt: number | null;
  /** that it was released, and that its reader's app said that it was opened; null until a checkpoint covers it */
  readonly released: Proven | null;
  readonly opened: Proven | null;
  /** that this letter was among those released, for whoever has the id: the salt and the hashes, base64 */
  readonly among: { readonly salt: string; readonly index: number; readonly hashes: readonly string[] } | null;
};

/**
 * One log of the installation as the server shows it, the last being the one that runs: so entries from before it got
 * another key can be checked, too.
 */
export type StatusLog = {
  readonly checkpoint: string;
  readonly begun: string | null;
  readonly ended: string | null;
};

/**
 * How something stands that the server told: its entry is in the log and says the same; nothing was shown for it (yet);
 * or what was shown says something else.
 */
export type Standing = "proven" | "said" | "false";

/** What was found of a status by whoever looked. What is not in it was only said. */
export type Held = {
  readonly sent: ReadonlyMap<string, Standing>;
  readonly readings: ReadonlyMap<Reading, { readonly released: Standing; readonly opened: Standing }>;
  readonly erased: Standing;
};

/** That something stands in the log: the entry, base64, and its `c2sp.org/tlog-proof@v1`. */
export type Proven = { readonly entry: string; readonly proof: string };

/**
 * The letter, or something added to it. `readings` are the newest first, and `left` older ones are not in the answer.
 */
export type Sent = {
  readonly submission: string;
  readonly at: number;
  readonly path: "browser" | "counter";
  readonly readings: readonly Reading[];
  readonly left: number;
  /** null until a signed checkpoint covers it */
  readonly received: Proven | null;
};

/**
 * What somebody at the body did about a letter: that it stands in the log, before which it is not told; who signed it;
 * and of a reply the bytes, sealed to whoever has the words and to the inbox, base64.
 */
export type SentAct = { readonly said: Proven; readonly sealed: string | null; readonly by: DecidedBy };

/** The signing key of whoever decided or acted, and their signature, hex. */
export type DecidedBy = { readonly key: string; readonly signature: string };

/** `words`: why it was refused, as the owner wrote it. `done` and `act`: the certificate. */
export type ErasureStatus = {
  readonly state: "open" | "granted" | "refused";
  readonly askedAt: number;
  readonly decidedAt: number | null;
  readonly reason: string | null;
  readonly words: string | null;
  readonly done: Proven | null;
  readonly act: DecidedBy | null;
};

export type Status = {
  readonly form: string;
  readonly title: string;
  readonly body: string;
  readonly bodyName: string;
  readonly host: string;
  /** where the body's clock hangs */
  readonly zone: Zone;
  /** how long it is kept, as the form says it */
  readonly kept: string;
  /** what the version of the form by which it was written says of time */
  readonly times: FormTimes;
  readonly channels: readonly { readonly label: string; readonly text: string }[];
  /** who may have its bytes now, from the verified statements; `since`: when that last changed */
  readonly readers: {
    readonly count: number;
    readonly owners: number;
    readonly officers: number;
    readonly auditors: number;
    readonly since: number;
  };
  /**
   * the log's verifier key, as this server says it: for the proof of receipt, which has to be checked with a key from
   * elsewhere
   */
  readonly logKey: string;
  readonly logs: readonly StatusLog[];
  readonly letter: Sent;
  readonly additions: readonly Sent[];
  /** what was done about it, the first first; nothing once it was erased */
  readonly acts: readonly SentAct[];
  readonly erasure: ErasureStatus | null;
};

/** Answers to a hit and to a miss have one length (T30). */
const STEP = 64 * 1024;

/** The answer as bytes; null for words that belong to nothing. */
export function encodeStatus(status: Status | null): Bytes {
  const bytes = toUtf8(JSON.stringify({ status }));
  const padded = new Uint8Array(Math.max(1, Math.ceil(bytes.length / STEP)) * STEP).fill(0x20);
  padded.set(bytes);
  return padded;
}

type Read<T> = (value: Json | undefined) => T;

const bad = (): never => {
  throw new Fault("MALFORMED", "not a status");
};
const text: Read<string> = (value) => (typeof value === "string" ? value : bad());
const zone: Read<Zone> = (value) => (typeof value === "string" && isZone(value) ? value : bad());
const whole: Read<number> = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : bad();
/** As a form may promise: more of them would be counted for ever. */
const days: Read<number> = (value) => (whole(value) <= MOST_DAYS ? whole(value) : bad());
const id: Read<string> = (value) => (typeof value === "string" && /^[0-9a-f]{32}$/.test(value) ? value : bad());
const slug: Read<string> = (value) => (typeof value === "string" && /^[a-z0-9-]{1,64}$/.test(value) ? value : bad());
const hexOf =
  (length: number): Read<string> =>
  (value) =>
    typeof value === "string" && value.length === 2 * length && /^[0-9a-f]*$/.test(value) ? value : bad();
const oneOf =
  <T extends string>(...values: readonly T[]): Read<T> =>
  (value) =>
    values.find((known) => known === value) ?? bad();
const maybe =
  <T>(read: Read<T>): Read<T | null> =>
  (value) =>
    value === null ? null : read(value);
const list =
  <T>(read: Read<T>): Read<T[]> =>
  (value) =>
    Array.isArray(value) ? (value as Json[]).map(read) : bad();
const record =
  <S extends { readonly [field: string]: Read<unknown> }>(
    shape: S,
  ): Read<{ readonly [F in keyof S]: ReturnType<S[F]> }> =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return bad();
    const members = value as { readonly [name: string]: Json };
    return Object.fromEntries(
      Object.entries(shape).map(([name, read]) => [
        name,
        read(Object.hasOwn(members, name) ? members[name] : undefined),
      ]),
    ) as never;
  };

const proven = record({ entry: text, proof: text });
const reading = record({
  at: whole,
  part: oneOf("slip", "letter"),
  role: oneOf("owner", "reader", "auditor"),
  count: whole,
  openedAt: maybe(whole),
  released: maybe(proven),
  opened: maybe(proven),
  among: maybe(record({ salt: text, index: whole, hashes: list(text) })),
});
const sent = record({
  submission: id,
  at: whole,
  path: oneOf("browser", "counter"),
  readings: list(reading),
  left: whole,
  received: maybe(proven),
});
const decidedBy = record({ key: hexOf(32), signature: hexOf(64) });
const status = record({
  form: slug,
  title: text,
  body: slug,
  bodyName: text,
  host: text,
  zone,
  kept: text,
  times: record({ clock: maybe(record({ rule: oneOf(...RULES), part: oneOf(...PARTS) })), days }),
  channels: list(record({ label: text, text })),
  readers: record({ count: whole, owners: whole, officers: whole, auditors: whole, since: whole }),
  logKey: text,
  logs: list(record({ checkpoint: text, begun: maybe(text), ended: maybe(text) })),
  letter: sent,
  additions: list(sent),
  acts: list(record({ said: proven, sealed: maybe(text), by: decidedBy })),
  erasure: maybe(
    record({
      state: oneOf("open", "granted", "refused"),
      askedAt: whole,
      decidedAt: maybe(whole),
      reason: maybe(text),
      words: maybe(text),
      done: maybe(proven),
      act: maybe(decidedBy),
    }),
  ),
});

/** Reads what `encodeStatus` wrote; null where nothing was found. @throws `MALFORMED` */
export const parseStatus = (bytes: Bytes): Status | null =>
  record({ status: maybe(status) })(parseJson(fromUtf8(bytes))).status;
