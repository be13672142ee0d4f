/** The small parts of the staff app that need no browser, and what its two bundles can do. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { BUNDLES, bundleScript } from "../../build/scripts.ts";
import { replay } from "../../src/member/hands/chain.ts";
import type { SlipRow } from "../../src/member/hands/tasks.ts";
import {
  filtered,
  filterProblems,
  pageOf,
  pagesOf,
  rangeOf,
  sorted,
} from "../../src/staff-app/screens/reading/filtering.ts";
import { startOfDay } from "../../src/domain/time.ts";
import { and } from "../../src/staff-app/words/format.ts";
import { runsOf, tell } from "../../src/staff-app/words/history.ts";
import { warningMs } from "../../src/staff-app/idle.ts";
import { parsePath, paths } from "../../src/staff-app/route.ts";
import { parseJson } from "../../src/domain/canonical.ts";
import { Fault } from "../../src/domain/problem.ts";
import { namesakes, similar } from "../../src/staff-app/similar.ts";
import { due, erasure } from "../../src/contract/erasure.ts";
import { request } from "../../src/contract/grants.ts";
import { logPage, type LogItem } from "../../src/contract/log.ts";
import { personRow } from "../../src/contract/people.ts";
import { released } from "../../src/contract/reading.ts";
import { me } from "../../src/contract/session.ts";
import { setup } from "../../src/contract/setup.ts";
import { inbox, signed, wrap } from "../../src/contract/statements.ts";
import fc, { values } from "../support/drawn.ts";

const root = resolve(import.meta.dirname, "..", "..");
const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
const NO_DAY = { day: "", month: "", year: "" };
const NONE = { words: "", form: "", from: NO_DAY, to: NO_DAY };

const row = (nth: number, cells: Record<string, string>, receivedAt = Date.UTC(2026, 2, nth, 12)): SlipRow => ({
  submission: String(nth).padStart(32, "0"),
  epoch: 1,
  formHash: "a".repeat(64),
  receivedAt,
  path: "browser",
  first: null,
  reference: `PB-000${nth}`,
  code: null,
  marker: false,
  stand: { step: "new", outcome: null, to: null, since: null, replied: null },
  cells,
});

describe("addresses of the staff app", () => {
  it("name the screen that made them, and hold nothing but ids", () => {
    fc.assert(
      fc.property(hex, hex, hex, (one, two, three) => {
        assert.deepEqual(parsePath(paths.inbox(one)), { at: "inbox", inbox: one });
        assert.deepEqual(parsePath(paths.letter(one, two)), { at: "letter", inbox: one, submission: two });
        assert.deepEqual(parsePath(paths.access(one)), { at: "access", inbox: one });
        assert.deepEqual(parsePath(paths.ask(one)), { at: "ask", inbox: one });
        assert.deepEqual(parsePath(paths.end(one, two, three)), { at: "end", inbox: one, grant: two, person: three });
        assert.deepEqual(parsePath(paths.request(one)), { at: "request", request: one });
        assert.deepEqual(parsePath(paths.erasure(one)), { at: "erasure", erasure: one });
      }),
    );
  });
  it("lead nowhere when they are anything else", () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        const known = ["/", "/requests", "/erasures", "/people", "/log", "/sessions"].includes(path);
        assert.equal(parsePath(path).at === "nowhere", !known);
      }),
    );
    for (const path of [
      "/inbox/",
      "/inbox/x",
      "/letter/" + "a".repeat(32),
      "/access/" + "a".repeat(32) + "/own",
      "//",
      "/log/1",
    ])
      assert.equal(parsePath(path).at, "nowhere", path);
  });
});

describe("looking through a list", () => {
  const rows = [
    row(1, { name: "Zoë Ångström", about: "It took too long" }),
    row(2, { name: "Bram Ode" }),
    row(3, { name: "bram Abel", about: "Something else" }),
  ];
  it("finds words without accents and case, in any order, all of them", () => {
    const found = (words: string) => filtered(rows, { ...NONE, words }).map((one) => one.reference);
    assert.deepEqual(found("LONG zoe angstrom"), ["PB-0001"]);
    assert.deepEqual(found("bram"), ["PB-0002", "PB-0003"]);
    assert.deepEqual(found("bram long"), []);
    assert.deepEqual(found("pb-0002"), ["PB-0002"]);
  });
  it("takes whole days, the last one included", () => {
    const day = { day: "2", month: "3", year: "2026" };
    assert.deepEqual(
      filtered(rows, { ...NONE, from: day, to: day }).map((one) => one.reference),
      ["PB-0002"],
    );
    const range = rangeOf(day, day)!;
    assert.equal(range.before! - range.since!, 86_400_000);
  });
  it("says what is wrong with a day", () => {
    assert.deepEqual(
      filterProblems({ ...NONE, from: { day: "31", month: "2", year: "2026" } }).map((one) => one.field),
      ["from"],
    );
    assert.deepEqual(
      filterProblems({
        ...NONE,
        from: { day: "2", month: "3", year: "2026" },
        to: { day: "1", month: "3", year: "2026" },
      }).map((one) => one.field),
      ["to"],
    );
    assert.equal(rangeOf({ day: "x", month: "1", year: "2026" }, NO_DAY), null);
    assert.ok(startOfDay(2028, 2, 29, "Europe/London") !== null && startOfDay(2026, 2, 29, "Europe/London") === null);
  });
  it("sorts by a column, and what is equal by arrival", () => {
    assert.deepEqual(
      sorted(rows, { column: "name", down: false }, new Map()).map((one) => one.cells["name"]),
      ["bram Abel", "Bram Ode", "Zoë Ångström"],
    );
    assert.deepEqual(
      sorted(rows, { column: "none", down: false }, new Map()).map((one) => one.reference),
      ["PB-0003", "PB-0002", "PB-0001"],
    );
  });
  it("loses no row between pages", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 120 }), (all) => {
        const again = Array.from({ length: pagesOf(all.length) }, (_, index) => pageOf(all, index + 1)).flat();
        assert.deepEqual(again, all);
      }),
    );
  });
});

describe("names", () => {
  it("that one could be taken for the other are shown side by side", () => {
    for (const [one, other] of [
      ["Joanna Marsden", "Joanne Marsden"],
      ["Jo Marsden", "Joanna Marsden"],
      ["Ana Pérez", "Ana Perez"],
      ["Ian Reid", "Ian Ried"],
    ] as const)
      assert.ok(similar(one, other), `${one}, ${other}`);
    for (const [one, other] of [
      ["Samuel Adjetey", "Gurpreet Dhaliwal"],
      ["Joanna Marsden", "Nerys Marsden"],
    ] as const)
      assert.ok(!similar(one, other), `${one}, ${other}`);
    const people = ["Joanna Marsden", "Joanne Marsden", "Nerys Probert"].map((name, index) => ({
      name,
      person: String(index),
    }));
    assert.deepEqual(
      namesakes(people.slice(0, 1), people).map((group) => group.map((one) => one.name)),
      [["Joanna Marsden", "Joanne Marsden"]],
    );
    assert.deepEqual(namesakes(people.slice(2), people), []);
    assert.equal(and(["a", "b", "c"]), "a, b and c");
  });
});

describe("the history", () => {
  const received = (leaf: number, inbox: string): LogItem => ({
    leaf,
    at: 1_000 + leaf,
    kind: "submission.received",
    who: null,
    about: { people: [], reason: null },
    event: {
      v: 1,
      at: 1_000 + leaf,
      nonce: "0".repeat(64),
      kind: "submission.received",
      body: "city",
      inbox,
      epoch: 1,
      formHash: "1".repeat(64),
      submission: String(leaf).padStart(32, "0"),
      slip: "2".repeat(64),
      letter: "3".repeat(64),
      size: 4_096,
      path: leaf === 7 ? "counter" : "browser",
    },
  });
  const [one, other] = ["a".repeat(32), "b".repeat(32)];
  it("tells neighbours once and counts every one of them", () => {
    const items = [received(9, one), received(8, one), received(7, other)];
    const [run, ...rest] = runsOf(items);
    assert.equal(rest.length, 0);
    const told = tell(run!, items, (inbox) => (inbox === one ? "Complain" : "Contact"));
    assert.equal(told.title, "3 letters were received");
    assert.deepEqual(told.facts, [
      { key: "Complain", value: "2" },
      { key: "Contact", value: "1" },
      { key: "Of these sealed by the counter", value: "1" },
      { key: "Entries", value: "7 to 9" },
    ]);
  });
  it("refuses an entry that is not one", () => {
    const items = [{ ...received(1, one), event: { ...(received(1, one).event as object), note: "a name" } }];
    assert.throws(
      () => tell(runsOf(items)[0]!, items, () => ""),
      (thrown) => thrown instanceof Fault && thrown.code === "MALFORMED",
    );
  });
});

describe("what arrives", () => {
  const shapes = [me, personRow, inbox, request, erasure, due, released, logPage, wrap, signed, setup];
  it("is refused with a code, whatever it is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...shapes), fc.jsonValue(), (shape, value) => {
        try {
          shape.parse(value);
        } catch (thrown) {
          assert.ok(thrown instanceof Fault && thrown.code === "MALFORMED");
        }
      }),
      { numRuns: values(500) },
    );
  });
  it("cannot bring a field that nobody asked for", () => {
    const parsed = wrap.parse(parseJson('{"epoch":1,"wrap":"AAAA","__proto__":{"admin":true},"extra":1}'));
    assert.deepEqual(Object.keys(parsed), ["epoch", "wrap"]);
    assert.equal((parsed as { admin?: boolean }).admin, undefined);
  });
  it("is no chain when it is empty", () => {
    assert.throws(
      () => replay(undefined, [], { installation: "0".repeat(32), body: "x", root: "0".repeat(64) }),
      (thrown) => thrown instanceof Fault && thrown.code === "CHAIN_BROKEN",
    );
  });
});

it("the warning comes a minute before the lock, and never after it", () => {
  assert.equal(warningMs(600_000), 60_000);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 86_400_000 }), (after) => warningMs(after) > 0 && warningMs(after) < after),
  );
});

describe("the bundles of the staff app", () => {
  const KEYS = [
    "seal/open.ts",
    "seal/age-open.ts",
    "grant/wrap.ts",
    "grant/unwrap.ts",
    "grant/drafts.ts",
    "person/unlock.ts",
    "seal/age-seal.ts",
  ].map((file) => `src/domain/${file}`);
  const bundle = (name: string) => BUNDLES.find((one) => one.name === name)!;
  it("the page holds no code that could use a private key", async () => {
    const { inputs } = await bundleScript(root, bundle("staff-app.js"));
    const inside = inputs["staff-app.js"]!;
    for (const file of KEYS) assert.ok(!inside.includes(file), `the page holds ${file}`);
    assert.ok(!inside.some((file) => /age-encryption|scrypt/.test(file)));
  });
  it("the worker that holds the keys can ask nobody", async () => {
    const { assets, inputs } = await bundleScript(root, bundle("staff-worker.js"));
    assert.ok(
      KEYS.some((file) => inputs["staff-worker.js"]!.includes(file)),
      "this is the right bundle",
    );
    const code = assets.map(({ bytes }) => Buffer.from(bytes).toString("utf8")).join("\n");
    for (const way of [
      /\bfetch\(/,
      /XMLHttpRequest/,
      /WebSocket\(/,
      /EventSource/,
      /sendBeacon/,
      /importScripts/,
      /indexedDB/,
      /\bcaches\b/,
      /BroadcastChannel/,
    ])
      assert.doesNotMatch(code, way);
  });
  // No source of ours writes HTML, keeps anything but the last checkpoint, or asks from two places.
  it("no source writes HTML, keeps more than the last checkpoint, or asks from two places", () => {
    const files = ["staff-app", "member"].flatMap((zone) =>
      readdirSync(join(root, "src", zone), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${zone}/${name}`),
    );
    assert.ok(files.length > 80);
    for (const file of files) {
      const text = readFileSync(join(root, "src", file), "utf8");
      assert.doesNotMatch(
        text,
        /innerHTML|outerHTML|insertAdjacentHTML|DOMParser|document\.write|indexedDB|document\.cookie|\beval\(|new Function/,
        file,
      );
      // One file keeps what is typed, sealed, for as long as the tab is open.
      if (file !== "staff-app/drafts.ts") assert.doesNotMatch(text, /sessionStorage/, file);
      // One file keeps one thing for longer: the last checkpoint of each log.
      if (file !== "staff-app/seen.ts") assert.doesNotMatch(text, /localStorage/, file);
      if (file !== "staff-app/send.ts") assert.doesNotMatch(text, /\bfetch\(/, file);
    }
  });
});
