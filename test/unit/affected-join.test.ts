/**
 * Joining never loses a person: two entries that differ in a title, a mark, an initial, a figure or anything else are
 * never one person without somebody having said so, and whatever was joined can be taken apart.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinPeople, settlePeople, type Decision, type Joined } from "../../src/domain/affected/join.ts";
import type { Entry } from "../../src/domain/affected/likeness.ts";
import { listBytes, parseList } from "../../src/domain/affected/list.ts";
import { homeLines, isNoMail, isNoName, isNoPhone, isPlaceholder } from "../../src/domain/affected/placeholder.ts";
import fc, { values } from "../support/drawn.ts";

let made = 0;
const entry = (more: Partial<Entry>): Entry => ({
  person: (++made).toString(16).padStart(32, "0"),
  name: "",
  email: null,
  post: null,
  phone: null,
  safe: null,
  inDanger: false,
  records: [],
  ...more,
});
const shown = ({ doubts }: Joined, one: Entry, other: Entry): boolean =>
  doubts.some((doubt) => [one, other].every(({ person }) => [doubt.one.person, doubt.other.person].includes(person)));

const given = fc.constantFrom(
  "Joan",
  "John",
  "José",
  "Jose",
  "Zoë",
  "Zoe",
  "Minh",
  "Mình",
  "Minhh",
  "नीता",
  "नीति",
  "نور",
);
const family = fc.constantFrom(
  "Hartwell",
  "Hartwéll",
  "Denby",
  "O'Neill",
  "O’Neill",
  "ONeill",
  "Nguyễn",
  "Nguyen",
  "राम",
);
const title = fc.constantFrom("", "Mr", "Mrs", "Ms", "Dr", "Rev", "Sir");
const initial = fc.constantFrom("", "A", "B", "A.", "J");
const suffix = fc.constantFrom("", "Jr", "Sr", "II", "III");
const figures = fc.record({ flat: fc.integer({ min: 1, max: 12 }), house: fc.integer({ min: 1, max: 12 }) });
const somebody = fc.record({
  name: fc.tuple(title, given, initial, family, suffix).map((words) => words.filter((word) => word !== "").join(" ")),
  post: fc.option(
    figures.map(({ flat, house }) => [`Flat ${flat}, ${house} High Street`, "Eastvale", "EV1 2AB"]),
    { nil: null },
  ),
  email: fc.constantFrom(null, "the.hartwells@mail.example", "joan@mail.example"),
  phone: fc.constantFrom(null, "01632 960001", "01632 960002", "01632 960001 ext 2"),
  born: fc.constantFrom("", "1 May 1950", "1 May 1980"),
});
/** What may differ without a second person in it: nothing but case and the length of spaces. */
const same = (text: string | null | undefined): string => (text ?? "").toLowerCase().replace(/\s+/g, " ");

test("no two people who differ in anything are joined without somebody's word", () => {
  fc.assert(
    fc.property(fc.array(somebody, { minLength: 2, maxLength: 8 }), (rows) => {
      const list = rows.map((row) => entry(row));
      for (const { entries } of joinPeople(list).joins)
        for (const one of entries as readonly Entry[])
          for (const other of entries as readonly Entry[]) {
            assert.equal(same(one.name), same(other.name));
            for (const part of ["email", "phone", "born"] as const)
              if (one[part] && other[part]) assert.equal(same(one[part]), same(other[part]), part);
            if (one.post && other.post) assert.deepEqual(one.post, other.post);
            assert.ok(one.name.split(" ").filter((word) => word.length > 2).length > 1, "a full name");
          }
    }),
    { numRuns: values(3000) },
  );
});

test("two people at one address whose names differ in a title or mark are a doubt", () => {
  fc.assert(
    fc.property(given, family, fc.tuple(title, title), fc.tuple(initial, initial), figures, (first, last, t, i, at) => {
      const post = [`Flat ${at.flat}, ${at.house} High Street`, "Eastvale", "EV1 2AB"];
      const [one, other] = [0, 1].map((n) =>
        entry({ name: [t[n], first, i[n], last].filter((word) => word !== "").join(" "), post }),
      ) as [Entry, Entry];
      const joined = joinPeople([one, other]);
      if (one.name === other.name) return assert.equal(joined.people.length, 1);
      assert.equal(joined.people.length, 2, `${one.name} / ${other.name}`);
      const initials = i.map((text) => text.replace(".", ""));
      if (initials[0] === initials[1] || initials.includes("")) assert.ok(shown(joined, one, other));
    }),
    { numRuns: values(2000) },
  );
  for (const [one, other] of [
    ["Mr J Hartwell", "Mrs J Hartwell"],
    ["J Hartwell", "J Hartwell"],
    ["Mr Denby", "Mrs Denby"],
    ["Nguyễn Minh", "Nguyên Minh"],
    ["नीता राम", "नीति राम"],
    ["James Thomas", "Thomas James"],
    ["John Smith Jr", "John Smith"],
  ] as const) {
    const pair = [one, other].map((name) => entry({ name, post: ["4 Mill Lane", "EV1 2AB"] })) as [Entry, Entry];
    const joined = joinPeople(pair);
    assert.equal(joined.people.length, 2, one);
    assert.ok(shown(joined, ...pair), `${one} / ${other}`);
  }
});

