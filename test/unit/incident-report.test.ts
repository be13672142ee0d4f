/**
 * The report to the regulator: filled from what is known, what each phase lacks, made versions read back strictly, and
 * nothing of those affected in it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromUtf8, toUtf8 } from "../../src/domain/bytes.ts";
import { answerOf, type Answer } from "../../src/domain/incident/report-answer.ts";
import { REPORT_FIELDS, fieldOf } from "../../src/domain/incident/report-fields.ts";
import { knownAnswers, type Known } from "../../src/domain/incident/report-fill.ts";
import {
  askedFields,
  encodeReport,
  isLate,
  makeReport,
  mergedAnswers,
  missingFields,
  parseReport,
  typedAnswer,
  type Answers,
} from "../../src/domain/incident/report.ts";
import { wordsOf } from "../../src/domain/incident/words.ts";
import { Fault, type Code } from "../../src/domain/problem.ts";

const HOUR = 3_600_000;
const AWARE = Date.UTC(2026, 10, 25, 9, 30);
const words = (text: string): Answer => ({ kind: "words", words: wordsOf(text) });
const throws = (code: Code, work: () => unknown, message?: string): void =>
  assert.throws(work, (thrown) => thrown instanceof Fault && thrown.code === code, message);

const NOTHING: Known = {
  breachTypes: [],
  foundBy: null,
  discovered: null,
  aware: null,
  window: null,
  categories: [],
  people: null,
  records: null,
  protection: null,
  severity: null,
  told: { code: "undecided", more: null, whyNot: null },
  caseReference: null,
  planned: [],
  controller: null,
  dpo: null,
  processor: null,
};

const KNOWN: Known = {
  breachTypes: ["incorrect-permissions"],
  foundBy: "external",
  discovered: AWARE,
  aware: AWARE,
  window: { from: AWARE - 9 * 24 * HOUR, fromEstimated: false, to: AWARE + HOUR, toEstimated: false },
  categories: ["criminal", "basic-identifiers"],
  people: { count: 394, how: "at-most" },
  records: { count: 394, how: "exact" },
  protection: "none",
  severity: { level: "very-high", sum: wordsOf("SE 4.5: data 4 × identification 1 + circumstances 0.5") },
  told: { code: "yes", more: wordsOf("394 letters, all delivered"), whyNot: null },
  caseReference: wordsOf("IC-000000-A0A0"),
  planned: [wordsOf("Training for all who publish forms, by 1 March 2027")],
  controller: wordsOf("Harrowmere Office for Policing and Justice"),
  dpo: wordsOf("Data protection officer, dpo@harrowmere.example"),
  processor: wordsOf("The host, told us on 25 November 2026 at 09:30 UTC"),
};

/** Every field that an officer types, answered. */
function allTyped(): Answers {
  const typed: { [id: string]: Answer } = {};
  for (const { id, kind, codes, from } of REPORT_FIELDS as readonly {
    id: string;
    kind: Answer["kind"];
    codes?: Readonly<Record<string, string>>;
    from: string;
  }[]) {
    if (from !== "officer") continue;
    if (kind === "words") typed[id] = words(`What an officer wrote for ${id}`);
    if (kind === "choice") typed[id] = { kind, code: Object.keys(codes!)[0]! };
    if (kind === "choices") typed[id] = { kind, codes: [Object.keys(codes!)[0]!] };
  }
  return typed as Answers;
}

const making = {
  incident: "1".repeat(32),
  body: "harrowmere",
  regulator: "Information Commissioner’s Office",
  version: 1,
  madeAt: AWARE + 30 * HOUR,
  deadline: AWARE + 72 * HOUR,
  firstAt: null,
} as const;

