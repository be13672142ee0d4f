import assert from "node:assert/strict";
import { test } from "node:test";
import { syntheticLetters } from "../../demo/letters.ts";
import { REPEATED } from "../../demo/letters/same-person.ts";
import { columnProblems, suggestColumns, type Columns } from "../../src/domain/affected/columns.ts";
import { parseTable, SEPARATORS, type Table } from "../../src/domain/affected/csv.ts";
import { joinPeople, mergePeople, settlePeople, type Decision } from "../../src/domain/affected/join.ts";
import { addressKey, nameWords, phoneKey, wordsAlikeAll } from "../../src/domain/affected/likeness.ts";
import { peopleOf } from "../../src/domain/affected/people.ts";
import type { AffectedPerson } from "../../src/domain/affected/person.ts";
import { decodeText } from "../../src/domain/affected/text.ts";
import { csvCell, csvOf } from "../../src/domain/incident/csv.ts";
import fc, { values } from "../support/drawn.ts";

const tableOf = (text: string): Table => {
  const parsed = parseTable(text);
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.table;
};
const problemsOf = (text: string): string => {
  const parsed = parseTable(text);
  return parsed.ok ? "" : parsed.problems.join(" ");
};
const people = (text: string, columns?: Columns) => {
  const table = tableOf(text);
  let next = 0;
  return peopleOf(table, columns ?? suggestColumns(table).columns, () => (++next).toString(16).padStart(32, "0"));
};
let made = 0;
const somebody = (more: Partial<AffectedPerson>): AffectedPerson => ({
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

test("the encodings of spreadsheets are told by their bytes, and what fits none is refused", () => {
  const text = "name\r\nZoë Müller – “x” €\r\n";
  const wide = (little: boolean, mark: boolean): Uint8Array => {
    const units = [...(mark ? "\ufeff" : ""), ...text].map((letter) => letter.charCodeAt(0));
    return new Uint8Array(units.flatMap((unit) => (little ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])));
  };
  const old = new Uint8Array(
    [...text].map((letter) => ({ "–": 0x96, "“": 0x93, "”": 0x94, "€": 0x80 })[letter] ?? letter.charCodeAt(0)),
  );
  for (const [bytes, encoding] of [
    [new TextEncoder().encode(text), "UTF-8"],
    [new TextEncoder().encode(`\ufeff${text}`), "UTF-8"],
    [wide(true, true), "UTF-16"],
    [wide(false, true), "UTF-16"],
    [wide(true, false), "UTF-16"],
    [wide(false, false), "UTF-16"],
    [old, "Windows-1252"],
  ] as const) {
    assert.deepEqual(decodeText(bytes), { ok: true, text, encoding, certain: encoding !== "Windows-1252" });
  }
  for (const bytes of [
    [0xef, 0xbb, 0xbf, 0xff],
    [0x41, 0x81, 0xff],
    [0xff, 0xfe, 0x41],
    [0xff, 0xfe, 0x00, 0xd8],
    [0x41, 0x42, 0x00, 0x43],
  ]) {
    const decoded = decodeText(new Uint8Array(bytes));
    assert.ok(!decoded.ok && /Nothing was read.*save it as/.test(decoded.problem), String(bytes));
  }
  fc.assert(
    fc.property(
      fc
        .string({ unit: "grapheme", maxLength: 200 })
        .filter((one) => !one.includes("\u0000") && !one.startsWith("\ufeff")),
      (one) => {
        const decoded = decodeText(new TextEncoder().encode(`\ufeff${one.toWellFormed()}`));
        assert.ok(decoded.ok && decoded.text === one.toWellFormed());
      },
    ),
  );
});

// A table is read as RFC 4180 says, whichever separator its header has, and nothing of a cell is lost.
test("a table is read as RFC 4180 says, by its header's separator, and nothing is lost", () => {
  assert.deepEqual(tableOf('a,b\r\n"x, y","1 ""2"" 3"\r\n\r\n"two\r\nlines",z').rows, [
    ["x, y", '1 "2" 3'],
    ["two\r\nlines", "z"],
  ]);
  assert.deepEqual(tableOf('a,b\r\n"x\ny",1\r\nz,2').lines, [2, 4]);
  assert.deepEqual(tableOf("a;b;c,d\nx;y;1,5").rows, [["x", "y", "1,5"]]);
  assert.match(problemsOf("a;b,c\nx;1,5"), /not clear which one divides.*sep=;/);
  assert.deepEqual(tableOf("sep=|\na,c|b\nx|y").header, ["a,c", "b"]);
  assert.deepEqual(tableOf('a\tb\nO"Brien\t5" pipe').rows, [['O"Brien', '5" pipe']]);
  assert.deepEqual(tableOf("a,b\r\nx,y,,\r\n,,,\r\n"), {
    separator: ",",
    header: ["a", "b"],
    rows: [["x", "y"]],
    lines: [2],
    empty: 1,
  });
  assert.deepEqual(tableOf("email\na@example.org").header, ["email"]);
  // A quotation mark inside a cell that was quoted as it should be.
  assert.deepEqual(tableOf('a,b\r\n"x"," ""y"""').rows, [["x", ' "y"']]);
  const cell = fc.string({ unit: fc.constantFrom(..."ab \"\r\n,;\t|=é'"), maxLength: 12 });
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((width) =>
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
        ),
      fc.constantFrom(...SEPARATORS),
      (rows, separator) => {
        const header = rows[0]!.map((_, index) => `column ${index}`);
        const quoted = [header, ...rows]
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(separator))
          .join("\r\n");
        const parsed = parseTable(quoted);
        const filled = rows.filter((row) => row.some((one) => one.trim() !== ""));
        if (filled.length > 0) assert.deepEqual(parsed.ok && parsed.table.rows, filled);
      },
    ),
  );
});

