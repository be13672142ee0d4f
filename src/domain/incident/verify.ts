/**
 * The acts of an incident as stored, compared with what was signed and logged. Whoever shows, counts or answers by an
 * incident verifies it first:
 * an act that was changed, moved, written by hand or taken from the middle is an alarm, not a story (T37).
 */
import { toHex, type Bytes } from "../bytes.ts";
import type { PersonState } from "../grant/state.ts";
import { keyUnder } from "../log/audit.ts";
import { faultOfAct } from "../log/act.ts";
import { parseEntry, type Entry } from "../log/event.ts";
import { parseVerifierKey } from "../log/note-key.ts";
import { verifyProof } from "../log/proof.ts";
import { leafHash } from "../log/tree.ts";
import { Fault } from "../problem.ts";
import { NO_PREV, wordsCommitment, type ActEvent, type ActHead, type Texts } from "./act.ts";

/** An act as a row and its entry hold it. Untrusted until verified. */
export type StoredAct = {
  readonly entry: Bytes;
  readonly signature: Bytes;
  readonly person: string;
  readonly bySalt: Bytes;
  /** null once erased */
  readonly texts: Texts | null;
  readonly salt: Bytes | null;
  /** a tlog-proof, made when the first signed checkpoint covered the entry; null until then */
  readonly proof: string | null;
  /** when the log says that it signed that checkpoint; the server's word, where there is a server */
  readonly signedAt?: number | null;
};

/** An act that holds. `at` is the server's time, in milliseconds; `leaf` its place in the log. */
export type Act = {
  readonly event: ActEvent;
  readonly at: number;
  readonly person: string;
  readonly texts: Texts;
  readonly leaf: number | null;
  readonly signedAt: number | null;
};

export type Expected = {
  readonly body: string;
  readonly incident: string;
  /** the people of the body, from its verified statements */
  readonly persons: ReadonlyMap<string, Pick<PersonState, "role" | "signingKey">>;
  /**
   * vkey of the log: every act must then be proved to stand in it; null for the server, which wrote the act a moment
   * ago
   */
  readonly logKey: string | null;
  /** where the log has had more than one key: the verified ones, by the name of each log; nothing else is accepted */
  readonly logs?: ReadonlyMap<string, string>;
};

const broken = (seq: number, why: string): Fault => new Fault("INCIDENT_BROKEN", `act ${seq}: ${why}`);

/** `waiting`: the newest acts that no signed checkpoint covers yet. They are not looked at and not believed. */
export type Verified = { readonly acts: readonly Act[]; readonly head: ActHead; readonly waiting: number };

/** Verifies acts in order. @throws `INCIDENT_BROKEN`, naming the act and why */
export function verifyActs(all: readonly StoredAct[], expected: Expected): Verified {
  const proved = expected.logKey === null ? all.length : all.findLastIndex((one) => one.proof !== null) + 1;
  const acts: Act[] = [];
  let prev = NO_PREV;
  for (const [seq, one] of all.slice(0, proved).entries()) {
    acts.push(verifyAct(one, seq, prev, expected));
    prev = toHex(leafHash(one.entry));
  }
  return {
    acts,
    head: { body: expected.body, incident: expected.incident, seq: proved, prev },
    waiting: all.length - proved,
  };
}

/** Verifies one act at its place. @throws `INCIDENT_BROKEN` */
export function verifyAct(one: StoredAct, seq: number, prev: string, expected: Expected): Act {
  const { event, at } = eventIn(one.entry, seq);
  if (event.body !== expected.body || event.incident !== expected.incident) throw broken(seq, "another incident");
  if (event.seq !== seq || event.prev !== prev) throw broken(seq, "it does not follow the one before");
  const unsigned = faultOfAct(event, one, expected.persons);
  if (unsigned !== null) throw broken(seq, unsigned);
  if (one.texts && (!one.salt || event.words !== wordsOf(one.salt, one.texts)))
    throw broken(seq, "its words were changed");
  return {
    event,
    at,
    person: one.person,
    texts: one.texts ?? {},
    leaf: leafOf(one, seq, expected),
    signedAt: one.signedAt ?? null,
  };
}

/** The event of an entry: without version, time and nonce, which the server added. */
export function eventIn(entry: Bytes, seq: number): { event: ActEvent; at: number } {
  try {
    const { v: _v, at, nonce: _nonce, ...event } = parseEntry(entry);
    if (!("prev" in event && "incident" in event)) throw new Fault("MALFORMED");
    return { event: event as Omit<Entry, "v" | "at" | "nonce"> as ActEvent, at };
  } catch {
    throw broken(seq, "not an act");
  }
}

const wordsOf = (salt: Bytes, texts: Texts): string | undefined =>
  Object.keys(texts).length === 0 ? undefined : wordsCommitment(salt, texts);

function leafOf({ proof, entry }: StoredAct, seq: number, { logKey, logs }: Expected): number | null {
  if (logKey === null) return null;
  if (proof === null) throw broken(seq, "no proof that it stands in the log");
  try {
    return verifyProof(proof, entry, parseVerifierKey((logs && keyUnder(logs, proof)) ?? logKey)).index;
  } catch {
    throw broken(seq, "the proof that it stands in the log does not hold");
  }
}
