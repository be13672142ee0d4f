import assert from "node:assert/strict";
import { test } from "node:test";
import { AccessLog, type LogReading } from "../../src/domain/affected/access-log.ts";
import { exposedFor, parseExposed } from "../../src/domain/affected/exposed.ts";
import { LineScanner } from "../../src/domain/affected/log-line.ts";
import { logQuestion, type LogAsk } from "../../src/domain/affected/question.ts";
import { verdictOf, verdictWords } from "../../src/domain/affected/verdict.ts";
import fc, { values } from "../support/drawn.ts";

const utf8 = new TextEncoder();
const AGENT = "Mozilla/5.0 (X11; Linux x86_64)";
type Hit = { at?: string; address?: string; method?: string; target?: string; status?: number; agent?: string };
const line = ({
  at = "11/Nov/2022:09:12:01 +0000",
  address = "203.0.113.9",
  method = "GET",
  target = "/results",
  status = 200,
  agent = AGENT,
}: Hit = {}): string => `${address} - - [${at}] "${method} ${target} HTTP/1.1" ${status} 5120 "-" "${agent}"`;

const ask = (more: Partial<LogAsk> = {}): LogAsk => ({
  exposed: "/results",
  own: null,
  known: [],
  window: { from: null, to: null },
  ...more,
});

function read(parts: readonly (string | Uint8Array)[], more: Partial<LogAsk> = {}, piece = 1 << 16): LogReading {
  const asked = logQuestion(ask(more));
  if (!asked.ok) throw new Error(asked.problems.join("\n"));
  const log = new AccessLog(asked.question);
  parts.forEach((content, index) => {
    const part = log.part(`access.log.${index}`);
    const bytes = typeof content === "string" ? utf8.encode(content) : content;
    for (let at = 0; at < bytes.length; at += piece) part.push(bytes.subarray(at, at + piece));
    part.end();
  });
  return log.reading();
}

const reached = (target: string, exposed = "/results"): boolean =>
  read([line({ target })], { exposed }).outcomes.reached === 1;

test("an exposed address is found however a request spells it", () => {
  for (const target of [
    "/results",
    "/results/",
    "/results?page=2",
    "/RESULTS",
    "//results",
    "/x/../results",
    "/./results",
    "/%72esults",
    "/%2572esults",
    "/%25252572esults",
    "/results%2f",
    "/x/%2e%2e/results",
    "/x/%252e%252e/results",
    "\\\\results",
    "/results;jsessionid=1",
    "https://www.example.org/results",
    "/results%3Fx",
    "/%5cresults",
    '/results?a=\\"b',
    "/\\x72esults",
  ])
    assert.ok(reached(target), target);
  for (const target of [
    "/result",
    "/results2",
    "/a/results",
    "/results/1",
    "/resultsx/..",
    "/?results",
    "/results.csv",
    "*",
  ])
    assert.ok(!reached(target), target);
  assert.ok(
    reached("/results/1/edit", "/results/*") &&
      reached("/results", "/results/*") &&
      reached("/x/..//Results/%31", "/results/*"),
  );
  assert.ok(!reached("/resultsx", "/results/*"));
  assert.ok(
    reached("/index.php?x=1&q=admin%2Fresults", "/index.php?q=admin/results") &&
      reached("/?q=%2561dmin/results", "/?q=admin/results"),
  );
  assert.ok(!reached("/index.php?q=home", "/index.php?q=admin/results"));
  assert.ok(reached("/r%C3%A9sultats", "/résultats") && reached("/r\\xc3\\xa9sultats", "/résultats"));
  assert.ok(reached("/anything/at/all", "/*"));
});

// The quick look at bytes finds what a slow reading of the text finds, for any spelling and any address.
test("the quick look at bytes finds what a slow reading of the text finds, however spelled", () => {
  const bit = fc.constantFrom(
    "/",
    "//",
    "results",
    "RESULTS",
    "x",
    "..",
    ".",
    "%2f",
    "%2F",
    "%252f",
    "%72",
    ";a=b",
    "?",
    "q=1",
    "&",
    "\\\\",
    "é",
    " ",
    "export.csv",
    "%",
    "#",
  );
  const exposed = ["/results", "/x/*", "/index?q=1", "/"].map((one) => parseExposed(one)!);
  const scanner = new LineScanner(exposed);
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 9 }), (bits) => {
      const target = `/${bits.join("")}`;
      const bytes = utf8.encode(line({ target }));
      const kind = scanner.scan(bytes, 0, bytes.length);
      const latin = Buffer.from(target).toString("latin1").replace(/\\(.)/g, "$1");
      assert.notEqual(kind, "broken");
      if (exposedFor(exposed, latin)) assert.equal(kind, "candidate", target);
    }),
    { numRuns: values(3000) },
  );
});

