/**
 * Evidence packs: the content is put together, somebody who answers for the incident names it by a signed act, and the
 * file leaves once the log covers that.
 */
import { fromUtf8, sha256, toHex, toUtf8 } from "../../domain/bytes.ts";
import { canonicalJson } from "../../domain/canonical.ts";
import type { SignedAct } from "../../domain/incident/act.ts";
import { findingsOf, speaksOf } from "../../domain/incident/pack-check.ts";
import {
  contentBytes,
  encodePack,
  entryCount,
  parseContent,
  type PackContent,
  type PackedAct,
  type PackedDelivery,
  type PackedFinding,
} from "../../domain/incident/pack.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { HOST } from "../../domain/log/names.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Config } from "../config.ts";
import { actsOf, type ActRow } from "../incidents/store.ts";
import { reportsOf } from "./store/filings.ts";
import {
  deliveriesOf,
  entriesBeside,
  keepPrepared,
  logNow,
  namePack,
  packOf,
  placesOf,
  proofsUnderOne,
  type BesideRow,
  type PackDelivery,
} from "./store/packs.ts";
import { inSnapshot, type Client, type Db } from "../database/pool.ts";
import { findingOf } from "../watch/store/findings.ts";
import { needIncident, recordAct } from "../incidents/action.ts";
import { actOf, type Desk } from "./report.ts";
import type { SignedIn } from "../grants/action.ts";

const packedAct = ({ entry, signature, person, by_salt, texts, salt }: ActRow): PackedAct => ({
  entry: new Uint8Array(entry),
  signature: new Uint8Array(signature),
  person,
  bySalt: new Uint8Array(by_salt),
  texts,
  salt: salt && new Uint8Array(salt),
});

/**
 * Puts the content together from rows and signed entries, and keeps it until an act names it.
 * @throws `LOG_NOT_SIGNED` while an act of the incident is not under a signed checkpoint; `PACK_TWO_LOGS`;
 * `INCIDENT_UNKNOWN`, `INCIDENT_BROKEN`
 */
export async function preparePack(
  { pool, chains }: Desk,
  config: Config,
  body: string,
  incident: string,
): Promise<{ readonly pack: string; readonly content: string }> {
  const content = await inSnapshot(pool, async (client): Promise<PackContent> => {
    await needIncident(client, chains, body, incident);
    const { statements } = await chains.need(client, body);
    const rows = await actsOf(client, body, incident);
    const { log, size } = await logNow(client, body);
    const host = await logNow(client, HOST);
    const places = await placesOf(
      client,
      rows.map((row) => row.event),
    );
    if ([...places.values()].some((place) => place.log !== log)) throw new Fault("PACK_TWO_LOGS");
    if (rows.some((row) => (places.get(row.event)?.leaf ?? Infinity) >= size)) throw new Fault("LOG_NOT_SIGNED");
    const ids = findingsOf(rows.map((row) => new Uint8Array(row.entry)));
    const beside = (await besideIn(client, body, log, [incident, ...ids], { size, hostSize: host.size }))
      .map(({ entry }) => new Uint8Array(entry))
      .filter((entry) => speaksOf(parseEntry(entry), incident, ids));
    const reports = await reportsOf(client, body, incident);
    return {
      installation: config.installation,
      body,
      root: toHex(config.roots.get(body)!),
      incident,
      size,
      hostSize: host.size,
      statements,
      acts: rows.map(packedAct),
      events: beside,
      reports: reports.map(({ version, content: bytes, salt }) => ({
        version,
        content: new Uint8Array(bytes),
        salt: new Uint8Array(salt),
      })),
      findings: await foundIn(
        client,
        body,
        beside.map((entry) => parseEntry(entry)),
      ),
      deliveries: packedDeliveries(await deliveriesOf(client, body, incident)),
    };
  });
  const bytes = contentBytes(content);
  const pack = newId();
  await keepPrepared(pool, body, incident, pack, bytes);
  return { pack, content: fromUtf8(bytes) };
}

/**
 * Entries of the body's log, and of the host's: what was found and concerns every body stands there. All logs get
 * another key together, so both have the same number.
 */
