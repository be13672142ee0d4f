/** One grammar of e-mail addresses: a form, another system's table and the mailroom give one answer to every text. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { suggestColumns } from "../../src/domain/affected/columns.ts";
import { parseTable } from "../../src/domain/affected/csv.ts";
import { peopleOf } from "../../src/domain/affected/people.ts";
import { checkOne } from "../../src/domain/form/answers.ts";
import { EMAIL_FAULTS, readEmail } from "../../src/domain/form/email.ts";
import type { Question } from "../../src/domain/form/question.ts";
import { encodeMessage } from "../../src/domain/mail/message.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { onTheWire } from "../../src/mailroom/compose.ts";
import fc, { values } from "../support/drawn.ts";

const question: Question = { id: "email", kind: "email", title: "Email?", category: "other", slip: false };

const byForm = (text: string): string | null => {
  const { answer } = checkOne(question, { email: text });
  return typeof answer === "string" ? answer : null;
};
const byTable = (text: string): string | null => {
  const parsed = parseTable(`Name,Email\r\nSomebody,"${text.replaceAll('"', '""')}"\r\n`);
  assert.ok(parsed.ok, text);
  const people = peopleOf(parsed.table, suggestColumns(parsed.table).columns);
  assert.ok(people.ok, text);
  return people.rows[0]!.person.email;
};
/** The mailroom takes what the others found, as it is. */
const byMailroom = (to: string): string => {
  encodeMessage({ delivery: newId(), to, subject: "letter", text: "x" });
  return to;
};

// By the name in its line. Two dots, two addresses and what is no domain could be somebody else's: they are not guessed.
const RIGHT: { readonly [name: string]: string | null } = {
  "Orla O'Neill": "orla.o'neill@mail.example",
  "Orla Smart": "orla.o'neill@mail.example",
  "Zero Width": "zero@mail.example",
  "Zero Front": "front@mail.example",
  "Soft Hyphen": "soft@mail.example",
  "Ram Devanagari": "ram@उदाहरण.भारत",
  Umlaut: "j@müller.example",
  Dots: null,
  "Trailing dot": "dot@mail.example",
  Two: null,
  Long: null,
  "Hyphen label": null,
  IP: null,
  Quoted: '"a b"@mail.example',
  Display: "disp@mail.example",
  NFD: "ren\u00e9@mail.example",
};

test("every line of odd addresses has one answer, in form, table and mailroom", () => {
  const parsed = parseTable(readFileSync(new URL("../cases/csv/odd-emails.csv", import.meta.url), "utf8"));
  assert.ok(parsed.ok);
  const people = peopleOf(parsed.table, suggestColumns(parsed.table).columns);
  assert.ok(people.ok);
  assert.deepEqual(Object.fromEntries(people.rows.map(({ person }) => [person.name, person.email])), RIGHT);
  for (const [name, text] of parsed.table.rows) {
    const right = RIGHT[name!]!;
    assert.equal(byForm(text!), right, name);
    assert.equal(readEmail(text!).address, right, name);
    if (right !== null) assert.equal(byMailroom(right), right);
  }
  // What is not used is said in its line, and so is what was mended inside an address.
  const noted = new Set(people.notes.map(({ line }) => people.rows.find((row) => row.line === line)!.person.name));
  for (const name of ["Dots", "Two", "Long", "Hyphen label", "IP", "Orla Smart", "Zero Width", "Soft Hyphen"])
    assert.ok(noted.has(name), name);
  assert.ok(!noted.has("Orla O'Neill") && !noted.has("Umlaut"));
});

