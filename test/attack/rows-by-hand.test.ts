/**
 * The owner of the tables changes rows by hand: the verifier at a desk names each, and so does a finding, without
 * anybody asking for it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { list, open } from "../../demo/by-id.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { untilThere } from "../support/in-time.ts";

let t: StaffedWorld;
let db: pg.Client;
let letters: readonly string[];

before(async () => {
  t = await staffedWorld({ also: ["inspect"], config: async () => ({ watch: { round: 100 } }) });
  db = await t.attacker();
  const inbox = await t.inboxOf(t.forms.complaint);
  const written: string[] = [];
  for (let n = 0; n < 5; n++)
    written.push((await t.write(t.forms.complaint, letterTo("complaint", `letter ${n}`))).submission);
  letters = written;
  const owner = await t.visit(t.person("owner", 0, BODY));
  await list(owner, BODY, inbox);
  await open(owner, BODY, inbox, letters[0]!);
  await untilSigned(t.world);
});
after(async () => {
  await db?.end();
  await t?.stop();
});

/** What the verifier says at a desk. */
async function told(): Promise<string[]> {
  await untilSigned(t.world);
  const report = await verifyLog({
    source: httpSource(`${t.config.publicOrigin}/log`),
    key: parseVerifierKey(t.config.logKey),
    entries: false,
    rows: () => openRows(t.world.databaseUrl("pb_inspect")),
    roots: new Map(t.config.roots),
    operators: t.config.operators,
  });
  return report.findings.map(({ wrong, what }) => `${wrong}: ${what}`);
}

/** What the open findings say. */
const found = async (): Promise<{ code: string; line: string }[]> =>
  (
    await db.query<{ code: string; line: string }>(
      "SELECT code, jsonb_array_elements_text(evidence) AS line FROM finding WHERE closed_at IS NULL",
    )
  ).rows;

type Attack = {
  readonly name: string;
  readonly done: () => Promise<unknown>;
  readonly undone: () => Promise<unknown>;
  readonly named: () => RegExp;
  readonly code: string;
};

/** Changes a column of one row, and puts it back. */
function changed(
  table: string,
  column: string,
  to: string,
  where: () => string,
  named: () => string,
  code = "row-differs",
): Attack {
  let before: unknown;
  return {
    name: `${table}.${column}`,
    done: async () => {
      before = (await db.query(`SELECT ${column} AS value FROM ${table} WHERE ${where()}`)).rows[0]!.value;
      assert.equal((await db.query(`UPDATE ${table} SET ${column} = ${to} WHERE ${where()}`)).rowCount, 1);
    },
    undone: () => db.query(`UPDATE ${table} SET ${column} = $1 WHERE ${where()}`, [before]),
    named: () => new RegExp(named()),
    code,
  };
}

const letter = (n: number) => (): string => `id = '${letters[n]}'`;
const theRelease = "purpose = 'list'";

