/** The command gives each file of `test/cases` the same right result as the staff app. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { CSV_CASES, LOG_CASES } from "../support/cases.ts";

const root = new URL("../..", import.meta.url).pathname;
function affected(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), "affected", ...args], {
    encoding: "utf8",
    input: "",
    cwd: join(root, "test/cases"),
    env: { PATH: process.env["PATH"] },
  });
  return { status, stdout, stderr };
}

test("the command reads each log as the staff app does, and says what it did not read", () => {
  for (const [name, { ask, said }] of Object.entries(LOG_CASES)) {
    const more = [
      ...(ask?.known ?? []).flatMap((one) => ["--known", one]),
      ...(ask?.own ? ["--own-agent", ask.own.agent, "--own-token", ask.own.token] : []),
    ];
    const { status, stdout, stderr } = affected(
      "--json",
      "--access-log",
      `log/${name}`,
      "--exposed",
      "/results",
      ...more,
    );
    assert.equal(status, 0, stderr);
    const { log } = JSON.parse(stdout);
    assert.deepEqual(
      {
        verdict:
          log.verdict === "cannot-tell"
            ? `cannot-tell: ${log.why}, ${log.coverage.others.map(({ what }: { what: string }) => what).join(" ")}`
            : log.verdict,
        requests: log.outcomes.reached,
        visitors: log.visitors.map(({ address }: { address: string }) => address).sort(),
        known: log.known,
        own: log.own,
        covered: log.coverage.covered,
      },
      said,
      name,
    );
  }
});

test("the command reads each table as the staff app does: refused by name, joined, or a doubt", () => {
  for (const [name, right] of Object.entries(CSV_CASES)) {
    const { status, stdout, stderr } = affected("--json", "--people", `csv/${name}`);
    if (typeof right === "string") {
      assert.notEqual(status, 0, name);
      assert.match(stderr.replaceAll("\n", " "), new RegExp(right), name);
      continue;
    }
    assert.equal(status, 0, stderr);
    const { people } = JSON.parse(stdout);
    assert.deepEqual(people.doubts.map(({ lines }: { lines: number[] }) => lines.join(" ")).sort(), right.doubts, name);
    assert.deepEqual(people.toRead, right.toRead, name);
    assert.equal(people.rows, right.people, name);
    if (right.doubts.length === 0) assert.equal(people.people, right.people, name);
  }
});

test("names whose encoding was not certain are shown, and no list leaves before somebody looked", () => {
  const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
  const { stdout, stderr } = affected(
    "--people",
    "csv/excel-for-mac.csv",
    "--seal-to",
    recipient,
    "--out",
    "/nowhere/x",
  );
  assert.match(stdout, /does not say how its letters are written[\s\S]*Line 2: Zo‘ MŸller\n {2}Line 3: JosŽ Nœ–ez/);
  assert.match(stderr, /not sealed: the file does not say how its letters are written/);
  const looked = affected(
    "--people",
    "csv/excel-for-mac.csv",
    "--looked",
    "--seal-to",
    recipient,
    "--out",
    "/nowhere/x",
  );
  assert.match(looked.stderr, /\/nowhere\/x cannot be written/);
});
