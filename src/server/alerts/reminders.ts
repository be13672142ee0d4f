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
import { peopleOf } from "../people/store/accounts.ts";
import { actCounts, insertReminder, lockIncident, remindersOf } from "../incidents/store.ts";
import { inTransaction, type Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { needIncident } from "../incidents/action.ts";
import { queueAlert } from "./tell.ts";

const EVERY_MS = 10_000;

/** Incidents as last verified; one is read again when something was recorded. */
type Known = Map<string, { readonly acts: number; readonly state: IncidentState | null }>;

/** Looks now and every ten seconds. @returns what stops it */
export function startReminders(pool: Pool, chains: Chains, config: Config): () => void {
  const known: Known = new Map();
  let busy = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (const body of config.roots.keys())
      await remind(pool, chains, body, known, Date.now()).catch((thrown: unknown) =>
        note({ level: "error", process: "staff", code: codeOf(thrown), route: "reminders" }),
      );
    busy = false;
  };
  void look();
  const timer = setInterval(() => void look(), EVERY_MS);
  return () => clearInterval(timer);
}

async function remind(pool: Pool, chains: Chains, body: string, known: Known, now: number): Promise<void> {
  for (const [incident, acts] of await actCounts(pool, body)) {
    const before = known.get(incident);
    // One that does not hold has no clock to remind of; the alarm is on every page of those who would be reminded.
    const state =
      before?.acts === acts ? before.state : await needIncident(pool, chains, body, incident).catch(() => null);
    known.set(incident, { acts, state });
    if (state === null || remindersDue(clockOf(state, now), []).length === 0) continue;
    await inTransaction(pool, async (client) => {
      await lockIncident(client, incident);
      const due = remindersDue(clockOf(state, now), await remindersOf(client, incident));
      const last = due.at(-1);
      if (last === undefined) return;
      for (const hours of due) await insertReminder(client, incident, hours, hours === last);
      const { persons } = (await chains.need(client, body)).state;
      const people = (await peopleOf(client, body)).filter(({ id }) =>
        ["owner", "auditor"].includes(persons.get(id)?.role ?? ""),
      );
      await queueAlert(client, people, alertOf("incident.clock", { hours: last, about: incident }));
    });
  }
}
