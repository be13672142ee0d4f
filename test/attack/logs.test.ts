/**
 * A log for each body. The attackers: somebody who is signed in and asks for another body's entries; a server that shows
 * one log where another was asked for, all of them signed by the same key; a process that writes an event into the log of
 * a body that it is not of.
 */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import type pg from "pg";
import { list, open } from "../../demo/by-id.ts";
import { parseBundle } from "../../src/domain/log/bundle.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { personCommitment, idsRoot } from "../../src/domain/log/commit.ts";
import { encodeEntry, parseEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { EVENTS } from "../../src/domain/log/event-kinds.ts";
import { HOST, keyOfLog, mayHaveLog, mayStandIn, signerOfLog, vkeyOfLog } from "../../src/domain/log/names.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof } from "../../src/domain/log/proof.ts";
import { checkReceipt } from "../../src/domain/log/receipt-check.ts";
import { verifyRelease } from "../../src/domain/log/release-proof.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { encodeReceiptFile } from "../../src/domain/receipt/file.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import { toHex } from "../../src/domain/bytes.ts";
import { lookAt } from "../../src/domain/verify/look.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import { auditLog } from "../../src/member/flows/audit.ts";
import type { Kept } from "../../src/member/member.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import { sha } from "../../src/cli/verify/verify.ts";
import { untilThere } from "../support/in-time.ts";
import { BODY, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

const OTHER = "eastvale";
let t: StaffedWorld;
let db: pg.Client;
let inbox: string;

before(async () => {
  t = await staffedWorld({
    limits: { submissionsPerMinute: 100_000, signInsPerMinute: 10_000, requestsPerMinute: 100_000 },
  });
  db = await t.attacker();
  inbox = await t.inboxOf(t.forms.complaint);
  const { submission } = await t.write(t.forms.complaint, letterTo("complaint"));
  const owner = await t.visit(t.person("owner", 0, BODY));
  await list(owner, BODY, inbox);
  await open(owner, BODY, inbox, submission);
  await signed();
});
after(async () => {
  await db?.end();
  await t?.stop();
});

const BEHIND =
  "SELECT WHERE EXISTS (SELECT FROM head WHERE signed_size <> size) OR EXISTS (SELECT FROM event WHERE leaf IS NULL AND aside IS NULL)";
const signed = async (): Promise<void> =>
  void (await untilThere(async () => (await db.query(BEHIND)).rowCount === 0, "signed logs"));

const ENTRIES = {
  [HOST]: "/api/log/tile/entries",
  [BODY]: `/api/bodies/${BODY}/log/tile/entries`,
  [OTHER]: `/api/bodies/${OTHER}/log/tile/entries`,
} as const;

async function sizeOf(whose: string): Promise<number> {
  return Number((await db.query("SELECT signed_size AS size FROM head WHERE body = $1", [whose])).rows[0].size);
}

test("the entries of a body are for its own owners and auditors, over HTTP, and for nobody else", async () => {
  const people = [
    ["operator at the host", undefined, [200, 403, 403]],
    ["owner", BODY, [200, 200, 403]],
    ["deputy owner", BODY, [200, 200, 403]],
    ["auditor", BODY, [200, 200, 403]],
    ["case officer", BODY, [403, 403, 403]],
    ["colleague without a grant", BODY, [403, 403, 403]],
    ["owner", OTHER, [200, 403, 200]],
    ["deputy owner", OTHER, [200, 403, 200]],
  ] as const;
  for (const [part, body, expected] of people) {
    const visit = await t.visit(t.person(part, 0, body));
    await signed();
    const seen: number[] = [];
    for (const whose of [HOST, BODY, OTHER] as const) {
      const width = Math.min(256, await sizeOf(whose));
      const path = `${ENTRIES[whose]}/000${width === 256 ? "" : `.p/${width}`}`;
      const response = await fetch(t.config.staffOrigin + path, { headers: { cookie: visit.client.cookie() } });
      seen.push(response.status);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.status !== 200) continue;
      // Whatever is handed out is of that log, to the last entry.
      const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? new Uint8Array(gunzipSync(bytes)) : bytes;
      const entries = parseBundle(plain).map(parseEntry);
      assert.equal(entries.length, width);
      for (const entry of entries) assert.ok(mayStandIn(entry, whose), `${part}: ${entry.kind} in ${whose}`);
    }
    assert.deepEqual(seen, expected, `${part} ${body ?? ""}`);
  }
  for (const path of Object.values(ENTRIES))
    assert.equal((await fetch(`${t.config.staffOrigin}${path}/000.p/1`)).status, 401);
});

test("the host's log names nothing and nobody of a body; each body's log holds its own alone", async () => {
  const { rows } = await db.query<{ body: string; entry: Buffer }>(
    "SELECT body, entry FROM event WHERE leaf IS NOT NULL",
  );
  const names = await db.query<{ name: string }>(
    "SELECT id::text AS name FROM body UNION SELECT inbox FROM epoch_key UNION SELECT form FROM form_version UNION SELECT id FROM account UNION SELECT incident FROM incident_act UNION SELECT id FROM submission",
  );
  assert.ok(rows.some(({ body }) => body === BODY) && rows.some(({ body }) => body === OTHER));
  for (const { body, entry: bytes } of rows) {
    const entry = parseEntry(new Uint8Array(bytes));
    assert.ok(mayStandIn(entry, body), `${entry.kind} stands in the log of ${body || "the host"}`);
    if (body !== HOST) continue;
    assert.ok(EVENTS[entry.kind].log !== "body");
    for (const { name } of names.rows)
      assert.ok(!JSON.stringify(Object.values(entry)).includes(`"${name}"`), `${entry.kind} names ${name}`);
  }
});

/** Somebody who has seen nothing yet, at a server that answers another address than the one that was asked. */
function misled(visit: Visit, by: Visit, from: RegExp, to: string) {
  const kept = new Map<string, Kept>();
  const send: Visit["send"] = (asked) =>
    from.test(asked.path) ? by.send({ ...asked, path: asked.path.replace(from, to) }) : visit.send(asked);
  const memory = {
    read: (whose: string) => kept.get(whose) ?? null,
    keep: (whose: string, seen: Kept) => void kept.set(whose, seen),
    alone: <T>(work: () => Promise<T>) => work(),
  };
  return { member: { setup: visit.setup, api: makeApi(send), hands: directHands(), memory }, kept };
}

test("a server that shows one log where another was asked for is refused, from the first visit", async () => {
  const [mine, theirs] = [await t.visit(t.person("owner", 0, BODY)), await t.visit(t.person("owner", 0, OTHER))];
  await signed();
  const at = (body: string): string => `/api/bodies/${body}/log/audit`;
  const lies: readonly (readonly [Visit, Visit, string, string, string])[] = [
    [mine, theirs, BODY, at(BODY), at(OTHER)],
    [mine, mine, BODY, at(BODY), "/api/log/audit"],
    [mine, mine, HOST, "/api/log/audit", at(BODY)],
    [theirs, mine, OTHER, at(OTHER), at(BODY)],
  ];
  for (const [visit, by, whose, asked, answered] of lies) {
    const { member, kept } = misled(visit, by, new RegExp(`^${asked}`), answered);
    await assert.rejects(auditLog(member, whose), { code: "LOG_REFUSED" }, `${asked} → ${answered}`);
    assert.equal(kept.size, 0, "nothing of it is kept");
    const honest = misled(visit, by, /^never/, "");
    const found = await auditLog(honest.member, whose);
    assert.equal(found?.logKey, vkeyOfLog(visit.setup.logKey, whose));
  }
});

// One key signs all: only the name tells them apart. So the very entry that is wanted, in a tree of its own, is signed
// under each other name, and every reader refuses it.
const host = signerKey("host.example/log", randomBytes(32));
const HOST_KEY = formatVerifierKey(host.verifier);

function provenUnder(whose: string, entry: Uint8Array): string {
  const signer = signerOfLog(host, whose);
  const checkpoint = signCheckpoint({ origin: signer.name, size: 1, root: leafHash(entry), extensions: [] }, signer);
  return encodeProof({ index: 0, hashes: [], checkpoint });
}
const entryOf = (event: LogEvent): Uint8Array => encodeEntry({ ...event, at: 1 }, randomBytes(32));
const OTHERS = [HOST, OTHER] as const;

test("a release is not proved by another body's checkpoint, nor by the host's", () => {
  const [personSalt, idsSalt, id] = [randomBytes(32), randomBytes(32), "1".repeat(32)];
  const entry = entryOf({
    kind: "letter.released",
    body: BODY,
    inbox: id,
    count: 1,
    ids: idsRoot(idsSalt, [id]),
    reader: personCommitment(personSalt, id),
    role: "reader",
    purpose: "open",
    release: id,
  });
  const verify = (whose: string) =>
    verifyRelease({
      proof: provenUnder(whose, entry),
      entry,
      personSalt,
      idsSalt,
      ids: [id],
      demanded: { these: [id] },
      person: id,
      role: "reader",
      purpose: "open",
      body: BODY,
      inbox: id,
      release: id,
      logKey: vkeyOfLog(HOST_KEY, BODY),
    });
  assert.equal(verify(BODY).ok, true);
  for (const other of OTHERS) assert.equal(verify(other).ok, false, other);
});

test("a receipt holds under its body's log alone, whichever key is given", () => {
  const hash = "ab".repeat(32);
  const entry = entryOf({
    kind: "submission.received",
    body: BODY,
    inbox: "1".repeat(32),
    epoch: 1,
    formHash: hash,
    submission: "2".repeat(32),
    slip: hash,
    letter: hash,
    size: 4096,
    path: "browser",
    commitment: hash,
  });
  const check = (whose: string, key: string): boolean =>
    checkReceipt(
      encodeReceiptFile(
        {
          kind: "receipt",
          logKey: key,
          entry,
          answers: { nonce: randomBytes(32), reply: randomBytes(32) },
          decided: null,
          proof: provenUnder(whose, entry),
        },
        [],
      ),
      key,
      null,
      String,
    ).every(({ verdict }) => verdict !== "fails");
  for (const key of [HOST_KEY, vkeyOfLog(HOST_KEY, BODY)]) {
    assert.equal(check(BODY, key), true, key);
    for (const other of OTHERS) assert.equal(check(other, key), false, `${other} by ${key}`);
  }
  assert.equal(check(BODY, vkeyOfLog(HOST_KEY, OTHER)), false, "another body's key");
});

test("an entry of one body in the log of another, or of the host, is a finding of whoever looks", () => {
  const started = entryOf({ kind: "session.started", body: BODY, person: "ab".repeat(32), role: "owner" });
  const look = (whose: string): readonly { readonly what: string }[] => {
    const bytes = new Uint8Array(2 + started.length);
    new DataView(bytes.buffer).setUint16(0, started.length);
    bytes.set(started, 2);
    const job = { whose, origin: "x", size: 300, since: null };
    // The first entry of any log is its beginning: this one is looked at behind it.
    return lookAt({ ...job, index: 1, bytes, tile: leafHash(started) }, sha).says;
  };
  assert.deepEqual(look(BODY), []);
  for (const other of OTHERS) assert.match(look(other)[0]!.what, /it is of the body harrowmere, whose log is another/);
});

test("no two logs of one key have the same name, whatever a body is called", () => {
  for (const taken of ["1", "42", "tile", "checkpoint", "next", "first", "audit", "", "A", "a/b"])
    assert.equal(mayHaveLog(taken), false, taken);
  const named = [host, signerKey(`${host.name}/1`, randomBytes(32))].flatMap(({ verifier }) =>
    [HOST, BODY, OTHER].map((whose) => keyOfLog(verifier, whose).name),
  );
  assert.equal(new Set(named).size, named.length);
});

test("an event for another body than it names is set aside, and is in no log", async () => {
  const staff = new (await import("pg")).default.Client({
    connectionString: t.world.databaseUrl("pb_staff"),
    options: "-c search_path=pillarbox",
  });
  await staff.connect();
  const at = Date.now();
  const put = async (event: LogEvent): Promise<number> =>
    (
      await staff.query<{ id: number }>("INSERT INTO event (at, kind, entry) VALUES ($1, $2, $3) RETURNING id", [
        at,
        event.kind,
        encodeEntry({ ...event, at }, randomBytes(32)),
      ])
    ).rows[0]!.id;
  const said = { code: "REFUSED_ROLE", reader: toHex(randomBytes(32)), role: "owner" } as const;
  const ids = [
    await put({ kind: "release.refused", body: OTHER, inbox, ...said }),
    await put({ kind: "session.started", body: "nobody", person: said.reader, role: "owner" }),
  ];
  const own = await put({ kind: "release.refused", body: BODY, inbox, ...said });
  await signed();
  const { rows } = await db.query<{ aside: string | null; body: string }>(
    "SELECT aside, body FROM event WHERE id = ANY($1) ORDER BY id",
    [[...ids, own]],
  );
  assert.deepEqual(rows, [
    { aside: "not-theirs", body: HOST },
    { aside: "not-theirs", body: HOST },
    { aside: null, body: BODY },
  ]);
  await staff.end();
});
