/** Times are the body's, wherever the browser or the machine is; and one place formats them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { endOfDay, startOfDay } from "../../src/domain/incident/london.ts";
import { timeInZone, timeOfLog, timeOfLogExactly, timeWords } from "../../src/domain/time.ts";

const root = resolve(import.meta.dirname, "../..");

test("a time is said as the clock in London has it, with its zone where zones could be mixed", () => {
  const [winter, summer] = [Date.UTC(2026, 10, 2, 14, 5), Date.UTC(2026, 6, 2, 14, 5, 9)];
  assert.deepEqual(
    [timeWords(winter), timeWords(summer), timeInZone(summer), timeOfLog(winter), timeOfLogExactly(summer)],
    [
      "2 November 2026 at 2:05pm",
      "2 July 2026 at 3:05pm",
      "2 July 2026 at 3:05pm BST",
      "2 November 2026 at 14:05 GMT",
      "2 July 2026 at 15:05:09 BST",
    ],
  );
  assert.equal(startOfDay(2026, 7, 2), Date.UTC(2026, 6, 1, 23));
  assert.equal(endOfDay(2026, 10, 25)! - startOfDay(2026, 10, 25)!, 25 * 3_600_000 - 1);
  assert.deepEqual([startOfDay(2026, 2, 29), endOfDay(2026, 2, 29)], [null, null]);
});

test("a browser or a machine in another zone says the same times, and names the zone", () => {
  const script = `
    import { moment, dayNumbers } from "${root}/src/staff-app/words/format.ts";
    import { timeWords } from "${root}/src/domain/time.ts";
    const at = Date.UTC(2026, 6, 2, 22, 30);
    console.log([timeWords(at), moment(at), dayNumbers(at).day, dayNumbers(at, 12, -2).day].join(" | "));`;
  const said = (zone: string): string =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], TZ: zone },
    }).stdout.trim();
  const words = "2 July 2026 at 11:30pm";
  assert.equal(said("Europe/London"), `${words} | ${words} | 2 | 30`);
  for (const zone of ["Asia/Tokyo", "America/New_York", "UTC"])
    assert.equal(said(zone), `${words} | ${words} BST | 2 | 30`);
});

test("times are formatted in one place", () => {
  const places = ["src", "demo", "views"].flatMap((top) =>
    readdirSync(resolve(root, top), { recursive: true, encoding: "utf8" }).map((name) => `${top}/${name}`),
  );
  const formats =
    /DateTimeFormat|toLocale(?:Date|Time)String|timeZone:|\.get(?:Date|Day|Month|FullYear|Hours|Minutes)\(|new Date\([^()]*,/;
  assert.deepEqual(
    places
      .filter((name) => /\.(?:tsx?|njk)$/.test(name) && formats.test(readFileSync(resolve(root, name), "utf8")))
      .sort(),
    ["src/domain/incident/london.ts", "src/domain/time.ts", "src/staff-app/words/format.ts"],
  );
});
