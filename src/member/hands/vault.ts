/** What the worker holds while a visit lasts. Nothing here is ever part of an answer. */
import type { PersonKeys } from "../../domain/person/keys.ts";
import type { Bytes } from "../../domain/bytes.ts";
import type { CaseState } from "../../domain/case/fold.ts";
import type { PersonRow } from "../../domain/grant/confirmed.ts";
import type { InboxKey } from "../../domain/grant/wrap.ts";
import type { LogIndex } from "../../domain/incident/log-index.ts";
import type { IndexFill } from "../../domain/incident/log-index-fill.ts";
import type { Seen } from "../../domain/log/audit.ts";
import type { Whose } from "../../domain/log/names.ts";
import { Fault } from "../../domain/problem.ts";
import type { Tasks, HeldIncident, Name, SealedCopy } from "./tasks.ts";
import type { Known } from "./chain.ts";

/** A log by its number and its verified checkpoint. */
export type ShownTo = Seen & { readonly log: number };

/** Each log's entries, read one after the other into one index; what is read stays read for the visit. */
/** `mayRead`: of which letters entries were shown, by inbox and epoch; null for whoever is shown all. */
export type Filling = {
  readonly index: LogIndex;
  readonly fills: IndexFill[];
  mayRead: ReadonlySet<string> | null;
};

export type Watched = {
  /** the newest checkpoint of the log that this visit has verified */
  log: Seen | null;
  /** checkpoints of releases that are of that log, and the key that signed each */
  readonly proven: Map<string, string>;
  /** the key of each of their logs, by the log's name: those that end in one another, as verified */
  readonly logs: Map<string, string>;
  /** every one of their logs as last verified, the first first */
  all: readonly ShownTo[];
  /** what these logs say of letters and readings as far as they are read, and once all of it was verified */
  filling: Filling | null;
  index: LogIndex | null;
  /** while all is read again, what was verified before */
  before: LogIndex | null;
};

/** Six words that are being compared with somebody: what the server said of them, fixed before the nonce was made. */
export type Comparing = {
  readonly body: string;
  readonly row: PersonRow;
  readonly nonce: Bytes;
  /** milliseconds */
  readonly begun: number;
  readonly tries: number;
  /** what was typed last were the words */
  readonly same: boolean;
};

export type Vault = {
  /** from the passphrase; gone once it has unlocked what the server had */
  unlocker: string | null;
  keys: PersonKeys | null;
  readonly bodies: Map<string, Known>;
  /** by inbox, then by epoch */
  readonly inboxKeys: Map<string, Map<number, InboxKey>>;
  /** what this visit has verified of the host's log and of each body's: nothing of one counts for another */
  readonly watched: Map<Whose, Watched>;
  /**
   * incidents as verified in this visit, each under the hash of all that it was made from: every page shows their
   * clocks
   */
  readonly incidents: Map<string, HeldIncident>;
  /** letters opened in this visit, by id: whom a reply is sealed to, and what was done; null where that is broken */
  readonly letters: Map<string, { readonly reply: string; readonly state: CaseState | null }>;
  /** acts about letters whose signatures were found right in this visit: a hash over each with whoever it is by */
  readonly signed: Set<string>;
  /** by person */
  readonly comparing: Map<string, Comparing>;
  /** made for a passkey that has not opened it yet */
  newCopy: SealedCopy | null;
};

export type Report = (done: number, total: number) => void;
export type Hand<N extends Name> = (
  ask: Tasks[N]["ask"],
  tell: Report,
) => Promise<Tasks[N]["answer"]> | Tasks[N]["answer"];

export const newVault = (): Vault => ({
  unlocker: null,
  keys: null,
  bodies: new Map(),
  inboxKeys: new Map(),
  watched: new Map(),
  incidents: new Map(),
  letters: new Map(),
  signed: new Set(),
  comparing: new Map(),
  newCopy: null,
});

/** What was verified of a log; nothing yet, the first time. */
export function watchedIn(vault: Vault, whose: Whose): Watched {
  const known = vault.watched.get(whose);
  if (known) return known;
  const fresh: Watched = {
    log: null,
    proven: new Map(),
    logs: new Map(),
    all: [],
    filling: null,
    index: null,
    before: null,
  };
  vault.watched.set(whose, fresh);
  return fresh;
}

/** The visitor's keys. @throws `NOT_SIGNED_IN` */
export function keysIn(vault: Vault): PersonKeys {
  if (!vault.keys) throw new Fault("NOT_SIGNED_IN", "locked");
  return vault.keys;
}

/** A body whose chain was verified in this visit. @throws `CHAIN_BROKEN` */
export function bodyIn(vault: Vault, body: string): Known {
  const known = vault.bodies.get(body);
  if (!known) throw new Fault("CHAIN_BROKEN", "not verified in this visit");
  return known;
}
