/** The synthetic letters: as many as promised, accepted by the real forms, and as varied as people are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { demoForms } from "../../demo/forms.ts";
import { fieldsFor } from "../../demo/fit.ts";
import { LETTER_COUNT, syntheticLetters } from "../../demo/letters.ts";
import { HOSTILE } from "../../demo/letters/hostile.ts";
import { FOREIGN } from "../../demo/letters/languages.ts";
import { REPEATED } from "../../demo/letters/same-person.ts";

const root = new URL("../..", import.meta.url).pathname;
const letters = syntheticLetters();
const forms = demoForms(root);

test("there are 394 letters, to both forms, and both ways are used", () => {
  assert.equal(LETTER_COUNT, 394);
  assert.equal(letters.length, 394);
  assert.deepEqual([...new Set(letters.map((letter) => letter.to))].sort(), ["complaint", "contact"]);
  const counter = letters.filter((letter) => letter.path === "counter").length;
  assert.ok(counter >= 25 && counter <= 60, `${counter} by the counter`);
  assert.ok(new Set(letters.filter((letter) => letter.path === "counter").map((letter) => letter.to)).size === 2);
});

test("every letter passes the check of its real form", () => {
  for (const letter of letters) {
    const checked = checkAnswers(forms[letter.to], fieldsFor(letter));
    assert.ok(checked.ok, `letter ${letter.number}: ${checked.ok ? "" : JSON.stringify(checked.problems)}`);
  }
});

test("the same people are drawn each time", () => {
  assert.deepEqual(syntheticLetters(), letters);
});

test("no gap of a sentence was left open", () => {
  for (const letter of letters) {
    if (HOSTILE.some((hostile) => hostile.name === letter.writer.name)) continue;
    assert.doesNotMatch(`${letter.happened}${letter.wanted}${letter.when}`, /\{[a-z]+\}/);
  }
});

test("the words differ: at least nine letters in ten share theirs with no other", () => {
  const times = new Map<string, number>();
  for (const { happened } of letters) times.set(happened, (times.get(happened) ?? 0) + 1);
  const alone = letters.filter(({ happened }) => times.get(happened) === 1).length;
  assert.ok(alone >= letters.length * 0.9, `${alone} letters`);
});

test("lengths go from two lines to a full page", () => {
  const lengths = letters.map((letter) => letter.happened.length);
  assert.ok(lengths.filter((length) => length < 250).length > 40);
  assert.ok(lengths.filter((length) => length > 1_500).length > 25);
});

test("every hostile text, every language and every spelling of a repeated person is among them", () => {
  const names = new Set(letters.map((letter) => letter.writer.name));
  for (const { name } of HOSTILE) assert.ok(names.has(name), name);
  for (const name of FOREIGN.flatMap((foreign) => foreign.names)) assert.ok(names.has(name), name);
  for (const { name } of REPEATED.flatMap((repeated) => repeated.spellings)) assert.ok(names.has(name), name);
});

// Nobody can be reached by what stands in them: reserved domains, telephone numbers for drama, places that do not
// exist.
test("nobody can be reached by them: reserved domains, drama numbers, invented places", () => {
  for (const letter of letters) {
    if (letter.writer.email) assert.match(letter.writer.email, /\.example$/i);
    assert.match(letter.writer.telephone, /^(?:07700 900|01632 960)\d{3}$/);
    assert.match(letter.writer.address.postcode, /^HW\d{1,2} \d[A-Z]{2}$/);
  }
});

test("some have post only, and some must not be rung", () => {
  assert.ok(letters.filter((letter) => letter.reply === "post" && letter.writer.email === null).length > 20);
  assert.ok(
    letters.filter(
      (letter) =>
        letter.to === "contact" &&
        /do not ring/i.test(`${letter.safeNote}${letter.reply === "other" ? letter.safeWay : ""}`),
    ).length > 5,
  );
});
