/**
 * What somebody typed becomes answers, or every problem in the words of the form; opened answers are checked the same
 * way.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { canonicalJson, parseJson } from "../../src/domain/canonical.ts";
import { checkAnswers, checkOne, type Answers } from "../../src/domain/form/answers.ts";
import { rowsOf } from "../../src/domain/form/display.ts";
import { namesOf, type Fields } from "../../src/domain/form/fields.ts";
import { fieldsOf } from "../../src/domain/form/filled.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { checkOpened, checkOpenedSlip } from "../../src/domain/form/opened.ts";
import type { Question } from "../../src/domain/form/question.ts";
import { slipOf } from "../../src/domain/form/slip.ts";
import { Fault } from "../../src/domain/problem.ts";
import fc, { values } from "../support/drawn.ts";

const form = formOf(
  JSON.parse(readFileSync(new URL("../../forms/police-complaint-handling.json", import.meta.url), "utf8")),
);

const good: Fields = {
  "on-behalf": "myself",
  concerns: ["outcome", "delay"],
  "what-happened": "  First line\r\nSecond\u0000 line\u202e  ",
  "when-happened": "March\t 2024",
  "outcome-wanted": "An apology",
  "full-name": " Ada  O’Neill ",
  "contact-by": "post",
  "address-line1": "1 High Street",
  "address-town": "Harrowmere",
  "address-postcode": "hw14qt",
};
const answersOf = (fields: Fields): Answers => {
  const result = checkAnswers(form, fields);
  assert.ok(result.ok, JSON.stringify(result));
  return result.answers;
};
const problemsOf = (change: Fields): [string, string][] => {
  const result = checkAnswers(form, { ...good, ...change });
  return result.ok ? [] : result.problems.map(({ field, text }) => [field, text]);
};

// Answers are trimmed, line ends are one kind, invisible control characters are gone, choices keep the form's order.
test("answers are trimmed, with one kind of line end, no control characters, choices in order", () => {
  assert.deepEqual(answersOf(good), {
    "on-behalf": "myself",
    concerns: ["delay", "outcome"],
    "what-happened": "First line\nSecond line",
    "when-happened": "March 2024",
    "outcome-wanted": "An apology",
    "full-name": "Ada O’Neill",
    "contact-by": "post",
    address: { line1: "1 High Street", town: "Harrowmere", postcode: "HW1 4QT" },
  });
});

test("an answer to a question that is not asked is left out, and its errors too", () => {
  const answers = answersOf({ ...good, "their-name": "Somebody", email: "not an address" });
  assert.ok(!("their-name" in answers) && !("email" in answers));
  assert.deepEqual(
    problemsOf({ "on-behalf": "someone-else" }).map(([field]) => field),
    ["their-name", "consent"],
  );
});

const long = "x".repeat(20_001);
const wordings: [Fields, string, string][] = [
  [{ "full-name": "" }, "full-name", "Enter your full name"],
  [{ "on-behalf": "" }, "on-behalf", "Select who you are complaining for"],
  [{ "on-behalf": "everyone" }, "on-behalf", "Select who you are complaining for"],
  [{ "on-behalf": ["myself", "someone-else"] }, "on-behalf", "Select one answer only"],
  [{ concerns: ["delay", "<script>"] }, "concerns", "Select what was wrong with how your complaint was handled"],
  [{ "full-name": ["a", "b"] }, "full-name", "This answer was sent more than once. Enter it once"],
  [{ "what-happened": long }, "what-happened", "What happened must be 20,000 characters or fewer"],
  [
    { "contact-by": "email", email: "name@" },
    "email",
    "Enter an email address in the correct format, like name@example.com",
  ],
  [
    { "contact-by": "email", email: "a@b.example\nBcc: c@d.example" },
    "email",
    "Enter an email address in the correct format, like name@example.com",
  ],
  [
    { telephone: "call me" },
    "telephone",
    "Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192",
  ],
  [
    { "outcome-date-day": "27", "outcome-date-year": "2024" },
    "outcome-date-month",
    "The date of the outcome must include a month",
  ],
  [{ "outcome-date-year": "2024" }, "outcome-date-day", "The date of the outcome must include a day and month"],
  [
    { "outcome-date-day": "31", "outcome-date-month": "2", "outcome-date-year": "2024" },
    "outcome-date-day",
    "The date of the outcome must be a real date",
  ],
  [
    { "outcome-date-day": "29", "outcome-date-month": "2", "outcome-date-year": "2023" },
    "outcome-date-day",
    "The date of the outcome must be a real date",
  ],
  [
    { "outcome-date-day": "1", "outcome-date-month": "2", "outcome-date-year": "24" },
    "outcome-date-year",
    "Year must include 4 numbers",
  ],
  [
    { "outcome-date-day": "1", "outcome-date-month": "2", "outcome-date-year": "1066" },
    "outcome-date-year",
    "Year must be between 1900 and 2100",
  ],
  [{ "address-line1": "" }, "address-line1", "Enter address line 1, typically the building and street"],
  [
    { "address-postcode": "somewhere" },
    "address-postcode",
    "Enter a postcode in the correct format, like AA3 1AB, or leave it out if you do not know it",
  ],
  [
    { everyone: "yes" },
    "",
    "The page sent something that this form does not ask for. Nothing was sent on. Reload the form and try again",
  ],
];
for (const [change, field, text] of wordings) {
  test(`refused: ${JSON.stringify(change).slice(0, 60)}`, () => assert.deepEqual(problemsOf(change), [[field, text]]));
}

// Accepted: a month in letters, a leap day, a foreign postal code, a number with an extension, 20,000 characters.
test("accepted: a month in letters, a leap day, a foreign code, an extension, 20,000 characters", () => {
  const answers = answersOf({
    ...good,
    "outcome-date-day": "29",
    "outcome-date-month": "Feb",
    "outcome-date-year": "2024",
    "address-postcode": "d-10115",
    telephone: "+44 (0)1632 960001 ext 12",
    "what-happened": "😀".repeat(20_000),
  });
  assert.deepEqual(answers["outcome-date"], { day: 29, month: 2, year: 2024 });
  assert.equal((answers["address"] as { postcode: string }).postcode, "D-10115");
});

test("a row for each question that was asked, and what is missing reads “Not provided”", () => {
  const rows = rowsOf(form, answersOf(good));
  const row = (id: string) => rows.find(({ question }) => question === id);
  assert.deepEqual(row("concerns")?.lines, ["It took too long", "I disagree with the outcome or the reasons"]);
  assert.deepEqual(row("address")?.lines, ["1 High Street", "Harrowmere", "HW1 4QT"]);
  assert.deepEqual(row("telephone"), {
    question: "telephone",
    title: "What is your telephone number?",
    lines: ["Not provided"],
    provided: false,
  });
  assert.equal(row("email"), undefined);
});

/** Fields as an attacker, a pasted document or a broken browser may send them. */
const names = [...form.questions.flatMap(namesOf), "__proto__", "constructor", "toString", "hasOwnProperty", "_step"];
const nasty = fc.constantFrom(
  "\u0000",
  "\u202eabc",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "' OR 1=1 --",
  "\ud800",
  "a\u0300".repeat(50),
  "\r\n\r\n",
  "ﷺ".repeat(500),
  "1e9",
  "NaN",
  "-1",
  "someone-else",
  "email",
  "post",
);
const value = fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 200 }), fc.string());
const fields = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.array(value, { maxLength: 4 })), {
  noNullPrototype: false,
});
const plausible = fc.record(
  {
    "what-happened": value,
    "when-happened": value,
    "outcome-wanted": value,
    "full-name": value,
    telephone: fc.constantFrom("01632 960001", "+44 808 157 0192", "", "call me"),
    "address-line1": value,
    "address-town": value,
    "address-line2": value,
    "address-postcode": fc.constantFrom("AA3 1AB", "aa31ab", "75008", "x"),
    concerns: fc.subarray(["delay", "outcome", "other", "evidence"], { minLength: 1 }),
  },
  { requiredKeys: [] },
);
const date = fc.option(
  fc.record({
    "outcome-date-day": fc.integer({ min: 1, max: 31 }).map(String),
    "outcome-date-month": fc.integer({ min: 1, max: 12 }).map(String),
    "outcome-date-year": fc.integer({ min: 1890, max: 2110 }).map(String),
  }),
  { nil: {} },
);
const sentFields = fc.tuple(plausible, date).map(([some, day]) => ({ ...good, ...some, ...day }) as Fields);

