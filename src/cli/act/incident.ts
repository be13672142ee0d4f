/** Incidents at a desk: recording an act with the visitor's key, and reading an incident, verified to the log. */
import { draftAct, NO_PREV, type ActFields, type ActHead, type Texts } from "../../domain/incident/act.ts";
import { incidentOf, type IncidentState } from "../../domain/incident/state.ts";
import { verifyActs } from "../../domain/incident/verify.ts";
import { audit } from "../../domain/log/audit.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { bytes, id, list, maybe, member, record, text, whole } from "../shape.ts";
import { shownLogs } from "../wire.ts";
import { keysOf, stateOf, type Visit } from "./visit.ts";

const stored = record({
  entry: bytes,
  signature: bytes,
  person: id,
  bySalt: bytes,
  texts: maybe(texts),
  salt: maybe(bytes),
  proof: maybe(text),
  signedAt: maybe(whole),
});

function texts(value: unknown): Texts {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Fault("MALFORMED", "not texts");
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, text(one)]));
}

const at = (body: string): string => `/api/bodies/${encodeURIComponent(body)}/incidents`;

export type Found = { readonly state: IncidentState; readonly head: ActHead };

/**
 * An incident as its acts make it; each act was signed by a person of the body and stands in the log.
 * @throws `INCIDENT_UNKNOWN`, `INCIDENT_BROKEN`
 */
export async function incident(visit: Visit, body: string, one: string): Promise<Found> {
  const { persons } = await stateOf(visit, body);
  const { value } = await visit.client.get(`${at(body)}/${one}`);
  const { acts, head } = verifyActs(member("acts", list(stored))(value), {
    body,
    incident: one,
    persons,
    logKey: visit.where.logKey,
    logs: await logsOf(visit),
  });
  return { state: incidentOf(acts), head };
}

/**
 * The keys of the installation's logs, by name: from the one that is known here, as far as each names the other.
 * @throws `LOG_REFUSED`
 */
async function logsOf({ client, where }: Visit): Promise<ReadonlyMap<string, string>> {
  const shown = shownLogs((await client.get("/api/log/audit")).value);
  return audit({ seen: [], also: [], trusted: where.logKey, shown })?.logs ?? new Map();
}

/** Opens an incident. @returns its id */
export async function openIncident(
  visit: Visit,
  body: string,
  fields: Extract<ActFields, { kind: "incident.opened" }>,
  words: Texts,
): Promise<string> {
  const one = newId();
  await visit.client.post(at(body), signed(visit, { body, incident: one, seq: 0, prev: NO_PREV }, fields, words));
  return one;
}

/** Records an act behind the ones that are there. */
export async function act(
  visit: Visit,
  body: string,
  one: string,
  fields: ActFields,
  words: Texts = {},
): Promise<void> {
  const { head } = await incident(visit, body, one);
  await visit.client.post(`${at(body)}/${one}/acts`, signed(visit, head, fields, words));
}

export function signed(visit: Visit, head: ActHead, fields: ActFields, words: Texts) {
  const { person, signingSecret } = keysOf(visit);
  return draftAct(head, { person, role: visit.me.role, signingSecret }, fields, words);
}
