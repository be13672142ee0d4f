/**
 * Erasure in a whole installation: asked, refused, granted, certified; nothing is left that could be read, and each
 * thing that somebody does by hand afterwards is named.
 */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { readIfThere } from "../support/files.ts";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type pg from "pg";
import { list, open } from "../../demo/by-id.ts";
import type { Erasure } from "../../src/contract/erasure.ts";
import { draftSigned } from "../../src/domain/log/act.ts";
import { erase, keep } from "../../src/member/flows/erasing.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { keysOf } from "../support/by-hand.ts";
import { formKey, sealFields } from "../../demo/writing/send.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import { verifyCertificate } from "../../src/domain/log/certificate.ts";
import { toHex } from "../../src/domain/bytes.ts";
import { backupsUntil } from "../../src/domain/log/erasure.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { ADDED, ADDITION_HASH, additionForm } from "../../src/domain/form/addition.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { ADDITION_TYPE, encodeAddition } from "../../src/domain/receipt/adding.ts";
import { bindingOf } from "../../src/domain/receipt/binding.ts";
import { receiptSignIn } from "../../src/domain/receipt/keys.ts";
import { parseStatus } from "../../src/domain/receipt/status.ts";
import { toldOf } from "../../src/domain/receipt/told.ts";
import { encodeSubmission, SUBMISSION_TYPE, type SealedSubmission } from "../../src/domain/seal/envelope.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { kindOfRecipient } from "../../src/domain/seal/age.ts";
import { sealAnswers } from "../../src/domain/seal/seal.ts";
import { askErasure, certificateOf } from "../../src/server/erasure/action.ts";
import { lastErasure } from "../../src/server/erasure/store/erasures.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/database/pool.ts";
import { assertSound } from "../support/judge.ts";
import { untilThere } from "../support/in-time.ts";
import { ran } from "../support/program.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let db: pg.Client;
/** The public process's own login: what the writer's page asks by. */
let publicly: Pool;
let inbox: string;
let owner: Visit;

before(async () => {
  t = await staffedWorld();
  db = await t.attacker();
  publicly = openPool(t.world.databaseUrl("pb_public"), 2);
  inbox = await t.inboxOf(t.forms.complaint);
  owner = await t.visit(t.person("owner", 0, BODY));
});
after(async () => {
  await publicly?.end();
  await db?.end();
  await t?.stop();
});

type Listed = Erasure;
const at = `/api/bodies/${BODY}/erasures`;
/** The receipt of each letter, as its writer has it; and what they are told by it. */
const receipts = new Map<string, Uint8Array>();
const told = (submission: string, receipt: Uint8Array | null = receipts.get(submission) ?? null) =>
  inTransaction(publicly, async (client) => {
    await client.query("SELECT set_config('pillarbox.receipt', $1, true)", [
      receipt ? toHex(receiptSignIn(receipt)) : "",
    ]);
    const found = await lastErasure(client, submission);
    if (!found) return undefined;
    const { event, ...rest } = found;
    const { persons } = await stateOf(owner, BODY);
    const granted = found.state === "granted" && event !== null;
    return { ...rest, certificate: granted ? await certificateOf(client, event, persons, new Map()) : null };
  });
const ask = (submission: string): Promise<boolean> =>
  inTransaction(publicly, (client) => askErasure(client, { body: BODY, submission }));
const listed = async (visit: Visit = owner): Promise<readonly Listed[]> =>
  ((await visit.client.get(at)).value as { readonly erasures: readonly Listed[] }).erasures;
const requestOf = async (submission: string): Promise<string> =>
  (await listed()).find((one) => one.submission === submission && one.state === "open")!.erasure;
const rowOf = async (erasure: string): Promise<Listed> => (await listed()).find((one) => one.erasure === erasure)!;
/** As somebody signs with their own key, whatever the screens let them do. */
const grantBy = async (visit: Visit, erasure: string, reason = "asked-for"): Promise<void> => {
  const { submission, additions } = await rowOf(erasure);
  const actor = { ...keysOf(visit), role: visit.me.role };
  const fields = { kind: "erasure.done", body: BODY, inbox, erasure, submission, additions, reason } as const;
  await visit.client.post(`${at}/${erasure}/grant`, { act: draftSigned<"erasure.done">(actor, fields) });
};
const sealedOf = async (submission: string): Promise<number> =>
  (await db.query("SELECT FROM sealed WHERE submission = $1", [submission])).rowCount ?? 0;

async function certificate(erasure: string, visit: Visit = owner): Promise<string> {
  await untilSigned(t.world);
  const response = await fetch(`${t.config.staffOrigin}${at}/${erasure}/certificate`, {
    headers: { cookie: visit.client.cookie() },
  });
  assert.equal(response.status, 200);
  return response.text();
}