test("a row that does not fit is named with its line, and then nothing is taken over", () => {
  assert.match(
    problemsOf("a,b\nx,y\nz\n1,2,3"),
    /Line 3 has 1 cells, and the header has 2.*Line 4 has 3 cells.*Nothing was read.*Mend these lines/,
  );
  assert.match(problemsOf('a,b\n"x,y\nz,1'), /opens on line 2 is never closed.*Nothing was read/);
  assert.match(
    problemsOf('a,b\n"x"y,1'),
    /On line 2 something stands behind a closing quotation mark.*Nothing was read/,
  );
  assert.match(problemsOf(""), /no table/);
  assert.match(problemsOf("a,b\n"), /one row only/);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a,"\n\r;'), maxLength: 60 }), (text) => void parseTable(text)),
    { numRuns: values(2000) },
  );
});

test("formulas stay text, and leave as nothing that a spreadsheet computes", () => {
  const hostile = ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "|x", "%0A=1"];
  const table = tableOf(`name,email\r\n${hostile.map((one) => `"${one}",a@example.org`).join("\r\n")}`);
  assert.deepEqual(
    table.rows.map(([name]) => name),
    hostile,
  );
  for (const one of hostile) assert.match(csvCell(one), /^"'/);
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ maxLength: 12 }), { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 }),
      (rows) => {
        const written = parseTable(csvOf(["a", "b"], rows));
        for (const one of written.ok ? written.table.rows.flat() : []) assert.doesNotMatch(one, /^\s*[=+\-@\t\r|%]/);
      },
    ),
  );
});

test("columns are suggested by their names; one that is repeated or missing is asked for", () => {
  const first = suggestColumns({
    header: [
      "Record No.",
      "First name",
      "Surname",
      "E-mail address",
      "Address line 1",
      "Town",
      "Postcode",
      "Telephone",
      "Safe to contact",
      "In danger",
      "Reason",
    ],
  });
  assert.deepEqual(first, {
    columns: { record: [0], name: [1, 2], email: [3], post: [4, 5, 6], phone: [7], safe: [8], danger: [9], born: [] },
    repeated: [],
    problems: [],
  });
  const repeated = suggestColumns({ header: ["Name", "Email", "E-Mail"] });
  assert.deepEqual(repeated.columns.email, []);
  assert.match(
    repeated.problems.join(),
    /Several columns are called “Email” \(2 and 3\)\. Say which one holds the email address/,
  );
  assert.match(suggestColumns({ header: ["Reason", "Date"] }).problems.join(), /No column says who a person is/);
  const chosen: Columns = { ...repeated.columns, email: [2] };
  assert.deepEqual(columnProblems({ header: ["Name", "Email", "E-Mail"] }, chosen, repeated.repeated), []);
  assert.equal(columnProblems({ header: ["Name"] }, { ...chosen, email: [7], phone: [0] }).length, 2);
});

test("each row becomes a person or a sentence, and what is not clear goes to the safe side", () => {
  const found = people(
    'name,email,address,phone,safe,in danger,id\nJo Marsden,Jo <jo@example.org>,"1 High St\nTown",,email and post,yes,7\nA B,not-an-address,,01632 960001,carrier pigeon,perhaps,8\nC,,,,none,no,\n',
  );
  assert.ok(found.ok);
  assert.deepEqual(
    found.rows.map(({ person }) => ({ ...person, person: "" })),
    [
      {
        person: "",
        name: "Jo Marsden",
        email: "jo@example.org",
        post: ["1 High St", "Town"],
        phone: null,
        safe: ["email", "post"],
        inDanger: true,
        records: ["7"],
      },
      {
        person: "",
        name: "A B",
        email: null,
        post: null,
        phone: "01632 960001",
        safe: [],
        inDanger: true,
        records: ["8"],
        unusable: "not-an-address",
      },
      { person: "", name: "C", email: null, post: null, phone: null, safe: [], inDanger: false, records: [] },
    ],
  );
  assert.deepEqual(
    found.notes.map(({ line }) => line),
    [4, 4, 4],
  );
  const empty = people("name,email,id\n,,7\nA,,8");
  assert.ok(!empty.ok && /Line 2 says nothing about who this is/.test(empty.problems.join()));
});