// The fields are those of the regulator's form and of the template, each with a question, a source and, for a choice,
// its list.
test("the fields are those of the regulator's form, each with question, source and choices", () => {
  assert.equal(new Set(REPORT_FIELDS.map(({ id }) => id)).size, REPORT_FIELDS.length);
  // Each field of facts that the form asks, by what it is about (incident.md, "Fields of the ICO's report").
  for (const id of [
    "report-type",
    "case-reference",
    "what",
    "how",
    "cyber",
    "found-how",
    "discovered",
    "happened-from",
    "happened-to",
    "categories",
    "records",
    "people",
    "people-categories",
    "consequences",
    "likelihood",
    "before",
    "taken",
    "proposed",
    "training",
    "delay",
    "recurrence",
    "told",
    "others-told",
    "controller",
    "registration",
    "reporter",
    "dpo",
  ])
    assert.equal(fieldOf(id)?.asks, "regulator", id);
  for (const id of [
    "times",
    "aware",
    "found-by",
    "confidentiality",
    "protection",
    "breach-type",
    "told-text",
    "attachments",
    "processor",
    "severity",
  ])
    assert.equal(fieldOf(id)?.asks, "template", id);
  for (const field of REPORT_FIELDS as readonly {
    id: string;
    question: string;
    source: string;
    kind: string;
    codes?: object;
    when?: unknown;
  }[]) {
    assert.ok(field.question && field.source, field.id);
    assert.equal(field.kind === "choice" || field.kind === "choices", field.codes !== undefined, field.id);
    if (typeof field.when === "object") assert.ok(fieldOf((field.when as { field: string }).field), field.id);
  }
});

test("what Article 33(3) asks is needed in the very first report", () => {
  for (const law of ["33(3)(a)", "33(3)(b)", "33(3)(c)", "33(3)(d)"]) {
    const own = (REPORT_FIELDS as readonly { id: string; law?: string; needed: readonly string[] }[]).filter(
      (field) => field.law === law,
    );
    assert.ok(own.length > 0, law);
    for (const field of own) assert.ok(field.needed.includes("initial"), `${law} ${field.id}`);
  }
});

// Of an incident of which nothing is known everything is missing; of one that is known and written up, nothing.
test("of an incident of which nothing is known everything is missing; of a whole one, nothing", () => {
  const none = missingFields(knownAnswers(NOTHING), "initial", false);
  for (const id of ["what", "discovered", "aware", "people", "records", "categories", "controller", "dpo"] as const)
    assert.ok(none.includes(id), id);
  assert.ok(!none.includes("happened-from"), "while no window is known its ends are not asked");
  for (const phase of ["initial", "follow-up", "final"] as const) {
    const report = makeReport({ ...making, phase, known: knownAnswers(KNOWN), typed: allTyped() });
    assert.deepEqual(report.missing, [], phase);
    assert.deepEqual(report.answers["report-type"], { kind: "choice", code: phase });
  }
});

test("each field that a phase needs is named when it alone is missing", () => {
  const whole = mergedAnswers({ ...knownAnswers(KNOWN), "report-type": { kind: "choice", code: "final" } }, allTyped());
  for (const { id, needed } of askedFields(whole, true)) {
    if (!needed.includes("final") || ["times", "told"].includes(id)) continue;
    const { [id]: _, ...rest } = whole;
    assert.deepEqual(missingFields(rest, "final", true), [id]);
  }
});

test("a first report may say that something is not yet known, a final one may not", () => {
  const typed = { ...allTyped(), "people-categories": { kind: "choices", codes: ["not-yet-known"] } } as Answers;
  assert.deepEqual(makeReport({ ...making, phase: "initial", known: knownAnswers(KNOWN), typed }).missing, []);
  throws("REPORT_INCOMPLETE", () => makeReport({ ...making, phase: "final", known: knownAnswers(KNOWN), typed }));
});

// After 72 hours no version is made without the reasons for the delay, and within them they are not asked.
test("after 72 hours no version is made without reasons for the delay; before, none are asked", () => {
  const { delay: _, ...typed } = allTyped();
  const late = { ...making, madeAt: making.deadline + 1 };
  assert.deepEqual(
    makeReport({ ...making, madeAt: making.deadline, phase: "initial", known: knownAnswers(KNOWN), typed }).missing,
    [],
  );
  throws("REPORT_INCOMPLETE", () => makeReport({ ...late, phase: "initial", known: knownAnswers(KNOWN), typed }));
  assert.ok(makeReport({ ...late, phase: "initial", known: knownAnswers(KNOWN), typed: allTyped() }).answers.delay);
  assert.equal(
    makeReport({ ...making, phase: "initial", known: knownAnswers(KNOWN), typed: allTyped() }).answers.delay,
    undefined,
    "an idle answer does not stand in the report",
  );
  assert.equal(
    isLate({ ...late, firstAt: AWARE + HOUR }),
    false,
    "a follow-up after the 72 hours is not late where the first report was not",
  );
  assert.equal(
    isLate({ ...making, firstAt: making.deadline + 1 }),
    true,
    "and one after a late first report keeps its reasons",
  );
});

