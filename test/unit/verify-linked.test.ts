/** Rows that name their event: what the verifier says of the acts of a case, before any database is there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../src/domain/bytes.ts";
import { encodeEntry, parseEntry, type Entry, type LogEvent } from "../../src/domain/log/event.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { newJudge, type Gap } from "../../src/domain/verify/judge.ts";
import { newLinkedCheck, type LinkedRow } from "../../src/domain/verify/linked.ts";
import { newReport } from "../../src/domain/verify/report.ts";

const [INBOX, LETTER] = ["1".repeat(32), "2".repeat(32)];
const bytesOf = (seq: number, prev: string, reply: string): Uint8Array =>
  encodeEntry(
    {
      kind: "case.replied",
      body: "own",
      inbox: INBOX,
      case: LETTER,
      seq,
      prev,
      by: "3".repeat(64),
      role: "reader",
      submission: LETTER,
      reply: reply.repeat(32),
      epoch: 1,
      digest: "4".repeat(64),
      size: 1,
      at: 5,
    } as LogEvent & { readonly at: number },
    new Uint8Array(32),
  );
const after = (bytes: Uint8Array): string => toHex(leafHash(bytes));

/** What is said of these acts, each at its leaf; `rows` says of which the rows are there. */
function saidOf(acts: readonly Uint8Array[], rows: readonly boolean[], gaps: readonly Gap[] = []): string[] {
  const report = newReport();
  const judge = newJudge(report, gaps);
  const entries = acts.map(parseEntry) as Extract<Entry, { kind: "case.replied" }>[];
  const linked = newLinkedCheck(
    entries.flatMap(({ kind, seq, reply }, event): LinkedRow[] =>
      rows[event]
        ? [
            { what: "act of case", id: `${LETTER} ${seq}`, event, kind: "case.", said: { case: LETTER, seq } },
            ...(kind !== "case.replied"
              ? []
              : [{ what: "reply", id: reply, event, kind: "case.replied", said: { reply, submission: LETTER } }]),
          ]
        : [],
    ),
    judge,
  );
  for (const [event, entry] of entries.entries()) {
    judge.place(`event ${event}`, { whose: "own", log: 0 }, event);
    linked.take(`event ${event}`, event, entry);
  }
  linked.end(() => false);
  return report.findings.map(({ what }) => what);
}

const first = bytesOf(0, "5".repeat(64), "a");
const second = bytesOf(1, after(first), "b");
const instead = bytesOf(1, after(first), "c");

test("acts of a case follow one another, and each has its row, or it is named", () => {
  assert.deepEqual(saidOf([first, second], [true, true]), []);
  assert.deepEqual(saidOf([first, second, instead], [true, true, true]), [
    "event 2: it does not follow the act before in its case",
  ]);
  assert.deepEqual(saidOf([first, second], [true, false]), [
    "event 1: its row of act of case is not there",
    "event 1: its row of reply is not there",
  ]);
});

// The log keeps the act that went with an older database; whoever answers next follows what was left.
test("an act that was lost with an older database is followed by none, and that is no fault", () => {
  const gap = { kind: "database.restored", body: "own", from: 1, to: 2, whose: "own", log: 0 } as unknown as Gap;
  assert.deepEqual(saidOf([first, second, instead], [true, false, true], [gap]), []);
  assert.deepEqual(
    saidOf([first, second, instead], [true, false, true]),
    [
      "event 1: its row of act of case is not there",
      "event 2: it does not follow the act before in its case",
      "event 1: its row of reply is not there",
    ],
    "without a gap it is one",
  );
});

/** An act without a text of its own, behind another. */
const doneBehind = (before: Uint8Array, seq: number, kind: "case.closed" | "case.reopened"): Uint8Array =>
  encodeEntry(
    {
      kind,
      body: "own",
      inbox: INBOX,
      case: LETTER,
      seq,
      prev: after(before),
      by: "3".repeat(64),
      role: "reader",
      epoch: 1,
      at: 6,
      ...(kind === "case.closed" ? { outcome: "upheld" } : {}),
    } as LogEvent & { readonly at: number },
    new Uint8Array(32),
  );

test("an act that makes no sense behind those before it is named, whoever signed it", () => {
  const closed = doneBehind(first, 1, "case.closed");
  const opened = doneBehind(closed, 2, "case.reopened");
  assert.deepEqual(saidOf([first, closed, opened], [true, true, true]), []);
  const named = ["event 2: it does not follow the act before in its case"];
  assert.deepEqual(saidOf([first, closed, doneBehind(closed, 2, "case.closed")], [true, true, true]), named);
  const never = doneBehind(first, 1, "case.reopened");
  assert.deepEqual(saidOf([first, never], [true, true]), ["event 1: it does not follow the act before in its case"]);
});
