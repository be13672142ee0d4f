/**
 * Acts that nobody signed: a stolen session, and rows that somebody writes as the staff process's login or as the owner
 * of the database. Each tries to erase, to ask, to grant or to be somebody without that person's key.
 */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, test } from "node:test";
import type pg from "pg";
import { isSound, linesOf, type Report } from "../../src/cli/verify/report.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import type { Erasure } from "../../src/contract/erasure.ts";
import { draftSigned, type SignedEvent } from "../../src/domain/log/act.ts";
import { verifyCertificate } from "../../src/domain/log/certificate.ts";
import { personCommitment } from "../../src/domain/log/commit.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { erase } from "../../src/member/flows/erasing.ts";
import { askErasure } from "../../src/server/erasure/action.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/database/pool.ts";
import { keysOf } from "../support/by-hand.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
/** the owner of the database */
let db: pg.Client;
let publicly: Pool;
/** the staff process's own login */
let staff: Pool;
let owner: Visit;
let inbox: string;

before(async () => {
  t = await staffedWorld();
  db = await t.attacker();
  publicly = openPool(t.world.databaseUrl("pb_public"), 1);
  staff = openPool(t.world.databaseUrl("pb_staff"), 2);
  owner = await t.visit(t.person("owner", 0, BODY));
  inbox = await t.inboxOf(t.forms.complaint);
});
after(async () => {
  await publicly?.end();
  await staff?.end();
  await db?.end();
  await t?.stop();
});

async function signed(): Promise<void> {
  const whole = "SELECT FROM head WHERE signed_size = size AND NOT EXISTS (SELECT FROM event WHERE leaf IS NULL)";
  for (let turn = 0; turn < 200; turn++) {
    if ((await db.query(whole)).rowCount === 1) return;
    await wait(50);
  }
  throw new Error("the log is not signed");
}

async function verify(): Promise<Report> {
  await signed();
  return verifyLog({
    source: httpSource(`${t.config.publicOrigin}/log`),
    key: parseVerifierKey(t.config.logKey),
    entries: false,
    rows: () => openRows(t.world.databaseUrl("pb_inspect")),
    roots: t.config.roots,
  });
}
const said = async (): Promise<string> => (await verify()).findings.map(({ what }) => what).join("\n");

const at = `/api/bodies/${BODY}/erasures`;
const sealedOf = async (submission: string): Promise<number> =>
  (await db.query("SELECT FROM sealed WHERE submission = $1", [submission])).rowCount ?? 0;

/** A letter that its writer wants to be erased. */
async function asked(): Promise<Erasure> {
  const { submission } = await t.write(t.forms.complaint, letterTo("complaint"));
  await inTransaction(publicly, (client) => askErasure(client, { submission }));
  return (await owner.api.erasures(BODY)).find((one) => one.submission === submission)!;
}

type Actor = Parameters<typeof draftSigned>[0];
const doneBy = (actor: Actor, { erasure, submission, additions }: Erasure): SignedEvent<"erasure.done"> =>
  draftSigned<"erasure.done">(actor, {
    kind: "erasure.done",
    body: BODY,
    inbox,
    erasure,
    submission,
    additions,
    reason: "asked-for",
  });
const actorOf = (visit: Visit): Actor => ({ ...keysOf(visit), role: visit.me.role });

// Whoever has the owner's cookie, and even another owner's key, and even what the owner signed about another letter,
// erases nothing with it.
test("a stolen session erases nothing: without a signature, by another key, or by another act", async () => {
  const [one, other] = [await asked(), await asked()];
  const { signingSecret: strangers } = keysOf(await t.visit(t.person("owner", 0, "eastvale")));
  const deputy = await t.visit(t.person("deputy owner", 0, BODY));
  const mine = actorOf(owner);
  const own = doneBy(mine, one);
  const attempts: readonly [unknown, string][] = [
    [{ reason: "asked-for" }, "BAD_REQUEST"],
    [{ act: { event: own.event, bySalt: own.bySalt } }, "BAD_REQUEST"],
    [{ act: { ...own, signature: new Uint8Array(64) } }, "ACT_UNSIGNED"],
    [{ act: doneBy({ ...mine, signingSecret: strangers }, one) }, "ACT_UNSIGNED"],
    [{ act: doneBy(actorOf(deputy), one) }, "ACT_UNSIGNED"],
    [{ act: { ...own, event: { ...own.event, reason: "not-lawful" } } }, "ACT_UNSIGNED"],
    [{ act: { ...own, event: { ...own.event, role: "auditor" } } }, "ACT_UNSIGNED"],
    [{ act: doneBy(mine, other) }, "ACT_MOVED"],
    [{ act: doneBy(mine, { ...one, submission: other.submission }) }, "ACT_MOVED"],
    [{ act: doneBy(mine, { ...one, additions: [newId()] }) }, "ACT_MOVED"],
  ];
  for (const [content, code] of attempts)
    await assert.rejects(owner.client.post(`${at}/${one.erasure}/grant`, content), is(code), code);
  await assert.rejects(owner.client.post(`${at}/${one.erasure}/refuse`, { act: own, words: "No." }), is("BAD_REQUEST"));
  await assert.rejects(owner.client.post(`${at}/due`, { submissions: [one.submission] }), is("BAD_REQUEST"));
  assert.deepEqual([await sealedOf(one.submission), await sealedOf(other.submission)], [2, 2]);
  assert.equal((await db.query("SELECT FROM event WHERE kind = 'erasure.done'")).rowCount, 0);
  await owner.client.post(`${at}/${one.erasure}/grant`, { act: own });
  assert.equal(await sealedOf(one.submission), 0);
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
});

