/**
 * The documents are true about what exists: every path and test that they name is there, and no threat was forgotten.
 */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { EVENT_KINDS } from "../src/domain/log/event-kinds.ts";

const ROOT = resolve(import.meta.dirname, "..");
const DOCUMENTS = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  "forms/README.md",
  ...globSync("docs/**/*.md", { cwd: ROOT }).sort(),
];
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** A path of this repository between back-ticks. `data/` and `dist/` are made by the program. */
const PATHS =
  /`((?:bin|bench|build|demo|docs|forms|rehearsal|sql|src|styles|supervisor|test|views)(?:\/[\w.-]+)*\/?|(?:package(?:-lock)?|tsconfig(?:\.base)?)\.json|LICENSE|[A-Z]+\.md)`/g;

test("every path and every link in the documents leads somewhere", () => {
  const lost: string[] = [];
  for (const document of DOCUMENTS) {
    for (const [, path] of read(document).matchAll(PATHS))
      if (!existsSync(join(ROOT, path!))) lost.push(`${document} names ${path}`);
    for (const [, link] of read(document).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
      if (!/^(?:https?|mailto):/.test(link!) && !existsSync(join(ROOT, dirname(document), link!)))
        lost.push(`${document} links to ${link}`);
    }
  }
  assert.deepEqual(lost, []);
});

/** The titles of a test file, as written: what a template fills in stands as "…". */
function titlesIn(file: string, called = "test|it"): string[] {
  const calls = read(file).matchAll(
    new RegExp(String.raw`\b(?:${called})(?:\.\w+)?\(\s*(?:"((?:[^"\\]|\\.)*)"|\`([^\`]*)\`)`, "g"),
  );
  return [...calls].map(([, plain, template]) =>
    (plain ?? template!).replaceAll(/\$\{[^}]*\}/g, "…").replaceAll('\\"', '"'),
  );
}

test("no title of a test is longer than 90 characters", () => {
  const files = globSync("test/**/*.test.ts", { cwd: ROOT });
  const titles = files.flatMap((file) => titlesIn(file, "test|it|describe|suite").map((title) => ({ file, title })));
  assert.ok(titles.length > 500, "the titles are found");
  assert.deepEqual(
    titles.filter(({ title }) => title.length > 90),
    [],
    "a title says what is true; the story stands in a comment above",
  );
});

type Cited = { readonly document: string; readonly file: string; readonly title: string };

/** `file`: *title*, *title* */
const citations = (document: string): Cited[] =>
  [...read(document).matchAll(/`(test\/[\w/.-]+\.test\.ts)`((?:(?:: |, )\*[^*]+\*)+)/g)].flatMap(([, file, titles]) =>
    [...titles!.matchAll(/\*([^*]+)\*/g)].map(([, title]) => ({ document, file: file!, title: title! })),
  );

test("every test that a document names exists under that title", () => {
  const cited = DOCUMENTS.flatMap(citations);
  assert.ok(cited.length > 50, "the documents name their tests");
  const lost = cited.filter(({ file, title }) => !existsSync(join(ROOT, file)) || !titlesIn(file).includes(title));
  assert.deepEqual(lost, []);
});

test("every threat has one answer: promised with a test, not promised, or not yet", () => {
  const rows = [...read("docs/THREAT-MODEL.md").matchAll(/^\| (T\d+) \| [^|]+ \| (.+) \|$/gm)];
  assert.deepEqual(
    rows.map(([, number]) => number),
    Array.from({ length: 45 }, (_, i) => `T${i + 1}`),
  );
  for (const [, number, answer] of rows) {
    const verdict = /^\*\*(Promised|Not promised|Not yet)\.?\*\*/.exec(answer!)?.[1];
    assert.ok(verdict, `${number} begins with its verdict`);
    if (verdict === "Promised") assert.match(answer!, /`test\/[\w/.-]+\.test\.ts`: \*/, `${number} names its test`);
  }
});