test("spellings of a name, an address and a number are one", () => {
  const namesAlike = (one: string, other: string): boolean => wordsAlikeAll(nameWords(one), nameWords(other));
  for (const [one, other] of [
    ["MARSDEN, Joanna (Mrs)", "Joanna Marsden"],
    ["Siobhán O’Brien", "Siobhan OBrien"],
    ["Łukasz Wójcik", "Lukasz Wojcik"],
    ["Nguyen Thi-Hoa", "Thi Hoa Nguyen"],
  ] as const)
    assert.deepEqual(nameWords(one), nameWords(other));
  for (const [one, other] of [
    [
      ["Flat 2", "14 Weir St.", "Harrowmere", "HW1 4QT"],
      ["Flat 2, 14 Weir Street", "hw14qt"],
    ],
    [
      ["St. Mary's Hse", "Harrowmere"],
      ["St Marys House", "Harrowmere"],
    ],
  ] as const)
    assert.equal(addressKey(one), addressKey(other));
  assert.notEqual(addressKey(["14 Weir St", "HW1 4QT"]), addressKey(["15 Weir St", "HW1 4QT"]));
  assert.equal(phoneKey("+44 (0)1632 960400"), phoneKey("01632-960-400"));
  for (const [one, other] of [
    ["Jon Thistlewood", "THISTLEWOOD, Jonathan P."],
    ["Catherine Llewellyn", "Katherine Llewelyn"],
    ["M T Qureshi", "Muhammad Tahir Qureshi"],
  ] as const)
    assert.ok(namesAlike(one, other), `${one} / ${other}`);
  for (const [one, other] of [
    ["Jane Smith", "John Smith"],
    ["J B", "John Baker"],
    ["Siobhán Ní-Bhriain", "Siobhan O'Brien-Kilbride"],
    ["", "John"],
  ] as const)
    assert.ok(!namesAlike(one, other), `${one} / ${other}`);
});

// Only the same full name with the same e-mail or address, where nothing differs, is joined by itself.
test("the same full name, with one e-mail or address, is joined; what is doubtful is not", () => {
  const one = joinPeople([
    somebody({ name: "Catherine Llewellyn", email: "C.Llewellyn@Mail.example", records: ["1"] }),
    somebody({
      name: "Catherine  llewellyn",
      email: "c.llewellyn@mail.example ",
      phone: "01632 960001",
      records: ["2"],
      inDanger: true,
    }),
    somebody({ name: "catherine llewellyn", post: ["1 High St", "HW1 4QT"], records: ["3"] }),
    somebody({
      name: "CATHERINE LLEWELLYN",
      email: "c.llewellyn@mail.example",
      post: ["1 High Street", "HW1 4QT"],
      records: ["4"],
    }),
  ]);
  assert.deepEqual([one.people.length, one.doubts.length], [1, 0]);
  assert.deepEqual(one.people[0]!.records, ["1", "2", "3", "4"]);
  assert.ok(one.people[0]!.inDanger);
  const why = (...entries: readonly Partial<AffectedPerson>[]): string => {
    const { people: apart, doubts } = joinPeople(entries.map(somebody));
    assert.equal(apart.length, entries.length, "never joined silently");
    return doubts.map((doubt) => doubt.why).join();
  };
  const home = { post: ["1 High St", "HW1 4QT"] };
  assert.equal(
    why({ name: "Jane Smith", email: "smiths@example.org" }, { name: "John Smith", email: "smiths@example.org" }),
    "same-email",
  );
  assert.equal(
    why(
      { name: "Jane Smith", email: "a@example.org", ...home },
      { name: "Jane Smith", email: "b@example.org", ...home },
    ),
    "same-name-and-address",
  );
  assert.equal(why({ name: "J Smith", ...home }, { name: "Jane Smith", ...home }), "same-address");
  assert.equal(
    why({ name: "Jane Smith", ...home }, { name: "Jane Smith", post: ["2 High St", "HW1 4QT"] }),
    "same-name-and-postcode",
  );
  assert.equal(why({ name: "Jane Smith", email: "jane@example.org" }, { name: "Jane Smith", ...home }), "same-name");
  assert.equal(
    why({ name: "Jane Smith", email: "jane+police@example.org" }, { name: "J Smith", email: "jane@example.org" }),
    "same-mailbox",
  );
  assert.equal(why({ name: "Jane Smith", phone: "01632 960001" }, { name: "", phone: "+441632960001" }), "same-phone");
  assert.equal(
    why(
      { name: "Jane Smith", ...home, email: "a@example.org" },
      { name: "Jane Smith", post: ["9 Low Road", "EV2 1AA"], email: "b@example.org" },
    ),
    "",
  );
  // Two addresses under one person by way of a third entry would be a silent join.
  const chain = joinPeople([
    somebody({ name: "Jane Smith", ...home, email: "a@example.org" }),
    somebody({ name: "Jane Smith", ...home }),
    somebody({ name: "Jane Smith", ...home, email: "b@example.org" }),
  ]);
  assert.deepEqual([chain.people.length, chain.doubts.length], [3, 3]);
});

