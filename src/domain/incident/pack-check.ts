/**
 * Checking an evidence pack against what the checker brings from elsewhere: the log's key, perhaps a witness policy and
 * the body's root. Everything that does not fit is named; nothing is believed because the pack says so.
 */
import { equalBytes, fromHex, sha256, taggedHash, toHex, toUtf8, type Bytes } from "../bytes.ts";
import { verifyChain } from "../grant/chain.ts";
import type { PersonState } from "../grant/state.ts";
import { openCheckpoint, type Checkpoint } from "../log/checkpoint.ts";
import { parseEntry, type Entry } from "../log/event.ts";
import { HOST, hostKeyIn, keyGivenFor, whoseEntry } from "../log/names.ts";
import { formatVerifierKey, type VerifierKey } from "../log/note-key.ts";
import { parseProof, verifyProof } from "../log/proof.ts";
import { leafHash } from "../log/tree.ts";
import { Fault } from "../problem.ts";
import { NO_PREV } from "./act.ts";
import { contentHash, entryCount, type PackedAct, type PackedDelivery, type ReadPack } from "./pack.ts";
import { versionOf } from "./reported.ts";
import { addAct, type IncidentState } from "./state.ts";
import { eventIn, verifyAct, type Act } from "./verify.ts";
import { instantText } from "../time.ts";

export type PackWrong = "altered" | "missing" | "reordered" | "contradicted" | "not in the log" | "bad signature";

export type PackReport = {
  readonly holds: string[];
  readonly wrong: { readonly wrong: PackWrong; readonly what: string }[];
  /** what could not be judged, and what would be needed */
  readonly open: string[];
  /** the one checkpoint of all proofs of the body's log, as a signed note and opened; null when there is none */
  readonly checkpoint: Checked | null;
  /** the same of the host's log; null where nothing of the pack stands there */
  readonly host: Checked | null;
  /** the incident as far as its acts hold */
  readonly incident: IncidentState | null;
  /** leaf hashes of the entries that the pack has, in hex: to compare with a log */
  readonly entries: ReadonlySet<string>;
};

type Checked = { readonly note: string; readonly opened: Checkpoint };

/** The key of the body's log, and of the host's. */
type Keys = { readonly own: VerifierKey; readonly host: VerifierKey };

type Say = (wrong: PackWrong, what: string) => void;

/**
 * @param given the key of the body's log, or of the host's
 * @param root the body's root in hex, known from elsewhere; without it nothing says that the people who signed are of
 * this body
 */
export function checkPack(pack: ReadPack, given: VerifierKey, root: string | null): PackReport {
  const [holds, wrong, open]: [string[], PackReport["wrong"], string[]] = [[], [], []];
  const say: Say = (what, text) => void wrong.push({ wrong: what, what: text });
  const { content } = pack;
  if (!pack.sum) say("altered", "the file’s own sum does not fit: something in it was changed after it was made");
  const keys = { own: keyGivenFor(given, content.body), host: hostKeyIn(given, content.body) };
  const { own: logKey } = keys;
  const checkpoint = oneCheckpoint([...ownProofs(pack)], logKey, say);
  const ofHost = proofsOfHost(pack);
  const host = ofHost.length === 0 ? null : oneCheckpoint(ofHost, keys.host, say);
  const persons = peopleIn(pack, root, say, holds, open);
  const { acts, incident } = checkActs(pack, persons, logKey, say);
  if (acts.length > 0 && wrong.length === 0)
    holds.push(
      `The ${acts.length} acts of the incident follow each other without a gap, each signed by the person who recorded it.`,
    );
  checkPlaces(pack, keys, say, holds);
  checkPacked(pack, persons, logKey, say, holds);
  checkReports(pack, acts, say, holds);
  checkEvents(pack, say, holds, open);
  for (const { event, texts } of acts)
    if (event.words !== undefined && Object.keys(texts).length === 0)
      open.push(`The words of act ${event.seq}: they were erased, and the pack holds only their hash.`);
  if (incident === null) say("missing", "the incident’s opening: no act of the pack could be read");
  const entries = new Set(
    [...content.acts.map(({ entry }) => entry), ...content.events, pack.packed.entry].map((entry) =>
      toHex(leafHash(entry)),
    ),
  );
  return { holds, wrong, open, checkpoint, host, incident, entries };
}

