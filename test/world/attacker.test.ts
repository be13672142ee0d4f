/**
 * The attacker owns the database: every row may be written, changed or deleted by hand. Nothing that is read by it
 * opens, and everybody who would use it says so.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type pg from "pg";
import { inboxIn, list, open } from "../../demo/by-id.ts";
import { takeKeys } from "../../src/member/flows/reading.ts";
import { loadWorld, rowsOfPeople, stateOf } from "../../src/member/flows/world.ts";
import { formKey } from "../../demo/writing/send.ts";
import { draftForm } from "../../src/domain/grant/drafts.ts";
import { parseStatement, signStatement, statementHash } from "../../src/domain/grant/statement.ts";
import { newPersonKeys } from "../../src/domain/person/keys.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let db: pg.Client;
let inbox: string;
let submission: string;

before(async () => {
  t = await staffedWorld();
  db = await t.attacker();
  inbox = await t.inboxOf(t.forms.complaint);
  submission = (await t.write(t.forms.complaint, letterTo("complaint", "sealedword"))).submission;
});
after(async () => {
  await db?.end();
  await t?.stop();
});
// Each test begins from the honest rows; an honest server is one that has just been started on them.
beforeEach(async () => {
  await db.query("ROLLBACK").catch(() => {});
});

const key = () => formKey(t.config, t.forms.complaint);
const lastStatement = async () =>
  (
    await db.query<{ seq: number; bytes: Buffer; signature: Buffer }>(
      "SELECT * FROM statement WHERE body = $1 ORDER BY seq DESC LIMIT 1",
      [BODY],
    )
  ).rows[0]!;

/** Runs an attack on the rows and undoes it; the servers see it as committed. */
async function during(
  attack: string,
  values: unknown[],
  undo: [string, unknown[]][],
  check: () => Promise<void>,
): Promise<void> {
  await db.query(attack, values);
  try {
    await check();
  } finally {
    for (const [sql, given] of undo) await db.query(sql, given);
  }
}

// An own key in place of the inbox's is not sealed to, by the server's word or by the page's check.
test("an own key in place of the inbox's is not sealed to, by server or page (T1)", async () => {
  const mine = await newIdentity("hybrid");
  const { rows } = await db.query<{ recipient: string }>(
    "SELECT recipient FROM epoch_key WHERE inbox = $1 AND epoch = 1",
    [inbox],
  );
  await during(
    "UPDATE epoch_key SET recipient = $2 WHERE inbox = $1 AND epoch = 1",
    [inbox, mine.recipient],
    [["UPDATE epoch_key SET recipient = $2 WHERE inbox = $1 AND epoch = 1", [inbox, rows[0]!.recipient]]],
    async () => {
      await assert.rejects(key(), is("CHAIN_BROKEN"));
    },
  );
  await key();
});

// A statement that no owner signed stops everything that depends on it: a reader, an epoch, a form.
test("a statement that no owner signed stops everything that depends on it", async () => {
  const last = await lastStatement();
  const before = parseStatement(new Uint8Array(last.bytes));
  const mallory = await newPersonKeys(newId(), "hybrid");
  const head = {
    installation: before.installation,
    body: BODY,
    seq: last.seq + 1,
    prev: statementHash(new Uint8Array(last.bytes)),
    at: Date.now(),
  };
  const owner = t.person("owner", 0, BODY).person;
  const acts = [
    {
      kind: "person.confirmed",
      person: mallory.person,
      role: "owner",
      signingKey: mallory.signingKey,
      recipientHash: recipientHash(mallory.recipient),
      details: randomBytes(32),
    },
    {
      kind: "inbox.key",
      inbox,
      epoch: 2,
      recipientHash: recipientHash(mallory.recipient),
      holders: [
        { person: owner, wrap: randomBytes(32) },
        { person: t.person("deputy owner", 0, BODY).person, wrap: randomBytes(32) },
      ],
    },
    {
      kind: "form.published",
      form: "police-complaint",
      version: 2,
      formHash: randomBytes(32),
      inbox,
      state: "open",
      browserOnly: false,
    },
  ] as const;
  for (const act of acts) {
    for (const actor of [owner, mallory.person]) {
      const forged = signStatement({ ...head, actor, ...act }, mallory.signingSecret);
      await during(
        "INSERT INTO statement VALUES ($1, $2, $3, $4)",
        [BODY, last.seq + 1, forged.bytes, forged.signature],
        [["DELETE FROM statement WHERE body = $1 AND seq = $2", [BODY, last.seq + 1]]],
        async () => {
          await assert.rejects(key(), is("CHAIN_BROKEN"), `${act.kind}: the form's key`);
          const sealed = await fetch(`${t.config.publicOrigin}/forms/${t.forms.complaint.id}`);
          assert.equal(sealed.status, 503, `${act.kind}: the form's page`);
          await assert.rejects(
            t.visit(t.person("owner", 0, BODY)).then((visit) => stateOf(visit, BODY)),
            is("CHAIN_BROKEN"),
            `${act.kind}: the staff pages`,
          );
        },
      );
    }
  }
  await key();
});

