/**
 * Every role × every action × own and other body × every state, as pinned in access-matrix.txt; and what must hold of
 * that table, whatever somebody pins.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ACTIONS, decide, type Action, type Thing, type Who } from "../../src/domain/access/decide.ts";
import { SENTENCES, type Decision } from "../../src/domain/problem.ts";
import { BODIES, EVERYBODY, matrix, ME, THINGS } from "./access-matrix.ts";

const CELLS: readonly [Who, Action, Thing, Decision][] = Object.values(EVERYBODY).flatMap((who) =>
  (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
    Object.values(BODIES).flatMap((body) =>
      THINGS.map(([, of]): [Who, Action, Thing, Decision] => {
        const thing = { ...body, ...of };
        return [who, action, thing, decide(who, action, thing)];
      }),
    ),
  ),
);
const cells = (): typeof CELLS => CELLS;

const READING: readonly Action[] = ["release.list", "release.open", "release.affected", "document.release"];

// Nobody gets or loses a right without a line of the file that changes: node test/unit/access-pinned.ts.
test("who may do what is the pinned table, line by line", () => {
  const pinned = readFileSync(join(import.meta.dirname, "access-matrix.txt"), "utf8");
  const [now, then] = [matrix(), pinned.trimEnd().split("\n")];
  const [known, there] = [new Set(then), new Set(now)];
  assert.deepEqual(
    [...now.filter((line) => !known.has(line)), ...then.filter((line) => !there.has(line))],
    [],
    "a right that is given or taken away stands in access-matrix.txt",
  );
  assert.equal(now.length, then.length);
});

// The rest of this file says what must not be allowed; a decision that refuses everything would fulfil it.
test("everybody can do what they are there for", () => {
  const can = new Set(
    cells().flatMap(([who, action, , { ok }]) => (ok ? [`${"role" in who ? who.role : who.kind} ${action}`] : [])),
  );
  for (const [who, action] of [
    ["stranger", "submission.send"],
    ["stranger", "receipt.status"],
    ["waiting", "statement.root"],
    ["operator", "request.ask"],
    ["reader", "release.list"],
    ["reader", "release.open"],
    ["reader", "release.fetch"],
    ["owner", "statement.append"],
    ["owner", "request.decline"],
    ["auditor", "log.entries"],
    ["watcher", "watch.report"],
  ])
    assert.ok(can.has(`${who} ${action}`), `${who} ${action}`);
  // Each action is somebody's.
  const done = new Set([...can].map((one) => one.split(" ")[1]));
  assert.deepEqual(
    Object.keys(ACTIONS).filter((action) => !done.has(action)),
    [],
  );
});

test("every cell is allowed, or refused with a code that has a sentence", () => {
  const all = cells();
  assert.ok(all.length > 10_000, String(all.length));
  for (const [who, action, , decision] of all)
    assert.ok(decision.ok || SENTENCES[decision.code], `${who.kind} ${action}`);
});

test("nobody reads but a member of the same body to whom the verified statements give it", () => {
  for (const [who, action, thing, decision] of cells()) {
    if (!READING.includes(action) || !decision.ok) continue;
    assert.equal(who.kind, "member");
    assert.ok(thing.body === undefined || thing.body === "own");
    assert.ok(thing.reading?.ok, "allowed only where the statements allow");
  }
});

test("a stranger, the operator and somebody who waits reach nothing that was sent", () => {
  const sent: readonly Action[] = [
    ...READING,
    "release.fetch",
    "release.opened",
    "document.fetch",
    "wraps.own",
    "log.view",
    // The host's entries (log.entries) hold nothing of any body; a body's own do.
    "log.own",
    "form.view",
  ];
  for (const [who, action, , decision] of cells())
    if (sent.includes(action) && who.kind !== "member") assert.equal(decision.ok, false, `${who.kind} ${action}`);
});

test("nobody touches another body, except the operator who asks", () => {
  const open: readonly Action[] = [
    "page.view",
    "form.read",
    "submission.send",
    "log.read",
    "receipt.status",
    "receipt.add",
    "receipt.erase",
    "session.start",
    "join.accept",
  ];
  for (const [who, action, thing, decision] of cells()) {
    if (thing.body !== "other" || open.includes(action) || !decision.ok) continue;
    if (who.kind === "watcher") {
      assert.equal(action, "watch.report");
      continue;
    }
    assert.equal(who.kind, "operator");
    assert.ok(
      [
        "chain.view",
        "log.entries",
        "people.list",
        "inboxes.list",
        "requests.list",
        "request.ask",
        "request.withdraw",
        "invitation.make",
        "session.end",
        "me.view",
        "sessions.own",
        "bodies.list",
        "checkpoint.view",
        "log.audit",
        "watch.view",
        "markers.list",
      ].includes(action),
      action,
    );
  }
});

// A watcher reports, and does nothing else that a stranger could not; nobody but a watcher reports.
test("a watcher reports, and is otherwise a stranger; nobody but a watcher reports", () => {
  for (const [who, action, thing, decision] of cells()) {
    if (who.kind === "watcher")
      assert.equal(decision.ok, action === "watch.report" || decide({ kind: "stranger" }, action, thing).ok, action);
    else if (action === "watch.report") assert.equal(decision.ok, false, who.kind);
  }
});

test("who asks never confirms, who reads never confirms, and only an owner confirms", () => {
  let confirmed = 0;
  for (const [who, action, thing, decision] of cells()) {
    if (action !== "statement.append" || !thing.statements?.includes("grant.made") || !decision.ok) continue;
    confirmed += 1;
    assert.ok(who.kind === "member" && who.role === "owner");
    assert.equal(thing.request?.state, "open");
    assert.notEqual(thing.request?.asker, ME);
    assert.ok(!thing.request?.persons.includes(ME));
  }
  assert.ok(confirmed > 0, "an owner can confirm at all");
});

test("an empty list is nobody, and nobody asks for themselves", () => {
  for (const [, action, thing, decision] of cells()) {
    if (action !== "request.ask" || !decision.ok) continue;
    assert.ok((thing.request?.persons.length ?? 0) > 0);
    assert.ok(!thing.request?.persons.includes(ME));
  }
});

// By the state alone it would be anybody's: the host could withdraw what an owner is about to confirm, and begin anew.
test("a request is taken back by whoever asked, declined by an owner, and only while it is open", () => {
  for (const [who, action, thing, decision] of cells()) {
    if ((action !== "request.withdraw" && action !== "request.decline") || !decision.ok) continue;
    assert.equal(thing.request?.state, "open");
    if (action === "request.withdraw") assert.equal(thing.request?.asker, ME);
    else assert.ok(who.kind === "member" && who.role === "owner");
  }
});

test("an erasure is decided by an owner of the body, once, and by nobody else", () => {
  let decided = 0;
  for (const [who, action, thing, decision] of cells()) {
    if (action !== "erasure.decide" || !decision.ok) continue;
    decided += 1;
    assert.ok(
      who.kind === "member" && who.role === "owner" && thing.body !== "other" && thing.erasure?.state === "open",
    );
  }
  assert.ok(decided > 0, "an owner can decide at all");
});

test("a release is fetched by the person it was made for and by nobody else", () => {
  for (const [, action, thing, decision] of cells())
    if (["release.fetch", "document.fetch"].includes(action) && decision.ok) assert.equal(thing.releasedTo, ME);
});

test("incidents are for owners and auditors of the body alone", () => {
  const incidents = (Object.keys(ACTIONS) as Action[]).filter(
    (action) => /^(?:incident|document)\./.test(action) || action === "release.affected",
  );
  assert.ok(incidents.length >= 8);
  for (const [who, action, thing, decision] of cells()) {
    if (!incidents.includes(action) || !decision.ok) continue;
    assert.ok(who.kind === "member" && (who.role === "owner" || who.role === "auditor"), `${who.kind} ${action}`);
    assert.notEqual(thing.body, "other");
  }
});