test("hostile fields never crash, and every problem names a field of the form", () => {
  fc.assert(
    fc.property(fc.oneof(fields, sentFields), (sent) => {
      const result = checkAnswers(form, sent);
      if (!result.ok)
        for (const { field, text } of result.problems)
          assert.ok(text !== "" && (field === "" || names.includes(field)), field);
    }),
    { numRuns: values(500) },
  );
});

// What was accepted is accepted again as the same, from fields and from the JSON of a letter; and no control character
// is in it.
test("what was accepted is accepted again as the same, and holds no control character", () => {
  let accepted = 0;
  fc.assert(
    fc.property(sentFields, (sent) => {
      const result = checkAnswers(form, sent);
      if (!result.ok) return;
      accepted++;
      const { answers } = result;
      assert.deepEqual(checkAnswers(form, fieldsOf(form, answers)), result);
      assert.deepEqual(checkOpened(form, parseJson(canonicalJson(answers))), { ...answers });
      assert.deepEqual(checkOpenedSlip(form, parseJson(canonicalJson(slipOf(form, answers)))), {
        ...slipOf(form, answers),
      });
      assert.doesNotMatch(Object.values(answers).join(""), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
    { numRuns: values(500) },
  );
  assert.ok(accepted > 20, `only ${accepted} were accepted, so this says little`);
});

const invalid = (check: () => unknown): void =>
  assert.throws(check, (thrown) => thrown instanceof Fault && thrown.code === "ANSWERS_INVALID");

test("any other JSON in an opened letter or slip is refused with one code", () => {
  const answers = answersOf(good);
  const mutations: unknown[] = [
    null,
    7,
    "text",
    [],
    [answers],
    {},
    { ...answers, extra: "x" },
    { ...answers, "full-name": { toString: "x" } },
    { ...answers, "full-name": ["x"] },
    { ...answers, concerns: "delay" },
    { ...answers, concerns: ["outcome", "delay"] },
    { ...answers, concerns: ["delay", "delay"] },
    { ...answers, "what-happened": " not trimmed " },
    { ...answers, "what-happened": "turned \u202e around" },
    { ...answers, "on-behalf": "everyone" },
    { ...answers, "their-name": "not asked" },
    { ...answers, "outcome-date": { day: "1", month: 1, year: 2024 } },
    { ...answers, "outcome-date": { day: 1.5, month: 1, year: 2024 } },
    { ...answers, "outcome-date": { day: 1, month: 1, year: 2024, hour: 1 } },
    { ...answers, address: { line1: "x", town: "y", postcode: "AA3 1AB", __proto__x: "z" } },
    JSON.parse(`{"__proto__": {"full-name": "x"}}`),
  ];
  for (const mutation of mutations) invalid(() => checkOpened(form, mutation));
  fc.assert(fc.property(fc.jsonValue(), (json) => invalid(() => checkOpened(form, json))));
  fc.assert(
    fc.property(fc.constantFrom(...form.questions.map(({ id }) => id)), fc.jsonValue(), (id, json) => {
      try {
        const opened = checkOpened(form, { ...answers, [id]: json });
        assert.equal(canonicalJson(opened), canonicalJson({ ...answers, [id]: json }));
      } catch (thrown) {
        assert.ok(thrown instanceof Fault && thrown.code === "ANSWERS_INVALID", String(thrown));
      }
    }),
  );
  for (const slip of [
    null,
    [],
    { "what-happened": "not on the slip" },
    { "full-name": 7 },
    { "full-name": "" },
    { concerns: [] },
  ])
    invalid(() => checkOpenedSlip(form, slip));
});

test("the slip holds the questions that the form marks, and nothing else", () => {
  assert.deepEqual(Object.keys(slipOf(form, answersOf({ ...good, "earlier-reference": "CO/1/24" }))), [
    "on-behalf",
    "earlier-reference",
    "concerns",
    "full-name",
  ]);
});

const one = (kind: Question["kind"], more: Partial<Question> = {}): Question => ({
  id: "q",
  kind,
  title: "Q",
  category: "other",
  slip: false,
  errors: { missing: "Enter it" },
  ...more,
});

test("a telephone number is taken with any dash, other figures, an extension and a note", () => {
  for (const [typed, kept] of [
    ["01632 960 001", "01632 960 001"],
    ["01632\u2013960\u2011001", "01632-960-001"],
    ["01632\u2212960001", "01632-960001"],
    ["\u200e+44 (0)1632 960001\u202c", "+44 (0)1632 960001"],
    ["01632\u200b960001", "01632960001"],
    ["01632 960001 ext 12", "01632 960001 ext 12"],
    ["01632 960001 extension 12", "01632 960001 extension 12"],
    ["01632 960001 x12", "01632 960001 x12"],
    ["01632 960001 (after 6pm, ask for Ada)", "01632 960001 (after 6pm, ask for Ada)"],
    ["01632 960001 \u2013 not at weekends", "01632 960001 - not at weekends"],
    ["01632 960001 or 07700 900982", "01632 960001 or 07700 900982"],
    ["Mobile: 07700 900 982", "Mobile: 07700 900 982"],
    ["Tel.: 01632 960001", "Tel.: 01632 960001"],
    ["WhatsApp: +447700900982", "WhatsApp: +447700900982"],
    ["my mobile is 07700 900982", "my mobile is 07700 900982"],
    ["18001 01632 960001", "18001 01632 960001"],
    ["01632•960001", "01632•960001"],
    ["٠١٦٣٢ ٩٦٠٠٠١", "01632 960001"],
    ["０１６３２　９６０００１", "01632 960001"],
  ] as const)
    assert.deepEqual(checkOne(one("telephone"), { q: typed }), { answer: kept, problems: [] }, typed);
  for (const typed of [
    "call me",
    "12345",
    "ext 12",
    "12 High Street",
    "ask for Ada on 01632",
    "ada1234567@example.com",
    "1".repeat(23),
  ])
    assert.equal(checkOne(one("telephone"), { q: typed }).answer, undefined, typed);
});

// Names are written with joiners (here Persian and Sinhala); a joiner alone is no name.
test("joiners stay in names and texts, and what cannot be seen is as good as empty", () => {
  for (const name of ["نیک\u200cنام", "ක්\u200dෂ", "👩\u200d🚒 Ada"])
    assert.deepEqual(checkOne(one("text"), { q: ` ${name} ` }), { answer: name, problems: [] });
  for (const kind of ["text", "long-text", "email", "telephone"] as const)
    for (const nothing of ["\u200b", "\u200d\u200c", "\u00ad \u2060", "\u3164", "\u2800", "\u200e\n\u200f", "\ufe0f"]) {
      assert.deepEqual(checkOne(one(kind), { q: nothing }).problems, [{ field: "q", text: "Enter it" }], kind);
      assert.deepEqual(checkOne(one(kind, { optional: true }), { q: nothing }), { problems: [] });
    }
});

test("dates and postcodes are read without what nobody sees, in any figures", () => {
  assert.deepEqual(
    checkOne(one("date"), { "q-day": "\u200e1\u200f", "q-month": "Mar\u200bch", "q-year": "２０２４" }).answer,
    {
      day: 1,
      month: 3,
      year: 2024,
    },
  );
  const at = { "q-line1": "1 High Street", "q-town": "Harrowmere" };
  assert.deepEqual(checkOne(one("address"), { ...at, "q-postcode": "hw1\u200b 4qt\u00ad" }).answer, {
    line1: "1 High Street",
    town: "Harrowmere",
    postcode: "HW1 4QT",
  });
  for (const typed of ["HW1 4QT.", "h w 1 4 q t", "HW1-4QT", "hw14qt,"])
    assert.deepEqual(
      checkOne(one("address"), { ...at, "q-postcode": typed }).answer,
      { line1: "1 High Street", town: "Harrowmere", postcode: "HW1 4QT" },
      typed,
    );
  assert.deepEqual(checkOne(one("date"), { "q-day": "31st", "q-month": "3", "q-year": "2024" }).answer, {
    day: 31,
    month: 3,
    year: 2024,
  });
  // A part of nothing that can be seen is no part.
  assert.deepEqual(checkOne(one("address"), { "q-line1": "\u200b", "q-town": "\u200d" }).problems, [
    { field: "q-line1", text: "Enter it" },
  ]);
});

test("addresses: no postcode, another country, BFPO; without a home another way is offered", () => {
  const address = (parts: { readonly [part: string]: string }, more: Partial<Question> = {}) =>
    checkOne(
      one("address", more),
      Object.fromEntries(Object.entries(parts).map(([part, text]) => [`q-${part}`, text])),
    );
  for (const parts of [
    { line1: "1 High Street", town: "Harrowmere" },
    { line1: "1 High Street", postcode: "HW1 4QT" },
    { line1: "12 rue de la Paix", town: "Paris", postcode: "75002", country: "France" },
    { line1: "1 Main Street", town: "Naas", country: "Ireland" },
    { line1: "Flat 3", town: "Hong Kong", postcode: "NONE OF OURS", country: "Hong Kong" },
    { line1: "24000001 Cpl A Example", line2: "1 Example Regiment", postcode: "BFPO 58" },
    { line1: "24000001 Cpl A Example, BFPO 58" },
    { line1: "Cpl A Example", postcode: "BF1 2AA" },
  ])
    assert.deepEqual(address(parts), { answer: parts, problems: [] }, JSON.stringify(parts));
  for (const postcode of ["n/a", "unknown", "don’t know", "-", "none"])
    assert.deepEqual(address({ line1: "1 High Street", town: "Harrowmere", postcode }).answer, {
      line1: "1 High Street",
      town: "Harrowmere",
    });
  assert.deepEqual(
    address({ line1: "1 High Street" }).problems.map(({ field }) => field),
    ["q-town"],
  );
  for (const line1 of ["No fixed abode", "no fixed address.", "NFA", "of no fixed abode", "homeless"]) {
    const chosen = address({ line1 }, { when: { question: "reply", is: ["post"] } });
    assert.match(chosen.problems[0]!.text, /Choose another way for us to reach you, or give the address of somebody/);
    assert.match(address({ line1 }).problems[0]!.text, /Say where you can be found, or give the address of somebody/);
    assert.equal(chosen.answer, undefined);
  }
});

// Letters that were sealed under looser rules must open for ever, with what stands in them.
test("a letter that was sealed under the rules before opens as it is", () => {
  const { reach: _, ...before } = answersOf(good) as unknown as { readonly [id: string]: never };
  for (const email of [
    "a..b@mail.example",
    "o’neill@mail.example",
    "a\u200bda@mail.example",
    "x".repeat(64) + "@a.b",
  ]) {
    const old = { ...before, "contact-by": "email", email } as Record<string, unknown>;
    delete old["address"];
    assert.equal((checkOpened(form, old) as unknown as { email: string }).email, email);
  }
  const home = { line1: "No fixed abode", town: "Harrowmere", postcode: "HW1 4QT" };
  assert.deepEqual(checkOpened(form, { ...before, address: home })["address"], home);
  assert.equal(checkOpened(form, { ...before, "full-name": "\u200d" })["full-name"], "\u200d");
  assert.ok(!checkAnswers(form, { ...good, "full-name": "\u200d" }).ok);
});
