/**
 * Every role × every action × own and other body × every state: no unknown cell, and no cell that lets a stranger read.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS, decide, type Action, type Thing, type Who } from "../../src/domain/access/decide.ts";
import { ALLOWED, refused, SENTENCES, type Decision } from "../../src/domain/problem.ts";

const ME = "11111111111111111111111111111111";
const OTHER = "22222222222222222222222222222222";
const THIRD = "33333333333333333333333333333333";

const WHO: readonly Who[] = [
  { kind: "stranger" },
  { kind: "operator", person: ME },
  { kind: "waiting", person: ME, body: "own" },
  { kind: "member", person: ME, body: "own", role: "owner" },
  { kind: "member", person: ME, body: "own", role: "reader" },
  { kind: "member", person: ME, body: "own", role: "auditor" },
  { kind: "watcher", watcher: "monitor" },
];

const READINGS: readonly (Decision | undefined)[] = [
  undefined,
  ALLOWED,
  refused("REFUSED_NO_GRANT"),
  refused("REFUSED_GRANT_ENDED"),
  refused("REFUSED_EPOCH"),
];
const STATES = ["open", "confirmed", "declined", "withdrawn"] as const;
const PEOPLE: readonly (readonly string[])[] = [[], [OTHER], [ME], [OTHER, ME]];

function* things(): Generator<Thing> {
  for (const body of ["own", "other", undefined]) {
    const here = body === undefined ? {} : { body };
    yield here;
    for (const reading of READINGS) if (reading) yield { ...here, reading };
    for (const state of ["open", "granted", "refused"] as const) yield { ...here, erasure: { state } };
    for (const releasedTo of [ME, OTHER]) yield { ...here, releasedTo };
    for (const kinds of [[], ["person.confirmed"], ["grant.made"], ["grant.ended", "inbox.key"]] as const) {
      yield { ...here, statements: kinds };
      for (const state of STATES)
        for (const asker of [ME, THIRD])
          for (const persons of PEOPLE) yield { ...here, statements: kinds, request: { asker, persons, state } };
    }
  }
}

const cells = (): [Who, Action, Thing, Decision][] =>
  WHO.flatMap((who) =>
    (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
      [...things()].map((thing): [Who, Action, Thing, Decision] => [who, action, thing, decide(who, action, thing)]),
    ),
  );

const READING: readonly Action[] = ["release.list", "release.open", "release.affected", "document.release"];

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
    "log.entries",
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
        "people.list",
        "inboxes.list",
        "requests.list",
        "request.ask",
        "request.withdraw",
        "invitation.make",
        "session.end",
        "me.view",
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
