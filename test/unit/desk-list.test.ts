/**
 * What the desk counts and shows of a list, to whom a letter can be given, and what it says of an act whose answer was
 * another one than yes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BodyState } from "../../src/domain/grant/state.ts";
import { handlersOf, type BodyWorld } from "../../src/member/flows/world.ts";
import type { SlipRow, Stand, ThreadAct } from "../../src/member/hands/tasks.ts";
import { fateOf } from "../../src/staff-app/screens/reading/fate.ts";
import { countIn, inView, isUnseen, lettersIn } from "../../src/staff-app/screens/reading/filtering.ts";

const [ME, COLLEAGUE] = ["a".repeat(32), "b".repeat(32)];

const CLOSED: Stand = { step: "closed", outcome: "partly", to: ME, since: 100, replied: null };
const row = (submission: string, change: Partial<SlipRow> = {}): SlipRow => ({
  submission,
  epoch: 1,
  formHash: "",
  receivedAt: 1,
  path: "browser",
  first: null,
  reference: submission,
  code: null,
  marker: false,
  cells: {},
  stand: { step: "new", outcome: null, to: null, since: null, replied: null },
  ...change,
});
const NOTHING_DUE = (): boolean => false;
const idsIn = (rows: readonly SlipRow[], view: Parameters<typeof inView>[1]): string =>
  inView(rows, view, ME, NOTHING_DUE)
    .map(({ submission }) => submission)
    .join(" ");

test("a letter counts once however much was added to it, and a marker never", () => {
  const rows = [
    row("one"),
    row("more", { first: "one" }),
    row("still more", { first: "one" }),
    row("two"),
    row("planted", { marker: true }),
  ];
  assert.equal(lettersIn(rows), "2 letters, 2 additions and 1 marker");
  assert.equal(lettersIn(rows.slice(3, 4)), "1 letter");
  assert.equal(countIn(rows, "all", ME, NOTHING_DUE), 2);
  assert.equal(countIn(rows, "new", ME, NOTHING_DUE), 2);
  assert.equal(countIn(rows.slice(1, 3), "new", ME, NOTHING_DUE), 1, "a view shows no row that it does not count");
  assert.equal(countIn(rows, "closed", ME, NOTHING_DUE), 0);
});

test("what was written after the end is open, until something is done about it", () => {
  const before = row("before", { first: "one", receivedAt: 99, stand: CLOSED });
  const later = row("later", { first: "one", receivedAt: 101, stand: CLOSED });
  const rows = [row("one", { stand: CLOSED }), before, later];
  assert.deepEqual(rows.map(isUnseen), [false, false, true]);
  for (const view of ["open", "mine"] as const) {
    assert.equal(idsIn(rows, view), "later");
    assert.equal(countIn(rows, view, ME, NOTHING_DUE), 1);
  }
  assert.equal(idsIn(rows, "closed"), "one before later");
  assert.equal(countIn(rows, "mine", COLLEAGUE, NOTHING_DUE), 0);
  const noted = rows.map((one) => ({ ...one, stand: { ...CLOSED, since: 102 } }));
  assert.equal(idsIn(noted, "open"), "");
});

test("a letter is offered to those alone who read its epoch and the current one", () => {
  const grants = ["both", "old", "new"].map((person) => ({
    grant: person,
    inbox: "inbox",
    at: 1,
    until: 1000,
    persons: [{ person }],
  }));
  const holders = (...of: readonly string[]) => new Map(of.map((one) => [one, new Uint8Array()]));
  const state = {
    persons: new Map(["both", "old", "new"].map((person) => [person, { person, role: "reader", at: 1 }])),
    grants: new Map(grants.map((one) => [one.grant, one])),
    inboxes: new Map([
      [
        "inbox",
        {
          epochs: [
            { epoch: 1, at: 0, holders: holders("both", "old") },
            { epoch: 2, at: 5, holders: holders("both", "new") },
          ],
        },
      ],
    ]),
  } as unknown as BodyState;
  const world = { state, people: [] } as unknown as BodyWorld;
  const offered = (epoch: number): string[] => handlersOf(world, "inbox", epoch, 10).map(({ person }) => person);
  assert.deepEqual(offered(1), ["both"]);
  assert.deepEqual(offered(2), ["both", "new"]);
  assert.deepEqual(offered(3), []);
});

test("an act that was taken is not called lost because its answer was", () => {
  const noted = (person: string, text: string): ThreadAct => ({
    kind: "case.noted",
    at: 1,
    entry: 1,
    role: "reader",
    person,
    text,
  });
  const isThis = (act: ThreadAct): boolean => act.kind === "case.noted" && act.text === "mine";
  assert.deepEqual(fateOf([], ME, isThis), { newer: [], taken: false });
  assert.deepEqual(fateOf([noted(ME, "mine"), noted(COLLEAGUE, "theirs")], ME, isThis), { newer: [], taken: true });
  for (const others of [[noted(COLLEAGUE, "mine")], [noted(ME, "from another tab")]])
    assert.deepEqual(fateOf(others, ME, isThis), { newer: others, taken: false });
});
