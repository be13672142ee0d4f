/** The report to the regulator and what followed: typed answers are kept, versions and items are acts. */
import { canonicalJson } from "../../domain/canonical.ts";
import type { ActEvent, SignedAct } from "../../domain/incident/act.ts";
import { clockOf } from "../../domain/incident/clock.ts";
import { checkItem, firstSent, followedOf } from "../../domain/incident/follow-up.ts";
import { isLate, type Report } from "../../domain/incident/report.ts";
import { reportedOf, versionOf } from "../../domain/incident/reported.ts";
import type { IncidentState } from "../../domain/incident/state.ts";
import { completeBodyOf } from "../../domain/form/body.ts";
import { Fault } from "../../domain/problem.ts";
import { bodyById } from "../people/store/bodies.ts";
import { insertReport } from "./store/filings.ts";
import type { Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { recordAct } from "../incidents/action.ts";
import type { SignedIn } from "../grants/action.ts";

export type Desk = { readonly pool: Pool; readonly chains: Chains };

type Of<K extends ActEvent["kind"]> = SignedAct & { readonly event: Extract<ActEvent, { kind: K }> };

/** The act, if it is of this kind. @throws `BAD_REQUEST` */
export function actOf<K extends ActEvent["kind"]>(act: SignedAct, kind: K): Of<K> {
  if (act.event.kind !== kind) throw new Fault("BAD_REQUEST");
  return act as Of<K>;
}

const CLOCK_MS = 15 * 60_000;

/**
 * Keeps a version of the report with the act that names it.
 * @throws `REPORT_INCOMPLETE` for a late report without its reasons, `BAD_REQUEST` for a version that is not the one
 * that was signed, and as `recordAct`
 */
export async function makeVersion(
  { pool, chains }: Desk,
  who: SignedIn,
  body: string,
  incident: string,
  act: SignedAct,
  content: Uint8Array,
  salt: Uint8Array,
): Promise<void> {
  const { event } = actOf(act, "incident.reported");
  const said = reportedOf(event);
  const report = said && versionOf({ ...said, incident, body }, content, salt);
  if (!report) throw new Fault("BAD_REQUEST");
  await recordAct(pool, chains, who, body, incident, act, async (client, state) => {
    checkVersion(report, state);
    await insertReport(client, incident, event.seq, report.version, content, salt);
  });
}

/** What a version says of clock and time is what the incident says. */
function checkVersion(report: Report, state: IncidentState): void {
  const now = Date.now();
  const clock = clockOf(state, now);
  // Without awareness there is no clock, and a report without a deadline would never be late.
  if (clock.kind === "not-begun") throw new Fault("INCIDENT_RULE");
  if (
    report.deadline !== clock.deadline ||
    report.firstAt !== firstSent(state.followed) ||
    Math.abs(report.madeAt - now) > CLOCK_MS
  )
    throw new Fault("BAD_REQUEST");
  if (report.missing.includes("delay") && isLate(report)) throw new Fault("REPORT_INCOMPLETE");
  if (report.phase === "final" && report.missing.length > 0) throw new Fault("REPORT_INCOMPLETE");
}

/** Records an item of what followed. @throws `BAD_REQUEST` for texts that its kind does not have or lacks */
export async function followUp(
  { pool, chains }: Desk,
  who: SignedIn,
  body: string,
  incident: string,
  act: SignedAct,
): Promise<void> {
  const { event, texts } = actOf(act, "incident.followed");
  const followed = followedOf(event);
  if (!followed) throw new Fault("INCIDENT_RULE");
  checkItem({ ...followed, texts });
  await recordAct(pool, chains, who, body, incident, act);
}

/** What the body's public record gives to a report. Nulls while a page of it is lacking. */
export async function recordOf(
  pool: Pool,
  body: string,
): Promise<{
  readonly regulator: string | null;
  readonly controller: string | null;
  readonly dpo: string | null;
  readonly processor: string | null;
}> {
  const row = await bodyById(pool, body);
  try {
    const { name, host, contact, privacy } = completeBodyOf(row?.record);
    return {
      regulator: privacy.regulator.name,
      controller: [name, ...contact.address.filter((line) => line !== name)].join(", "),
      dpo: `${privacy.dpo.name}, ${privacy.dpo.email}, ${privacy.dpo.address}`,
      processor: host,
    };
  } catch {
    return { regulator: null, controller: row?.name ?? null, dpo: null, processor: null };
  }
}

/** A typed answer as it is kept: the one spelling of what was checked. */
export const keptAnswer = (answer: unknown): string => canonicalJson(answer);