test("what can mean one address only is that address", () => {
  for (const [text, address] of [
    ["ada@mail.example,", "ada@mail.example"],
    ["ada@mail.example;", "ada@mail.example"],
    ["<ada@mail.example>", "ada@mail.example"],
    ["“ada@mail.example”", "ada@mail.example"],
    ["'ada@mail.example'", "ada@mail.example"],
    ["mailto:ada@mail.example", "ada@mail.example"],
    ["Ada O’Neill <ada@mail.example>", "ada@mail.example"],
    ["“Neill, Ada” <ada@mail.example>;", "ada@mail.example"],
    ["ada＠ｍａｉｌ．example", "ada@mail.example"],
    ["ada@mail。example", "ada@mail.example"],
    ["o\u2018neill@mail.example", "o'neill@mail.example"],
    ["o\u02bcneill@mail.example", "o'neill@mail.example"],
    ["o\u00b4neill@mail.example", "o'neill@mail.example"],
    ["ada\u200d@mail.example", "ada@mail.example"],
    ["a\u200cda@mail.example", "ada@mail.example"],
    ["\u200eada@mail.example\u200f", "ada@mail.example"],
    ["\ufeffada@ma\u2060il.example", "ada@mail.example"],
    ["ada\u0000@mail.example", "ada@mail.example"],
    ["ada@mail.example\u00a0", "ada@mail.example"],
    ["ADA+x@MAIL.example", "ADA+x@MAIL.example"],
  ] as const) {
    assert.equal(readEmail(text).address, address, JSON.stringify(text));
    assert.equal(byForm(text), address, JSON.stringify(text));
    assert.equal(byTable(text), address, JSON.stringify(text));
  }
  // Between letters that are written with one, a joiner is part of the word.
  assert.equal(readEmail("نامه\u200cای@mail.example").address, "نامه\u200cای@mail.example");
  assert.equal(readEmail("info@نامه\u200cای.example").address, "info@نامه\u200cای.example");
});

test("what could be somebody else's mailbox is not guessed at, and it is said what is wrong", () => {
  for (const [text, fault] of [
    ["a..b@mail.example", "dots"],
    [".a@mail.example", "dots"],
    ["a.@mail.example", "dots"],
    ["a@mail..example", "dots"],
    ["a@.mail.example", "dots"],
    ["one@mail.example; two@mail.example", "several"],
    ["one@mail.example two@mail.example", "several"],
    ["one@mail.example or two@mail.example", "several"],
    ["one@mail.example/two@mail.example", "several"],
    ["ada lovelace@mail.example", "format"],
    ["ada@mail .example", "format"],
    ["ada@mail", "format"],
    ["ada@192.0.2.1", "format"],
    ["n/a", "format"],
    [`${"x".repeat(65)}@mail.example`, "long"],
    [`${"x".repeat(5_000)}@mail.example`, "long"],
  ] as const) {
    assert.deepEqual(readEmail(text), { address: null, fault }, text);
    assert.deepEqual(checkOne(question, { email: text }).problems, [{ field: "email", text: EMAIL_FAULTS[fault] }]);
    assert.equal(byTable(text), null, text);
  }
});

test("whatever comes: one answer everywhere, found again as itself, and nothing unseen in it", () => {
  const piece = fc.constantFrom(
    ..."aZ9.@-_+'\"<>,; ()[]\u200b\u200c\u200d\u00ad\u202e\u2019é\u0301म\u093e。＠\ufeff\u0000",
    "ada",
    "@mail.example",
  );
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.constantFrom("", "@mail.example", "@m\u00fcller.example."),
      (pieces, end) => {
        const text = pieces.join("") + end;
        const { address } = readEmail(text);
        assert.equal(byForm(text), address, JSON.stringify(text));
        if (address === null) return;
        found++;
        assert.deepEqual(readEmail(address), { address, mended: [] });
        assert.equal(byMailroom(address), address);
        assert.doesNotMatch(address.replace(/^".*"(?=@)/, ""), /[\p{Cc}\u200b\u00ad\u202e\u2019\ufeff<>,;]/u);
      },
    ),
    { numRuns: values(3_000) },
  );
  assert.ok(found > 50, `only ${found} were addresses, so this says little`);
});

test("a carrier is told an internationalised domain in plain letters, and the mailbox as it is", () => {
  assert.equal(onTheWire("j@müller.example"), "j@xn--mller-kva.example");
  assert.equal(onTheWire("राम@उदाहरण.भारत"), "राम@xn--p1b6ci4b4b3a.xn--h2brj9c");
  assert.equal(onTheWire("o'neill@mail.example"), "o'neill@mail.example");
  assert.equal(onTheWire('"a@b"@mail.example'), '"a@b"@mail.example');
});