async function written(): Promise<{ readonly sealed: SealedSubmission; readonly submission: string }> {
  const receipt = randomBytes(16);
  const sealed = await sealFields(
    t.forms.complaint,
    await formKey(t.config, t.forms.complaint),
    letterTo("complaint"),
    undefined,
    receipt,
  );
  receipts.set(sealed.submission, receipt);
  assert.equal((await sent(sealed)).status, 201);
  return { sealed, submission: sealed.submission };
}
const sent = (sealed: SealedSubmission): Promise<Response> =>
  fetch(`${t.config.publicOrigin}/submissions`, {
    method: "POST",
    headers: { "content-type": SUBMISSION_TYPE },
    body: Buffer.from(encodeSubmission(sealed)),
  });

async function erased(): Promise<{ readonly submission: string; readonly erasure: string }> {
  const { submission } = await written();
  await open(owner, BODY, inbox, submission);
  await ask(submission);
  const erasure = await requestOf(submission);
  await grantBy(owner, erasure);
  return { submission, erasure };
}

const verify = async (): Promise<Report> => {
  await untilSigned(t.world);
  return verifyLog({
    source: httpSource(`${t.config.publicOrigin}/log`),
    key: parseVerifierKey(t.config.logKey),
    entries: false,
    rows: () => openRows(t.world.databaseUrl("pb_inspect")),
  });
};

// A writer asks, an owner says no with a reason, and the writer is told it; asked again, the owner says yes, and the
// letter is gone.
test("a writer asks, is told the owner's no and its reason, asks again, and the letter is gone", async () => {
  const [{ sealed, submission }, other] = [await written(), await written()];
  await open(owner, BODY, inbox, submission);
  assert.equal((await list(owner, BODY, inbox)).length, 2);
  assert.equal(await ask(submission), true);
  assert.equal(await ask(submission), false, "asked twice is asked once");
  assert.equal((await told(submission))?.state, "open");

  const first = await requestOf(submission);
  await keep(owner, BODY, await rowOf(first), "legal-claim", "A court has asked for it.");
  const said = await told(submission);
  assert.deepEqual(
    [said?.state, said?.reason, said?.words, said?.certificate],
    ["refused", "legal-claim", "A court has asked for it.", null],
  );
  await assert.rejects(grantBy(owner, first), is("REFUSED_STATE"));
  await open(owner, BODY, inbox, submission);
  await assertSound(t.world);

  assert.equal(await ask(submission), true);
  const second = await requestOf(submission);
  await grantBy(owner, second);
  assert.equal(await sealedOf(submission), 0);
  assert.equal(await sealedOf(other.submission), 2);
  await assert.rejects(open(owner, BODY, inbox, submission), is("ERASED"));
  assert.deepEqual(
    (await list(owner, BODY, inbox)).map((slip) => slip.submission),
    [other.submission],
  );
  const epochs = (
    (await owner.client.get(`/api/bodies/${BODY}/inboxes`)).value as {
      inboxes: { inbox: string; epochs: { received: number; erased: number }[] }[];
    }
  ).inboxes.find((one) => one.inbox === inbox)!.epochs;
  assert.deepEqual(
    epochs.map(({ received, erased: gone }) => [received, gone]),
    [[1, 1]],
  );
  // Nothing is left that says which letter was read by whom, and no word that was written about it.
  assert.equal(
    (
      await db.query(
        "SELECT FROM release_item i JOIN release r ON r.id = i.release WHERE i.submission = $1 AND r.purpose = 'open'",
        [submission],
      )
    ).rowCount,
    0,
  );
  assert.deepEqual(
    (await listed()).filter((one) => one.submission === submission).map((one) => one.words),
    [null, null],
  );

  // The same bytes sent again get the same answer and bring nothing back; nobody asks for what is gone.
  assert.ok((await sent(sealed)).ok);
  assert.equal(await sealedOf(submission), 0);
  assert.equal(await ask(submission), false);
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
  assert.match(report.looked.join("\n"), /1 letters that were erased/);
  await assertSound(t.world);
});

