/** The fold of a case: what may follow what, where it then stands, and whose acts count. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../src/domain/bytes.ts";
import { faultOfCaseAct, type ActOf } from "../../src/domain/case/by.ts";
import {
  caseOf,
  caseOfActs,
  refusalOf,
  type CaseAct,
  type CaseKind,
  type CaseState,
} from "../../src/domain/case/fold.ts";
import { sealNote } from "../../src/domain/case/note.ts";
import { openNote } from "../../src/domain/case/open-note.ts";
import type { BodyState } from "../../src/domain/grant/state.ts";
import { LogIndex } from "../../src/domain/incident/log-index.ts";
import { draftSigned, type ToSay } from "../../src/domain/log/act.ts";
import { personCommitment } from "../../src/domain/log/commit.ts";
import { encodeEntry, parseEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { signingKeyOf } from "../../src/domain/person/sign.ts";
import { codeOf } from "../../src/domain/problem.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";

const [INBOX, LETTER, OTHER] = ["1".repeat(32), "2".repeat(32), "3".repeat(32)];
const hash = "4".repeat(64);
const nonce = new Uint8Array(32);
const letterOf = (submission: string): Uint8Array =>
  encodeEntry(
    {
      kind: "submission.received",
      body: "own",
      inbox: INBOX,
      epoch: 1,
      formHash: hash,
      submission,
      slip: hash,
      letter: hash,
      size: 1,
      path: "browser",
      commitment: hash,
      at: 1,
    },
    nonce,
  );
const LETTER_ENTRY = letterOf(LETTER);

const FIELDS: { readonly [K in CaseKind]: object } = {
  "case.replied": { submission: LETTER, reply: OTHER, digest: hash, size: 1 },
  "case.assigned": { to: hash },
  "case.noted": { note: OTHER, digest: hash, size: 1 },
  "case.closed": { outcome: "partly" },
  "case.reopened": {},
};
const behind = (prev: Uint8Array, seq: number, kind: CaseKind, change: object = {}): Uint8Array =>
  encodeEntry(
    {
      kind,
      body: "own",
      inbox: INBOX,
      case: LETTER,
      seq,
      prev: toHex(leafHash(prev)),
      by: hash,
      role: "reader",
      epoch: 1,
      at: seq + 2,
      ...FIELDS[kind],
      ...change,
    } as LogEvent & { readonly at: number },
    nonce,
  );
/** The entries of these acts, each behind the one before. */
function actsOf(...kinds: readonly CaseKind[]): Uint8Array[] {
  const acts: Uint8Array[] = [];
  for (const [seq, kind] of kinds.entries()) acts.push(behind(acts.at(-1) ?? LETTER_ENTRY, seq, kind));
  return acts;
}
const foldOf = (...kinds: readonly CaseKind[]): CaseState => caseOf(LETTER_ENTRY, actsOf(...kinds));
const [assigned, noted, replied, closed, reopened] = [
  "case.assigned",
  "case.noted",
  "case.replied",
  "case.closed",
  "case.reopened",
] as const;
const broken = (thrown: unknown): boolean => codeOf(thrown) === "CASE_BROKEN";

test("where a case stands follows from its acts", () => {
  const stands = (...kinds: readonly CaseKind[]): string => foldOf(...kinds).step;
  assert.equal(stands(), "new");
  assert.equal(stands(assigned), "in-hand");
  assert.equal(stands(noted), "in-hand");
  assert.equal(stands(replied, noted, assigned), "answered");
  assert.equal(stands(closed), "closed");
  assert.equal(stands(replied, closed, noted, replied), "closed", "what is written behind the end opens nothing");
  assert.equal(stands(replied, closed, reopened), "in-hand", "opened again it waits for an answer");
  assert.equal(stands(closed, reopened, replied, closed), "closed");
  assert.equal(foldOf(closed).outcome, "partly");
  assert.equal(foldOf(closed, reopened).outcome, null);
  assert.equal(foldOf(assigned, noted, assigned).assigned?.seq, 2);
  assert.equal(foldOf(assigned, closed, reopened).assigned?.seq, 0, "whoever had it has it again");
});

