/**
 * What a screen knows of incidents: only what the worker verified. And recording: signed in the worker, sent in one
 * piece.
 */
import { NO_PREV, type ActFields, type Texts } from "../domain/incident/act.ts";
import { Fault } from "../domain/problem.ts";
import { newId } from "../domain/seal/random.ts";
import { auditLog } from "./audit.ts";
import type { HeldIncident, ReadIncident } from "./acts.ts";
import type { Visit } from "./visit.ts";
import type { Body, StoredIncident } from "./wire.ts";
import { loadWorld, type BodyWorld } from "./world.ts";

/** Incidents are for owners and auditors of a body. @throws `REFUSED_ROLE` */
export function incidentBody({ me }: Pick<Visit, "me">): Body {
  if (!me.body || (me.role !== "owner" && me.role !== "auditor")) throw new Fault("REFUSED_ROLE");
  return me.body;
}

export const seesIncidents = ({ me }: Pick<Visit, "me">): boolean =>
  me.body !== null && (me.role === "owner" || me.role === "auditor");

/** An incident with the body's people, who stand in it by id. */
export type Incident = HeldIncident & { readonly world: BodyWorld };

async function verified(
  visit: Visit,
  body: string,
  incidents: readonly StoredIncident[],
): Promise<readonly ReadIncident[]> {
  const read = (): Promise<readonly ReadIncident[]> =>
    visit.keyring.call("readIncidents", { body, logKey: visit.setup.logKey, policy: visit.setup.policy, incidents });
  const found = await read();
  if (!found.some(({ code }) => code === "INCIDENT_BROKEN")) return found;
  // The log may have got another key since this visit last looked at it.
  await auditLog(visit);
  return read();
}

export type Register = { readonly world: BodyWorld; readonly incidents: readonly ReadIncident[] };

/** All incidents of the visitor's body; one that does not hold is there with its code. */
export async function loadIncidents(visit: Visit): Promise<Register> {
  const body = incidentBody(visit);
  const world = await loadWorld(visit, body);
  return { world, incidents: await verified(visit, body.id, await visit.api.incidents(body.id)) };
}

/** The same without the people, for what stands on every page: only the statements are replayed. */
export async function loadClocks(visit: Visit): Promise<readonly ReadIncident[]> {
  const { id } = incidentBody(visit);
  const { setup, api, keyring } = visit;
  const [incidents, statements] = await Promise.all([api.incidents(id), api.chain(id)]);
  if (incidents.length === 0) return [];
  await keyring.call("replay", {
    installation: setup.installation,
    body: id,
    root: setup.roots.get(id) ?? "",
    statements,
    own: true,
  });
  return verified(visit, id, incidents);
}

/** One incident. @throws `INCIDENT_UNKNOWN`, `INCIDENT_BROKEN` */
export async function loadIncident(visit: Visit, incident: string): Promise<Incident> {
  const body = incidentBody(visit);
  const world = await loadWorld(visit, body);
  const [read] = await verified(visit, body.id, [await visit.api.incident(body.id, incident)]);
  if (!read?.held) throw new Fault(read?.code ?? "INCIDENT_UNKNOWN");
  return { ...read.held, world };
}

/** Records one act behind those that were shown. @throws `INCIDENT_MOVED` when somebody else was faster */
export async function record(
  visit: Visit,
  { head, waiting }: Pick<HeldIncident, "head" | "waiting">,
  fields: ActFields,
  texts: Texts = {},
): Promise<void> {
  if (waiting > 0) throw new Fault("LOG_NOT_SIGNED");
  const given = Object.fromEntries(
    Object.entries(texts)
      .map(([field, text]) => [field, text.trim()])
      .filter(([, text]) => text !== ""),
  );
  await visit.api.recordAct(
    head.body,
    head.incident,
    await visit.keyring.call("signAct", { head, fields, texts: given }),
  );
}

/** Opens an incident. @returns its id */
export async function openIncident(
  visit: Visit,
  fields: Extract<ActFields, { kind: "incident.opened" }>,
  texts: Texts,
): Promise<string> {
  const { id: body } = incidentBody(visit);
  const incident = newId();
  await visit.api.openIncident(
    body,
    await visit.keyring.call("signAct", { head: { body, incident, seq: 0, prev: NO_PREV }, fields, texts }),
  );
  return incident;
}