// The certificate is the log's own word, the same for owner, auditor and writer, and checked by the command.
test("the certificate is the log's own word, the same for owner, auditor and writer", async () => {
  const { submission, erasure } = await erased();
  const text = await certificate(erasure);
  const key = parseVerifierKey(t.config.logKey);
  const { entry } = verifyCertificate(text, key);
  assert.deepEqual(
    [entry.submission, entry.erasure, entry.parts, entry.releases, entry.reason],
    [submission, erasure, 2, 1, "asked-for"],
  );
  assert.equal(entry.backupsUntil, backupsUntil(entry.at, 35));
  assert.match(text, /from live storage[^]*Until the day named above a backup can hold/);
  assert.equal(await told(submission, null), undefined, "without the receipt nothing is told");
  assert.equal(await told(submission, randomBytes(16)), undefined, "nor with another's");
  const theirs = (await told(submission))?.certificate;
  assert.equal(verifyCertificate(theirs ?? "", key).entry.nonce, entry.nonce);
  const file = join(t.world.data, "certificate.txt");
  const command = (...args: string[]) => ran(join(t.config.root, "src/cli/main.ts"), ["verify-certificate", ...args]);
  writeFileSync(file, text);
  const good = await command(file, "--log-key", t.config.logKey);
  assert.deepEqual([good.status, good.stderr], [0, ""]);
  assert.match(good.stdout, /Holds: this is entry/);
  writeFileSync(file, text.replace("asked-for", "not-lawful"));
  const bad = await command(file, "--log-key", t.config.logKey);
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /Does not hold: the words are not what the log says/);
  assert.match((await command(file)).stderr, /--log-key/);
  const auditor = await t.visit(t.person("auditor"));
  assert.equal(verifyCertificate(await certificate(erasure, auditor), key).entry.nonce, entry.nonce);
});

// What was added to a letter is erased with it, the certificate names it, the status says so, and nothing can be added
// any more.
test("what was added to a letter is erased with it, and nothing can be added any more", async () => {
  const { submission } = await written();
  const receipt = receipts.get(submission)!;
  const post = (path: string, body: BodyInit, type = "application/json"): Promise<Response> =>
    fetch(t.config.publicOrigin + path, { method: "POST", headers: { "content-type": type }, body });
  const adding = async (text: string): Promise<{ readonly id: string; readonly send: () => Promise<Response> }> => {
    const checked = checkAnswers(additionForm, { [ADDED]: text });
    assert.ok(checked.ok);
    const { inbox: here, epoch, recipient } = await formKey(t.config, t.forms.complaint);
    const id = newId();
    const context = {
      form: t.forms.complaint.id,
      formHash: ADDITION_HASH,
      inbox: here,
      epoch,
      submission: id,
      first: submission,
    };
    const sealed = await sealAnswers(
      checked.answers,
      {},
      context,
      await bindingOf(receipt, id, kindOfRecipient(recipient)),
      recipient,
    );
    return {
      id,
      send: () =>
        post(
          "/status/additions",
          Buffer.from(encodeAddition(receiptSignIn(receipt), encodeSubmission(sealed))),
          ADDITION_TYPE,
        ),
    };
  };
  const [before, meanwhile, after] = [
    await adding("It was a Tuesday."),
    await adding("And it rained."),
    await adding("One thing more."),
  ];
  assert.equal((await before.send()).status, 201);
  await ask(submission);
  assert.equal((await meanwhile.send()).status, 201, "what is only asked for hinders nobody");
  const erasure = await requestOf(submission);
  await grantBy(owner, erasure);
  for (const id of [submission, before.id, meanwhile.id]) assert.equal(await sealedOf(id), 0);
  await assert.rejects(open(owner, BODY, inbox, before.id), is("ERASED"));

  const refused = await after.send();
  assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [410, "LETTER_ERASED"]);
  assert.equal((await db.query("SELECT FROM submission WHERE id = $1", [after.id])).rowCount, 0);
  assert.ok((await before.send()).ok, "the same bytes again get the answer that they had");
  assert.equal(await sealedOf(before.id), 0, "and bring nothing back");

  const { entry } = verifyCertificate(await certificate(erasure), parseVerifierKey(t.config.logKey));
  assert.deepEqual(
    [entry.submission, entry.parts, [...entry.additions].sort()],
    [submission, 6, [before.id, meanwhile.id].sort()],
  );
  for (const id of [before.id, meanwhile.id])
    assert.match(await certificate(erasure), new RegExp(`^Addition  ${referenceOf(id)} \\(${id}\\)$`, "m"));
  const answer = await post("/status/find", JSON.stringify({ signIn: toHex(receiptSignIn(receipt)) }));
  const sections = toldOf(parseStatus(new Uint8Array(await answer.arrayBuffer()))!);
  assert.match(sections.find(({ id }) => id === "erasure")!.text!.join(" "), /erased it and what you added to it on /);
  await assertSound(t.world);
});