test("an act that makes no sense is refused by the fold", () => {
  for (const kinds of [
    [reopened],
    [replied, reopened],
    [closed, closed],
    [closed, assigned],
    [closed, reopened, reopened],
  ])
    assert.throws(() => foldOf(...(kinds as CaseKind[])), broken, String(kinds));
  const [open, ended] = [foldOf(assigned), foldOf(closed)];
  assert.equal(refusalOf(open, reopened), "CASE_OPEN");
  assert.equal(refusalOf(open, closed), null);
  assert.equal(refusalOf(ended, closed), "CASE_CLOSED");
  assert.equal(refusalOf(ended, assigned), "CASE_CLOSED");
  assert.equal(refusalOf(ended, replied), null);
  assert.equal(refusalOf(ended, reopened), null);
});

test("acts of which one is missing, doubled, moved or of another letter are no case", () => {
  const acts = actsOf(assigned, noted, replied, closed);
  const [first, second, third, last] = acts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const lies: readonly (readonly Uint8Array[])[] = [
    [second, third, last],
    [first, third, last],
    [first, first, second],
    [second, first],
    [first, second, second],
    [first, second, third, LETTER_ENTRY],
    [first, second, Uint8Array.of(1)],
    [behind(letterOf(OTHER), 0, assigned)],
    [behind(LETTER_ENTRY, 0, assigned, { case: OTHER })],
    [behind(LETTER_ENTRY, 0, assigned, { body: "other" })],
    [behind(LETTER_ENTRY, 0, replied, { submission: OTHER })],
    [behind(LETTER_ENTRY, 0, replied, { inbox: OTHER })],
  ];
  for (const [nth, lie] of lies.entries()) assert.throws(() => caseOf(LETTER_ENTRY, lie), broken, String(nth));
  assert.equal(caseOf(LETTER_ENTRY, acts).acts.length, 4);
  assert.deepEqual(caseOfActs([first, second, third, last]), caseOf(LETTER_ENTRY, acts), "with or without its letter");
  assert.throws(() => caseOf(first, []), broken, "a case begins with a letter");
});

const [ME, COLLEAGUE, OUTSIDER] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)];
const secretOf = (person: string): Uint8Array => new Uint8Array(32).fill(person.charCodeAt(0));
const personOf = (person: string) => ({
  person,
  role: "reader" as const,
  signingKey: signingKeyOf(secretOf(person)),
});
const state = {
  persons: new Map([ME, COLLEAGUE, OUTSIDER].map((one) => [one, personOf(one)])),
  inboxes: new Map([
    [
      INBOX,
      {
        inbox: INBOX,
        epochs: [
          { epoch: 1, at: 0, holders: new Map([ME, COLLEAGUE].map((one) => [one, nonce])) },
          { epoch: 2, at: 10_000_000, holders: new Map([[ME, nonce]]) },
        ],
      },
    ],
  ]),
} as unknown as BodyState;

const salt = new Uint8Array(32).fill(9);
/** An act of giving a letter to somebody, as it would be logged, and as it is shown. */
function given(by: string, to: string, epoch = 1, at = 5): { act: CaseAct; of: ActOf } {
  const said: ToSay<"case.assigned"> = {
    kind: "case.assigned",
    body: "own",
    inbox: INBOX,
    case: LETTER,
    seq: 0,
    prev: hash,
    epoch,
    to: personCommitment(salt, to),
  };
  const signed = draftSigned<"case.assigned">({ person: by, role: "reader", signingSecret: secretOf(by) }, said);
  const act = parseEntry(encodeEntry({ ...signed.event, at }, nonce)) as CaseAct;
  return { act, of: { person: by, bySalt: signed.bySalt, signature: signed.signature, to: { person: to, salt } } };
}