test("a person row that was changed, and a reader who was written in, receive nothing (T2, T11)", async () => {
  const colleague = t.person("colleague without a grant");
  await during(
    "UPDATE account SET role = 'owner' WHERE id = $1",
    [colleague.person],
    [["UPDATE account SET role = 'reader' WHERE id = $1", [colleague.person]]],
    async () => {
      const visit = await t.visit(colleague);
      // An owner by the row would read the log first, and gets neither that nor a letter.
      await assert.rejects(list(visit, BODY, inbox), is("REFUSED_ROLE"));
      await assert.rejects(visit.client.get(`/api/bodies/${BODY}/log`), is("REFUSED_ROLE"));
    },
  );
  const officer = t.person("case officer");
  const mine = await newIdentity("hybrid");
  const honest = officer.joining!.recipient;
  await during(
    "UPDATE account SET recipient = $2 WHERE id = $1",
    [officer.person, mine.recipient],
    [["UPDATE account SET recipient = $2 WHERE id = $1", [officer.person, honest]]],
    async () => {
      const owner = await t.visit(t.person("owner", 0, BODY));
      const world = await loadWorld(owner, { id: BODY, name: "" });
      assert.throws(() => rowsOfPeople(world, [officer.person]), is("PERSON_MISMATCH"));
      await assert.rejects(t.grant(t.forms.complaint, [officer]), is("PERSON_MISMATCH"));
    },
  );
});

test("a wrapped key that was written in, exchanged or moved is refused by its reader (T6)", async () => {
  const owner = t.person("owner", 0, BODY);
  const visit = await t.visit(owner);
  const found = await inboxIn(visit, BODY, inbox);
  const { rows } = await db.query<{ bytes: Buffer }>(
    "SELECT bytes FROM wrap WHERE inbox = $1 AND person = $2 AND epoch = 1",
    [inbox, owner.person],
  );
  const forged = await ageSeal([owner.joining!.recipient], new Uint8Array(300));
  const other = (
    await db.query<{ bytes: Buffer }>("SELECT bytes FROM wrap WHERE inbox <> $1 AND person = $2 AND epoch = 1", [
      inbox,
      owner.person,
    ])
  ).rows[0]!.bytes;
  for (const bytes of [forged, other]) {
    await during(
      "UPDATE wrap SET bytes = $3 WHERE inbox = $1 AND person = $2 AND epoch = 1",
      [inbox, owner.person, bytes],
      [
        [
          "UPDATE wrap SET bytes = $3 WHERE inbox = $1 AND person = $2 AND epoch = 1",
          [inbox, owner.person, rows[0]!.bytes],
        ],
      ],
      async () => {
        await assert.rejects(takeKeys(visit, found), is("WRAP_MISMATCH"));
      },
    );
  }
  const colleague = t.person("colleague without a grant");
  await during(
    "INSERT INTO wrap VALUES ($1, 1, $2, $3)",
    [inbox, colleague.person, rows[0]!.bytes],
    [["DELETE FROM wrap WHERE inbox = $1 AND person = $2", [inbox, colleague.person]]],
    async () => {
      const theirs = await t.visit(colleague);
      await assert.rejects(takeKeys(theirs, await inboxIn(theirs, BODY, inbox)), is("WRAP_MISMATCH"));
      await assert.rejects(open(theirs, BODY, inbox, submission), is("WRAP_MISMATCH"));
      const asking = { inbox, purpose: "open", submissions: [submission] } as const;
      await assert.rejects(theirs.api.release(BODY, asking), is("REFUSED_NO_GRANT"));
    },
  );
});