const besideIn = async (
  db: Db,
  body: string,
  log: number,
  ids: readonly string[],
  { size, hostSize }: Pick<PackContent, "size" | "hostSize">,
): Promise<readonly BesideRow[]> => [
  ...(await entriesBeside(db, ids, { whose: body, log }, size)),
  ...(await entriesBeside(db, ids, { whose: HOST, log }, hostSize)),
];

/**
 * The evidence of findings as the log has its hash. What was seen again since stands in the row in other words, and is
 * left out.
 */
async function foundIn(client: Client, body: string, entries: readonly Entry[]): Promise<PackedFinding[]> {
  const found: PackedFinding[] = [];
  for (const entry of entries) {
    if (entry.kind !== "finding.opened") continue;
    const row = await findingOf(client, body, entry.finding);
    const evidence = row && canonicalJson([row.code, row.place, [...row.evidence]]);
    if (evidence !== undefined && toHex(sha256(toUtf8(evidence))) === entry.evidence)
      found.push({ finding: entry.finding, evidence });
  }
  return found;
}

/** Letters that were handed in together have one number: their hashes together are what the log says of it. */
function packedDeliveries(rows: readonly PackDelivery[]): PackedDelivery[] {
  const batches = [...new Set(rows.map((row) => row.handed_at.getTime()))];
  return rows.map(({ id, channel, state, code, commitment, handed_at }) => ({
    delivery: id,
    channel,
    state,
    code,
    batch: batches.indexOf(handed_at.getTime()),
    hash: commitment && toHex(new Uint8Array(commitment)),
  }));
}

/**
 * Names a prepared content by a signed act.
 * @throws `BAD_REQUEST` when the act names another content; `INCIDENT_MOVED` when something was recorded in between
 */
export async function makePack(
  { pool, chains }: Desk,
  who: SignedIn,
  body: string,
  incident: string,
  act: SignedAct,
): Promise<void> {
  const { event } = actOf(act, "incident.packed");
  const row = await packOf(pool, body, incident, event.pack);
  if (!row || row.event !== null) throw new Fault("NOT_FOUND");
  const bytes = new Uint8Array(row.content);
  if (event.content !== toHex(sha256(bytes)) || event.count !== entryCount(parseContent(bytes)))
    throw new Fault("BAD_REQUEST");
  await recordAct(pool, chains, who, body, incident, act, (client) =>
    namePack(client, incident, event.seq, event.pack),
  );
}

/** The file, or null while no checkpoint covers the act that made it. @throws `NOT_FOUND` */
export async function packFile(
  { pool }: Desk,
  body: string,
  incident: string,
  pack: string,
): Promise<Uint8Array | null> {
  const row = await packOf(pool, body, incident, pack);
  if (!row || row.event === null) throw new Fault("NOT_FOUND");
  const content = parseContent(new Uint8Array(row.content));
  const acts = await actsOf(pool, body, incident);
  const packed = acts.find((one) => one.event === row.event);
  if (!packed) throw new Fault("INCIDENT_BROKEN");
  const named = acts.slice(0, content.acts.length);
  const place = (await placesOf(pool, [packed.event])).get(packed.event);
  if (!place) return null;
  const beside = await besideIn(
    pool,
    body,
    place.log,
    [incident, ...findingsOf(content.acts.map(({ entry }) => entry))],
    content,
  );
  const ids = new Map(beside.map((one) => [toHex(sha256(new Uint8Array(one.entry))), one.id]));
  const events = content.events.map((entry) => ids.get(toHex(sha256(entry))));
  if (events.some((id) => id === undefined)) throw new Fault("INCIDENT_BROKEN");
  const proofs = await proofsUnderOne(pool, [...named.map((one) => one.event), ...(events as number[]), packed.event]);
  if (proofs === null) return null;
  return encodePack({
    content,
    packed: packedAct(packed),
    proofs: {
      acts: named.map((one) => proofs.get(one.event)!),
      events: (events as number[]).map((id) => proofs.get(id)!),
      packed: proofs.get(packed.event)!,
    },
  });
}
