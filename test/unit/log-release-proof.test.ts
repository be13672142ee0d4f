import assert from "node:assert/strict";
import { test } from "node:test";
import { toUtf8 } from "../../src/domain/bytes.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { hasId, idsRoot, idsTree, personCommitment, placeOfId } from "../../src/domain/log/commit.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof } from "../../src/domain/log/proof.ts";
import { verifyRelease, type ReleaseClaim } from "../../src/domain/log/release-proof.ts";
import { inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";

const log = signerKey("example.com/log", new Uint8Array(32).fill(1));
const [personSalt, idsSalt] = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(3)];
const [person, inbox, first, second] = ["a", "b", "c", "d"].map((digit) => digit.repeat(32)) as [
  string,
  string,
  string,
  string,
];
const ids = [first, second];

const event = {
  kind: "slips.released",
  body: "city",
  inbox,
  count: 2,
  ids: idsRoot(idsSalt, ids),
  reader: personCommitment(personSalt, person),
  role: "reader",
  purpose: "list",
  release: "f".repeat(32),
} as const satisfies LogEvent;

function claimOf(given: LogEvent, change: Partial<ReleaseClaim> = {}, signer = log): ReleaseClaim {
  const entry = encodeEntry({ ...given, at: 1 }, new Uint8Array(32));
  const read = nodesOf([toUtf8("another"), entry, toUtf8("a third")].map(leafHash));
  const checkpoint = signCheckpoint({ origin: signer.name, size: 3, root: treeRoot(3, read), extensions: [] }, signer);
  const proof = encodeProof({ index: 1, hashes: inclusionProof(1, 3, read), checkpoint });
  return {
    proof,
    entry,
    personSalt,
    idsSalt,
    ids,
    demanded: { these: change.ids ?? ids },
    person,
    role: "reader",
    purpose: "list",
    body: "city",
    inbox,
    release: "f".repeat(32),
    logKey: formatVerifierKey(log.verifier),
    ...change,
  };
}

const REFUSED = { ok: false, code: "PROOF_INVALID" };

test("a reading that stands in the log as it is asked for may be opened", () => {
  assert.deepEqual(verifyRelease(claimOf(event)), { ok: true });
  assert.deepEqual(verifyRelease(claimOf(event, { ids: [second, first] })), { ok: true });
  const letter = {
    ...event,
    kind: "letter.released",
    count: 1,
    ids: idsRoot(idsSalt, [first]),
    purpose: "open",
  } as const;
  assert.deepEqual(verifyRelease(claimOf(letter, { ids: [first], purpose: "open" })), { ok: true });
});

test("a reading that differs in any one thing may not", () => {
  const other = "e".repeat(32);
  const changes: Partial<ReleaseClaim>[] = [
    { person: other },
    { role: "owner" },
    { purpose: "open" },
    { body: "county" },
    { inbox: other },
    { release: other },
    { ids: [first] },
    { ids: [first, other] },
    { ids: [first, second, other] },
    { ids: [first, first] },
    { ids: [] },
    { personSalt: idsSalt },
    { idsSalt: personSalt },
    { personSalt: new Uint8Array(31) },
    { logKey: formatVerifierKey(signerKey(log.name, new Uint8Array(32)).verifier) },
    { logKey: "" },
    { proof: "" },
    { entry: new Uint8Array() },
    { entry: encodeEntry({ ...event, at: 2 }, new Uint8Array(32)) },
  ];
  for (const change of changes)
    assert.deepEqual(verifyRelease(claimOf(event, change)), REFUSED, JSON.stringify(change));
});

// The entry is of exactly what came; it is of something else than was asked for.
test("a reading of fewer, more or other letters than were asked for may not, however well proven", () => {
  const third = "e".repeat(32);
  for (const these of [[first], [first, second, third], [first, third], [], [third]])
    assert.deepEqual(verifyRelease(claimOf(event, { demanded: { these } })), REFUSED, these.join());
  assert.deepEqual(verifyRelease(claimOf(event, { demanded: { these: [second, first] } })), { ok: true });
  assert.deepEqual(verifyRelease(claimOf(event, { demanded: { among: [first, third] } })), REFUSED);
  assert.deepEqual(verifyRelease(claimOf(event, { demanded: { among: [first, second, third] } })), { ok: true });
});

test("one id of many is shown to be among those of an entry, and no other at any place", () => {
  for (const count of [1, 2, 3, 255, 256, 257, 700]) {
    const many = Array.from({ length: count }, (_, i) => (i * 7919 + 11).toString(16).padStart(32, "0"));
    const [root, tree] = [idsRoot(idsSalt, many), idsTree(idsSalt, many)];
    for (const id of [many[0]!, many.at(-1)!, many[count >> 1]!]) {
      const place = placeOfId(tree, count, idsSalt, id)!;
      assert.ok(hasId(root, count, idsSalt, id, place), `${id} of ${count}`);
      assert.ok(!hasId(root, count, idsSalt, first, place));
      assert.ok(!hasId(root, count, personSalt, id, place));
    }
    assert.equal(placeOfId(tree, count, idsSalt, first), null);
  }
});

test("an event that says something else proves nothing, however well it stands in the log", () => {
  const opened: LogEvent = {
    kind: "letter.opened",
    body: "city",
    release: inbox,
    reader: event.reader,
    role: "reader",
  };
  const events: LogEvent[] = [
    { ...event, count: 1 },
    { ...event, count: 3 },
    { ...event, ids: "0".repeat(64) },
    { ...event, role: "owner" },
    { ...event, body: "county" },
    { ...event, release: inbox },
    opened,
  ];
  for (const given of events) assert.deepEqual(verifyRelease(claimOf(given)), REFUSED, given.kind);
});

test("a checkpoint signed by another key proves nothing", () => {
  assert.deepEqual(
    verifyRelease(claimOf(event, {}, signerKey("example.com/log", new Uint8Array(32).fill(9)))),
    REFUSED,
  );
  assert.deepEqual(
    verifyRelease(claimOf(event, {}, signerKey("example.com/other", new Uint8Array(32).fill(1)))),
    REFUSED,
  );
});