// The staff process's login, in the hands of somebody else, must at least write down who is said to have signed; and
// that this is not so is found, and never certified.
test("an erasure written by hand as pb_staff needs an act, and a forged one is found", async () => {
  const one = await asked();
  const erasing = (act: boolean): Promise<void> =>
    inTransaction(staff, async (client) => {
      const { rows } = await client.query<{ parts: number; releases: number }>("SELECT * FROM erasing($1, '{}')", [
        one.erasure,
      ]);
      const salt = randomBytes(32);
      const event: LogEvent = {
        ...doneBy(actorOf(owner), one).event,
        ...rows[0]!,
        by: personCommitment(salt, owner.me.person),
        backupsUntil: 0,
      };
      const entry = encodeEntry({ ...event, at: Date.now() }, randomBytes(32));
      const { rows: written } = await client.query<{ id: number }>(
        "INSERT INTO event (at, kind, entry) VALUES ($1, 'erasure.done', $2) RETURNING id",
        [JSON.parse(Buffer.from(entry).toString()).at, entry],
      );
      const id = written[0]!.id;
      if (act)
        await client.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, $3)", [
          id,
          owner.me.person,
          randomBytes(64),
        ]);
      await client.query("SELECT erase($1, '{}', $2)", [one.erasure, id]);
      await client.query(
        "UPDATE erasure SET state = 'granted', decided_at = now(), decided_by = $2, reason = 'asked-for', event = $3 WHERE id = $1",
        [one.erasure, owner.me.person, id],
      );
      await client.query("NOTIFY pillarbox_event");
    });
  await assert.rejects(erasing(false), /nothing is erased without its event and its signed act/);
  assert.equal(await sealedOf(one.submission), 2);
  await erasing(true);
  assert.match(await said(), /it is no act of a member: the signature does not hold/);
  await assert.rejects(owner.api.certificate(BODY, one.erasure), is("ACT_UNSIGNED"));
});

// The owner of the database takes the act away, and puts another in its place.
test("an act of erasure that was changed or taken away is found, and certifies nothing", async () => {
  const [one, other] = [await asked(), await asked()];
  await erase(owner, BODY, one, "asked-for");
  await erase(owner, BODY, other, "asked-for");
  await signed();
  const key = parseVerifierKey(t.config.logKey);
  assert.equal(verifyCertificate(await owner.api.certificate(BODY, one.erasure), key).entry.erasure, one.erasure);
  const earlier = await said();
  const act = (erasure: string) => `act WHERE event = (SELECT event FROM erasure WHERE id = '${erasure}')`;
  const { rows } = await db.query(`SELECT event, person, signature FROM ${act(one.erasure)}`);
  await db.query(`UPDATE act SET signature = (SELECT signature FROM ${act(other.erasure)}) WHERE event = $1`, [
    rows[0].event,
  ]);
  const broken = (text: string): number => text.match(/the signature does not hold/g)?.length ?? 0;
  assert.equal(broken(await said()), broken(earlier) + 1);
  await assert.rejects(owner.api.certificate(BODY, one.erasure), is("ACT_UNSIGNED"));
  await db.query("DELETE FROM act WHERE event = $1", [rows[0].event]);
  assert.match(await said(), /nobody signed it/);
  await assert.rejects(owner.api.certificate(BODY, one.erasure), is("ACT_UNSIGNED"));
  await db.query("INSERT INTO act VALUES ($1, $2, $3)", [rows[0].event, rows[0].person, rows[0].signature]);
  assert.equal(await said(), earlier);
});
