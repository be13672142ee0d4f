/**
 * Reminders of the 72 hours, to owners and auditors: each once, whatever is restarted in between, because it is noted
 * in the transaction of its alerts.
 */
import { clockOf, remindersDue } from "../../domain/incident/clock.ts";
import type { IncidentState } from "../../domain/incident/state.ts";
import { alertOf } from "../../domain/mail/alert.ts";
import { codeOf } from "../../domain/problem.ts";
import type { Config } from "../config.ts";
import { note } from "../http/log.ts";
import { actCounts, insertReminder, lockIncident, remindersOf } from "../incidents/store.ts";
import { inTransaction, type Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { needIncident } from "../incidents/action.ts";
import { tellOwnersAndAuditors } from "./tell.ts";

const EVERY_MS = 10_000;

/** Incidents as last verified; null: its acts do not hold. One is read again when something was recorded. */
export type KnownIncidents = Map<string, { readonly acts: number; readonly state: IncidentState | null }>;

/**
 * An incident as it is known, or as it is read. Only that its acts do not hold is kept beside what they say: a fault of
 * the database says nothing about them. It is thrown, and with the next look they are read again.
 */
export async function incidentKnown(
  known: KnownIncidents,
  incident: string,
  acts: number,
  read: () => Promise<IncidentState>,
): Promise<IncidentState | null> {
  const before = known.get(incident);
  if (before?.acts === acts) return before.state;
  const state = await read().catch((thrown: unknown) => {
    if (codeOf(thrown) !== "INCIDENT_BROKEN") throw thrown;
    return null;
  });
  known.set(incident, { acts, state });
  return state;
}

const noteFault = (thrown: unknown): void =>
  note({ level: "error", process: "staff", code: codeOf(thrown), route: "reminders" });

/** Looks now and every ten seconds. @returns what stops it */
export function startReminders(pool: Pool, chains: Chains, config: Config): () => void {
  const known: KnownIncidents = new Map();
  let busy = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (const body of config.roots.keys()) await remind(pool, chains, body, known, Date.now()).catch(noteFault);
    busy = false;
  };
  void look();
  const timer = setInterval(() => void look(), EVERY_MS);
  return () => clearInterval(timer);
}

async function remind(pool: Pool, chains: Chains, body: string, known: KnownIncidents, now: number): Promise<void> {
  // What is wrong with one is no reason not to remind of another.
  for (const [incident, acts] of await actCounts(pool, body))
    await remindOf(pool, chains, body, incident, acts, known, now).catch(noteFault);
}

async function remindOf(
  pool: Pool,
  chains: Chains,
  body: string,
  incident: string,
  acts: number,
  known: KnownIncidents,
  now: number,
): Promise<void> {
  // One that does not hold has no clock to remind of; the alarm is on every page of those who would be reminded.
  const state = await incidentKnown(known, incident, acts, () => needIncident(pool, chains, body, incident));
  if (state === null || remindersDue(clockOf(state, now), []).length === 0) return;
  await inTransaction(pool, async (client) => {
    await lockIncident(client, incident);
    const due = remindersDue(clockOf(state, now), await remindersOf(client, incident));
    const last = due.at(-1);
    if (last === undefined) return;
    for (const hours of due) await insertReminder(client, incident, hours, hours === last);
    await tellOwnersAndAuditors(client, chains, body, alertOf("incident.clock", { hours: last, about: incident }));
  });
}
