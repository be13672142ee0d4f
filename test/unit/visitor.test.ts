/** Who an account is: what the configuration and the verified statements say, and never its row alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { whoIs, type Staff } from "../../src/server/http/visitor.ts";
import type { Account } from "../../src/server/people/store/accounts.ts";

const ACCOUNT = { id: "a1".repeat(16), body: "northmarsh", role: "owner" } as Account;
const WAITING = { kind: "waiting", person: ACCOUNT.id, body: "northmarsh" };
const member = { role: "reader", ended: false };
/** Chains in which a person stands, whether the configuration knows the body's root or not. */
const staff = (rooted: boolean, persons: readonly (readonly [string, object])[]): Staff =>
  ({
    config: { operators: new Map(), roots: new Map(rooted ? [["northmarsh", new Uint8Array(32)]] : []) },
    pool: null,
    chains: { load: async () => ({ state: { persons: new Map(persons) } }) },
  }) as unknown as Staff;

test("a body whose root is not known has no member, whatever its rows say", async () => {
  assert.deepEqual(await whoIs(staff(false, [[ACCOUNT.id, member]]), ACCOUNT), WAITING);
  const { kind, ...who } = await whoIs(staff(true, [[ACCOUNT.id, member]]), ACCOUNT);
  assert.deepEqual({ kind, ...who }, { kind: "member", person: ACCOUNT.id, body: "northmarsh", role: "reader" });
});

// Let out by a statement that was lost with a database: a session written as a row must not bring them back.
test("whoever is locked is nobody here, though the statements count them in", async () => {
  const locked = { ...ACCOUNT, state: "locked" } as const;
  assert.deepEqual(await whoIs(staff(true, [[ACCOUNT.id, member]]), locked), { kind: "stranger" });
});

test("whom no statement names waits, whatever role their row has", async () => {
  assert.deepEqual(await whoIs(staff(true, []), ACCOUNT), WAITING);
  assert.deepEqual(await whoIs(staff(true, [["b2".repeat(16), member]]), ACCOUNT), WAITING);
});
