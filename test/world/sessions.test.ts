/** One's own sign-ins: listed, ended one by one; and ended by whatever ends somebody's access, in one transaction. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { end } from "../../demo/by-id.ts";
import { BODY, is, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let database: pg.Client;
before(async () => {
  t = await staffedWorld();
  database = await t.attacker();
});
after(async () => {
  await database?.end();
  await t?.stop();
});

const running = async (person: string): Promise<number> =>
  (await database.query("SELECT FROM session WHERE account = $1", [person])).rowCount ?? 0;

test("everybody sees their own sign-ins, ends one of them, and nobody else's", async () => {
  const officer = t.person("case officer");
  const [one, two] = [await t.visit(officer), await t.visit(officer)];
  const other = await t.visit(t.person("case officer", 1));
  const seen = await two.api.sessions();
  assert.deepEqual(
    seen.map(({ here }) => here),
    [true, false],
    "the newest first",
  );
  assert.ok(seen.every(({ startedAt, seenAt, endsAt }) => startedAt <= seenAt && endsAt - startedAt <= 86_400_000));
  const { rows } = await database.query<{ hash: string }>("SELECT encode(token_hash, 'hex') AS hash FROM session");
  assert.ok(
    rows.every(({ hash }) => seen.every(({ session }) => !hash.includes(session))),
    "its name is no part of what the database compares",
  );
  const [first] = seen.filter(({ here }) => !here);
  await other.api.endSession(first!.session);
  assert.equal((await one.api.sessions()).length, 2, "another person ends nothing");
  await two.api.endSession(first!.session);
  await assert.rejects(one.api.me(), is("NOT_SIGNED_IN"));
  assert.equal((await two.api.sessions()).length, 1);
  await two.api.endSession(first!.session);
  assert.equal((await other.api.sessions()).length, 1);
});

// By SQL: while sessions cannot be ended, access is not ended either. Then both happen at once.
test("what ends a person's access ends their sessions in the same transaction, or neither", async () => {
  const [officer, owner] = [t.person("case officer", 2), await t.visit(t.person("owner", 0, BODY))];
  const grant = await t.grant(t.forms.complaint, [officer]);
  const visit = await t.visit(officer);
  await t.visit(officer);
  assert.equal(await running(officer.person), 2);
  const statements = async (): Promise<number> => (await owner.api.chain(BODY)).length;
  const earlier = await statements();
  await database.query(
    "CREATE FUNCTION pillarbox.no_end() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'",
  );
  await database.query(
    "CREATE TRIGGER no_end BEFORE DELETE ON pillarbox.session FOR EACH ROW EXECUTE FUNCTION pillarbox.no_end()",
  );
  const ending = () => end(owner, BODY, { grant, person: officer.person, reason: "left" });
  try {
    await assert.rejects(ending(), is("INTERNAL", "UNAVAILABLE"));
    assert.equal(await statements(), earlier, "no end was stored");
    assert.equal(await running(officer.person), 2);
  } finally {
    await database.query("DROP TRIGGER no_end ON pillarbox.session");
    await database.query("DROP FUNCTION pillarbox.no_end");
  }
  await ending();
  assert.ok((await statements()) > earlier);
  assert.equal(await running(officer.person), 0);
  await assert.rejects(visit.api.me(), is("NOT_SIGNED_IN"));
});
