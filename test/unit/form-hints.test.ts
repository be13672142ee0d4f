/** What `form check` says of a form that is in order and probably not meant, and what the page's counter counts. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { lengthOf, cleanBlock } from "../../src/domain/form/clean.ts";
import { doubledKeys } from "../../src/domain/form/doubled.ts";
import { formOf, parseForm } from "../../src/domain/form/form.ts";
import { formHints } from "../../src/domain/form/hints.ts";
import { TextCount, counted } from "../../src/form-page/count.ts";

const directory = new URL("../../forms/", import.meta.url);
const read = (name: string): Record<string, any> => JSON.parse(readFileSync(new URL(name, directory), "utf8"));
const hinted = (name: string, change: (form: Record<string, any>) => void): string[] => {
  const form = read(name);
  change(form);
  return formHints(formOf(form)).map(({ where, text }) => `${where}: ${text}`);
};
const ask = (more: object) => ({
  id: "one-more",
  kind: "text",
  title: "One more?",
  optional: true,
  category: "other",
  slip: false,
  ...more,
});

test("the forms that we ship give no hint", () => {
  for (const name of readdirSync(directory).filter((one) => one.endsWith(".json")))
    assert.deepEqual(
      hinted(name, () => {}),
      [],
      name,
    );
});

test("equal titles and labels are named, however they are spelled", () => {
  const [one, ...more] = hinted("template.json", (form) => {
    form["questions"].push(ask({ title: `${form["questions"][0].title.toUpperCase()}` }));
  });
  assert.match(one ?? "", /^questions\.5\.title: Another question is called/);
  assert.deepEqual(more, []);
  const labels = hinted("template.json", (form) => {
    form["questions"].push(
      ask({
        kind: "radios",
        options: [
          { value: "a", label: "Cafe\u0301" },
          { value: "b", label: "CAF\u00c9" },
        ],
      }),
    );
  });
  assert.match(labels[0] ?? "", /^questions\.5\.options\.1\.label: Another option is called/);
});

test("a title that cannot be seen is refused, and a character that cannot be seen is named", () => {
  for (const title of ["\u200b\u200b", "\u2800", "\u3164", "\u200d"]) {
    const result = parseForm({ ...read("template.json"), title });
    assert.ok(!result.ok && result.problems[0]!.where === "title", JSON.stringify(title));
  }
  const one = (title: string) => hinted("template.json", (form) => void (form["title"] = title));
  assert.match(one("Contact \u200fus")[0] ?? "", /^title: .*U\+200F/);
  assert.match(one("Con\u00adtact us")[0] ?? "", /^title: .*U\+00AD/);
  assert.match(one("Con\u200dtact us")[0] ?? "", /^title: .*U\+200D/);
  for (const fine of ["Cafe\u0301", "نامه\u200cای", "👩\u200d🚒 Fire", "❤\ufe0f", "Übung – “x”"])
    assert.deepEqual(one(fine), [], fine);
});

test("a form that asks about danger and for no safe way is named, and one that does is not", () => {
  for (const more of [
    { title: "Are you in danger?" },
    { title: "Who?", hint: "For example somebody who has threatened you." },
    { title: "What?", kind: "radios", options: [{ value: "a", label: "Domestic abuse" }] },
  ]) {
    const found = hinted("template.json", (form) => void form["questions"].push(ask(more)));
    assert.match(found[0] ?? "", /^questions\.5: This asks about danger/, JSON.stringify(more));
    assert.deepEqual(
      hinted("victims-commissioner.json", (form) => void form["questions"].push(ask(more))),
      [],
    );
  }
});

test("a date that should lie in the past is named, until its hint gives an example", () => {
  const date = (more: object) =>
    hinted("template.json", (form) => void form["questions"].push(ask({ kind: "date", ...more })));
  for (const title of ["What is your date of birth?", "When did it happen?", "When was the letter received?"])
    assert.match(date({ title })[0] ?? "", /^questions\.5\.hint: .*a day in the past/, title);
  assert.deepEqual(date({ title: "When did it happen?", hint: "For example 27 3 2020" }), []);
  assert.deepEqual(date({ title: "When is your hearing?" }), []);
});

test("a choice of a way that leads to no question for it is named", () => {
  const found = hinted("victims-commissioner.json", (form) => {
    form["questions"].find(({ id }: { id: string }) => id === "telephone").when.is = ["none"];
  });
  assert.match(found[0] ?? "", /^questions\.3\.when\.is: Whoever chooses “Telephone” for .* is never asked/);
});

test("keys that stand twice are named with their place, and nothing else is", () => {
  const text =
    '{"a":1,"b":[{"c":"x","c":"}"},{"c":1}],"a":{"a":"\\"a\\":"},"\\u0061":2,"d":{"e":[1,[2],{"f":1,"f":2}]}}';
  assert.deepEqual(
    doubledKeys(text).map(({ where }) => where),
    ["b.0.c", "a", "a", "d.e.2.f"],
  );
  for (const name of readdirSync(directory).filter((one) => one.endsWith(".json")))
    assert.deepEqual(doubledKeys(readFileSync(new URL(name, directory), "utf8")), []);
});

test("the counter of characters counts what the check counts", () => {
  for (const [text, count] of [
    ["", 0],
    ["abc", 3],
    ["😀😀", 2],
    ["a\r\nb", 3],
    ["a\nb", 3],
    ["  a b \n", 3],
    ["e\u0301", 1],
    ["👩\u200d🚒", 3],
  ] as const) {
    assert.equal(counted(text), count, JSON.stringify(text));
    assert.equal(counted(text), lengthOf(cleanBlock(text)));
    const component = { $textarea: { value: text }, count: -1 };
    (TextCount.prototype as unknown as { updateCount: () => void }).updateCount.call(component);
    assert.equal(component.count, count, JSON.stringify(text));
  }
});
