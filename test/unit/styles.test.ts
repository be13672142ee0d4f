/** The names of classes in style sheets, pages and tests are one list: a renamed one is missed by none of the three. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { compileStyles } from "../../build/styles.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** By these the page finds its own parts; they look like what they are. */
const HOOKS = ["pb-send"];
/** A class of ours; a reference of a letter, PB-…, is none. */
const OURS = /(?<![\w-])pb-[a-z][\w-]*/g;

const namesIn = (text: string): string[] => [...text.matchAll(OURS)].map(([name]) => name);
const usedIn = (pattern: string): Set<string> =>
  new Set(globSync(pattern, { cwd: ROOT }).flatMap((file) => namesIn(readFileSync(join(ROOT, file), "utf8"))));

test("every class of a page has a style, every style a page, and tests look for those alone", () => {
  const styled = new Set(
    compileStyles(ROOT)
      .assets.filter(({ file }) => file.endsWith(".css"))
      .flatMap(({ bytes }) => namesIn(new TextDecoder().decode(bytes))),
  );
  const drawn = usedIn("{src/**/*.{ts,tsx},views/*}");
  assert.ok(styled.size > 50, "the style sheets were read");
  assert.deepEqual(
    [...styled].filter((name) => !drawn.has(name)),
    [],
    "styles of nothing",
  );
  assert.deepEqual(
    [...drawn].filter((name) => !styled.has(name)),
    HOOKS,
    "classes without a style",
  );
  assert.deepEqual(
    [...usedIn("test/**/*.ts")].filter((name) => !drawn.has(name)),
    [],
    "tests look for nothing",
  );
});