test("nobody but an owner of the body decides; the others leave everything as it was", async () => {
  const { submission } = await written();
  await ask(submission);
  const erasure = await requestOf(submission);
  for (const [part, body, code] of [
    ["case officer", BODY, "REFUSED_ROLE"],
    ["auditor", BODY, "REFUSED_ROLE"],
    ["operator at the host", undefined, "REFUSED_ROLE"],
    ["owner", "eastvale", "REFUSED_BODY"],
  ] as const) {
    const visit = await t.visit(t.person(part, 0, body));
    await assert.rejects(visit.client.post(`${at}/${erasure}/grant`, {}), is(code), part);
    if (visit.keys) await assert.rejects(grantBy(visit, erasure), is(code), part);
    await assert.rejects(visit.client.post(`${at}/${erasure}/refuse`, {}), is(code), part);
    if (part !== "auditor") await assert.rejects(visit.client.get(at), is(code), part);
  }
  const elsewhere = await t.visit(t.person("owner", 0, "eastvale"));
  await assert.rejects(erase(elsewhere, "eastvale", await rowOf(erasure), "asked-for"), is("ERASURE_UNKNOWN"));
  await assert.rejects(grantBy(owner, erasure, "because"), is("BAD_REQUEST"));
  await assert.rejects(owner.client.post(`${at}/${erasure}/refuse`, { reason: "other" }), is("BAD_REQUEST"));
  // Two owners at once: one decides.
  const deputy = await t.visit(t.person("deputy owner", 0, BODY));
  const both = await Promise.allSettled([grantBy(owner, erasure), grantBy(deputy, erasure)]);
  assert.deepEqual(both.map((one) => one.status).sort(), ["fulfilled", "rejected"]);
  await assertSound(t.world);
});

test("a reading and an erasure at once: all of the letter came, or none, and the log agrees", async () => {
  for (let round = 0; round < 6; round++) {
    const { submission } = await written();
    await ask(submission);
    const erasure = await requestOf(submission);
    const [, read] = await Promise.allSettled([grantBy(owner, erasure), open(owner, BODY, inbox, submission)]);
    if (read.status === "rejected") assert.ok(is("ERASED", "RELEASE_UNKNOWN")(read.reason), String(read.reason));
  }
  await assertSound(t.world);
});

// The sealed bytes are in the database's files and its write-ahead log until they are erased, and soon after in none.
test("sealed bytes are in the database's files until they are erased, and soon after in none", async () => {
  const unswept = "SELECT FROM erasure WHERE state = 'granted' AND swept_at IS NULL";
  const swept = async (): Promise<void> =>
    void (await untilThere(async () => (await db.query(unswept)).rowCount === 0, "the end of what was erased"));
  await swept();
  const { sealed, submission } = await written();
  const other = await written();
  await db.query("CHECKPOINT");
  // Long enough to be of this letter alone, short enough to lie within one piece of it. Several, because the
  // write-ahead log cuts what it holds wherever one of its pages ends: at most one of them can be cut so.
  const [needles, otherNeedles] = [sealed, other.sealed].map(({ letter }) =>
    [400, 700, 1000].map((from) => Buffer.from(letter.subarray(from, from + 64))),
  );
  const directory = (await db.query<{ at: string }>("SELECT current_setting('data_directory') AS at")).rows[0]!.at;
  assert.deepEqual(
    found(directory, needles!)
      .map((file) => file.split("/")[0])
      .filter((part, i, all) => all.indexOf(part) === i)
      .sort(),
    ["base", "pg_wal"],
  );
  await ask(submission);
  await grantBy(owner, await requestOf(submission));
  await swept();
  // What the shared memory still held of the old files is gone with them.
  await db.query("CHECKPOINT");
  assert.deepEqual(found(directory, needles!), []);
  assert.ok(
    found(directory, otherNeedles!).some((file) => file.startsWith("base/")),
    "and the others are where they were",
  );
  await assertSound(t.world);
});

/** The files of a directory, by their names in it, that hold one of these. */
function found(directory: string, needles: readonly Buffer[]): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const held = readIfThere(file);
      return held !== null && needles.some((needle) => held.includes(needle));
    })
    .map((file) => file.slice(directory.length + 1));
}

