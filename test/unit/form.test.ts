/** A form file is read strictly: every problem at once, nothing unknown, nothing filled in. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { bodyComplete, bodyLacks, completeBodyOf, parseBody } from "../../src/domain/form/body.ts";
import { formHash, formOf, parseForm } from "../../src/domain/form/form.ts";
import { Fault } from "../../src/domain/problem.ts";
import fc from "../support/drawn.ts";

const directory = new URL("../../forms/", import.meta.url);
const read = (name: string): Record<string, any> => JSON.parse(readFileSync(new URL(name, directory), "utf8"));
const forms = readdirSync(directory).filter((name) => name.endsWith(".json"));
const changed = (change: (form: Record<string, any>) => void): Record<string, any> => {
  const form = read("template.json");
  change(form);
  return form;
};
const places = (value: unknown): string[] => {
  const result = parseForm(value);
  return result.ok ? [] : result.problems.map(({ where }) => where);
};

test("the forms and bodies that we ship are whole, and nothing is added to them", () => {
  assert.deepEqual(forms, [
    "police-complaint-handling.json",
    "report-data-problem.json",
    "template.json",
    "victims-commissioner.json",
  ]);
  for (const name of forms) {
    const result = parseForm(read(name));
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(canonicalJson(result.form), canonicalJson(read(name)));
  }
  for (const id of ["harrowmere", "eastvale"]) assert.ok(bodyComplete(completeBodyOf(read(`bodies/${id}.json`))));
});

test("the hash is that of the content, whatever the order of its entries", () => {
  const form = read("template.json");
  const turned = Object.fromEntries(Object.entries(form).reverse());
  assert.equal(formHash(formOf(form)), formHash(formOf(turned)));
  assert.notEqual(formHash(formOf(form)), formHash(formOf({ ...form, title: "Another" })));
});

test("a form may say by which rule time is counted, in a known part of the country", () => {
  const clock = { rule: "complaint", part: "scotland" };
  const found = parseForm(changed((form) => void (form["clock"] = clock)));
  assert.ok(found.ok);
  assert.deepEqual(found.form.clock, clock);
  assert.notEqual(formHash(found.form), formHash(formOf(read("template.json"))), "an owner signs it with the form");
  assert.deepEqual(places(changed((form) => void (form["clock"] = { rule: "soon", part: "wales" }))), [
    "clock.rule",
    "clock.part",
  ]);
  assert.deepEqual(places(changed((form) => void (form["clock"] = { rule: "complaint", days: 3 }))), [
    "clock.days",
    "clock.part",
  ]);
});

test("every problem is named at once, with its place", () => {
  const found = places(
    changed((form) => {
      form["title"] = "";
      form["colour"] = "red";
      delete form["retention"];
      form["questions"][0].kind = "slider";
      form["questions"][2].category = "gossip";
      form["questions"][3].everyone = true;
      form["questions"][4].slip = "yes";
    }),
  );
  for (const where of [
    "title",
    "colour",
    "retention",
    "questions.0.kind",
    "questions.2.category",
    "questions.3.everyone",
    "questions.4.slip",
  ])
    assert.ok(found.includes(where), where);
});

const refusals: [string, (form: Record<string, any>) => void, string][] = [
  [
    "a question named like a property of a form element",
    (form) => {
      form["questions"][3].id = "action";
    },
    "questions.3.id",
  ],
  [
    "two questions with one field",
    (form) => {
      form["questions"][4].id = "full-name";
    },
    "questions.4.id",
  ],
  [
    "a date whose part is another question's field",
    (form) => {
      form["questions"][3].id = "seen-day";
      form["questions"].push({
        id: "seen",
        kind: "date",
        title: "When?",
        optional: true,
        category: "other",
        slip: false,
      });
    },
    "questions.5.id",
  ],
  [
    "a condition on a later question",
    (form) => {
      form["questions"].unshift(form["questions"].splice(1, 1)[0]);
    },
    "questions.0.when.question",
  ],
  [
    "a condition on an option that is not there",
    (form) => {
      form["questions"][1].when.is = ["never"];
    },
    "questions.1.when.is",
  ],
  [
    "a long text on the slip",
    (form) => {
      form["questions"][2].slip = true;
    },
    "questions.2.slip",
  ],
  [
    "no slip at all",
    (form) => {
      for (const question of form["questions"]) question.slip = false;
    },
    "questions",
  ],
  [
    "an exit that is a script",
    (form) => {
      form["exitPage"] = { url: "javascript:alert(1)" };
    },
    "exitPage.url",
  ],
  [
    "an exit from a form that a browser may keep a name of",
    (form) => {
      form["exitPage"] = { url: "https://weather.example" };
      for (const question of form["questions"]) delete question.autocomplete;
      form["questions"][3].autocomplete = "name";
    },
    "questions.3.autocomplete",
  ],
  [
    "a low limit for a long text",
    (form) => {
      form["questions"][2].maxLength = 50;
    },
    "questions.2.maxLength",
  ],
  [
    "options of a text",
    (form) => {
      form["questions"][3].options = [];
    },
    "questions.3.options",
  ],
  [
    "a required question without a message",
    (form) => {
      delete form["questions"][2].errors;
    },
    "questions.2.errors",
  ],
  [
    "an option twice",
    (form) => {
      form["questions"][0].options[1].value = "service";
    },
    "questions.0.options.1.value",
  ],
  [
    "a title that turns the text around",
    (form) => {
      form["title"] = "abc\u202Edef";
    },
    "title",
  ],
];
for (const [name, change, where] of refusals) {
  test(`refused: ${name}`, () =>
    assert.ok(places(changed(change)).includes(where), JSON.stringify(parseForm(changed(change)))));
}

test("whatever JSON comes, it is refused in sentences and never crashes", () => {
  const keys = [...Object.keys(read("template.json")), "__proto__", "constructor"];
  const hostile = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()));
  fc.assert(
    fc.property(hostile, (value) => {
      const result = parseForm(value);
      assert.equal(result.ok, false);
      if (!result.ok) for (const { where, text } of result.problems) assert.ok(where !== "" && text.endsWith("."));
    }),
  );
  // One entry of a good form at a time is replaced by something.
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      const result = parseForm({ ...read("template.json"), [key]: value });
      assert.equal(typeof result.ok, "boolean");
    }),
  );
});

test("a body without a page that the law asks for cannot open a form, and the page is named", () => {
  const record = read("bodies/eastvale.json");
  delete record["privacy"];
  const result = parseBody(record);
  assert.ok(result.ok);
  assert.deepEqual(bodyLacks(result.body), ["privacy notice"]);
  assert.throws(
    () => completeBodyOf(record),
    (thrown) => thrown instanceof Fault && thrown.code === "BODY_INCOMPLETE",
  );
  const half = read("bodies/eastvale.json");
  delete half["privacy"].dpo;
  assert.deepEqual(
    (parseBody(half) as { problems: { where: string }[] }).problems.map(({ where }) => where),
    ["privacy.dpo"],
  );
});