test("a letter is given to nobody who had not the key, and by nobody who had not", () => {
  const why = ({ act, of }: ReturnType<typeof given>, change: Partial<ActOf> = {}): string | null =>
    faultOfCaseAct(state, act, { ...of, ...change });
  assert.equal(why(given(ME, COLLEAGUE)), null);
  assert.equal(why(given(ME, ME)), null);
  assert.match(why(given(ME, OUTSIDER))!, /given to somebody who had not the key/);
  assert.match(why(given(ME, COLLEAGUE, 2, 10_000_001))!, /given to somebody who had not the key/, "let out meanwhile");
  assert.match(why(given(COLLEAGUE, ME, 2, 10_000_001))!, /by somebody who had not the key/);
  assert.match(why(given(COLLEAGUE, ME, 1, 20_000_000))!, /by somebody who had not the key/, "the key of that time");
  assert.match(why(given(OUTSIDER, ME))!, /by somebody who had not the key/);
  const honest = given(ME, COLLEAGUE);
  assert.match(why(honest, { to: null })!, /given to somebody else/);
  assert.match(why(honest, { to: { person: ME, salt } })!, /given to somebody else/);
  assert.match(why(honest, { to: { person: COLLEAGUE, salt: nonce } })!, /given to somebody else/);
  assert.match(why(honest, { person: COLLEAGUE })!, /not by a person of this body/);
  assert.match(why(honest, { signature: new Uint8Array(64) })!, /the signature does not hold/);
});

test("a note opens for the inbox alone, in its own case and act alone", async () => {
  const [inbox, other] = [await newIdentity("x25519"), await newIdentity("x25519")];
  const context = { case: LETTER, note: OTHER };
  const sealed = await sealNote(context, "She rang.\r\nBack on Monday. ", inbox.recipient);
  assert.equal(await openNote(inbox.identity, sealed, context), "She rang.\nBack on Monday.");
  const is = (code: string) => (thrown: unknown) => codeOf(thrown) === code;
  await assert.rejects(openNote(other.identity, sealed, context), is("OPEN_FAILED"));
  await assert.rejects(openNote(inbox.identity, sealed, { ...context, case: OTHER }), is("OPEN_CONTEXT"));
  await assert.rejects(openNote(inbox.identity, sealed, { ...context, note: LETTER }), is("OPEN_CONTEXT"));
  await assert.rejects(sealNote(context, " \n ", inbox.recipient), is("ANSWERS_INVALID"));
});

// The log keeps the acts that went with an older database, and nobody has to be shown them; whoever says so can be no
// server (`test/store/catalogue.test.ts`).
test("acts that went with an older database are missed by nobody, others by everybody", () => {
  const index = new LogIndex();
  const [first, second, third] = actsOf(assigned, noted, closed) as [Uint8Array, Uint8Array, Uint8Array];
  // Another log, that ended, was read before.
  index.add(parseEntry(LETTER_ENTRY), 0);
  for (const [leaf, entry] of [first, second, third].entries()) index.add(parseEntry(entry), leaf);
  const seqOf = (isShown: (entry: Uint8Array) => boolean): number[] =>
    index.done(LETTER, isShown).map(({ entry }) => (parseEntry(entry) as CaseAct).seq);
  assert.deepEqual(
    seqOf(() => false),
    [0, 1, 2],
  );
  const gap = { kind: "database.restored", body: "own", from: 1, to: 3, erased: 0, releases: 0, at: 9 } as const;
  index.add(parseEntry(encodeEntry(gap, nonce)), 3);
  index.add(parseEntry(behind(first, 1, replied)), 4);
  assert.deepEqual(
    seqOf(() => false),
    [0, 1],
    "what was done since follows those that were left",
  );
  assert.deepEqual(
    seqOf(() => true),
    [0, 1, 2, 1],
  );
});
