/**
 * What became of a letter, held against the log: each thing that the server tells comes with its entry and a proof, and
 * is believed as far as the entry says the same. What it leaves out nobody can see here.
 */
import { fromBase64 } from "../bytes.ts";
import { Fault } from "../problem.ts";
import type { Held, Proven, Reading, Sent, Standing, Status } from "../receipt/status.ts";
import { audit } from "./audit.ts";
import { hasId } from "./commit.ts";
import { parseEntry, type Entry } from "./event.ts";
import { vkeyOfLog } from "./names.ts";
import { parseVerifierKey } from "./note-key.ts";
import { parseProof, verifyProof } from "./proof.ts";

type Received = Extract<Entry, { kind: "submission.received" }>;

/** An entry that stands in the log; or how else it stands. */
type Found = Entry | "said" | "false";
export type Look = (proven: Proven | null) => Found;

/**
 * @param logKey of the host's log, from the page or the configuration and never from the answer. The letter is of the
 * body that the answer names: everything must stand in the log of that body and say so.
 */
export function checkStatus(status: Status, logKey: string): Held {
  const look = lookIn(status, logKey);
  const sent = new Map<string, Standing>();
  const readings = new Map<Reading, { released: Standing; opened: Standing }>();
  for (const one of [status.letter, ...status.additions]) {
    const first = one === status.letter ? null : status.letter.submission;
    const entry = look(one.received);
    const received = typeof entry !== "string" && isReceived(entry, status.body, one, first) ? entry : null;
    sent.set(one.submission, received ? "proven" : entry === "said" ? "said" : "false");
    for (const reading of one.readings) readings.set(reading, standingOf(look, reading, one, received, status.body));
  }
  return { sent, readings, erased: erasedOf(look, status) };
}

/** By the logs that the installation's own key leads back to, each under the checkpoint that is shown. */
export function lookIn({ logs, body }: Status, hostKey: string): Look {
  const keys = new Map<string, string>();
  try {
    const trusted = vkeyOfLog(hostKey, body);
    const found = audit({ seen: [], also: [], trusted, shown: logs.map((log) => ({ ...log, proofs: [] })) });
    for (const { note, logKey } of found?.all ?? []) keys.set(note, logKey);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
  }
  return (proven) => {
    if (proven === null) return "said";
    try {
      const key = keys.get(parseProof(proven.proof).checkpoint);
      const entry = fromBase64(proven.entry);
      if (key === undefined) return "false";
      verifyProof(proven.proof, entry, parseVerifierKey(key));
      return parseEntry(entry);
    } catch (thrown) {
      if (thrown instanceof Fault) return "false";
      throw thrown;
    }
  };
}

const isReceived = (
  entry: Entry,
  body: string,
  { submission, at, path }: Sent,
  first: string | null,
): entry is Received =>
  entry.kind === "submission.received" &&
  entry.body === body &&
  entry.submission === submission &&
  entry.at === at &&
  entry.path === path &&
  (entry.first ?? null) === first;

/** A reading of this very letter: its time, part, role and count, where the letter was received, and the letter in it. */
function standingOf(
  look: Look,
  reading: Reading,
  { submission }: Sent,
  received: Received | null,
  body: string,
): { readonly released: Standing; readonly opened: Standing } {
  const entry = look(reading.released);
  if (typeof entry === "string") return { released: entry, opened: entry };
  const isRelease =
    entry.kind === "slips.released" || entry.kind === "letter.released" || entry.kind === "letters.released";
  const says =
    isRelease &&
    (entry.kind === "slips.released") === (reading.part === "slip") &&
    entry.at === reading.at &&
    entry.role === reading.role &&
    entry.count === reading.count &&
    entry.body === body &&
    (received === null || entry.inbox === received.inbox);
  if (!says) return { released: "false", opened: "false" };
  const { among } = reading;
  if (among === null || received === null) return { released: "said", opened: "said" };
  if (!isAmongIn(entry, submission, among)) return { released: "false", opened: "false" };
  if (reading.openedAt === null) return { released: "proven", opened: "proven" };
  const opened = look(reading.opened);
  if (typeof opened === "string") return { released: "proven", opened };
  const same =
    opened.kind === "letter.opened" &&
    opened.release === entry.release &&
    opened.body === body &&
    opened.role === entry.role &&
    opened.at === reading.openedAt;
  return { released: "proven", opened: same ? "proven" : "false" };
}

function isAmongIn(
  { ids, count }: { readonly ids: string; readonly count: number },
  submission: string,
  { salt, index, hashes }: NonNullable<Reading["among"]>,
): boolean {
  try {
    return hasId(ids, count, fromBase64(salt), submission, { index, hashes: hashes.map(fromBase64) });
  } catch (thrown) {
    if (thrown instanceof Fault) return false;
    throw thrown;
  }
}

function erasedOf(look: Look, { erasure, letter, body }: Status): Standing {
  if (erasure?.state !== "granted") return "said";
  const entry = look(erasure.done);
  if (typeof entry === "string") return entry;
  return entry.kind === "erasure.done" &&
    entry.submission === letter.submission &&
    entry.body === body &&
    entry.reason === erasure.reason
    ? "proven"
    : "false";
}