/** Whether an entry beside the acts is of the host's log: it says so itself. */
function isOfHost(bytes: Bytes): boolean {
  const entry = entryOf(bytes);
  return entry !== null && whoseEntry(entry) === HOST;
}

const ownProofs = ({ content, proofs }: ReadPack): string[] => [
  ...proofs.acts,
  ...proofs.events.filter((_, i) => !isOfHost(content.events[i] ?? new Uint8Array())),
  proofs.packed,
];
const proofsOfHost = ({ content, proofs }: ReadPack): string[] =>
  proofs.events.filter((_, i) => isOfHost(content.events[i] ?? new Uint8Array()));

/** All proofs of one log stand under one checkpoint of it; null and a finding where none can be read. */
function oneCheckpoint(texts: readonly string[], logKey: VerifierKey, say: Say): Checked | null {
  const notes = new Set(
    texts.map((text) => {
      try {
        return parseProof(text).checkpoint;
      } catch {
        return "";
      }
    }),
  );
  notes.delete("");
  if (notes.size > 1) say("contradicted", "the proofs stand under different checkpoints, and a pack is made under one");
  const [note] = notes;
  if (note === undefined) {
    say("missing", "the checkpoint: no proof of the pack can be read");
    return null;
  }
  try {
    return { note, opened: openCheckpoint(note, logKey) };
  } catch (thrown) {
    say(
      "bad signature",
      `the checkpoint is not one that this key signed (${thrown instanceof Fault ? thrown.detail : "unreadable"})`,
    );
    return null;
  }
}

/** The people of the body, from its statements. */
function peopleIn(
  { content }: ReadPack,
  root: string | null,
  say: Say,
  holds: string[],
  open: string[],
): ReadonlyMap<string, PersonState> {
  if (root !== null && root !== content.root)
    say(
      "contradicted",
      "the pack’s statements begin with another root than the one that you gave: they are not those of this body",
    );
  if (root === null)
    open.push(
      "Whether those who signed are people of this body: give its root with --root. It stands in the installation’s configuration and on the form’s page.",
    );
  try {
    const { persons } = verifyChain(content.statements, {
      installation: content.installation,
      body: content.body,
      root: fromHex(content.root),
    });
    holds.push(
      `The ${content.statements.length} statements that say who the people of the body are hold from their root on.`,
    );
    return persons;
  } catch (thrown) {
    say(
      "altered",
      `the statements of the body do not hold (${thrown instanceof Fault ? thrown.detail : "unreadable"})`,
    );
    return new Map();
  }
}

function checkActs(
  { content, proofs }: ReadPack,
  persons: ReadonlyMap<string, PersonState>,
  logKey: VerifierKey,
  say: Say,
): { readonly acts: readonly Act[]; readonly incident: IncidentState | null } {
  const acts: Act[] = [];
  let incident: IncidentState | null = null;
  let [due, prev, whole] = [0, NO_PREV, true];
  content.acts.forEach((stored, place) => {
    const which = `act ${due}`;
    try {
      const { event } = eventIn(stored.entry, due);
      if (event.seq < due) return say("reordered", `act ${event.seq} stands where ${which} belongs`);
      if (event.seq > due) {
        say(
          "missing",
          event.seq === due + 1
            ? `${which}, which comes before act ${event.seq}`
            : `acts ${due} to ${event.seq - 1}, which come before act ${event.seq}`,
        );
        [prev, whole] = [event.prev, false];
      }
      due = event.seq + 1;
      const act = verifyAct({ ...stored, proof: proofs.acts[place] ?? null }, event.seq, prev, {
        body: content.body,
        incident: content.incident,
        persons,
        logKey: formatVerifierKey(logKey),
      });
      acts.push(act);
      if (whole) incident = addAct(incident, act);
    } catch (thrown) {
      whole = false;
      const why = thrown instanceof Fault ? thrown.detail : "unreadable";
      if (/proof/.test(why)) say("not in the log", why);
      else say("altered", why);
    }
    prev = toHex(leafHash(stored.entry));
  });
  return { acts, incident };
}

