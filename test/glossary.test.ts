/**
 * The words of the domain are those of `docs/GLOSSARY.md`, and no old word comes back.
 *
 * Each name that a file of `src/domain` exports is split into its words (`sealPersonKeys`: seal, person, keys). Each
 * word stands in bold in the glossary, or in its lists of plain words at the end. To rename something: change the code,
 * then the one line of the glossary. To forbid a word for good: add it to OLD below.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "..");

/** Words of earlier days, with what is said now. No name in `src`, `demo` or `supervisor` has them. */
const OLD: { readonly [word: string]: string } = {
  raise: "start",
  raised: "started",
  keeper: "supervised",
  ear: "listener",
  greet: "use, take",
  strayed: "unfinished",
  tired: "gives up",
  answerable: "owners and auditors",
  house: "installation, or running",
  houses: "installations",
  inhabitant: "person",
  inhabitants: "people",
};
/** A town is a part of an address, and nothing else. */
const TOWN_IS_AN_ADDRESS = /^(?:src\/(?:domain\/form|monitor|counter|form-page)\/|demo\/(?:writer|fit|places)\.ts$)/;

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** `newPassphrase`: new, passphrase. `DATE_PARTS`: date, parts. `toBase64`: to, base. */
const wordsOf = (name: string): string[] =>
  [...name.matchAll(/[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]/g)].map(([word]) => word.toLowerCase());

/** What a file exports under a name of its own. */
function exportsOf(file: string): string[] {
  const all = [...read(file).matchAll(/^export .*/gm)].map(([line]) => line);
  return all.map((line) => {
    const name = /^export (?:async )?(?:const|let|function\*?|class|type|interface) (\w+)/.exec(line)?.[1];
    assert.ok(name, `${file} exports in a way that this test cannot read: ${line}`);
    return name;
  });
}

/** Every name in a file, its own included. Comments, strings and the text between tags are not names. */
function namesIn(file: string): Set<string> {
  const code = read(file)
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, "")
    .replaceAll(/(?<=[(=:,[!&|?{};]\s*|return )\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g, "null")
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replaceAll(/`(?:[^`\\$]|\\.|\$(?!\{))*`/g, "``")
    .replaceAll(/>[^<>{}=;()]*</g, "><");
  return new Set([basename(file).replace(/\.tsx?$/, ""), ...(code.match(/[A-Za-z_]\w*/g) ?? [])]);
}

const [terms = "", plain = ""] = read("docs/GLOSSARY.md").split("## Plain words in names");
const TERMS = new Set(
  [...terms.matchAll(/\*\*([^*]+)\*\*/g)].flatMap(([, term]) => term!.toLowerCase().split(/[\s-]+/)),
);
const PLAIN = new Set(
  [...plain.matchAll(/^\*\*[^*]+\*\* (.+)$/gm)].flatMap(([, list]) => list!.match(/[a-z]+/g) ?? []),
);

/** The forms under which a word may stand in the list: `epochs` as epoch, `signed` as sign, `making` as make. */
function formsOf(word: string): string[] {
  const endings: [RegExp, string][] = [
    [/s$/, ""],
    [/es$/, ""],
    [/ies$/, "y"],
    [/ed$/, ""],
    [/d$/, ""],
    [/ied$/, "y"],
    [/(.)\1ed$/, "$1"],
    [/ing$/, ""],
    [/ing$/, "e"],
    [/(.)\1ing$/, "$1"],
  ];
  return [word, ...endings.filter(([end]) => end.test(word)).map(([end, instead]) => word.replace(end, instead))];
}
const LISTED = new Set([...TERMS, ...PLAIN].flatMap(formsOf));
const stands = (word: string): boolean => formsOf(word).some((form) => LISTED.has(form));

const DOMAIN = globSync("src/domain/**/*.ts", { cwd: ROOT }).sort();
const NAMES = DOMAIN.flatMap((file) => exportsOf(file).map((name) => ({ file, name })));

test("every name that the domain exports is made of words of the glossary", () => {
  assert.ok(NAMES.length > 700 && TERMS.size > 80 && PLAIN.size > 80, "names and lists are found");
  const unknown = NAMES.flatMap(({ file, name }) =>
    wordsOf(name)
      .filter((word) => !stands(word))
      .map((word) => `${file}: ${name} has the word ${word}, which docs/GLOSSARY.md does not know`),
  );
  assert.deepEqual(unknown, []);
});

test("no word stands in the lists at the end without need", () => {
  const used = new Set(NAMES.flatMap(({ name }) => wordsOf(name)).flatMap(formsOf));
  assert.deepEqual(
    [...PLAIN].filter((word) => !used.has(word)),
    [],
    "no name of the domain has these words any more",
  );
  assert.deepEqual(
    [...PLAIN].filter((word) => TERMS.has(word)),
    [],
    "these are explained above",
  );
});

test("no name has a word of earlier days", () => {
  const files = globSync("{src,demo,supervisor}/**/*.{ts,tsx}", { cwd: ROOT }).sort();
  assert.ok(files.length > 300, "the files are found");
  const found = files.flatMap((file) =>
    [...namesIn(file)].flatMap((name) =>
      wordsOf(name)
        .filter((word) => Object.hasOwn(OLD, word) || (/^towns?$/.test(word) && !TOWN_IS_AN_ADDRESS.test(file)))
        .map((word) => ({ file, name, word, now: OLD[word] ?? "installation, or world" })),
    ),
  );
  assert.deepEqual(found, []);
});