test("what is computed cannot be typed over, and what is suggested can", () => {
  for (const id of ["aware", "happened-from", "severity", "told", "nothing-of-the-kind", "constructor"])
    throws("BAD_REQUEST", () => typedAnswer(id, { kind: "moment", at: 1, estimated: false }), id);
  const typed = {
    people: typedAnswer("people", { kind: "count", count: 12, how: "approximate" }).answer,
    aware: { kind: "moment", at: 1, estimated: true },
  } as Answers;
  const merged = mergedAnswers(knownAnswers(KNOWN), typed);
  assert.deepEqual(merged.people, { kind: "count", count: 12, how: "approximate" });
  assert.deepEqual(merged.aware, { kind: "moment", at: AWARE, estimated: false });
});

test("an answer has exactly the shape of its question, and one spelling", () => {
  const field = fieldOf("categories")!;
  assert.deepEqual(
    answerOf(field, { kind: "choices", codes: ["criminal", "health"] }),
    answerOf(field, { kind: "choices", codes: ["health", "criminal"] }),
  );
  for (const wrong of [
    null,
    [],
    "yes",
    { kind: "choices" },
    { kind: "choices", codes: [] },
    { kind: "choices", codes: ["health", "health"] },
    { kind: "choices", codes: ["everything"] },
    { kind: "choices", codes: ["toString"] },
    { kind: "words", words: "health" },
    { kind: "choices", codes: ["health"], note: "x" },
  ])
    throws("BAD_REQUEST", () => answerOf(field, wrong), JSON.stringify(wrong));
  for (const wrong of ["", "  ", "a\u0000b", "x".repeat(8001), 7])
    throws("BAD_REQUEST", () => typedAnswer("what", { kind: "words", words: wrong }));
  for (const wrong of [
    { kind: "count", count: -1, how: "exact" },
    { kind: "count", count: 1.5, how: "exact" },
    { kind: "count", count: 1, how: "about" },
    { kind: "count", count: "1", how: "exact" },
  ])
    throws("BAD_REQUEST", () => typedAnswer("people", wrong));
});

test("a version has the bytes of the vector, and is read back in no other spelling", () => {
  const report = makeReport({ ...making, phase: "initial", known: knownAnswers(KNOWN), typed: allTyped() });
  const vector = readFileSync(new URL("../vectors/incident/report.json", import.meta.url), "utf8");
  assert.equal(fromUtf8(encodeReport(report)), vector);
  assert.deepEqual(parseReport(toUtf8(vector)), report);
  for (const [from, to] of [
    ['"count":394', '"count":"394"'],
    ['"v":1', '"v":2'],
    ['"missing":[]', '"missing":["what"]'],
    ['"phase":"initial"', '"phase":"last"'],
    ["{", "{ "],
    ['"answers":{', '"answers":{"applicant":{"kind":"words","words":"x"},'],
    ['"firstAt":null', '"firstAt":-1'],
  ] as const) {
    assert.ok(vector.includes(from), from);
    throws("MALFORMED", () => parseReport(toUtf8(vector.replace(from, to))), to);
  }
});

// A question that was left out is named as missing by whoever reads the version, whatever the version says.
test("a question that was left out is named by whoever reads the version, whatever it says", () => {
  const report = makeReport({ ...making, phase: "initial", known: knownAnswers(NOTHING), typed: {} });
  assert.ok(report.missing.length > 10);
  throws("MALFORMED", () => parseReport(encodeReport({ ...report, missing: [] })));
});