/** Entries stand in the order of their log, and none twice. */
function checkPlaces({ content, proofs, packed }: ReadPack, keys: Keys, say: Say, holds: string[]): void {
  const before = { acts: -1, events: -1, host: -1 };
  let sound = true;
  for (const [kind, entries, texts] of [
    ["acts", content.acts.map(({ entry }) => entry), proofs.acts],
    ["events", content.events, proofs.events],
  ] as const) {
    if (entries.length !== texts.length) {
      sound = false;
      say("missing", `there are ${texts.length} proofs for ${entries.length} ${kind}`);
    }
    entries.forEach((entry, i) => {
      const log = kind === "events" && isOfHost(entry) ? "host" : kind;
      const leaf = placeOf(entry, texts[i], log === "host" ? keys.host : keys.own);
      // Of acts it is said where they are checked.
      if (leaf === null) {
        sound = false;
        if (kind === "events") say("not in the log", `event ${i} beside the acts: its proof does not hold`);
      } else if (leaf <= before[log]) {
        sound = false;
        say(
          "reordered",
          `${kind === "acts" ? "act" : "event"} ${i} stands at entry ${leaf} of the log, before the one that the pack has in front of it`,
        );
      } else before[log] = leaf;
    });
  }
  const last = placeOf(packed.entry, proofs.packed, keys.own);
  if (Math.max(before.acts, before.events) >= content.size || before.host >= content.hostSize)
    say(
      "contradicted",
      `the pack says that it looked at ${content.size} entries of the log and ${content.hostSize} of the host’s, and has one from after them`,
    );
  if (last !== null && last < content.size) say("reordered", "the act that made the pack stands before what it names");
  if (sound && last !== null)
    holds.push(
      before.host < 0
        ? `Each of the ${entryCount(content) + 1} entries is in the log, in this order, under one signed checkpoint.`
        : `Each of the ${entryCount(content) + 1} entries is in the log of the body or of the host, in this order, under one signed checkpoint of each.`,
    );
}

function placeOf(entry: Bytes, proof: string | undefined, logKey: VerifierKey): number | null {
  try {
    return verifyProof(proof ?? "", entry, logKey).index;
  } catch {
    return null;
  }
}

/** The last act names the content by its hash: what was changed, left out or added since is not what was packed. */
function checkPacked(
  { content, packed, proofs }: ReadPack,
  persons: ReadonlyMap<string, PersonState>,
  logKey: VerifierKey,
  say: Say,
  holds: string[],
): void {
  try {
    const last = content.acts.at(-1);
    const { event } = verifyAct(
      { ...packed, proof: proofs.packed },
      content.acts.length,
      last ? toHex(leafHash(last.entry)) : NO_PREV,
      { body: content.body, incident: content.incident, persons, logKey: formatVerifierKey(logKey) },
    );
    if (event.kind !== "incident.packed") return say("altered", "the last act is not the one that makes a pack");
    if (event.content !== contentHash(content))
      return say("altered", "the content is not the one that the pack was made of: the hash in the log is another");
    if (event.count !== entryCount(content))
      return say("missing", `the pack was made of ${event.count} entries, and ${entryCount(content)} are in it`);
    holds.push(`The content is the one whose hash is in the log, packed on ${instantText(timeOf(packed))}.`);
  } catch (thrown) {
    say(
      "altered",
      `the act that made the pack does not hold (${thrown instanceof Fault ? thrown.detail : "unreadable"})`,
    );
  }
}

const timeOf = ({ entry }: PackedAct): number => parseEntry(entry).at;

/** Each version that an act names is there and is the one it names; none is there that no act names. */
function checkReports({ content }: ReadPack, acts: readonly Act[], say: Say, holds: string[]): void {
  const named = acts.flatMap(({ event }) => (event.kind === "incident.reported" ? [event] : []));
  for (const event of named) {
    const kept = content.reports.filter(({ version }) => version === event.version);
    if (kept.length === 0) say("missing", `version ${event.version} of the report, which act ${event.seq} names`);
    else if (kept.length > 1) say("contradicted", `version ${event.version} of the report stands twice`);
    else if (versionOf({ ...event, phase: event.phase as never }, kept[0]!.content, kept[0]!.salt) === null)
      say("altered", `version ${event.version} of the report is not the one whose hash is in the log`);
    else holds.push(`Version ${event.version} of the report is the one whose hash is in the log.`);
  }
  for (const { version } of content.reports)
    if (!named.some((event) => event.version === version))
      say("contradicted", `version ${version} of a report: no act names it`);
}

/** Whether an entry of the log speaks of an incident: by its id, or by the finding that it was opened from. */
export const speaksOf = (entry: Entry, incident: string, findings: ReadonlySet<string>): boolean =>
  ("incident" in entry && entry.incident === incident) ||
  ("finding" in entry && typeof entry.finding === "string" && findings.has(entry.finding));