test("each row changed by hand is named by the verifier, and by a finding, until it is put back", async () => {
  assert.deepEqual(await told(), []);
  assert.deepEqual(await found(), []);
  const { rows } = await db.query<{ id: string }>(`SELECT id FROM release WHERE ${theRelease}`);
  const release = rows[0]!.id;
  const request = (await db.query<{ id: string }>("SELECT id FROM request LIMIT 1")).rows[0]!.id;
  const event = (
    await db.query<{ id: string; leaf: string; body: string }>(
      "SELECT id, leaf, body FROM event WHERE kind = 'session.started' AND body <> '' ORDER BY id LIMIT 1",
    )
  ).rows[0]!;
  const sealed = () => `submission = '${letters[4]}' AND part = 'letter'`;
  let aside = 0;
  const attacks: readonly Attack[] = [
    changed("submission", "size", "size + 1", letter(0), () => `the row of submission ${letters[0]} says`),
    // Kept with milliseconds: what comes back is the same.
    {
      ...changed("submission", "received_at", "", letter(1), () => `the row of submission ${letters[1]} says`),
      done: () =>
        db.query(`UPDATE submission SET received_at = received_at - interval '1 second' WHERE ${letter(1)()}`),
      undone: () =>
        db.query(`UPDATE submission SET received_at = received_at + interval '1 second' WHERE ${letter(1)()}`),
    },
    changed("submission", "erased_at", "now()", letter(2), () => `${letters[2]} is marked as erased, and no event`),
    changed(
      "receipt",
      "event",
      "event - 1",
      () => `submission = '${letters[3]}'`,
      () => `the row of receipt ${letters[3]} says something else`,
    ),
    changed(
      "request",
      "purpose",
      "'research'",
      () => `id = '${request}'`,
      () => `the row of request ${request} says`,
    ),
    changed(
      "reading",
      "role",
      "'auditor'",
      () => `release = '${release}'`,
      () => `something else of the release ${release}`,
    ),
    changed(
      "event",
      "at",
      "at + 1",
      () => `id = ${event.id}`,
      () => `event ${event.leaf} of ${event.body}: the columns beside`,
    ),
    {
      ...changed(
        "sealed",
        "bytes",
        "",
        sealed,
        () => `sealed bytes of submission ${letters[4]} are not those that were received`,
        "bytes-differ",
      ),
      done: () => db.query(`UPDATE sealed SET bytes = bytes || 'x'::bytea WHERE ${sealed()}`),
      undone: () =>
        db.query(`UPDATE sealed SET bytes = substring(bytes FROM 1 FOR octet_length(bytes) - 1) WHERE ${sealed()}`),
    },
    {
      name: "a wrapped key that was taken away",
      done: () =>
        db.query(
          "CREATE TABLE public.taken AS SELECT inbox, epoch, person, bytes FROM wrap ORDER BY 1, 2, 3 LIMIT 1; DELETE FROM wrap w USING public.taken k WHERE (w.inbox, w.epoch, w.person) = (k.inbox, k.epoch, k.person)",
        ),
      undone: () =>
        db.query(
          "INSERT INTO wrap (inbox, epoch, person, bytes) SELECT inbox, epoch, person, bytes FROM public.taken; DROP TABLE public.taken",
        ),
      named: () => /the wrapped key of inbox .*, which a statement names, is not there/,
      code: "row-differs",
    },
    {
      name: "an operator",
      done: () =>
        db.query(
          "INSERT INTO account (id, role, name, email, state) VALUES (repeat('e', 32), 'operator', 'Eve', 'eve@attacker.example', 'confirmed')",
        ),
      undone: () => db.query("DELETE FROM account WHERE id = repeat('e', 32)"),
      named: () => /a row calls e{32} an operator, and the configuration/,
      // By the inspector's own look; that of the rows says it of them as well.
      code: "operator-unnamed",
    },
    {
      name: "an event that nobody can read",
      done: async () =>
        (aside = Number(
          (await db.query("INSERT INTO event (at, kind, entry) VALUES (1, 'session.refused', 'x') RETURNING id"))
            .rows[0].id,
        )),
      undone: () => db.query("DELETE FROM event WHERE aside IS NOT NULL"),
      named: () => new RegExp(`the event ${aside}, written by pb_superuser: it is no entry`),
      code: "event-aside",
    },
  ];
  for (const { done } of attacks) await done();
  const said = await told();
  for (const { name, named } of attacks)
    assert.ok(
      said.some((line) => named().test(line)),
      `${name}: ${named()} in\n${said.join("\n")}`,
    );
  const missing = async (): Promise<string[]> => {
    const open = await found();
    return attacks
      .filter(({ named, code }) => !open.some((one) => one.code === code && named().test(one.line)))
      .map(({ name }) => name);
  };
  const failed = t.world.failed.then((fault) => Promise.reject(fault));
  await Promise.race([untilThere(async () => (await missing()).length === 0, "a finding for each row"), failed]);
  for (const { undone } of [...attacks].reverse()) await undone();
  assert.deepEqual(await told(), []);
  await untilThere(async () => (await found()).length === 0, "the end of each finding");
});
