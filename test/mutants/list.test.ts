/**
 * The list of controls fits the tree: what is taken out stands where the list says, once; the tests that must notice
 * are there; and whatever the threat model promises, something keeps.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { transformSync } from "esbuild";
import { CONTROLS } from "./all.ts";
import { caughtIn, cheapestFirst } from "./choose.ts";
import { changesOf, withoutIt } from "./control.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

test("each control stands in its file exactly once, and is gone when it is taken out", () => {
  const wrong = CONTROLS.flatMap((control) =>
    changesOf(control).flatMap((change) => {
      if (!existsSync(join(ROOT, change.file))) return [`${change.file}: there is no such file`];
      const text = withoutIt(read(change.file), change);
      if (text === null) return [`${change.file}: not exactly once: ${change.find}`];
      return text === read(change.file) ? [`${change.file}: nothing changes: ${change.find}`] : [];
    }),
  );
  assert.deepEqual(wrong, []);
});

// A program that cannot be read fails every test, and shows nothing about any.
test("what is left without a control can still be read", () => {
  const wrong = CONTROLS.flatMap((control) =>
    changesOf(control).flatMap(({ file }) => {
      if (!/\.tsx?$/.test(file)) return [];
      const changes = changesOf(control).filter((one) => one.file === file);
      const text = changes.reduce((before, change) => withoutIt(before, change) ?? before, read(file));
      try {
        transformSync(text, { loader: file.endsWith("x") ? "tsx" : "ts", logLevel: "silent" });
        return [];
      } catch (thrown) {
        return [`${file}, without ${control.control}: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
      }
    }),
  );
  assert.deepEqual(wrong, []);
});

test("each control names its tests, by files and titles that exist", () => {
  for (const { control, tests, pattern } of CONTROLS) {
    assert.ok(tests.length > 0, control);
    const texts = tests.map((file) => {
      assert.match(file, /^test\/.*\.test\.ts$/, control);
      assert.ok(existsSync(join(ROOT, file)), `${control}: ${file}`);
      return read(file);
    });
    for (const title of pattern ?? [])
      assert.ok(
        texts.some((text) => text.includes(title)),
        `${control}: no test is called ${title}`,
      );
  }
});

test("no two entries take out the same in the same way", () => {
  const seen = CONTROLS.map((control) =>
    JSON.stringify(changesOf(control).map(({ file, find, replace }) => [file, find, replace])),
  );
  assert.deepEqual(
    seen.filter((one, i) => seen.indexOf(one) !== i),
    [],
  );
  const names = CONTROLS.map(({ control }) => control);
  assert.deepEqual(
    names.filter((one, i) => names.indexOf(one) !== i),
    [],
  );
});

test("there are at least 120 controls, and each promise of the threat model rests on one", () => {
  assert.ok(CONTROLS.length >= 120, String(CONTROLS.length));
  const rows = [...read("docs/THREAT-MODEL.md").matchAll(/^\| ([TM]\d+) \| .*$/gm)].map(([row, name]) => ({
    name: name!,
    promised: row.includes("**Promised"),
  }));
  assert.equal(rows.length, 52);
  const kept = new Set(CONTROLS.flatMap(({ threat }) => threat));
  assert.deepEqual(
    rows.filter(({ name, promised }) => promised && !kept.has(name)).map(({ name }) => name),
    [],
    "promised, and no control is taken out for it",
  );
  const known = new Set(rows.map(({ name }) => name));
  assert.deepEqual(
    [...kept].filter((name) => !known.has(name)),
    [],
    "no such row",
  );
});

test("a run leaves out what an earlier one caught, and nothing that survived or failed", () => {
  const [a, b, c, d] = CONTROLS;
  assert.ok(a && b && c && d);
  const output = [
    `caught: ${a.control} [T1] ${a.file}: "…" — 1.0 s`,
    `survived: ${b.control} [T1] ${b.file}: "…" — 1.0 s`,
    `error, ${c.tests[0]} failed with every control in its place: ${c.control} [T1] ${c.file}: "…" — 1.0 s`,
    `caught: ${d.control} (second wall; the first: another) [T1] ${d.file}: "…" — 1.0 s`,
    "2 caught, 1 survived, 1 errors",
  ].join("\n");
  assert.deepEqual(caughtIn(output, CONTROLS), [a.control, d.control]);
});

test("a run begins with unit tests and ends with browsers, and takes every control once", () => {
  const order = cheapestFirst(CONTROLS);
  const first = order[0]?.tests ?? [];
  const last = order.at(-1)?.tests ?? [];
  assert.ok(first.length > 0 && first.every((file) => file.startsWith("test/unit/")));
  assert.ok(last.some((file) => file.startsWith("test/journeys/")));
  assert.equal(new Set(order).size, CONTROLS.length);
});