// The attacker on the rows: marked by hand, brought back, erased without an event, an event without erasing, a reading
// that was made to forget.
test("the attacker on the rows: each erasure by hand, undone or half done, is named", async () => {
  const { sealed, submission } = await written();
  const gone = await erased();
  await open(owner, BODY, inbox, submission);
  const during = async (
    attack: readonly [string, unknown[]?][],
    undo: readonly [string, unknown[]?][],
    ...wanted: RegExp[]
  ): Promise<void> => {
    await untilSigned(t.world);
    await db.query("BEGIN");
    for (const [sql, values] of attack) await db.query(sql, values ?? []);
    await db.query("COMMIT");
    try {
      const said = (await verify()).findings.map(({ wrong, what }) => `${wrong}: ${what}`);
      for (const one of wanted)
        assert.ok(
          said.some((line) => one.test(line)),
          `${one} in\n${said.join("\n")}`,
        );
      await assert.rejects(assertSound(t.world));
    } finally {
      await db.query("BEGIN");
      for (const [sql, values] of undo) await db.query(sql, values ?? []);
      await db.query("COMMIT");
    }
  };
  const mark = (id: string, how: string): [string, unknown[]] => [
    `UPDATE submission SET erased_at = ${how} WHERE id = $1`,
    [id],
  ];
  await during(
    [mark(submission, "now()")],
    [mark(submission, "NULL")],
    new RegExp(`the submission ${submission} is marked as erased, and no event says so`),
  );
  const part = (id: string): [string, unknown[]] => [
    "INSERT INTO sealed (submission, part, bytes) VALUES ($1, 'letter', $2)",
    [id, Buffer.from(sealed.letter)],
  ];
  const without = (id: string): [string, unknown[]] => ["DELETE FROM sealed WHERE submission = $1", [id]];
  await during(
    [part(gone.submission)],
    [without(gone.submission)],
    new RegExp(`it says that submission ${gone.submission} was erased, and sealed bytes of it are there`),
  );
  await during(
    [mark(gone.submission, "NULL"), part(gone.submission)],
    [without(gone.submission), mark(gone.submission, "now()")],
    new RegExp(`submission ${gone.submission} was erased, and its row does not`),
  );
  const back: [string, unknown[]] = [
    "INSERT INTO sealed (submission, part, bytes) VALUES ($1, 'slip', $2), ($1, 'letter', $3)",
    [submission, Buffer.from(sealed.slip), Buffer.from(sealed.letter)],
  ];
  await during([without(submission)], [back], new RegExp(`sealed bytes of submission ${submission} are not there`));
  await during(
    [without(submission), mark(submission, "now()")],
    [back, mark(submission, "NULL")],
    /is marked as erased, and no event says so/,
  );
  // Which reading was of which letter is forgotten by an erasure only, and each is counted.
  const {
    rows: [release],
  } = await db.query<{ id: string; ids_salt: Buffer }>(
    "SELECT id, ids_salt FROM release WHERE purpose = 'open' AND ids_salt IS NOT NULL LIMIT 1",
  );
  const {
    rows: [item],
  } = await db.query<{ submission: string }>("SELECT submission FROM release_item WHERE release = $1", [release!.id]);
  await during(
    [
      ["UPDATE release SET ids_salt = NULL WHERE id = $1", [release!.id]],
      ["DELETE FROM release_item WHERE release = $1", [release!.id]],
    ],
    [
      ["UPDATE release SET ids_salt = $2 WHERE id = $1", [release!.id, release!.ids_salt]],
      ["INSERT INTO release_item VALUES ($1, $2)", [release!.id, item!.submission]],
    ],
    /more readings have lost their salt than erasures have taken/,
  );
  await during(
    [["UPDATE erasure SET state = 'refused', reason = 'other' WHERE id = $1", [gone.erasure]]],
    [["UPDATE erasure SET state = 'granted', reason = 'asked-for' WHERE id = $1", [gone.erasure]]],
    /the row of the request for erasure .* says something else/,
  );
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
  await assertSound(t.world);

  // An event in the log that nothing was done for stays there for ever: so it comes last.
  const invented = {
    kind: "erasure.done",
    body: BODY,
    inbox,
    erasure: newId(),
    submission,
    by: "0".repeat(64),
    role: "owner",
    reason: "asked-for",
    additions: [],
    parts: 2,
    releases: 0,
    backupsUntil: 0,
    at: 1,
  } as const;
  const inventing = "INSERT INTO event (at, kind, entry) VALUES (1, 'erasure.done', $1)";
  const entry = encodeEntry(invented, randomBytes(32));
  await assert.rejects(db.query(inventing, [entry]), /needs its signed act/);
  // Whoever owns the database puts that out of the way.
  await db.query("SET session_replication_role = replica");
  await db.query(inventing, [entry]);
  await db.query("SET session_replication_role = origin");
  const said = (await verify()).findings.map(({ what }) => what).join("\n");
  assert.match(said, /there is no request for erasure/);
  assert.match(said, /nobody signed it/);
  assert.match(said, new RegExp(`submission ${submission} was erased, and its row does not`));
  await assert.rejects(assertSound(t.world), /says the opposite/);
});
