/**
 * The report to the regulator: what is known about an incident, beside what officers wrote, field by field; and what a
 * phase still lacks. A version is made once, as canonical JSON, and its salted hash stands in the log.
 */
import type { Bytes } from "../bytes.ts";
import { canonicalBytes, canonicalJson, parseCanonical, type Json } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { answerOf, saysUnknown, type Answer } from "./report-answer.ts";
import { isPhase, UNKNOWN, type Phase } from "./report-choices.ts";
import { fieldOf, REPORT_FIELDS, type FieldId, type ReportField } from "./report-fields.ts";

export type Answers = { readonly [field in FieldId]?: Answer };

export type Report = {
  readonly v: 1;
  /** 32 hex */
  readonly incident: string;
  readonly body: string;
  /** the regulator as the body's record calls it */
  readonly regulator: string;
  readonly phase: Phase;
  /** from 1, over all phases */
  readonly version: number;
  readonly madeAt: number;
  /** when the 72 hours were over */
  readonly deadline: number;
  /** when the first report was sent; null before that */
  readonly firstAt: number | null;
  readonly answers: Answers;
  readonly missing: readonly FieldId[];
};

/** Whether the first report came, or comes now, after the 72 hours; the reasons must go with it (Art. 33(1)). */
export const isLate = ({ firstAt, madeAt, deadline }: Pick<Report, "firstAt" | "madeAt" | "deadline">): boolean =>
  (firstAt ?? madeAt) > deadline;

/** The fields that this report asks, in the order of the regulator's form. */
export function askedFields(answers: Answers, late: boolean): readonly (ReportField & { readonly id: FieldId })[] {
  return (REPORT_FIELDS as readonly (ReportField & { readonly id: FieldId })[]).filter(({ when }) => {
    if (when === undefined) return true;
    if (when === "late") return late;
    const other = answers[when.field as FieldId];
    return other?.kind === "choice" && when.is.includes(other.code);
  });
}

/** What a phase cannot do without and the answers lack. A final report does not take "not yet known" for an answer. */
export function missingFields(answers: Answers, phase: Phase, late: boolean): readonly FieldId[] {
  return askedFields(answers, late)
    .filter(({ id, needed }) => {
      if (!needed.includes(phase)) return false;
      const answer = answers[id];
      return answer === undefined || (phase === "final" && saysUnknown(answer, UNKNOWN));
    })
    .map(({ id }) => id);
}

/** What an officer may type, checked; `BAD_REQUEST` for a field that is computed or that there is not. */
export function typedAnswer(id: string, value: unknown): { readonly id: FieldId; readonly answer: Answer } {
  const field = fieldOf(id);
  if (!field || field.from === "incident") throw new Fault("BAD_REQUEST", "this field is not typed");
  return { id: field.id as FieldId, answer: answerOf(field, value) };
}

/** What is known beside what was typed: the typed answer stands, except where a field is never typed. */
export function mergedAnswers(known: Answers, typed: Answers): Answers {
  const merged: { [id: string]: Answer } = {};
  for (const { id, from } of REPORT_FIELDS) {
    const answer = from === "incident" ? known[id] : (typed[id] ?? known[id]);
    if (answer !== undefined) merged[id] = answer;
  }
  return merged;
}

export type Making = Pick<
  Report,
  "incident" | "body" | "regulator" | "phase" | "version" | "madeAt" | "deadline" | "firstAt"
> & { readonly known: Answers; readonly typed: Answers };

/**
 * A version of the report. What it lacks is marked in it, as phases allow.
 * @throws `REPORT_INCOMPLETE` for a late report without its reasons, and for a final one that lacks anything
 */
export function makeReport({ known, typed, ...rest }: Making): Report {
  const late = isLate(rest);
  const all = mergedAnswers({ ...known, "report-type": { kind: "choice", code: rest.phase } }, typed);
  // Only what is asked stands in it: an answer that another answer made idle would contradict it.
  const asked = new Set(askedFields(all, late).map(({ id }) => id as string));
  const answers: Answers = Object.fromEntries(Object.entries(all).filter(([id]) => asked.has(id)));
  const missing = missingFields(answers, rest.phase, late);
  if (missing.includes("delay")) throw new Fault("REPORT_INCOMPLETE", "the reasons for the delay are missing");
  if (rest.phase === "final" && missing.length > 0)
    throw new Fault("REPORT_INCOMPLETE", "a final report lacks something");
  return { v: 1, ...rest, answers, missing };
}

export const encodeReport = (report: Report): Bytes => canonicalBytes(report);

/** Reads a stored version strictly: each answer fits its field, nothing else stands in it (`MALFORMED`). */
export function parseReport(bytes: Bytes): Report {
  const value = parseCanonical(bytes);
  try {
    return readReport(value);
  } catch (thrown) {
    throw new Fault("MALFORMED", thrown instanceof Fault ? thrown.detail : "not a report");
  }
}

const KEYS = [
  "answers",
  "body",
  "deadline",
  "firstAt",
  "incident",
  "madeAt",
  "missing",
  "phase",
  "regulator",
  "v",
  "version",
];

function readReport(value: Json): Report {
  const bad = (what: string): never => {
    throw new Fault("MALFORMED", what);
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return bad("a report is an object");
  const given = value as { readonly [key: string]: Json };
  if (Object.keys(given).sort().join() !== KEYS.join()) return bad("a report has other fields");
  const { v, incident, body, regulator, phase, version, madeAt, deadline, firstAt, answers, missing } = given;
  if (v !== 1) return bad("a report of an unknown version");
  const isTime = (time: Json | undefined): time is number => typeof time === "number" && time >= 0;
  if (
    typeof incident !== "string" ||
    typeof body !== "string" ||
    typeof regulator !== "string" ||
    !isPhase(phase) ||
    !isTime(version) ||
    version < 1 ||
    !isTime(madeAt) ||
    !isTime(deadline) ||
    (firstAt !== null && !isTime(firstAt))
  )
    return bad("a field of the report does not fit");
  if (typeof answers !== "object" || answers === null || Array.isArray(answers) || !Array.isArray(missing))
    return bad("a field of the report does not fit");
  const read = Object.fromEntries(
    Object.entries(answers).map(([id, answer]) => {
      const field = fieldOf(id);
      return field ? [id, answerOf(field, answer)] : bad("an answer to no field");
    }),
  ) as Answers;
  const lacking = missingFields(read, phase, isLate({ firstAt, madeAt, deadline }));
  if (canonicalJson(lacking) !== canonicalJson(missing)) return bad("what it says is missing is not what is missing");
  return { v, incident, body, regulator, phase, version, madeAt, deadline, firstAt, answers: read, missing: lacking };
}
