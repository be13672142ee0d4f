/** No screen of the staff pages, no part of an incident and no public page goes without having been looked at. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { PARTS, SCREENS } from "./support/looked.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const quoted = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, one]) => one!).sort();

test("every screen of the staff pages is looked at in a journey", () => {
  assert.deepEqual(
    Object.keys(SCREENS).concat("incident").sort(),
    quoted(read("src/staff-app/screens/screens.tsx"), /case "([^"]+)":/g),
  );
  assert.deepEqual(
    Object.keys(PARTS).sort(),
    quoted(read("src/staff-app/screens/incidents/parts.ts"), /\{ part: "([^"]*)"/g),
  );
  const all = [...Object.values(SCREENS), ...Object.values(PARTS)];
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length, "each has a look of its own");
  for (const { journey, name } of all) {
    const looks = quoted(read(`test/journeys/${journey}.test.ts`), /\b(?:look|see)\(\s*(?:[\w.]+,\s*)?(?:"([^"]+)")/g);
    assert.ok(looks.includes(name), `test/journeys/${journey}.test.ts does not look at “${name}”`);
  }
});

// The demonstration's post office and the shell of the staff pages are looked at in journeys of their own.
test("every public page is looked at, with each of its templates", () => {
  const parts = ["channels", "layout", "question", "post-office", "staff"];
  const templates = readdirSync(join(root, "views"))
    .filter((name) => name.endsWith(".njk"))
    .map((name) => name.slice(0, -".njk".length))
    .filter((name) => !parts.includes(name))
    .sort();
  const views = ["page", "home", "info"].map((name) => read(`src/domain/form/${name}.ts`)).join("\n");
  const more = [read("src/domain/receipt/page.ts"), read("src/domain/incident/notice-view.ts")].join("\n");
  const makers = quoted(views + more, /export function (\w+View)\(/g);
  const made = new Set(quoted(views + more, /template: "([\w-]+)\.njk"/g));
  assert.deepEqual([...made].sort(), templates);
  const drawn = read("test/journeys/public-views.test.ts");
  for (const maker of makers) assert.match(drawn, new RegExp(`\\b${maker}\\(`), maker);
  assert.match(drawn, /for \(const name of Object\.keys\(VIEWS\)\)\s+it\([^]{0,200}await look\(tab, name/);
});
