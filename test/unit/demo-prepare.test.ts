/**
 * What `demo.ts prepare` makes up: roots that verify, keys that open, people who are told apart, and nothing secret
 * where it does not belong.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, sha256, toHex } from "../../src/domain/bytes.ts";
import { verifyChain } from "../../src/domain/grant/chain.ts";
import { confirmedPerson } from "../../src/domain/grant/confirmed.ts";
import { openPersonKeys } from "../../src/domain/person/unlock.ts";
import { PEOPLE } from "../../demo/people.ts";
import { preparedOf } from "../../demo/prepared.ts";
import { prepare } from "../../demo/prepare.ts";
import { keysOfPassphrase } from "../../src/cli/stretch.ts";
import { secretsOf } from "../support/by-hand.ts";

const root = new URL("../..", import.meta.url).pathname;
const config = {
  installation: "00".repeat(16),
  staffOrigin: "http://localhost:3611",
  sealing: "hybrid" as const,
  root,
};
type Shape = {
  roots: Record<string, string>;
  seed: { operators: { id: string; signInHash: string }[]; bodies: { id: string; name: string; record: object }[] };
  people: Record<string, string>[];
  state: object;
};

// Once for all tests: each person costs one stretching of a passphrase.
const made = JSON.parse(JSON.stringify(await prepare(config, 1_700_000_000_000))) as Shape;
const prepared = preparedOf(made);

// The people are those of the design: operator, owner, deputy, four officers, a fifth, auditor, and a second body with
// two owners.
test("the people are those of the design, in two bodies and at the host", () => {
  const count = (body: string, part: string) =>
    made.people.filter((one) => one["body"] === body && one["part"] === part).length;
  assert.equal(count("", "operator at the host"), 1);
  assert.deepEqual(
    ["owner", "deputy owner", "case officer", "colleague without a grant", "auditor"].map((part) =>
      count("harrowmere", part),
    ),
    [1, 1, 4, 1, 1],
  );
  assert.deepEqual(
    ["owner", "deputy owner"].map((part) => count("eastvale", part)),
    [1, 1],
  );
  assert.equal(new Set(made.people.map((one) => one["email"])).size, PEOPLE.length);
  for (const one of made.people) assert.match(one["email"]!, /^[a-z.]+@[a-z.]+\.example$/);
});

test("an officer and the colleague without a grant are near namesakes", () => {
  const names = (part: string) => PEOPLE.filter((one) => one.part === part).map((one) => one.name);
  const [fifth] = names("colleague without a grant");
  assert.ok(
    names("case officer").some(
      (name) =>
        name !== fifth &&
        name.split(" ").at(-1) === fifth!.split(" ").at(-1) &&
        name.slice(0, 5) === fifth!.slice(0, 5),
    ),
  );
});

test("each root is the hash of a first statement that verifies, by the owner who signs in", () => {
  for (const [body, hex] of Object.entries(made.roots)) {
    const state = verifyChain([prepared.first(body)], { installation: config.installation, body, root: fromHex(hex) });
    const owner = prepared.people.find((one) => one.body === body && one.part === "deputy owner")!;
    const { recipient, signingKey, detailsSalt } = owner.joining!;
    confirmedPerson(state, {
      person: owner.person,
      name: owner.name,
      email: owner.email,
      role: "owner",
      recipient,
      signingKey,
      detailsSalt,
    });
    assert.deepEqual([...state.persons.keys()], [owner.person]);
  }
});

test("the printed passphrase signs in and opens the sealed keys", async () => {
  const owner = prepared.people.find((one) => one.part === "owner")!;
  const { signIn, unlock } = await keysOfPassphrase(config.installation, owner.email, owner.passphrase);
  assert.equal(toHex(sha256(signIn)), toHex(owner.joining!.signInHash));
  const keys = await openPersonKeys(unlock, owner.joining!.copy.sealedKeys, owner.person);
  assert.equal(keys.recipient, owner.joining!.recipient);
});

// Operators have keys like everybody: sealed, in the database; and named by the configuration.
test("the database is seeded with operators and records only; the list of people holds no key", async () => {
  assert.deepEqual(
    made.seed.operators.map((one) => Object.keys(one).sort()),
    [["copy", "detailsSalt", "email", "id", "name", "recipient", "signInHash", "signingKey"]],
  );
  assert.deepEqual(
    made.seed.bodies.map((body) => body.id),
    ["harrowmere", "eastvale"],
  );
  const secrets = await Promise.all(
    prepared.people.map(async (one) => {
      const keys = one.joining ? await secretsOf(one) : null;
      return [one.unlocked.unlock, ...(keys ? [keys.identity, toHex(keys.signingSecret)] : [])];
    }),
  );
  const outside = JSON.stringify([made.roots, made.seed, made.people]);
  for (const secret of secrets.flat()) assert.ok(!outside.includes(secret));
});

test("two demonstrations share no key and no passphrase", async () => {
  const other = preparedOf(JSON.parse(JSON.stringify(await prepare(config, 1_700_000_000_000))));
  const mine = new Set(prepared.people.map((one) => one.passphrase));
  assert.ok(other.people.every((one) => !mine.has(one.passphrase)));
  assert.notEqual(other.seed, prepared.seed);
});
