/**
 * Who was affected, from the log (T38): what could be reached, who looked, and that nobody says "no evidence" of hours
 * without records.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IndexFill, bundlesOf } from "../../src/domain/incident/log-index-fill.ts";
import { LogIndex } from "../../src/domain/incident/log-index.ts";
import { personOfLetter } from "../../src/domain/incident/own-people.ts";
import { openDocument } from "../../src/domain/incident/open-document.ts";
import {
  incidentInbox,
  incidentReference,
  referenceOfDocuments,
  sealDocument,
  type DocumentContext,
} from "../../src/domain/incident/document.ts";
import {
  evidenceOf,
  looksAt,
  reachedIn,
  touching,
  writersOf,
  type ReadingRow,
} from "../../src/domain/incident/reach.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { sha256, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { encodeBundle } from "../../src/domain/log/bundle.ts";
import { idsRoot, personCommitment } from "../../src/domain/log/commit.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry, parseEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { Fault } from "../../src/domain/problem.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { demoForms } from "../../demo/forms.ts";
import { fieldsFor } from "../../demo/fit.ts";
import { syntheticLetters } from "../../demo/letters.ts";
import { resolve } from "node:path";
import fc from "../support/drawn.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const hash = "ab".repeat(32);
const [INBOX, OTHER] = [newId(), newId()];
const JOANNE = newId();
const entry = (event: LogEvent, at: number): Uint8Array => encodeEntry({ ...event, at }, randomBytes(32));
const received = (submission: string, epoch: number, inbox = INBOX, first?: string): LogEvent =>
  ({
    kind: "submission.received",
    body: "city",
    inbox,
    epoch,
    formHash: hash,
    submission,
    slip: hash,
    letter: hash,
    size: 1,
    path: "browser",
    ...(first ? { first } : {}),
  }) as LogEvent;

type Reading = { readonly entry: LogEvent; readonly row: ReadingRow };
function reading(
  purpose: "list" | "open" | "affected",
  ids: readonly string[],
  person = JOANNE,
  inbox = INBOX,
): Reading {
  const [release, personSalt, idsSalt] = [newId(), randomBytes(32), randomBytes(32)];
  const said = {
    body: "city",
    inbox,
    count: ids.length,
    ids: idsRoot(idsSalt, ids),
    reader: personCommitment(personSalt, person),
    role: "reader",
    release,
  } as const;
  const event: LogEvent =
    purpose === "list"
      ? { kind: "slips.released", ...said, purpose }
      : purpose === "open"
        ? { kind: "letter.released", ...said, purpose }
        : { kind: "letters.released", ...said, purpose, incident: newId() };
  return { entry: event, row: { release, person, personSalt, idsSalt, ids } };
}

function indexOf(entries: readonly (readonly [LogEvent, number])[]): LogIndex {
  const index = new LogIndex();
  for (const [event, at] of entries) index.add(parseEntry(entry(event, at)));
  return index;
}

// Everything that the key opens could be reached, from whenever, up to the end; erased letters are counted and not
// named.
test("all that the key opens could be reached, up to the end; erased letters are counted only", () => {
  const [a, b, c, d, e] = Array.from({ length: 5 }, newId) as [string, string, string, string, string];
  const erased: LogEvent = {
    kind: "erasure.done",
    body: "city",
    inbox: INBOX,
    erasure: newId(),
    submission: b,
    by: hash,
    role: "owner",
    reason: "asked-for",
    additions: [],
    parts: 2,
    releases: 0,
    backupsUntil: 9,
  };
  const index = indexOf([
    [received(a, 1), 10],
    [received(b, 1), 20],
    [received(c, 2), 30],
    [received(d, 1, OTHER), 31],
    [erased, 32],
    [received(e, 2, INBOX, a), 40],
  ]);
  const ids = (epochs: readonly number[], until: number | null) =>
    reachedIn(index, { inbox: INBOX, epochs, until }).letters.map(({ submission }) => submission);
  assert.deepEqual(ids([1], null), [a]);
  assert.equal(reachedIn(index, { inbox: INBOX, epochs: [1], until: null }).erased, 1);
  assert.deepEqual(ids([1, 2], null), [a, c, e]);
  assert.deepEqual(ids([1, 2], 40), [a, c], "what came after the end could not be reached");
  assert.deepEqual(ids([], null), []);
  assert.deepEqual(reachedIn(index, { inbox: newId(), epochs: [1], until: null }), { letters: [], erased: 0 });
  assert.deepEqual(
    [...writersOf(reachedIn(index, { inbox: INBOX, epochs: [1, 2], until: null }).letters)],
    [
      [a, [a, e]],
      [c, [c]],
    ],
    "what somebody added later is theirs",
  );
});

// A reply is sealed to the key of its own day: whoever has that key reads what was answered to a letter of an earlier one.
test("a key that opens only what was answered to a letter reaches that letter, up to the end", () => {
  const [a, b, c] = [newId(), newId(), newId()];
  const answered = (submission: string, epoch: number, inbox = INBOX): LogEvent =>
    ({
      kind: "case.replied",
      body: "city",
      inbox,
      case: submission,
      seq: 0,
      prev: hash,
      by: hash,
      role: "reader",
      submission,
      reply: newId(),
      epoch,
      digest: hash,
      size: 1,
    }) as LogEvent;
  const index = indexOf([
    [received(a, 1), 10],
    [received(b, 1), 11],
    [received(c, 1, OTHER), 12],
    [answered(a, 2), 20],
    [answered(c, 2, OTHER), 21],
    [answered(b, 1), 22],
  ]);
  const ids = (epochs: readonly number[], until: number | null) =>
    reachedIn(index, { inbox: INBOX, epochs, until }).letters.map(({ submission }) => submission);
  assert.deepEqual(ids([2], null), [a]);
  assert.deepEqual(ids([2], 20), [], "answered after the end");
  assert.deepEqual(ids([1, 2], null), [a, b], "each once");
});

// Who looked is read from the log: rows that say something else are an alarm, rows that are gone make it anybody.
test("who looked is read from the log: changed rows are an alarm, missing rows make it anybody", () => {
  const [a, b] = [newId(), newId()];
  const [list, open, elsewhere] = [reading("list", [a, b]), reading("open", [b]), reading("open", [a], newId(), OTHER)];
  const opened: LogEvent = {
    kind: "letter.opened",
    body: "city",
    release: open.row.release,
    reader: hash,
    role: "reader",
  };
  const index = indexOf([
    [received(a, 1), 1],
    [received(b, 1), 2],
    [list.entry, 10],
    [open.entry, 20],
    [opened, 25],
    [opened, 99],
    [elsewhere.entry, 21],
  ]);
  const looks = (rows: readonly ReadingRow[], from = 0, until: number | null = null) =>
    looksAt(index, INBOX, from, until, rows);
  assert.deepEqual(
    looks([list.row, open.row]).map(({ purpose, at, opened: when, person, letters }) => [
      purpose,
      at,
      when,
      person,
      [...letters!],
    ]),
    [
      ["list", 10, null, JOANNE, [a, b]],
      ["open", 20, 25, JOANNE, [b]],
    ],
  );
  assert.equal(looks([list.row, open.row], 11).length, 1);
  assert.equal(looks([list.row, open.row], 0, 15).length, 1);
  const letters = reachedIn(index, { inbox: INBOX, epochs: [1], until: null }).letters;
  assert.equal(
    touching(looks([list.row, open.row]), letters.slice(0, 1)).length,
    1,
    "the letter that was opened is another",
  );
  assert.equal(
    touching(looks([list.row]), letters.slice(0, 1)).length,
    2,
    "a reading whose row is gone may have been of any letter",
  );
  assert.deepEqual(looks([list.row])[1]!.person, null);
  assert.deepEqual(
    looks([{ ...open.row, idsSalt: null, ids: [] }, list.row])[1]!.letters,
    null,
    "the salt was erased with the letter",
  );
  for (const wrong of [
    { ...open.row, person: newId() },
    { ...open.row, ids: [a] },
    { ...open.row, ids: [] },
    { ...open.row, personSalt: randomBytes(32) },
    { ...open.row, idsSalt: randomBytes(32) },
  ]) {
    assert.throws(() => looks([list.row, wrong]), is("INCIDENT_BROKEN"));
  }
});

test("no evidence of access is said only of hours that the records cover, and names them", () => {
  fc.assert(
    fc.property(
      fc.record({
        from: fc.nat(100),
        length: fc.option(fc.nat(50), { nil: null }),
        begin: fc.nat(100),
        lasts: fc.nat(100),
        entries: fc.nat(1),
      }),
      ({ from, length, begin, lasts, entries }) => {
        const coverage = { from: begin, until: begin + lasts, entries };
        const asked = { from, until: length === null ? null : from + length };
        const evidence = evidenceOf([], asked, coverage);
        const wanted = asked.until ?? coverage.until;
        if (evidence.kind === "no-evidence") {
          assert.ok(
            entries > 0 &&
              evidence.covered.from >= Math.max(from, begin) &&
              evidence.covered.until <= Math.min(wanted, begin + lasts) &&
              evidence.covered.from <= evidence.covered.until,
          );
          assert.equal(evidence.whole, begin <= from && begin + lasts >= wanted);
        } else {
          assert.equal(evidence.kind, "no-records");
          assert.ok(entries === 0 || begin > wanted || begin + lasts < from || wanted < from);
        }
      },
    ),
  );
  const look = looksAt(indexOf([[reading("list", []).entry, 5]]), INBOX, 0, null, []);
  assert.equal(evidenceOf(look, { from: 0, until: 9 }, { from: 100, until: 200, entries: 9 }).kind, "looked-at");
});

test("the index is believed only when its entries are exactly what the log signed", () => {
  const signer = signerKey("example.com/log", randomBytes(32));
  const entries = Array.from({ length: 300 }, (_, i) =>
    entry(i === 0 ? { kind: "log.started", origin: "example.com/log" } : received(newId(), 1), i + 1),
  );
  const note = (some: readonly Uint8Array[]): string =>
    signCheckpoint(
      {
        origin: "example.com/log",
        size: some.length,
        root: treeRoot(some.length, nodesOf(some.map(leafHash))),
        extensions: [],
      },
      signer,
    );
  const fill = (some: readonly Uint8Array[]): IndexFill => {
    const made = new IndexFill();
    for (const { index, width } of bundlesOf(some.length))
      made.add(encodeBundle(some.slice(index * 256, index * 256 + width)));
    return made;
  };
  const key = formatVerifierKey(signer.verifier);
  assert.equal(fill(entries).done(note(entries), key).coverage.entries, 300);
  const changed = entries.with(7, entry(received(newId(), 1), 8));
  for (const wrong of [changed, entries.slice(0, 299), entries.slice(1), [...entries, entries[0]!]])
    assert.throws(() => fill(wrong).done(note(entries), key), is("LOG_REFUSED"));
  assert.throws(
    () => fill(entries).done(note(entries), formatVerifierKey(signerKey("example.com/log", randomBytes(32)).verifier)),
    is("NOTE_INVALID"),
  );
});

// A letter's writer is reached as the form asked: safe channels only where somebody was asked, and nobody without a
// name is left out.
test("a letter's writer is reached as the form asked, and nobody without a name is left out", () => {
  const forms = demoForms(resolve(import.meta.dirname, "../.."));
  let asked = 0;
  for (const letter of syntheticLetters()) {
    const form = forms[letter.to];
    const checked = checkAnswers(form, fieldsFor(letter));
    assert.ok(checked.ok);
    const id = newId();
    const person = personOfLetter(form, checked.answers, id);
    assert.deepEqual(person.records, [id]);
    if (letter.to === "complaint") assert.equal(person.safe, null);
    else {
      asked += 1;
      const given = [
        person.email === null ? [] : ["email"],
        person.phone === null ? [] : ["phone"],
        person.post === null ? [] : ["post"],
      ].flat();
      assert.deepEqual([...person.safe!].sort(), given.sort(), "what they gave is what they called safe");
    }
  }
  assert.ok(asked > 50);
});

test("a document opens at its own place alone, and only as the bytes that were recorded", async () => {
  const [mine, other] = [await newIdentity("hybrid"), await newIdentity("hybrid")];
  const context: DocumentContext = { incident: newId(), epoch: 1, document: newId(), what: "affected" };
  const content = toUtf8("Zoë Example");
  const sealed = await sealDocument(context, content, mine.recipient);
  const digest = toHex(sha256(sealed));
  assert.deepEqual(await openDocument(mine.identity, sealed, context, digest), content);
  await assert.rejects(openDocument(other.identity, sealed, context, digest), is("OPEN_FAILED"));
  await assert.rejects(openDocument(mine.identity, sealed, context, toHex(sha256(content))), is("OPEN_CONTEXT"));
  for (const wrong of [{ incident: newId() }, { epoch: 2 }, { document: newId() }, { what: "note" as const }])
    await assert.rejects(openDocument(mine.identity, sealed, { ...context, ...wrong }, digest), is("OPEN_CONTEXT"));
  assert.notEqual(incidentInbox(context.incident), incidentInbox(newId()));
  assert.equal(incidentReference(context.incident), referenceOfDocuments(incidentInbox(context.incident)));
});