test("only content that was handed over counts as reached; the other answers are told apart", () => {
  const statuses = [200, 206, 304, 301, 302, 401, 403, 404, 410, 500, 503, 499, 101, 204];
  const { outcomes } = read([
    statuses
      .map((status) => line({ status }))
      .concat(line({ method: "HEAD" }))
      .join("\n"),
  ]);
  assert.deepEqual(outcomes, { reached: 3, elsewhere: 2, refused: 4, failed: 2, unclear: 2, headers: 2 });
});

// Zones become one time, whatever the order of the parts; days that do not exist are broken lines.
test("zones become one time, whatever the order; days that do not exist are broken lines", () => {
  const one = line({ at: "27/Mar/2022:02:30:00 +0100" });
  const two = line({ at: "26/Mar/2022:20:30:00 -0500" });
  const three = line({ at: "27/Mar/2022:07:00:00 +0530" });
  const reading = read([three, two, one].map((text) => `${text}\r\n`));
  assert.deepEqual(
    [...new Set(reading.requests.map(({ at }) => new Date(at).toISOString()))],
    ["2022-03-27T01:30:00.000Z"],
  );
  assert.equal(reading.hours.length, 1);
  for (const at of [
    "31/Nov/2022:09:12:01 +0000",
    "00/Nov/2022:09:12:01 +0000",
    "11/Nev/2022:09:12:01 +0000",
    "11/Nov/2022:24:12:01 +0000",
    "11/Nov/2022:09:12:01  0000",
    "11-Nov-2022:09:12:01 +0000",
    "29/Feb/2023:09:12:01 +0000",
    "11/ovD/2022:09:12:01 +0000",
  ])
    assert.equal(read([line({ at })]).parts[0]!.broken, 1, at);
  assert.equal(read([line({ at: "29/Feb/2024:09:12:01 +0000" })]).parts[0]!.broken, 0);
});

test("broken lines are counted and stop nothing; a field cannot pretend to be the request", () => {
  const forged = `203.0.113.9 - x\\" [11/Nov/2022:09:12:00 [11/Nov/2022:09:12:01 +0000] "GET /results HTTP/1.1" 200 1 "-" "-"`;
  const hidden = line({ agent: `x\\" 404 0 \\"-\\" \\"GET /nothing HTTP/1.1` });
  const odd = [
    `- - - [11/Nov/2022:09:12:01 +0000] "\\x16\\x03\\x01" 400 0 "-" "-"`,
    `203.0.113.9 - - [11/Nov/2022:09:12:01 +0000] "-" 408 0 "-" "-"`,
    `203.0.113.9 - - [11/Nov/2022:09:12:01 +0000] "GET /results" 200 4`,
  ];
  const broken = ["nonsense", line().slice(0, 40), line().slice(0, 71), `${"x".repeat(3_000_000)}`, "\u0000\u0000"];
  const reading = read([[...odd, ...broken, forged, "", hidden].join("\n")]);
  assert.equal(reading.parts[0]!.lines, 10);
  assert.equal(reading.parts[0]!.broken, 5);
  assert.equal(reading.outcomes.reached, 3);
  const random = fc.uint8Array({ maxLength: 400 });
  fc.assert(
    fc.property(random, (bytes) => void read([bytes])),
    { numRuns: values(500) },
  );
});

test("pieces of any size, cut anywhere, give the same reading", () => {
  const text = Array.from({ length: 40 }, (_, i) =>
    line({
      target: i % 3 === 0 ? "/results" : `/page/${i}`,
      address: `203.0.113.${i % 5}`,
      at: `1${i % 8}/Nov/2022:0${i % 9}:12:01 +0000`,
    }),
  ).join("\n");
  const whole = JSON.stringify(read([text]));
  for (const piece of [1, 2, 7, 100, 199, 4096]) assert.equal(JSON.stringify(read([text], {}, piece)), whole);
});