test("an order of figures, a date of birth or an extension keeps two people two", () => {
  const base = { name: "Joan Hartwell", post: ["Flat 2, 10 High Street", "EV1 2AB"], email: "h@mail.example" };
  for (const [more, ...change] of [
    [{}, { post: ["Flat 10, 2 High Street", "EV1 2AB"] }],
    [{}, { post: ["Flat 2, 1-0 High Street", "EV1 2AB"] }],
    [{ born: "1 May 1950" }, { born: "1 May 1980" }],
    [{ phone: "01632 960001 ext 1" }, { phone: "01632 960001 ext 2" }],
    [{}, { email: null, unusable: "joan@@mail.example" }],
  ] as const) {
    const [one, other] = [entry({ ...base, ...more }), entry({ ...base, ...change[0] })];
    const joined = joinPeople([one, other]);
    assert.equal(joined.people.length, 2, JSON.stringify(change));
    assert.ok(shown(joined, one, other), JSON.stringify(change));
  }
  // Of three, one of whom fits both others, nobody knows whose it is.
  const three = [entry({ ...base, post: null }), entry(base), entry({ ...base, post: ["9 Rope Walk", "EV1 3CD"] })];
  assert.equal(joinPeople(three).people.length, 3);
});

test("a join is taken apart and put together again, and what leaves holds no date of birth", () => {
  const base = { name: "Joan Hartwell", email: "h@mail.example", born: "1 May 1950" };
  const list = [1, 2, 3].map((number) => entry({ ...base, records: [`${number}`] }));
  const settle = (...parted: readonly string[]) => {
    const joined = joinPeople(list, new Set(parted));
    assert.deepEqual([joined.joins.length, joined.doubts.length], [1, 0]);
    const settled = settlePeople(list, joined, new Map());
    assert.ok(settled.ok);
    return settled.people.map(({ records }) => records.join());
  };
  assert.deepEqual(settle(), ["1,2,3"]);
  assert.deepEqual(settle(list[1]!.person), ["1,3", "2"]);
  assert.deepEqual(settle(list[0]!.person), ["1", "2,3"]);
  assert.deepEqual(settle(...list.map(({ person }) => person)), ["1", "2", "3"]);
  const [only] = parseList(listBytes([list[0]!]));
  assert.ok(!("born" in only!));
  assert.doesNotMatch(new TextDecoder().decode(listBytes(list)), /1950/);
});

test("decisions that speak against each other are shown, and nobody disappears between them", () => {
  const list = ["Joan Hartwell", "Joan Hartwel", "Joan Hartwelll"].map((name) =>
    entry({ name, email: "h@mail.example" }),
  );
  const joined = joinPeople(list);
  assert.equal(joined.doubts.length, 3);
  const decisions = new Map<string, Decision>(joined.doubts.map(({ id }) => [id, "one"]));
  const settled = settlePeople(list, joined, decisions.set(joined.doubts[0]!.id, "different"));
  assert.ok(!settled.ok && settled.open.length === 0 && settled.against.length === 1);
});

// Whatever is decided, each record is in the list once.
test("each record stays with somebody, whatever is joined, parted and decided", () => {
  fc.assert(
    fc.property(
      fc.array(somebody, { maxLength: 8 }),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      fc.array(fc.constantFrom<Decision>("different", "one", "other"), { minLength: 40, maxLength: 40 }),
      (rows, out, choices) => {
        const list = rows.map((row, index) => entry({ ...row, records: [`${index}`] }));
        const parted = new Set(list.filter((_, index) => out[index]).map(({ person }) => person));
        const joined = joinPeople(list, parted);
        const settled = settlePeople(
          list,
          joined,
          new Map(joined.doubts.map(({ id }, index) => [id, choices[index % choices.length]!])),
        );
        if (!settled.ok) return assert.ok(settled.against.length > 0);
        assert.deepEqual(
          settled.people.flatMap(({ records }) => records).sort(),
          list.flatMap(({ records }) => records).sort(),
        );
      },
    ),
    { numRuns: values(1000) },
  );
});