/** The findings that an incident was opened from. */
export function findingsOf(entries: readonly Bytes[]): ReadonlySet<string> {
  return new Set(
    entries.flatMap((bytes) => {
      const entry = entryOf(bytes);
      return entry?.kind === "incident.opened" && entry.source === "finding" && entry.sourceId !== undefined
        ? [entry.sourceId]
        : [];
    }),
  );
}

function entryOf(bytes: Bytes): Entry | null {
  try {
    return parseEntry(bytes);
  } catch {
    return null;
  }
}

/**
 * The other entries speak of this incident, findings have the evidence that was hashed, deliveries the hash that was
 * logged.
 */
function checkEvents({ content }: ReadPack, say: Say, holds: string[], open: string[]): void {
  const findings = findingsOf(content.acts.map(({ entry }) => entry));
  const entries = content.events.map(entryOf);
  entries.forEach((entry, i) => {
    if (entry === null) say("altered", `event ${i} beside the acts is not an entry of a log`);
    else if (!speaksOf(entry, content.incident, findings))
      say("contradicted", `event ${i} beside the acts (${entry.kind}) does not speak of this incident`);
    else if (whoseEntry(entry) !== content.body && whoseEntry(entry) !== HOST)
      say("contradicted", `event ${i} beside the acts (${entry.kind}) is of another body`);
    else if ("prev" in entry && "incident" in entry) say("contradicted", `event ${i} beside the acts is an act itself`);
  });
  const opened = new Map(
    entries.flatMap((entry) =>
      entry !== null && "evidence" in entry && "finding" in entry
        ? [[String(entry.finding), String(entry.evidence)] as const]
        : [],
    ),
  );
  for (const id of findings)
    if (!opened.has(id)) say("missing", `the finding ${id}, which the incident was opened from`);
  for (const { finding, evidence } of content.findings) {
    if (!opened.has(finding)) say("contradicted", `the finding ${finding}: no entry of the pack speaks of it`);
    else if (!equalBytes(fromHex(opened.get(finding)!), sha256(toUtf8(evidence))))
      say("altered", `the evidence of the finding ${finding} is not the one whose hash is in the log`);
    else holds.push(`The evidence of the finding ${finding} is the one whose hash is in the log.`);
  }
  checkDeliveries(content.deliveries, entries, say, holds, open);
}

/**
 * How a letter ended is what the log says last of it; the hashes of letters that were handed in together are what the
 * log says of them.
 */
function checkDeliveries(
  deliveries: readonly PackedDelivery[],
  entries: readonly (Entry | null)[],
  say: Say,
  holds: string[],
  open: string[],
): void {
  const ended = new Map(
    entries.flatMap((entry) => (entry?.kind === "delivery.ended" ? [[entry.delivery, entry.state] as const] : [])),
  );
  for (const id of ended.keys())
    if (!deliveries.some(({ delivery }) => delivery === id))
      say("missing", `the letter ${id}, of which the log says how it ended`);
  const told = deliveries.filter(({ delivery }) => ended.has(delivery));
  for (const { delivery, state } of told)
    if (ended.get(delivery) !== state)
      open.push(
        `The letter ${delivery}: the log says last that it was ${ended.get(delivery)}, and the pack that it is ${state}. Somebody decided on it since, or the row was changed.`,
      );
  const handed = entries.flatMap((entry) => (entry?.kind === "messages.handed-in" ? [entry] : []));
  const batches = Map.groupBy(
    deliveries.filter(({ hash, channel }) => hash !== null && channel === "email"),
    ({ batch }) => batch,
  );
  const fits = [...batches.values()].filter((batch) =>
    handed.some(
      ({ messages, count }) =>
        count === batch.length && messages === toHex(taggedHash("letters", ...batch.map(({ hash }) => hash!).sort())),
    ),
  );
  if (fits.length === batches.size && batches.size > 0)
    holds.push(`The hashes of the ${deliveries.length} letters are those that the log has.`);
  else if (handed.reduce((sum, { count }) => sum + count, 0) > deliveries.length)
    open.push(
      "The hashes of the letters: some were handed in again, so that they cannot be compared with the log in one piece.",
    );
  else if (batches.size > 0) say("altered", "the hashes of the letters are not those that the log has");
}
