import assert from "node:assert/strict";
import { test } from "node:test";
import { hmacSha256, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { canonicalBytes } from "../../src/domain/canonical.ts";
import { commitment, idsRoot, personCommitment } from "../../src/domain/log/commit.ts";
import { encodeEntry, MOST_ENTRY_BYTES, parseEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { EVENT_KINDS } from "../../src/domain/log/event-kinds.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import fc from "../support/drawn.ts";
import { naiveLeaf, naiveNode } from "../support/log-trees.ts";

const MALFORMED = { code: "MALFORMED" };
const id = "0123456789abcdef0123456789abcdef";
const hash = "ab".repeat(32);
const nonce = new Uint8Array(32).fill(7);
const released = { body: "city", inbox: id, count: 1, ids: hash, reader: hash, role: "reader", release: id } as const;

const acted = { body: "city", incident: id, seq: 3, prev: hash, by: hash, role: "owner", words: hash } as const;

/** One event of each kind; the type makes sure that none is forgotten. */
const ofCase = {
  body: "harrowmere",
  inbox: id,
  case: id,
  seq: 0,
  prev: hash,
  by: hash,
  role: "reader",
  epoch: 1,
} as const;
const ONE_OF_EACH: { [K in LogEvent["kind"]]: Extract<LogEvent, { kind: K }> } = {
  "log.started": { kind: "log.started", origin: "example.com/log" },
  "submission.received": {
    kind: "submission.received",
    body: "harrowmere",
    inbox: id,
    epoch: 1,
    formHash: hash,
    submission: id,
    slip: hash,
    letter: hash,
    size: 9000,
    path: "counter",
    commitment: hash,
    first: id,
  },
  "case.replied": { kind: "case.replied", ...ofCase, submission: id, reply: id, digest: hash, size: 4096 },
  "case.assigned": { kind: "case.assigned", ...ofCase, to: hash },
  "case.noted": { kind: "case.noted", ...ofCase, note: id, digest: hash, size: 2048 },
  "case.closed": { kind: "case.closed", ...ofCase, outcome: "not-upheld" },
  "case.reopened": { kind: "case.reopened", ...ofCase },
  "reply.fetched": { kind: "reply.fetched", body: "harrowmere", inbox: id, submission: id, reply: id },
  "log.set-aside": { kind: "log.set-aside", event: 7, digest: hash, writer: "staff", why: "unreadable" },
  "log.rotated": { kind: "log.rotated", next: formatVerifierKey(signerKey("example.com/next", nonce).verifier) },
  "log.continued": {
    kind: "log.continued",
    origin: "example.com/next",
    previous: formatVerifierKey(signerKey("example.com/log", nonce).verifier),
    size: 9,
    root: hash,
    signature: hash + hash,
  },
  "grant.requested": {
    kind: "grant.requested",
    body: "city",
    inbox: id,
    request: id,
    count: 4,
    scope: "all",
    until: 1_900_000_000_000,
    purpose: "complaints",
    purposeCommitment: hash,
    persons: hash,
    by: hash,
    role: "operator",
  },
  "invitation.withdrawn": { kind: "invitation.withdrawn", body: "city", invitation: id, by: hash, role: "owner" },
  "person.refused": { kind: "person.refused", body: "city", newcomer: id, by: hash, role: "owner" },
  "request.declined": {
    kind: "request.declined",
    body: "city",
    request: id,
    by: hash,
    role: "owner",
    reason: "too-many",
  },
  "request.withdrawn": {
    kind: "request.withdrawn",
    body: "city",
    request: id,
    by: hash,
    role: "operator",
    reason: "withdrawn",
    reasonCommitment: hash,
  },
  "person.confirmed": { kind: "person.confirmed", body: "city", statement: hash, role: "owner" },
  "person.ended": { kind: "person.ended", body: "city", statement: hash, person: id },
  "inbox.rekeyed": { kind: "inbox.rekeyed", body: "city", statement: hash, inbox: id, epoch: 1 },
  "grant.made": { kind: "grant.made", body: "city", statement: hash, inbox: id, grant: id, count: 4, request: id },
  "grant.ended": { kind: "grant.ended", body: "city", statement: hash, inbox: id, grant: id },
  "form.published": { kind: "form.published", body: "city", statement: hash, form: "contact", version: 2 },
  "slips.released": { kind: "slips.released", ...released, count: 0, purpose: "list" },
  "letter.released": { kind: "letter.released", ...released, purpose: "open" },
  "letters.released": { kind: "letters.released", ...released, purpose: "affected", incident: id },
  "document.released": {
    kind: "document.released",
    body: "city",
    inbox: id,
    incident: id,
    document: id,
    reader: hash,
    role: "auditor",
    purpose: "incident",
    release: id,
  },
  "letter.opened": { kind: "letter.opened", body: "city", release: id, reader: hash, role: "reader" },
  "release.refused": {
    kind: "release.refused",
    body: "city",
    inbox: id,
    code: "REFUSED_NO_GRANT",
    reader: hash,
    role: "auditor",
  },
  "database.restored": { kind: "database.restored", body: null, from: 12, to: 40, erased: 1, releases: 2 },
  "erasure.requested": {
    kind: "erasure.requested",
    body: "harrowmere",
    erasure: id,
    submission: id,
    askedBy: "submitter",
  },
  "erasure.refused": {
    kind: "erasure.refused",
    body: "city",
    inbox: id,
    erasure: id,
    submission: id,
    by: hash,
    role: "owner",
    reason: "legal-claim",
    reasonCommitment: hash,
  },
  "erasure.done": {
    kind: "erasure.done",
    body: "city",
    inbox: id,
    erasure: id,
    submission: id,
    by: hash,
    role: "owner",
    reason: "asked-for",
    additions: [id],
    parts: 4,
    releases: 1,
    backupsUntil: 1_900_000_000_000,
  },
  "incident.opened": { kind: "incident.opened", ...acted, what: "wrong-person", source: "grant", sourceId: id },
  "incident.aware": {
    kind: "incident.aware",
    ...acted,
    party: "controller",
    awareAt: 1_800_000_000_000,
    basis: "finding",
  },
  "incident.window": {
    kind: "incident.window",
    ...acted,
    earliest: 1,
    earliestBasis: "log",
    latest: 2,
    latestBasis: "finding",
    end: 3,
    endBasis: "statement",
  },
  "incident.moved": { kind: "incident.moved", ...acted, from: "open", to: "contained" },
  "incident.assessed": {
    kind: "incident.assessed",
    ...acted,
    base: "simple",
    factors: "volume-vulnerable",
    dpc: 2,
    ei: 100,
    confidentiality: 50,
    integrity: 0,
    availability: 0,
    malice: 0,
    se: 250,
    level: "medium",
    over100: "yes",
    unintelligible: "no",
  },
  "incident.sealed": {
    kind: "incident.sealed",
    ...acted,
    document: id,
    what: "affected",
    epoch: 1,
    digest: hash,
    size: 9000,
    count: 394,
  },
  "incident.decided": { kind: "incident.decided", ...acted, about: "people", choice: "no", reason: "unintelligible" },
  "incident.reported": { kind: "incident.reported", ...acted, version: 1, phase: "initial", report: hash },
  "incident.followed": {
    kind: "incident.followed",
    ...acted,
    what: "outcome",
    item: id,
    revision: 1,
    on: 5,
    due: 6,
    done: 7,
    code: "reprimand",
  },
  "incident.notice": { kind: "incident.notice", ...acted, notice: id, state: "published" },
  "incident.packed": { kind: "incident.packed", ...acted, pack: id, content: hash, count: 12 },
  "mailroom.started": { kind: "mailroom.started", start: id, recipient: hash },
  "messages.handed-in": {
    kind: "messages.handed-in",
    body: "city",
    incident: id,
    by: hash,
    role: "owner",
    count: 394,
    template: hash,
    messages: hash,
  },
  "messages.posted": {
    kind: "messages.posted",
    body: "city",
    incident: id,
    by: hash,
    role: "owner",
    count: 12,
    messages: hash,
  },
  "messages.paused": { kind: "messages.paused", body: "city", incident: id, by: hash, role: "owner" },
  "messages.resumed": { kind: "messages.resumed", body: "city", incident: id, by: hash, role: "auditor" },
  "delivery.ended": {
    kind: "delivery.ended",
    body: "city",
    incident: id,
    delivery: id,
    channel: "email",
    state: "bounced",
    code: "MAILBOX_UNKNOWN",
  },
  "delivery.decided": {
    kind: "delivery.decided",
    body: "city",
    incident: id,
    by: hash,
    role: "owner",
    delivery: id,
    decision: "judged-sent",
  },
  "document.returned": {
    kind: "document.returned",
    body: "city",
    incident: id,
    delivery: id,
    document: id,
    what: "answer",
    epoch: 1,
    digest: hash,
    size: 2048,
  },
  "call.made": { kind: "call.made", body: "city", incident: id, by: hash, role: "owner", outcome: "told", call: hash },
  "unlocker.added": {
    kind: "unlocker.added",
    body: "city",
    unlocker: id,
    how: "passkey",
    recipient: hash,
    copy: hash,
    credential: hash,
    by: hash,
    role: "reader",
  },
  "unlocker.removed": { kind: "unlocker.removed", body: "city", unlocker: id, by: hash, role: "reader" },
  "totp.on": { kind: "totp.on", body: "city", totp: id, by: hash, role: "reader" },
  "totp.off": { kind: "totp.off", body: "city", totp: id, by: hash, role: "reader" },
  "totp.recovered": { kind: "totp.recovered", body: "city", person: hash, role: "reader" },
  "session.started": { kind: "session.started", body: null, person: hash, role: "operator" },
  "session.refused": { kind: "session.refused", account: hash },
  "finding.opened": {
    kind: "finding.opened",
    body: null,
    finding: id,
    watcher: "monitor",
    code: "route-open",
    form: "contact",
    cleanAt: 0,
    evidence: hash,
  },
  "finding.closed": { kind: "finding.closed", body: "city", finding: id, watcher: "inspect" },
  "marker.planted": {
    kind: "marker.planted",
    body: "city",
    inbox: id,
    epoch: 1,
    submission: id,
    signature: "ab".repeat(64),
  },
  "watch.proved": { kind: "watch.proved", watcher: "monitor", result: "found" },
};
/** Entries from before receipt words have no commitment. */
const SINCE_RECEIPTS = new Set(["submission.received.commitment", "submission.received.first"]);
const every = Object.values(ONE_OF_EACH);
const at = 1_800_000_000_000;
const raw = (event: object): Uint8Array => canonicalBytes({ v: 1, at, nonce: toHex(nonce), ...event });

test("every kind is read back as it was written", () => {
  assert.deepEqual(EVENT_KINDS.toSorted(), Object.keys(ONE_OF_EACH).toSorted());
  for (const event of every) {
    const bytes = encodeEntry({ ...event, at }, nonce);
    assert.deepEqual(parseEntry(bytes), { ...event, at, v: 1, nonce: toHex(nonce) });
    assert.deepEqual(encodeEntry({ ...event, at }, nonce), bytes);
  }
});

test("a missing, an unknown and an unfit field are refused, for every field of every kind", () => {
  const optional = new Set([
    "request.withdrawn.reasonCommitment",
    "person.confirmed.role",
    "grant.made.request",
    "incident.opened.sourceId",
    "incident.window.end",
    "incident.window.endBasis",
    "incident.followed.due",
    "incident.followed.done",
    "incident.followed.code",
    "finding.opened.form",
    "unlocker.added.credential",
  ]);
  for (const event of every) {
    const whole = { v: 1, at, nonce: toHex(nonce), ...event };
    assert.ok(parseEntry(canonicalBytes(whole)));
    assert.throws(() => parseEntry(canonicalBytes({ ...whole, note: "x" })), MALFORMED, event.kind);
    assert.throws(() => parseEntry(canonicalBytes({ ...whole, toString: "x" })), MALFORMED, event.kind);
    for (const field of Object.keys(whole)) {
      const without = canonicalBytes({ ...whole, [field]: undefined });
      const name = `${event.kind}.${field}`;
      if (optional.has(name) || SINCE_RECEIPTS.has(name) || (field === "words" && event.kind.startsWith("incident.")))
        assert.ok(parseEntry(without), name);
      else
        assert.throws(
          () => parseEntry(without),
          (thrown: { code?: string }) => thrown.code === (field === "v" ? "UNKNOWN_VERSION" : "MALFORMED"),
          name,
        );
      const unfit = [
        "Jane Doe of 5 High Street",
        "",
        -1,
        true,
        {},
        "x\n",
        ...(name === "erasure.done.additions" ? [[id, id], [id.replace("0", "1"), id], [hash]] : [[]]),
        ...(["log.started.origin", "log.continued.origin"].includes(name) ? [] : [`${hash}0`]),
        ...(["session.started.body", "finding.opened.body", "finding.closed.body", "database.restored.body"].includes(
          name,
        )
          ? []
          : [null]),
      ];
      for (const value of unfit)
        assert.throws(
          () => parseEntry(canonicalBytes({ ...whole, [field]: value })),
          `${name} = ${JSON.stringify(value)}`,
        );
    }
  }
});

/** The name of a log, or its key: whatever its host is called. Only the log itself writes one. */
const isName = (event: object, field: string): boolean =>
  String((event as { kind: string }).kind).startsWith("log.") && ["origin", "previous", "next"].includes(field);

test("no field of any kind can hold a sentence, a name or an address", () => {
  // Each differs little from what some field holds: small letters with spaces, capitals with spaces, digits.
  for (const sentence of [
    "she was followed home",
    "zoe example",
    "SHE WAS FOLLOWED",
    "Zoe",
    "ZOE EXAMPLE",
    "harrowmere .",
    "a b",
    "x\ny",
    "zoe.example",
    "zoe_example",
    "07700 900123",
    `${"0".repeat(32)} she`,
    `she ${"0".repeat(32)}`,
  ])
    for (const event of every)
      for (const field of Object.keys(event)) {
        if (isName(event, field) && /^[\S]+$/.test(sentence)) continue;
        assert.throws(() => encodeEntry({ ...event, [field]: sentence, at } as never, nonce), `${field}: ${sentence}`);
      }
  fc.assert(
    fc.property(
      fc.constantFrom(...every),
      fc.string({ minLength: 1 }).map((text) => `${text} @`),
      (event, text) => {
        for (const field of Object.keys(event))
          assert.throws(() => encodeEntry({ ...event, [field]: text, at } as never, nonce));
      },
    ),
  );
});

test("an entry in any other spelling is refused", () => {
  const text = new TextDecoder().decode(encodeEntry({ ...ONE_OF_EACH["letter.opened"], at }, nonce));
  const bad = [
    text.replace(":", ": "),
    `${text}\n`,
    text.replace('"at"', '"\\u0061t"'),
    `[${text}]`,
    "null",
    "1",
    "",
    text.slice(0, -1),
    text.replace(String(at), `${at}.0`),
    text.replace(String(at), "1.8e12"),
    text.replace('{"', '{"at":1,"'),
  ];
  for (const spelling of bad) assert.throws(() => parseEntry(toUtf8(spelling)), MALFORMED, spelling.slice(0, 60));
  assert.throws(() => parseEntry(Uint8Array.of(0xff, 0xfe)), MALFORMED);
  const long = (length: number): Uint8Array => raw({ kind: "log.started", origin: "x".repeat(length) });
  const rest = long(1).length - 1;
  assert.ok(parseEntry(long(MOST_ENTRY_BYTES - rest)));
  assert.throws(() => parseEntry(long(MOST_ENTRY_BYTES - rest + 1)), MALFORMED);
  assert.throws(() => parseEntry(raw({ kind: "__proto__" })), MALFORMED);
  assert.throws(() => parseEntry(raw({ kind: "constructor" })), MALFORMED);
  assert.throws(() => parseEntry(raw({ ...ONE_OF_EACH["letter.released"], count: 2 })), MALFORMED);
  assert.throws(() => parseEntry(raw({ ...ONE_OF_EACH["letter.released"], purpose: "list" })), MALFORMED);
});

test("a nonce and a salt have 32 bytes", () => {
  for (const length of [0, 16, 31, 33]) {
    assert.throws(() => encodeEntry({ ...ONE_OF_EACH["letter.opened"], at }, new Uint8Array(length)), MALFORMED);
    assert.throws(() => personCommitment(new Uint8Array(length), id), MALFORMED);
    assert.throws(() => idsRoot(new Uint8Array(length), [id]), MALFORMED);
  }
});

// Commitments are HMAC-SHA-256, and the ids' root is that of RFC 6962 over them in ascending order.
test("commitments are HMAC-SHA-256, and the ids' root is that of RFC 6962, in ascending order", () => {
  const salt = new Uint8Array(32).fill(5);
  assert.equal(personCommitment(salt, id), toHex(hmacSha256(salt, toUtf8(id))));
  assert.equal(commitment(salt, id), personCommitment(salt, id));
  const [a, b, c] = ["0a", "0b", "f0"].map((prefix) => prefix.padEnd(32, "0")) as [string, string, string];
  const leaf = (text: string): Uint8Array => naiveLeaf(hmacSha256(salt, toUtf8(text)));
  const expected = toHex(naiveNode(naiveNode(leaf(a), leaf(b)), leaf(c)));
  assert.equal(idsRoot(salt, [a, b, c]), expected);
  assert.equal(idsRoot(salt, [c, a, b]), expected);
  assert.notEqual(idsRoot(new Uint8Array(32), [a, b, c]), expected);
  assert.notEqual(idsRoot(salt, [a, b]), expected);
  assert.equal(idsRoot(salt, []), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.throws(() => idsRoot(salt, [a, b, a]), MALFORMED);
});
