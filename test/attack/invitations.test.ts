/**
 * Somebody has taken over the staff process, or the jobs process, and asks the database to turn people away, or to
 * forget an invitation, before its time (T20).
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { codeOf } from "../../src/domain/problem.ts";
import { invite } from "../../src/server/people/action.ts";
import type { Chains } from "../../src/server/statements/chains.ts";
import { openPool, type Client, type Pool } from "../../src/server/database/pool.ts";
import { startDatabase, type Database } from "../support/database.ts";

let database: Database;
const pools: Partial<Record<string, Pool>> = {};
const as = (login: Parameters<Database["url"]>[0]): Pool => (pools[login] ??= openPool(database.url(login), 1));
const owner = (sql: string, values: unknown[] = []) => as("pb_superuser").query(sql, values);
const id = (letter: string): string => letter.repeat(32);

/** Ada is an owner, Wren waits; an invitation each that ended long ago, a little later, and not yet. */
before(async () => {
  database = await startDatabase();
  await owner("INSERT INTO body VALUES ('own', 'Own', '{}'), ('other', 'Other', '{}')");
  for (const [letter, name, state] of [
    ["a", "Ada Owner", "confirmed"],
    ["b", "Wren Alderton", "waiting"],
    ["c", "Robin Alderton", "waiting"],
  ] as const)
    await owner(
      "WITH a AS (INSERT INTO account (id, body, role, name, email, recipient, signing_key, details_salt, state) VALUES ($1, 'own', 'owner', $2, $3, 'age1', 'key', 'salt', $4) RETURNING id) INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) SELECT id, id, 'passphrase', 'x', 1, sha256('x'), sha256('x'), 'age-encryption.org/v1 x' FROM a",
      [id(letter), name, `${letter}@example.org`, state],
    );
  for (const [letter, days, by] of [
    ["0", -31, null],
    ["1", -31, null],
    ["2", -29, null],
    ["3", 6, null],
    ["4", -31, "a"],
    ["5", 6, "b"],
    ["6", 6, "5"],
  ] as const) {
    await owner(
      "INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at, used_at, used_by) VALUES ($1, 'own', 'reader', 'Somebody', $2, $3, true, now() + $4 * interval '1 day', CASE WHEN $5::text IS NOT NULL THEN now() END, $5)",
      // The body's first owner was invited by the host; that of the sixth was sent again, as the fifth.
      [
        id(letter),
        letter === "5" || letter === "6" ? "b@example.org" : `${letter}@example.org`,
        letter === "0" ? null : id("a"),
        days,
        by === null ? null : id(by),
      ],
    );
    await owner("INSERT INTO invitation_link (token_hash, invitation) VALUES (sha256($1::bytea), $2)", [
      Buffer.from(letter),
      id(letter),
    ]);
  }
});
after(async () => {
  await Promise.all(Object.values(pools).map((pool) => pool?.end()));
  await database?.stop();
});

const kept = async (): Promise<string[]> =>
  (await owner("SELECT id FROM invitation ORDER BY id")).rows.map((row) => (row.id as string)[0]!);

/** The staff login's own words in one transaction, which is taken back. */
async function attempt(work: (client: Client) => Promise<unknown>): Promise<string> {
  const client = await as("pb_staff").connect();
  try {
    await client.query("BEGIN");
    return await work(client).then(
      () => "done",
      ({ message }: Error) => message,
    );
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

const said = async (
  client: Client,
  kind: string,
  newcomer: string,
  body = "own",
  signature = "01",
): Promise<string> => {
  const { rows } = await client.query("INSERT INTO event (at, kind, entry) VALUES (9, $1, $2) RETURNING id", [
    kind,
    Buffer.from(JSON.stringify({ at: 9, body, kind, newcomer })),
  ]);
  const event = rows[0].id as string;
  if (signature !== "")
    await client.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, decode(repeat($3, 64), 'hex'))", [
      event,
      id("a"),
      signature,
    ]);
  return event;
};
const away = (client: Client, person: string, event: string) =>
  client.query("SELECT turn_away($1, $2)", [person, event]);

test("the staff login turns nobody away without event and act of this very person, here and now", async () => {
  const [wren, robin, ada] = [id("b"), id("c"), id("a")];
  const without = "nobody is turned away without the event and the signed act";
  const anothers = "the signed act is of another person";
  assert.equal(await attempt(async (c) => away(c, wren, await said(c, "person.refused", wren))), "done");
  assert.equal(await attempt((c) => away(c, wren, "1")), without);
  assert.equal(await attempt(async (c) => away(c, wren, await said(c, "person.refused", wren, "own", ""))), without);
  assert.equal(await attempt(async (c) => away(c, wren, await said(c, "session.started", wren))), without);
  assert.equal(await attempt(async (c) => away(c, wren, await said(c, "person.refused", robin))), anothers);
  assert.equal(await attempt(async (c) => away(c, wren, await said(c, "person.refused", wren, "other"))), anothers);
  assert.equal(
    await attempt(async (c) => away(c, ada, await said(c, "person.refused", ada))),
    "nobody is turned away but who waits",
  );
  // Nor by a row: nobody is shut out by hand.
  assert.match(
    await attempt((c) => c.query("UPDATE account SET state = 'closed' WHERE id = $1", [wren])),
    /row-level security/,
  );
});

