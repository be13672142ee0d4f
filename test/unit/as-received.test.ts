/** What came is held against what the log says was received: each part of it, and which letters a list must hold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, sha256, toHex } from "../../src/domain/bytes.ts";
import { isReceived, listedIn, type ReleasedPart } from "../../src/domain/incident/as-received.ts";
import { IndexFill } from "../../src/domain/incident/log-index-fill.ts";
import { LogIndex } from "../../src/domain/incident/log-index.ts";
import { encodeBundle } from "../../src/domain/log/bundle.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry, parseEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { Fault } from "../../src/domain/problem.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { entriesOf, indexIn } from "../../src/member/hands/entries.ts";
import { newVault, watchedIn } from "../../src/member/hands/vault.ts";

const INBOX = newId();
const signer = signerKey("example.com/log", new Uint8Array(32).fill(1));
const key = formatVerifierKey(signer.verifier);
const hex = (bytes: Uint8Array): string => toHex(sha256(bytes));
const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;

const [slip, letter] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
const received = (change: object = {}): LogEvent =>
  ({
    kind: "submission.received",
    body: "city",
    inbox: INBOX,
    epoch: 1,
    formHash: "ab".repeat(32),
    submission: newId(),
    slip: hex(slip),
    letter: hex(letter),
    size: 6,
    path: "browser",
    commitment: "cd".repeat(32),
    ...change,
  }) as LogEvent;
const entryAt = (event: LogEvent, at: number): Uint8Array => encodeEntry({ ...event, at }, randomBytes(32));
const erased = (submission: string): LogEvent => ({
  kind: "erasure.done",
  body: "city",
  inbox: INBOX,
  erasure: newId(),
  submission,
  by: "0".repeat(64),
  role: "owner",
  reason: "asked-for",
  additions: [],
  parts: 2,
  releases: 0,
  backupsUntil: 9,
});

test("a part is what was received only as a whole: bytes, place, form, path and what it adds to", () => {
  const submission = newId();
  const index = new LogIndex();
  index.add(parseEntry(entryAt(received({ submission }), 5)));
  const said = index.letters(INBOX).get(submission);
  const item: ReleasedPart = {
    submission,
    epoch: 1,
    formHash: "ab".repeat(32),
    path: "browser",
    first: null,
    bytes: letter,
  };
  assert.ok(isReceived(item, "letter", INBOX, said));
  assert.ok(isReceived({ ...item, bytes: slip }, "slip", INBOX, said));
  assert.equal(said?.commitment, "cd".repeat(32));
  const changes: Partial<ReleasedPart>[] = [
    { submission: newId() },
    { epoch: 2 },
    { formHash: "ab".repeat(31) + "ac" },
    { path: "counter" },
    { first: newId() },
    { bytes: Uint8Array.of(4, 5, 7) },
    { bytes: slip },
  ];
  for (const change of changes)
    assert.ok(!isReceived({ ...item, ...change }, "letter", INBOX, said), JSON.stringify(change));
  assert.ok(!isReceived({ ...item, bytes: letter }, "slip", INBOX, said));
  assert.ok(!isReceived(item, "letter", newId(), said));
  assert.ok(!isReceived(item, "letter", INBOX, undefined));
});

// Whoever can write events could say later that something else was received under the same id.
test("of two entries for one letter the first counts", () => {
  const submission = newId();
  const index = new LogIndex();
  index.add(parseEntry(entryAt(received({ submission }), 5)));
  index.add(parseEntry(entryAt(received({ submission, letter: hex(slip), first: newId() }), 6)));
  const said = index.letters(INBOX).get(submission);
  assert.deepEqual([said?.letter, said?.first, said?.at, said?.leaf], [hex(letter), null, 5, 0]);
});

test("what is withheld when a log is read again stays known, in its order", () => {
  const [first, second, doubled] = [newId(), newId(), newId()];
  const noted = {
    kind: "case.noted",
    body: "city",
    inbox: INBOX,
    case: first,
    prev: "0".repeat(64),
    epoch: 1,
    by: "0".repeat(64),
    role: "reader",
    digest: "0".repeat(64),
    size: 1,
  } as const;
  const entries = [
    received({ submission: first }),
    received({ submission: doubled, slip: "1".repeat(64) }),
    { ...noted, seq: 0, note: newId() },
    received({ submission: doubled, slip: "2".repeat(64) }),
    { ...noted, seq: 1, note: newId() },
    erased(first),
    received({ submission: second }),
  ].map((event, at) => parseEntry(entryAt(event, at)));
  const filled = (isShown: (nth: number) => boolean): LogIndex => {
    const index = new LogIndex();
    for (const [nth, entry] of entries.entries()) {
      if (isShown(nth)) index.add(entry);
      else index.withhold();
    }
    return index;
  };
  const said = (index: LogIndex): unknown => [
    [...index.letters(INBOX).values()],
    index.done(first, () => true),
    index.isErased(first),
  ];
  const whole = said(filled(() => true));
  for (const isShown of [() => false, (nth: number) => nth === 3 || nth === 4, (nth: number) => nth % 2 === 0]) {
    const again = filled(isShown);
    again.keep(filled(() => true));
    assert.deepEqual(said(again), whole);
    assert.equal(again.coverage.entries, entries.length);
  }
  // And what is shown only now is there beside it.
  const more = filled(() => true);
  more.keep(filled((nth) => nth === 2));
  assert.deepEqual([said(more), more.withheld], [whole, 0]);
});

test("a list must hold what the log had of its time before it was asked for, and was not erased", () => {
  const [before, early, gone, other, late] = Array.from({ length: 5 }, newId) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const index = new LogIndex();
  for (const [event, at] of [
    [received({ submission: before }), 9],
    [received({ submission: early }), 10],
    [received({ submission: gone }), 11],
    [received({ submission: other, epoch: 2 }), 12],
    [erased(gone), 13],
    [received({ submission: late }), 14],
    [received({ submission: newId(), inbox: newId() }), 14],
  ] as const)
    index.add(parseEntry(entryAt(event, at)));
  const asked = { inbox: INBOX, epochs: [1], since: 10, before: 15 };
  assert.deepEqual(listedIn(index, asked, 5), { may: [early, gone, late], due: [early] });
  assert.deepEqual(listedIn(index, asked, 7).due, [early, late]);
  assert.deepEqual(listedIn(index, { ...asked, epochs: [1, 2], since: 0, before: 14 }, 7).due, [before, early, other]);
});

test("entries are read on from where a visit was, and a withheld one is counted and proved", () => {
  const entries = Array.from({ length: 600 }, (_, i) => entryAt(received(), i + 1));
  const note = (size: number): string =>
    signCheckpoint(
      {
        origin: "example.com/log",
        size,
        root: treeRoot(size, nodesOf(entries.slice(0, size).map(leafHash))),
        extensions: [],
      },
      signer,
    );
  const bundle = (index: number, size: number, of = entries): Uint8Array =>
    encodeBundle(of.slice(index * 256, Math.min(size, (index + 1) * 256)));
  const fill = new IndexFill();
  for (const index of [0, 1]) fill.add(bundle(index, 300));
  assert.equal(fill.done(note(300), key).received(INBOX).ids.length, 300);
  assert.equal(fill.next, 1);
  for (const index of [1, 2]) fill.add(bundle(index, 600));
  const grown = fill.done(note(600), key);
  assert.equal(new Set(grown.received(INBOX).ids).size, 600, "nothing is read twice");
  assert.equal(grown.withheld, 0);
  assert.equal(grown.letters(INBOX).size, 600);

  // What was read before may not change.
  const rewritten = new IndexFill();
  rewritten.add(bundle(0, 200));
  assert.throws(() => rewritten.add(bundle(0, 256, entries.with(7, entryAt(received(), 8)))), is("LOG_REFUSED"));
  assert.throws(() => rewritten.add(bundle(0, 100)), is("LOG_REFUSED"), "nor become less");

  const thin = new IndexFill();
  const some = entries.map((entry, i) => (i % 3 === 0 ? leafHash(entry) : entry));
  for (const index of [0, 1, 2]) thin.add(bundle(index, 600, some));
  const known = thin.done(note(600), key);
  assert.deepEqual([known.withheld, known.letters(INBOX).size], [200, 400]);
  const lied = new IndexFill();
  for (const index of [0, 1, 2]) lied.add(bundle(index, 600, some.with(3, fromHex("00".repeat(32)))));
  assert.throws(() => lied.done(note(600), key), is("LOG_REFUSED"));
});

// The second time a server could withhold the letter that it hides from a list.
test("a visit that reads the log again forgets nothing of what it was shown", async () => {
  const [person, submission] = [newId(), newId()];
  const entries = [received(), received({ submission })].map((event, at) => entryAt(event, at));
  const note = signCheckpoint(
    { origin: "example.com/log", size: 2, root: treeRoot(2, nodesOf(entries.map(leafHash))), extensions: [] },
    signer,
  );
  const vault = newVault();
  vault.keys = { person } as never;
  vault.bodies.set("city", {
    state: { persons: new Map([[person, { role: "reader" }]]), inboxes: new Map() },
  } as never);
  watchedIn(vault, "city").all = [{ log: 0, logKey: key, note }];
  const hands = entriesOf(vault);
  const told = (): void => {};
  const read = async (anew: boolean, shown: readonly Uint8Array[]): Promise<number> => {
    const asked = await hands.entriesToRead({ body: "city", anew }, told);
    if (asked.length > 0) await hands.readEntries({ body: "city", nth: 0, bundles: [encodeBundle(shown)] }, told);
    await hands.entriesRead({ body: "city" }, told);
    return asked.length;
  };
  const [one, two] = [leafHash(entries[0]!), leafHash(entries[1]!)];
  const known = (): boolean => indexIn(vault, "city").letters(INBOX).has(submission);
  assert.deepEqual([await read(false, [one, entries[1]!]), known()], [1, true]);
  for (let i = 0; i < 2; i++) assert.deepEqual([await read(true, [one, two]), known()], [1, true]);
  assert.equal(await read(false, []), 0, "and reads nothing again that nobody asks for");
});
