/**
 * What an incident's acts, its letters and the body's record give to a report. Codes, counts, times and the officers'
 * own words; nothing else is looked at.
 */
import type { DataCategory } from "../form/category.ts";
import { Fault } from "../problem.ts";
import { timeInZone, type Zone } from "../time.ts";
import { awareSince, deadlineOf, processorSince } from "./clock.ts";
import type { AwareBasis, IncidentKind } from "./codes.ts";
import { firstSent, newest, shapeOf } from "./follow-up.ts";
import type { BREACH_TYPES, FOUND_BY, Phase } from "./report-choices.ts";
import { knownAnswers, type Known } from "./report-fill.ts";
import { isLate, makeReport, mergedAnswers, missingFields, type Answers, type Report } from "./report.ts";
import { standing, type IncidentState } from "./state.ts";
import { wordsOf, type Words } from "./words.ts";

/** What is known outside of the acts. */
export type Around = {
  /** where the body's clock hangs */
  readonly zone: Zone;
  /** of the questions of the forms that are concerned; empty where it is another system */
  readonly categories: readonly DataCategory[];
  /** how many messages stand in which state */
  readonly messages: readonly { readonly channel: string; readonly state: string; readonly count: number }[];
  readonly record: {
    readonly regulator: string | null;
    readonly controller: string | null;
    readonly dpo: string | null;
    readonly processor: string | null;
  };
};

const BREACH: { readonly [kind in IncidentKind]: readonly (keyof typeof BREACH_TYPES)[] } = {
  "wrong-person": ["incorrect-permissions"],
  "key-lost": ["lost-or-stolen"],
  "letter-astray": ["wrong-recipient"],
  "sealed-bytes": ["misconfiguration"],
  elsewhere: ["unintended-publication"],
  other: [],
};

const FOUND: { readonly [basis in AwareBasis]: keyof typeof FOUND_BY | null } = {
  finding: "controller",
  staff: "controller",
  letter: "data-subject",
  "processor-told": "processor",
  press: "press",
  regulator: "external",
  other: null,
};

const words = (text: string | null | undefined): Words | null => (text ? wordsOf(text, Infinity) : null);
const hundredths = (value: number): string => (value / 100).toFixed(2).replace(/\.?0+$/, "");

/** How many people the newest sealed list names; null while there is none. */
export const affectedCount = (state: IncidentState): number | null =>
  state.documents.findLast(({ what }) => what === "affected")?.count ?? null;

/** Everything that is known, as the report takes it. */
function knownOf(state: IncidentState, { zone, categories, messages, record }: Around): Known {
  const since = awareSince(state);
  const host = processorSince(state);
  const first = state.awareness.toSorted((a, b) => a.awareAt - b.awareAt)[0];
  const window = state.windows.at(-1);
  const assessed = state.assessments.at(-1);
  const affected = affectedCount(state);
  return {
    breachTypes: BREACH[state.opened.what],
    foundBy: first ? FOUND[first.basis] : null,
    discovered: first ? first.awareAt : null,
    aware: since,
    window:
      window === undefined
        ? null
        : {
            from: window.earliest,
            fromEstimated: window.earliestBasis === "assumed" || window.earliest !== window.latest,
            to: window.end ?? null,
            toEstimated: window.endBasis === "assumed",
          },
    categories,
    people: affected === null ? null : { count: affected, how: "at-most" },
    records: null,
    // What was sealed, and whose keys stayed where they were, nobody could read.
    protection:
      assessed?.unintelligible === true || state.opened.what === "sealed-bytes"
        ? "intact"
        : assessed === undefined
          ? null
          : "none",
    severity:
      assessed === undefined
        ? null
        : {
            level: assessed.level,
            sum: wordsOf(
              `${hundredths(assessed.se)} = ${assessed.dpc} × ${hundredths(assessed.ei)} + ${hundredths(assessed.confidentiality + assessed.integrity + assessed.availability + assessed.malice)} (ENISA 2013)`,
            ),
          },
    told: toldOf(state, messages),
    caseReference: words(
      newest(state.followed)
        .filter(({ what }) => what === "report-sent")
        .map((one) => one.words["reference"] ?? "")
        .find((reference) => reference !== ""),
    ),
    planned: newest(state.followed)
      .filter(({ what }) => what === "recommendation" || what === "training")
      .map((one) =>
        wordsOf(
          `${shapeOf(one.what).one}: ${one.words["what"] ?? ""}, ${one.done === null ? `by ${timeInZone(one.due!, zone)}` : `done ${timeInZone(one.done, zone)}`}`,
          Infinity,
        ),
      ),
    controller: words(record.controller),
    dpo: words(record.dpo),
    processor: words(
      record.processor &&
        (host === null ? record.processor : `${record.processor}; aware since ${timeInZone(host, zone)}`),
    ),
  };
}

const SENT: readonly string[] = ["sent", "bounced", "uncertain"];

function toldOf(state: IncidentState, messages: Around["messages"]): Known["told"] {
  const decided = standing(state, "people");
  const count = (states: readonly string[]): number =>
    messages.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.count, 0);
  const all = messages.filter(({ state: one }) => one !== "cancelled").reduce((sum, one) => sum + one.count, 0);
  const [sent, bounced] = [count(SENT), count(["bounced", "rejected"])];
  if (sent > 0)
    return {
      code: "yes",
      more: wordsOf(`${sent} of ${all} messages are on their way or there; ${bounced} could not be delivered`),
      whyNot: null,
    };
  if (decided?.choice === "yes") return { code: "planned", more: null, whyNot: null };
  if (decided?.choice === "no") return { code: "no", more: null, whyNot: words(decided.words["why"]) };
  return { code: "undecided", more: null, whyNot: null };
}

/**
 * The answers as they stand now, and what each phase lacks; null while nobody is recorded to be aware, because then
 * there is no clock to report by.
 */
export type Standing = {
  readonly answers: Answers;
  readonly late: boolean;
  readonly missing: { readonly [phase in Phase]: readonly string[] };
};

export function standingReport(state: IncidentState, around: Around, typed: Answers, now: number): Standing | null {
  const since = awareSince(state);
  if (since === null) return null;
  const late = isLate({ firstAt: firstSent(state.followed), madeAt: now, deadline: deadlineOf(since) });
  const known = knownAnswers(knownOf(state, around));
  const of = (phase: Phase): readonly string[] =>
    missingFields(mergedAnswers({ ...known, "report-type": { kind: "choice", code: phase } }, typed), phase, late);
  return {
    answers: mergedAnswers(known, typed),
    late,
    missing: { initial: of("initial"), "follow-up": of("follow-up"), final: of("final") },
  };
}

/** The next version. @throws `REPORT_INCOMPLETE`, `INCIDENT_RULE` while nobody is recorded to be aware */
export function nextReport(state: IncidentState, around: Around, typed: Answers, phase: Phase, now: number): Report {
  const since = awareSince(state);
  if (since === null) throw new Fault("INCIDENT_RULE");
  return makeReport({
    incident: state.incident,
    body: state.body,
    regulator: around.record.regulator ?? "The regulator",
    phase,
    version: state.reports.length + 1,
    madeAt: now,
    deadline: deadlineOf(since),
    firstAt: firstSent(state.followed),
    known: knownAnswers(knownOf(state, around)),
    typed,
  });
}

/** Which kind of report comes next. */
export const nextPhase = (state: IncidentState): Phase =>
  firstSent(state.followed) === null ? "initial" : "follow-up";