test("words for nothing are nobody's name or channel; what people bear stays", () => {
  for (const text of [
    "n/a",
    "N/A.",
    "none",
    "NONE",
    "-",
    "—",
    "0",
    "000 000",
    "unknown",
    "(not given)",
    "no fixed abode",
  ])
    assert.ok(isPlaceholder(text), text);
  for (const text of ["07700 900001", "Nan", "Noone", "1", "Naomi"])
    assert.equal(isPlaceholder(text), text === "Nan", text);
  for (const name of ["Na", "No", "Null", "Blank", "Bo", "X Æ", "Anne None"]) assert.ok(!isNoName(name), name);
  for (const name of ["Anonymous", "anon", "N/A", "-", "unknown"]) assert.ok(isNoName(name), name);
  for (const mail of ["noreply@example.org", "no-reply@example.org", "none@none.com", "n/a", "noemail@example.org"])
    assert.ok(isNoMail(mail), mail);
  for (const mail of ["nora@example.org", "na@example.org", "test@example.org", "reply@example.org"])
    assert.ok(!isNoMail(mail), mail);
  assert.deepEqual(homeLines(["No fixed abode", "Eastvale"]), []);
  assert.deepEqual(homeLines(["n/a", "4 Mill Lane", "-", "EV1 2AB"]), ["4 Mill Lane", "EV1 2AB"]);
});

// Whoever is in danger is not to be rung at "keine Angabe"; and nobody called No, Nil or Keine is nobody.
test("words for nothing are nobody's, in many spellings and languages; names are somebody's", () => {
  const nothing = [
    ...["N / A", "n\\a", "N.A.", "T.B.C.", "t.b.a", "XXXXX", "xxx xxx", "none provided", "No e-mail address", "…", "?"],
    ...["email not given", "phone number not known", "no longer available", "does not have one", "doesn’t have email"],
    ...["none / unknown", "N/A - see notes", "n/a (deceased)", "same as above", "see file", "c/o above", "#REF!"],
    ...["keine Angabe", "aucun", "néant", "ninguna", "sin correo", "nessuno", "brak", "geen", "n.v.t.", "yok", "нет"],
    ...["dim ar gael", "anhysbys", "なし", "不明", "لا يوجد", "غير معروف", "[object Object]"],
  ];
  for (const text of nothing) assert.ok(isPlaceholder(text), text);
  for (const text of ["12 None Street", "Nile Road", "c/o St Anne's", "Nota Bene House", "no 7 Mill Lane", "1"])
    assert.ok(!isPlaceholder(text), text);
  for (const text of [
    "none",
    "00000 000000",
    "01234 567890",
    "07777777777",
    "07000 000000",
    "12",
    "none (use email)",
    "ask her",
  ])
    assert.ok(isNoPhone(text), text);
  for (const text of ["01632 960001", "+44 (0)1632 960001 ext 12", "ext 123", "٠١٦٣٢ ٩٦٠٠٠١", "01632 960000"])
    assert.ok(!isNoPhone(text), text);
  for (const text of [
    "noemail@noemail.com",
    "n/a@n/a.com",
    "no.email@nhs.example",
    "declined@declined.com",
    "no@email.com",
  ])
    assert.ok(isNoMail(text), text);
  for (const text of [
    "ada@none.example",
    "noel@noel.example",
    "na.patel@example.com",
    "no@nowak.example",
    "x@y.example",
  ])
    assert.ok(!isNoMail(text), text);
  for (const text of [
    "Mr Unknown",
    "Mr Anonymous",
    "A.N.Other",
    "Anonyme",
    "Dienw",
    "No name given",
    "Unknown Unknown",
  ])
    assert.ok(isNoName(text), text);
  for (const text of ["Na", "No", "Nil", "Mr Null", "Keine Müller", "Dim", "Sans", "Brak", "Nemo None", "Test User"])
    assert.ok(!isNoName(text), text);
  for (const line of ["sans domicile fixe", "N.F.A. Eastvale", "no abode", "No fixed addr", "NFA (sofa surfing)"])
    assert.deepEqual(homeLines([line, "Eastvale"]), [], line);
});
