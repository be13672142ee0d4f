/** Incidents of a body, for its owners and auditors. */
import { toBase64 } from "../../domain/bytes.ts";
import { actBytes, type ActEvent, type SignedAct, type Texts } from "../../domain/incident/act.ts";
import { canonicalBytes } from "../../domain/canonical.ts";
import { checkFields } from "../../domain/log/event-fields.ts";
import { Fault } from "../../domain/problem.ts";
import { recordAct, recordedActs, textsFit } from "../actions/incidents.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import type { ActRow } from "../store/incidents.ts";

type InBody = { Params: { body: string } };
type OfIncident = { Params: { body: string; incident: string } };

const ACTS_LIMIT = 64 * 1024;
/** Acts with something beside them come by a way of their own, which looks at that as well (`papers.ts`). */
const OWN_DOOR: readonly ActEvent["kind"][] = ["incident.reported", "incident.followed", "incident.notice", "incident.packed"];

export async function incidentRoutes(app: App, { pool, chains }: Staff): Promise<void> {
  app.get<InBody>("/api/bodies/:body/incidents", { config: { action: "incident.list" } }, async (request) => {
    const rows = await recordedActs(pool, request.params.body);
    const incidents = Map.groupBy(rows, (row) => row.incident);
    return { incidents: [...incidents].map(([incident, acts]) => ({ incident, acts: acts.map(present) })) };
  });

  app.get<OfIncident>("/api/bodies/:body/incidents/:incident", { config: { action: "incident.view" } }, async (request) => {
    const incident = read.id(request.params.incident);
    const rows = await recordedActs(pool, request.params.body, incident);
    if (rows.length === 0) throw new Fault("INCIDENT_UNKNOWN");
    return { incident, acts: rows.map(present) };
  });

  app.post<InBody>("/api/bodies/:body/incidents", { config: { action: "incident.open" }, bodyLimit: ACTS_LIMIT }, async (request) => {
    const act = signedAct(request.body, "incident.opened");
    await recordAct(pool, chains, signedIn(request), request.params.body, act.event.incident, act);
    return { incident: act.event.incident };
  });

  app.post<OfIncident>("/api/bodies/:body/incidents/:incident/acts", { config: { action: "incident.act" }, bodyLimit: ACTS_LIMIT }, async (request) => {
    const act = signedAct(request.body);
    if (OWN_DOOR.includes(act.event.kind)) throw new Fault("BAD_REQUEST");
    await recordAct(pool, chains, signedIn(request), request.params.body, read.id(request.params.incident), act);
    return { ok: true };
  });
}

/** A signed act as it was sent: an event of a known kind with exactly its fields. What it means is judged beside the write. */
export function signedAct(value: unknown, kind?: ActEvent["kind"]): SignedAct {
  const given = read.fields(value, { event: (event: unknown) => event, signature: read.bytes(64), bySalt: read.bytes(32), texts, salt: read.bytes(32) });
  const event = given.event as ActEvent;
  try {
    checkFields({ ...event, v: 1, at: 0, nonce: "0".repeat(64) } as never);
    actBytes(event);
    canonicalBytes(given.texts);
  } catch {
    throw new Fault("BAD_REQUEST");
  }
  if (!("prev" in event) || (kind !== undefined ? event.kind !== kind : (event as ActEvent).kind === "incident.opened") || given.bySalt.length !== 32 || given.salt.length !== 32) throw new Fault("BAD_REQUEST");
  return { ...given, event };
}

const FIELD = /^[a-z-]{1,32}$/;

function texts(value: unknown): Texts {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Fault("BAD_REQUEST");
  const found = Object.entries(value).map(([field, text]): [string, string] => [FIELD.test(field) ? field : read.slug(""), read.text(4000)(text)]);
  const whole = Object.fromEntries(found);
  if (!textsFit(whole)) throw new Fault("TOO_LARGE");
  return whole;
}

/** Each field that leaves, by name. */
const present = (row: ActRow) => ({
  entry: toBase64(row.entry),
  signature: toBase64(row.signature),
  person: row.person,
  bySalt: toBase64(row.by_salt),
  texts: row.texts,
  salt: row.salt && toBase64(row.salt),
  proof: row.proof,
  signedAt: row.signed_at,
});