// A letter that was exchanged for another, or moved to another form, is not shown as what it is not.
test("a letter that was exchanged or moved is not shown as what it is not (T6)", async () => {
  const visit = await t.visit(t.person("owner", 0, BODY));
  const second = (await t.write(t.forms.complaint, letterTo("complaint", "another"))).submission;
  const bytesOf = async (id: string): Promise<Buffer> =>
    (await db.query<{ bytes: Buffer }>("SELECT bytes FROM sealed WHERE submission = $1 AND part = 'letter'", [id]))
      .rows[0]!.bytes;
  const [first, other] = [await bytesOf(submission), await bytesOf(second)];
  const set = "UPDATE sealed SET bytes = $2 WHERE submission = $1 AND part = 'letter'";
  await during(set, [submission, other], [[set, [submission, first]]], () =>
    assert.rejects(open(visit, BODY, inbox, submission), is("NOT_AS_RECEIVED")),
  );
  const flipped = Buffer.from(first);
  flipped[flipped.length - 40]! ^= 1;
  await during(set, [submission, flipped], [[set, [submission, first]]], () =>
    assert.rejects(open(visit, BODY, inbox, submission), is("NOT_AS_RECEIVED")),
  );
  assert.match(JSON.stringify((await open(visit, BODY, inbox, submission)).rows), /sealedword/);
});

// A release row that nobody logged releases nothing, and one that points at another event proves nothing.
test("a release that nobody logged releases nothing, and another event proves nothing (T12)", async () => {
  const colleague = t.person("colleague without a grant");
  const visit = await t.visit(colleague);
  const release = newId();
  const { rows } = await db.query<{ id: number }>("SELECT max(id) AS id FROM event WHERE kind = 'session.started'");
  await db.query(
    "INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at) VALUES ($1, $2, $3, $4, $5, 'open', 'letter', $6, now() + interval '5 minutes')",
    [release, rows[0]!.id, BODY, inbox, colleague.person, randomBytes(32)],
  );
  await db.query("INSERT INTO release_item VALUES ($1, $2)", [release, submission]);
  await assert.rejects(visit.client.get(`/api/releases/${release}`), is("REFUSED_NO_GRANT"));
  const owner = await t.visit(t.person("owner", 0, BODY));
  await assert.rejects(owner.client.get(`/api/releases/${release}`), is("RELEASE_UNKNOWN"));
  await db.query("DELETE FROM release_item WHERE release = $1", [release]);
  await db.query("DELETE FROM release WHERE id = $1", [release]);
});

// Another's signed statement sent by somebody else, an old one again, or a form without bytes is refused.
test("another's signed statement, an old one again, or a form without bytes is refused", async () => {
  const owner = await t.visit(t.person("owner", 0, BODY));
  const officer = await t.visit(t.person("case officer"));
  const state = await stateOf(owner, BODY);
  const published = state.forms.get(t.forms.complaint.id)!;
  const draft = draftForm(
    state,
    owner.keys!,
    {
      form: published.form,
      formHash: published.formHash,
      inbox: published.inbox,
      state: "closed",
      browserOnly: published.browserOnly,
    },
    Date.now(),
  );
  const act = { statements: draft.statements, wraps: [], recipients: [] };
  await assert.rejects(officer.client.post(`/api/bodies/${BODY}/statements`, act), is("REFUSED_ROLE"));
  const deputy = await t.visit(t.person("deputy owner", 0, BODY));
  await assert.rejects(deputy.client.post(`/api/bodies/${BODY}/statements`, act), is("STATEMENT_INVALID"));
  const invented = draftForm(
    state,
    owner.keys!,
    { form: published.form, formHash: randomBytes(32), inbox: published.inbox, state: "open", browserOnly: false },
    Date.now(),
  );
  await assert.rejects(
    owner.client.post(`/api/bodies/${BODY}/statements`, { ...act, statements: invented.statements }),
    is("FORM_UNKNOWN"),
  );
  const { statements } = (await owner.client.get(`/api/bodies/${BODY}/chain`)).value as { statements: unknown[] };
  // The last is a grant, which is refused for want of its request before anything else; the one before it published a
  // form.
  await assert.rejects(
    owner.client.post(`/api/bodies/${BODY}/statements`, { ...act, statements: [statements.at(-2)] }),
    is("CHAIN_MOVED"),
  );
});