test("one's own monitor is left out by agent and address or token, never by the agent alone", () => {
  const agent = "Pillarbox-watch/1 (+mailto:watch@example.org; visit 0123456789abcdef)";
  const log = [
    line({ agent, address: "198.51.100.7" }),
    line({ agent, address: "203.0.113.9" }),
    line({ address: "198.51.100.7" }),
  ].join("\n");
  assert.equal(
    read([log], { own: { agent: "Pillarbox-watch", address: "198.51.100.7", token: "" } }).outcomes.reached,
    2,
  );
  assert.equal(
    read([log], { own: { agent: "Pillarbox-watch", address: "", token: "0123456789abcdef" } }).outcomes.reached,
    1,
  );
  assert.equal(
    read([log], { own: { agent: "Pillarbox-watch", address: "", token: "fedcba9876543210" } }).outcomes.reached,
    3,
  );
  for (const own of [
    { agent: "Pillarbox-watch", address: "", token: "" },
    { agent: "Pillarbox-watch", address: "", token: "short" },
    { agent: "", address: "198.51.100.7", token: "" },
  ])
    assert.equal(logQuestion(ask({ own })).ok, false);
});

test("the virtual host's format, visitors and people who were meant to read are told apart", () => {
  const log = [
    line({ address: "www.example.org:443 2001:db8::5" }),
    line({ address: "192.0.2.14" }),
    line({ address: "192.0.2.15" }),
  ].join("\n");
  const reading = read([log], { known: ["192.0.2.*"] });
  assert.deepEqual(
    reading.visitors.map(({ address, known }) => [address, known]),
    [
      ["2001:db8::5", false],
      ["192.0.2.14", true],
      ["192.0.2.15", true],
    ],
  );
  assert.equal(reading.known, 2);
});

test("“no evidence of access” is said only together with the hours that the log covers", () => {
  const quiet = [
    line({ target: "/", at: "11/Nov/2022:09:12:01 +0000" }),
    line({ status: 403, at: "11/Nov/2022:11:00:00 +0000" }),
    "broken",
  ].join("\n");
  const verdict = verdictOf(
    read([quiet], { window: { from: Date.UTC(2022, 10, 11, 8), to: Date.UTC(2022, 10, 11, 12, 30) } }),
  );
  assert.equal(verdict.kind, "no-evidence");
  assert.deepEqual(
    [verdict.coverage.hours, verdict.coverage.covered, verdict.coverage.broken, verdict.coverage.gaps.length],
    [5, 2, 1, 3],
  );
  const words = verdictWords(verdict, "Europe/London");
  assert.match(words[0]!, /^No evidence of access in the hours that the log covers/);
  assert.match(
    words.join(" "),
    /The log covers 2 of 5 hours from 11 November 2022 at 08:00 GMT .* In these hours it holds no line.*1 line could not be read/,
  );
  // @ts-expect-error a verdict is not made by hand, so not without its coverage
  const forged: import("../../src/domain/affected/verdict.ts").Verdict = { kind: "no-evidence" };
  assert.ok(forged);
});

test("nothing covered, answers broken off, or a part given twice: then it cannot be told", () => {
  const window = { from: Date.UTC(2022, 11, 1), to: Date.UTC(2022, 11, 2) };
  const why = (parts: readonly string[], more: Partial<LogAsk> = {}): unknown => {
    const verdict = verdictOf(read(parts, more));
    return verdict.kind === "cannot-tell" ? verdict.why : verdict.kind;
  };
  assert.equal(why([line({ target: "/" })], { window }), "not-covered");
  assert.equal(why(["nonsense"]), "not-covered");
  assert.equal(why([line({ status: 499 })]), "unclear-answers");
  assert.equal(why([line(), line()]), "part-twice");
  assert.match(
    verdictWords(verdictOf(read([line(), line()])), "Europe/London").join(" "),
    /access\.log\.0 and access\.log\.1.*Leave one of the two out/,
  );
  const long = [line(), line({ at: "13/Nov/2022:09:12:01 +0000" })].join("\n");
  assert.deepEqual(verdictOf(read([long, line({ at: "12/Nov/2022:00:00:00 +0000" })])).coverage.overlaps, [
    ["access.log.0", "access.log.1"],
  ]);
});

test("what was asked wrongly is told, all of it at once", () => {
  const told = logQuestion(ask({ exposed: "results\n/a b\n# /x", window: { from: 2, to: 1 } }));
  assert.ok(!told.ok && told.problems.length === 3);
  assert.equal(logQuestion(ask({ exposed: "\n# nothing\n" })).ok, false);
});
