/**
 * `pillarbox affected` as somebody runs it: a real process, real files, packed parts in any order, and a list that only
 * its recipient opens.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { parseList } from "../../src/domain/affected/list.ts";
import { ageOpen } from "../../src/domain/seal/age-open.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";

const root = new URL("../..", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "pillarbox-affected-"));
after(() => rmSync(directory, { recursive: true }));

function affected(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), "affected", ...args], {
    encoding: "utf8",
    input: "",
    cwd: directory,
    env: { PATH: process.env["PATH"] },
  });
  return { status, stdout, stderr };
}
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(directory, name), content);
  return name;
};
const line = (hour: string, target: string, status: number, address = "203.0.113.9", agent = "Mozilla/5.0"): string =>
  `${address} - - [${hour}:12:01 +0000] "GET ${target} HTTP/1.1" ${status} 5120 "-" "${agent}"\n`;

const oldest = gzipSync(line("11/Nov/2022:09", "/", 200) + line("11/Nov/2022:10", "/%72esults?x=1", 200) + "broken\n");
const middle = line("11/Nov/2022:12", "//results/", 200, "198.51.100.4") + line("11/Nov/2022:12", "/results", 403);
const newest = line("11/Nov/2022:13", "/results", 200, "192.0.2.1", "Pillarbox-watch/1 (visit 0123456789abcdef)");

// Parts of a log, packed or not, in any order, are one log; what it covers stands beside what it says.
test("parts of a log are one log, and what it covers stands beside what it says", () => {
  file("access.log.2.gz", oldest);
  file("access.log.1", middle);
  file("access.log", newest);
  file("exposed.txt", "# the results page\n/results\n");
  const args = [
    "--exposed",
    "exposed.txt",
    "--own-agent",
    "Pillarbox-watch",
    "--own-token",
    "0123456789abcdef",
    "--from",
    "2022-11-11T08:00Z",
    "--to",
    "2022-11-11T13:59Z",
  ];
  const { status, stdout, stderr } = affected("--access-log", "access.log", "access.log.1", "access.log.2.gz", ...args);
  assert.equal(status, 0, stderr);
  assert.match(
    stdout,
    /The exposed addresses were reached: 2 requests from 2 addresses, the first on 11 November 2022 at 10:12 GMT/,
  );
  assert.match(
    stdout,
    /The log covers 4 of 6 hours .* with 6 lines\.[\s\S]*1 line could not be read[\s\S]*without content: 1 refused\.\n1 requests of your own monitor are not counted/,
  );
  const json = JSON.parse(
    affected(
      "--json",
      "--access-log",
      "access.log.2.gz",
      "--access-log",
      "access.log",
      "--access-log",
      "access.log.1",
      ...args,
    ).stdout,
  ).log;
  assert.deepEqual(
    [json.verdict, json.outcomes.reached, json.own, json.coverage.covered, json.first],
    ["reached", 2, 1, 4, "2022-11-11T10:12:01.000Z"],
  );
  assert.match(
    affected("--access-log", "access.log", "--exposed", "/other").stdout,
    /^No evidence of access in the hours that the log covers: .*\nThe log covers all 1 hour /,
  );
});

test("a packed part that breaks off counts as far as it goes, and that it broke off is said", () => {
  const random = Buffer.from(
    Array.from({ length: 20_000 }, (_, i) => line("11/Nov/2022:09", `/${(i * 2654435761) % 4294967296}`, 200)).join(""),
  );
  file("cut.gz", gzipSync(random).subarray(0, 60_000));
  const { status, stdout } = affected("--access-log", "cut.gz", "--exposed", "/results");
  assert.equal(status, 0);
  assert.match(stdout, /cut\.gz could not be unpacked to the end, so what stood there is not counted/);
});

test("what cannot be asked is refused with what to do, before anything is concluded", () => {
  file("people.csv", "Name,Email,Email\nJo,a@example.org,b@example.org\n");
  file("list.txt", "results\n");
  for (const [args, said] of [
    [["--access-log", "access.log"], /Say which addresses were exposed/],
    [["--access-log", "access.log", "--exposed", "list.txt"], /“results” is not an address of the website/],
    [
      ["--access-log", "access.log", "--exposed", join(directory, "list.txt")],
      /is a file on this machine and could also be an address/,
    ],
    [["--access-log", "nothing.log", "--exposed", "/results"], /nothing\.log cannot be read/],
    [
      ["--access-log", "access.log", "--exposed", "/results", "--own-agent", "Pillarbox-watch"],
      /Anybody can send its user agent/,
    ],
    [["--access-log", "access.log", "--exposed", "/results", "--from", "2022-11-11T09:00"], /with its zone/],
    [["--people", "people.csv"], /Several columns are called “Email” \(2 and 3\)[\s\S]*--column email=3/],
    [["--people", "people.csv", "--column", "email"], /could not be understood/],
    [["--people", "people.csv", "--seal-to", "age1x"], /Give all three/],
    [["access.log"], /cannot|is not asked for|pillarbox affected/],
  ] as const) {
    const { stdout, stderr } = affected(...args);
    assert.match(stdout + stderr, said, args.join(" "));
    assert.doesNotMatch(stdout, /No evidence/);
  }
});

test("people are joined, doubtful pairs are decided here, and the list leaves sealed only", async () => {
  const { identity, recipient } = await newIdentity("x25519");
  file(
    "site.csv",
    "\ufeffId;Name;E-Mail;Address\r\n1;Jane O’Brien;jane@example.org;1 High St, HW1 4QT\r\n2;JANE O’BRIEN;Jane@example.org;\r\n3;J Smith;;2 High St, HW1 4QT\r\n4;John Smith;=cmd()@example.org;2 High Street, HW1 4QT\r\n",
  );
  const first = affected("--people", "site.csv", "--seal-to", recipient, "--out", "list.age");
  assert.equal(first.status, 1);
  assert.match(
    first.stdout,
    /4 rows of people, in UTF-8[\s\S]*Line 5: The email address is not one[\s\S]*Lines 2, 3 are one person[\s\S]*Lines 4 and 5 may be one person: J Smith \/ John Smith\. Two similar names at one address\.[\s\S]*1 doubtful pair to decide/,
  );
  assert.match(first.stderr, /The list was not sealed: 1 doubtful pairs are not decided/);
  assert.ok(!existsSync(join(directory, "list.age")));
  const second = affected(
    "--people",
    "site.csv",
    "--same",
    "5=4",
    "--seal-to",
    recipient,
    "--out",
    "list.age",
    "--json",
  );
  assert.equal(second.status, 0, second.stderr);
  assert.deepEqual(JSON.parse(second.stdout).people.people, 2);
  assert.doesNotMatch(second.stdout, /Smith|Brien/);
  const sealed = readFileSync(join(directory, "list.age"));
  const list = parseList(await ageOpen(identity, sealed, 1 << 20));
  assert.deepEqual(
    list.map(({ name, email, records }) => [name, email, records]),
    [
      ["Jane O’Brien", "jane@example.org", ["1", "2"]],
      ["John Smith", null, ["4", "3"]],
    ],
  );
  assert.match(
    affected("--people", "site.csv", "--rest-apart", "--seal-to", recipient, "--out", "list.age").stderr,
    /is there already, and nothing was overwritten/,
  );
});
