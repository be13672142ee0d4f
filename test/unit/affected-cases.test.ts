/**
 * Small files that other programs got wrong, each with its right result (`test/cases`): read by what the staff app reads
 * them with. The command gives the same, in `test/world/cli-cases.test.ts`.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { affectedOf } from "../../src/member/hands/affected.ts";
import { CSV_CASES, LOG_CASES, logSaid, peopleSaid } from "../support/cases.ts";

const place = (kind: string): string => new URL(`../cases/${kind}/`, import.meta.url).pathname;
const fileOf = (kind: string, name: string): File => new File([readFileSync(`${place(kind)}${name}`)], name);
const hands = affectedOf();

test("every file of the cases has its right result", () => {
  assert.deepEqual(readdirSync(place("log")).sort(), Object.keys(LOG_CASES).sort());
  assert.deepEqual(readdirSync(place("csv")).sort(), Object.keys(CSV_CASES).sort());
});

for (const [name, right] of Object.entries(LOG_CASES))
  test(`the log ${name} gives its right result in the staff app's worker`, async () => {
    const question = { exposed: "/results", own: null, known: [], window: { from: null, to: null }, ...right.ask };
    const answer = await hands.readLog({ files: [fileOf("log", name)], question }, () => {});
    assert.ok(answer.ok);
    assert.deepEqual(logSaid(answer.reading, answer.verdict), right.said);
  });

for (const [name, right] of Object.entries(CSV_CASES))
  test(`the table ${name} gives its right result in the staff app's worker`, async () => {
    const file = fileOf("csv", name);
    const table = await hands.readTable({ file }, () => {});
    if (typeof right === "string") return assert.match(table.ok ? "" : table.problems.join(" "), new RegExp(right));
    assert.ok(table.ok, table.ok ? "" : table.problems.join(" "));
    const joined = await hands.joinTable({ file, columns: table.columns, repeated: table.repeated }, () => {});
    assert.ok(joined.ok);
    const line = ({ person }: { readonly person: string }): number => joined.lines.get(person)!;
    assert.deepEqual(peopleSaid(joined.joined, line, joined.toRead, right.nobody && joined.entries), right);
  });