test("of whoever is turned away an id is left, and their address is free", async () => {
  const wren = id("b");
  await owner(
    "INSERT INTO session (token_hash, account, expires_at) VALUES (sha256('s'), $1, now() + interval '1 hour')",
    [wren],
  );
  await owner("INSERT INTO comparison (nonce, person, owner) VALUES (sha256('n'), $1, $2)", [wren, id("a")]);
  const client = await as("pb_staff").connect();
  try {
    await client.query("BEGIN");
    await away(client, wren, await said(client, "person.refused", wren));
    await client.query("COMMIT");
  } finally {
    client.release();
  }
  const { rows } = await owner("SELECT * FROM account WHERE id = $1", [wren]);
  const { id: _id, body: _body, role: _role, created_at: _at, ...rest } = rows[0];
  assert.deepEqual(rest, {
    name: "",
    email: `${wren}@closed`,
    recipient: null,
    signing_key: null,
    details_salt: null,
    state: "closed",
  });
  for (const [table, column] of [
    ["session", "account"],
    ["unlocker", "account"],
    ["comparison", "person"],
    ["invitation", "used_by"],
    ["invitation", "email"],
  ])
    assert.equal(
      (await owner(`SELECT FROM ${table} WHERE ${column} = $1`, [column === "email" ? "b@example.org" : wren]))
        .rowCount,
      0,
      table,
    );
  assert.equal((await owner("SELECT FROM invitation_link WHERE invitation = $1", [id("5")])).rowCount, 0);
  assert.equal((await as("pb_staff").query("SELECT FROM account WHERE id = $1", [wren])).rowCount, 0);
});

test("an invitation goes 30 days after it ran out, used or not; the jobs login deletes no other", async () => {
  const jobs = as("pb_jobs");
  await assert.rejects(jobs.query("DELETE FROM invitation"), /permission denied/);
  await assert.rejects(as("pb_staff").query("SELECT forget_invitations()"), /permission denied/);
  assert.deepEqual((await kept()).slice(0, 5), ["0", "1", "2", "3", "4"]);
  assert.equal((await jobs.query("SELECT forget_invitations() AS gone")).rows[0].gone, 2);
  // That of the first owner says who made keys by it, until the body has a statement.
  assert.deepEqual(await kept(), ["0", "2", "3"]);
  await owner(
    "INSERT INTO statement (body, seq, bytes, signature) VALUES ('own', 0, 'x', decode(repeat('00', 64), 'hex'))",
  );
  assert.equal((await jobs.query("SELECT forget_invitations() AS gone")).rows[0].gone, 1);
});

test("a stolen owner's session sends 20 invitations in 24 hours and no more, a body's owners 40", async () => {
  const owners = { d: "7".repeat(32), e: "8".repeat(32), f: "9".repeat(32) };
  await owner("INSERT INTO body VALUES ('third', 'Third', '{}')");
  for (const [letter, one] of Object.entries(owners))
    await owner(
      "INSERT INTO account (id, body, role, name, email, state) VALUES ($1, 'third', 'owner', 'Owner', $2, 'confirmed')",
      [one, `${letter}@third.example`],
    );
  const earlier = (by: string, count: number): Promise<unknown> =>
    owner(
      "INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at) SELECT substring(md5($1 || n), 1, 32), 'third', 'reader', 'X', n || '@' || $1 || '.example', $1, true, now() + interval '7 days' FROM generate_series(1, $2::int) n",
      [by, count],
    );
  const pool = openPool(database.url("pb_staff"), 2);
  let nth = 0;
  const sends = (person: string, link: Uint8Array | null = null): Promise<string> =>
    invite(
      pool,
      { load: async () => undefined } as unknown as Chains,
      { kind: "member", person, body: "third", role: "owner" },
      { body: "third", name: "Somebody", email: `${++nth}@people.example`, role: "reader" },
      link,
    ).then(
      () => "sent",
      (thrown: unknown) => codeOf(thrown),
    );
  try {
    await earlier(owners.d, 19);
    assert.deepEqual((await Promise.all([sends(owners.d), sends(owners.d)])).toSorted(), ["INVITATIONS_MANY", "sent"]);
    assert.equal(await sends(owners.d, new Uint8Array(32).fill(7)), "sent", "a link handed over by oneself is no mail");
    await earlier(owners.e, 19);
    assert.equal(await sends(owners.e), "sent");
    assert.equal(await sends(owners.f), "INVITATIONS_MANY", "the body's number is full");
    await owner("UPDATE invitation SET made_at = now() - interval '24 hours 10 seconds' WHERE invited_by = $1", [
      owners.d,
    ]);
    assert.equal(await sends(owners.d), "sent");
  } finally {
    await pool.end();
  }
});
