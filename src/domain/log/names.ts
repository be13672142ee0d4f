/**
 * The logs of one installation: one for the host, and one for each body, all signed by one key under a name each
 * (decision 0046). The name of a body's log is that of the host's with the body's slug behind it, so one key that was
 * brought from outside gives the keys of all: a checkpoint begins with its log's name, and never passes for another's.
 */
import type { Entry } from "./event.ts";
import { EVENTS } from "./event-kinds.ts";
import {
  formatVerifierKey,
  parseVerifierKey,
  signerNamed,
  verifierKey,
  type SignerKey,
  type VerifierKey,
} from "./note-key.ts";

/** Whose log: a body's by its slug, or the host's own. */
export type Whose = string;
/** No body has an empty slug. */
export const HOST: Whose = "";

/** What stands beside a log at its address, and would be taken for the log of a body of that name. */
const TAKEN: readonly string[] = ["tile", "checkpoint", "next", "first", "audit"];

/**
 * Whether a body may be called so: at an address and in a name, only digits are the number of a log that goes on under
 * another key.
 */
export const mayHaveLog = (body: string): boolean =>
  /^[a-z0-9-]{1,64}$/.test(body) && !/^[0-9]+$/.test(body) && !TAKEN.includes(body);

/** The name of a log, from that of the host's. */
export const nameOfLog = (host: string, whose: Whose): string => (whose === HOST ? host : `${host}/${whose}`);

/** The key of a log, from that of the host's: the same key under another name, so with another id. */
export const keyOfLog = (host: VerifierKey, whose: Whose): VerifierKey =>
  whose === HOST ? host : verifierKey(nameOfLog(host.name, whose), host.publicKey);

/** The same as text. @throws `NOTE_INVALID` */
export const vkeyOfLog = (host: string, whose: Whose): string =>
  formatVerifierKey(keyOfLog(parseVerifierKey(host), whose));

/** What signs a log, in the log process alone. */
export const signerOfLog = (host: SignerKey, whose: Whose): SignerKey =>
  whose === HOST ? host : signerNamed(host, nameOfLog(host.name, whose));

/** The host's key, where somebody brings either that one or the key of this body's log. */
export const hostKeyIn = (given: VerifierKey, whose: Whose): VerifierKey =>
  whose !== HOST && given.name.endsWith(`/${whose}`)
    ? verifierKey(given.name.slice(0, -whose.length - 1), given.publicKey)
    : given;

/** The key of a body's log, where somebody brings either that one or the host's. */
export const keyGivenFor = (given: VerifierKey, whose: Whose): VerifierKey => keyOfLog(hostKeyIn(given, whose), whose);

/** In whose log an entry stands, by what it says itself; what begins and ends a log stands in each. */
export const whoseEntry = (entry: Entry): Whose => ("body" in entry ? (entry.body ?? HOST) : HOST);

/** Whether an entry may stand in this log: nothing of one body stands in another's, or in the host's. */
export const mayStandIn = (entry: Entry, whose: Whose): boolean =>
  EVENTS[entry.kind].log === "each" || whoseEntry(entry) === whose;
