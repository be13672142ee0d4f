/**
 * What a screen knows of incidents: only what the worker verified. And recording: signed in the worker, sent in one
 * piece.
 */
import { NO_PREV, type ActFields, type ActHead, type Texts } from "../../domain/incident/act.ts";
import { vkeyOfLog } from "../../domain/log/names.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { auditLog } from "./audit.ts";
import type { HeldIncident, ReadIncident } from "../hands/tasks.ts";
import type { Member } from "../member.ts";
import type { Body } from "../../contract/session.ts";
import type { StoredIncident } from "../../contract/incidents.ts";
import { loadWorld, stateOf, type BodyWorld } from "./world.ts";

/** Incidents are for owners and auditors of a body. @throws `REFUSED_ROLE` */
export function incidentBody({ me }: Pick<Member, "me">): Body {
  if (!me.body || (me.role !== "owner" && me.role !== "auditor")) throw new Fault("REFUSED_ROLE");
  return me.body;
}

export const seesIncidents = ({ me }: Pick<Member, "me">): boolean =>
  me.body !== null && (me.role === "owner" || me.role === "auditor");

/** An incident with the body's people, who stand in it by id. */
export type Incident = HeldIncident & { readonly world: BodyWorld };

async function verified(
  member: Member,
  body: string,
  incidents: readonly StoredIncident[],
): Promise<readonly ReadIncident[]> {
  const read = (): Promise<readonly ReadIncident[]> =>
    member.hands.call("readIncidents", {
      body,
      logKey: vkeyOfLog(member.setup.logKey, body),
      policy: member.setup.policy,
      incidents,
    });
  const found = await read();
  if (!found.some(({ code }) => code === "INCIDENT_BROKEN")) return found;
  // The log may have got another key since this member last looked at it.
  await auditLog(member, body);
  return read();
}

export type Register = { readonly world: BodyWorld; readonly incidents: readonly ReadIncident[] };

/** All incidents of the visitor's body; one that does not hold is there with its code. */
export async function loadIncidents(member: Member): Promise<Register> {
  const body = incidentBody(member);
  const world = await loadWorld(member, body);
  return { world, incidents: await verified(member, body.id, await member.api.incidents(body.id)) };
}

/** The same without the people, for what stands on every page: only the statements are replayed. */
export async function loadClocks(member: Member): Promise<readonly ReadIncident[]> {
  const { id } = incidentBody(member);
  const incidents = await member.api.incidents(id);
  if (incidents.length === 0) return [];
  await stateOf(member, id);
  return verified(member, id, incidents);
}

/** One incident. @throws `INCIDENT_UNKNOWN`, `INCIDENT_BROKEN` */
export async function loadIncident(member: Member, incident: string): Promise<Incident> {
  const body = incidentBody(member);
  const world = await loadWorld(member, body);
  const [read] = await verified(member, body.id, [await member.api.incident(body.id, incident)]);
  if (!read?.held) throw new Fault(read?.code ?? "INCIDENT_UNKNOWN");
  return { ...read.held, world };
}

/**
 * Records one act behind those that were shown.
 * @throws `INCIDENT_MOVED` when somebody else was faster; `LOG_NOT_SIGNED` while an act that was shown is not under a
 * signed checkpoint
 */
export async function record(
  member: Member,
  { head, waiting }: Pick<HeldIncident, "head" | "waiting">,
  fields: ActFields,
  texts: Texts = {},
): Promise<void> {
  if (waiting > 0) await nowSigned(member, head);
  const given = Object.fromEntries(
    Object.entries(texts)
      .map(([field, text]) => [field, text.trim()])
      .filter(([, text]) => text !== ""),
  );
  await member.api.recordAct(
    head.body,
    head.incident,
    await member.hands.call("signAct", { head, fields, texts: given }),
  );
}

/** Looks again: whoever tries again, as they were told to, is not refused for what the page knew a minute ago. */
async function nowSigned(member: Member, head: ActHead): Promise<void> {
  const now = await loadIncident(member, head.incident);
  if (now.head.seq !== head.seq || now.head.prev !== head.prev) throw new Fault("INCIDENT_MOVED");
  if (now.waiting > 0) throw new Fault("LOG_NOT_SIGNED");
}

/** Opens an incident. @returns its id */
export async function openIncident(
  member: Member,
  fields: Extract<ActFields, { kind: "incident.opened" }>,
  texts: Texts,
): Promise<string> {
  const { id: body } = incidentBody(member);
  const incident = newId();
  await member.api.openIncident(
    body,
    await member.hands.call("signAct", { head: { body, incident, seq: 0, prev: NO_PREV }, fields, texts }),
  );
  return incident;
}