test("the demonstration's people who wrote more than once are found: joined, or shown", () => {
  const list = syntheticLetters().map(({ number, writer }) =>
    somebody({
      name: writer.name,
      email: writer.email,
      post: [writer.address.line1, writer.address.town, writer.address.postcode],
      phone: writer.telephone,
      records: [String(number)],
    }),
  );
  const { people: left, doubts } = joinPeople(list);
  for (const { spellings } of REPEATED) {
    const theirs = spellings.filter(({ email }) => email).map(({ email }) => email!.toLowerCase());
    const same = theirs.filter((email) => email === theirs[0]).length;
    const entries = left.filter(({ email }) => email?.toLowerCase() === theirs[0]);
    assert.ok(
      same > 0 &&
        (entries.length === 1 ||
          doubts.some(
            ({ one, other }) => one.email?.toLowerCase() === theirs[0] && other.email?.toLowerCase() === theirs[0],
          )),
      theirs[0],
    );
  }
  assert.ok(doubts.length > 0 && left.length <= list.length);
});

// A list is settled only when every doubtful pair was decided, and says how the person is reached.
test("a list is settled once every doubtful pair is decided, and says how to reach people", () => {
  const entries = [
    somebody({
      name: "Jane Smith",
      email: "a@example.org",
      safe: ["email", "post"],
      post: ["1 High St", "HW1 4QT"],
      records: ["1"],
    }),
    somebody({
      name: "Jane Smith",
      email: "b@example.org",
      safe: ["email"],
      post: ["1 High St", "HW1 4QT"],
      records: ["2"],
    }),
  ];
  const joined = joinPeople(entries);
  const settle = (...decisions: readonly [string, Decision][]) => settlePeople(entries, joined, new Map(decisions));
  const { id } = joined.doubts[0]!;
  assert.ok(!settle().ok);
  const apart = settle([id, "different"]);
  assert.ok(apart.ok && apart.people.length === 2);
  const other = settle([id, "other"]);
  assert.ok(other.ok);
  assert.deepEqual(
    other.people.map(({ email, safe, records }) => ({ email, safe, records })),
    [{ email: "b@example.org", safe: ["email"], records: ["2", "1"] }],
  );
  assert.deepEqual(mergePeople([somebody({ safe: [] }), somebody({ safe: ["post"] }), somebody({})]).safe, []);
});

test("joining loses no record and makes nobody up, for any list", () => {
  const entry = fc.record({
    name: fc.constantFrom("", "Jane Smith", "J Smith", "John Smith", "SMITH Jane"),
    email: fc.constantFrom(null, "a@example.org", "A@example.org", "b@example.org"),
    post: fc.constantFrom(null, ["1 High St", "HW1 4QT"], ["1 High Street", "HW14QT"]),
    phone: fc.constantFrom(null, "01632 960001"),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (rows) => {
      const list = rows.map((row, index) => somebody({ ...row, records: [String(index)] }));
      const joined = joinPeople(list);
      assert.deepEqual(
        joined.people.flatMap(({ records }) => records).sort(),
        list.flatMap(({ records }) => records).sort(),
      );
      for (const { entries } of joined.joins)
        for (const said of [
          entries.map(({ name }) => name),
          entries.map(({ email }) => email?.toLowerCase()).filter((email) => email !== undefined),
        ])
          assert.ok(new Set(said).size <= 1, "one person, one name and one e-mail address");
      const settled = settlePeople(list, joined, new Map(joined.doubts.map(({ id }) => [id, "different"])));
      assert.ok(settled.ok && settled.people.length === joined.people.length);
    }),
    { numRuns: values(500) },
  );
});

test("a hundred thousand rows are read and joined", () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, i) => `${i},Person Number${i % 99_000},p${i % 99_000}@example.org,"${i % 500} Weir Street, HW1 4QT"`,
  );
  const found = people(`id,name,email,address\r\n${rows.join("\r\n")}\r\n`);
  assert.ok(found.ok);
  const { people: joined } = joinPeople(found.rows.map(({ person }) => person));
  assert.equal(joined.length, 99_000);
});