test("every promise names a file and a test, and the README leads there", () => {
  const table = read("docs/THREAT-MODEL.md").split("## Where each promise is kept")[1]?.split("\n## ")[0] ?? "";
  const rows = table.split("\n").filter((line) => /^\| (?!promise|-)/.test(line));
  assert.ok(rows.length >= 20, "the table is there");
  for (const row of rows) {
    assert.match(row, /`(?:src|sql|build|supervisor|views)\/[\w/.-]+`/, row);
    assert.match(row, /`test\/[\w/.-]+\.test\.ts`: \*/, row);
  }
  const short = read("README.md").split("## What it promises")[1]?.split("\n## ")[0] ?? "";
  const promises = short.split("\n").filter((line) => /^\| (?!promise|-)/.test(line));
  assert.ok(promises.length >= 8, "the README says what is promised");
  for (const row of promises) assert.match(row, /`src\/[\w/.-]+`/, row);
  assert.match(short, /\(docs\/THREAT-MODEL\.md#where-each-promise-is-kept\)/);
});

/** What a reader sees: tables and code count, addresses of links do not. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/\]\([^)]*\)/g, "]")
    .split(/[\s|]+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));

test("the README has at most 900 words", () => {
  const { length } = wordsOf(read("README.md"));
  assert.ok(length <= 900, `${length} words`);
});

test("every decision stands in the index, once", () => {
  const index = read("docs/decisions/README.md");
  const files = globSync("docs/decisions/[0-9]*.md", { cwd: ROOT }).map((file) => file.split("/").at(-1)!);
  assert.deepEqual(
    [...index.matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, file]) => file!).sort(),
    files.sort(),
    "each decision has a line in docs/decisions/README.md",
  );
  assert.equal(new Set(files.map((file) => file.slice(0, 4))).size, files.length, "no number stands for two");
});

test("the page on the house names every room of the server", () => {
  const line = /^`src\/server` has a room for each matter: (.*?)\. In a room/m.exec(read("docs/ARCHITECTURE.md"))![1]!;
  const rooms = globSync("src/server/*/", { cwd: ROOT }).map((path) => path.split("/")[2]!);
  // Not matters: what all rooms share, and what several of them do.
  const shared = ["acts", "database", "http"];
  assert.deepEqual(
    [...line.matchAll(/`([\w-]+)`/g)].map(([, room]) => room!).sort(),
    rooms.filter((room) => !shared.includes(room)).sort(),
  );
});

test("the documents list every command, every variable and every kind of event, and no other", () => {
  const found = (text: string, pattern: RegExp): string[] =>
    [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))].sort();
  const section = (document: string, heading: string): string =>
    read(document).split(`## ${heading}\n`)[1]!.split("\n## ")[0]!;
  const rows = (text: string): string =>
    text
      .split("\n")
      .map((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? "")
      .join("\n");
  const commands = found(read("bin/pillarbox.mjs"), /^ {2}"?([a-z-]+)"?: \[\s*\["/gm);
  assert.ok(commands.length > 10);
  assert.deepEqual(found(rows(section("README.md", "The commands")), /`([a-z-]+)`/g), [...commands, "help"].sort());
  const code = globSync("{src,supervisor,test}/**/*.ts", { cwd: ROOT }).map(read).join("\n");
  assert.deepEqual(
    found(section("docs/OPERATING.md", "Environment variables"), /`(PILLARBOX_[A-Z_]*[A-Z])`/g),
    found(code, /\b(PILLARBOX_[A-Z_]*[A-Z])\b/g),
  );
  assert.deepEqual(found(rows(section("docs/LOG.md", "Entries")), /`([a-z-]+\.[a-z-]+)`/g), [...EVENT_KINDS].sort());
});

test("British words, and no machine's own paths", () => {
  for (const document of DOCUMENTS) {
    assert.doesNotMatch(
      read(document),
      /\b(?:behavior|color|authoriz|organiz|recogniz|center\b|favorite)\w*/i,
      document,
    );
    assert.doesNotMatch(read(document), /\/(?:work|root|home|tmp)\//, document);
  }
});
