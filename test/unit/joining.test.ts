/** Six words between somebody who joins and an owner: where they are compared, and what comes of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "../../src/domain/bytes.ts";
import { normaliseSixWords, sixWords } from "../../src/domain/grant/compared.ts";
import type { PersonRow } from "../../src/domain/grant/confirmed.ts";
import { draftRoot } from "../../src/domain/grant/drafts.ts";
import { foundingStatement } from "../../src/domain/grant/founding.ts";
import { parseStatement, statementHash } from "../../src/domain/grant/statement.ts";
import { detailsCommitment } from "../../src/domain/person/details.ts";
import { newPersonKeys, type PersonKeys } from "../../src/domain/person/keys.ts";
import { Fault } from "../../src/domain/problem.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { joiningOf } from "../../src/member/hands/joining.ts";
import { replay } from "../../src/member/hands/chain.ts";
import { newVault, type Vault } from "../../src/member/hands/vault.ts";
import { toHex } from "../../src/domain/bytes.ts";

const BODY = "harrowmere";
const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const is =
  (code: string) =>
  (thrown: unknown): boolean =>
    thrown instanceof Fault && thrown.code === code;

const [owner, joiner] = await Promise.all([newPersonKeys(newId(), "x25519"), newPersonKeys(newId(), "x25519")]);
const SALT = new Uint8Array(32).fill(7);
const rowOf = (keys: PersonKeys, over: Partial<PersonRow> = {}): PersonRow => ({
  person: keys.person,
  name: "Wren Alderton",
  email: "wren@opj.example",
  role: "reader",
  recipient: keys.recipient,
  signingKey: keys.signingKey,
  detailsSalt: SALT,
  ...over,
});

/** The hands of an owner who has verified their body's statements. */
function ownersVault(): Vault {
  const installation = "f0".repeat(16);
  const first = draftRoot(
    { installation, body: BODY },
    {
      person: owner.person,
      role: "owner",
      signingKey: owner.signingKey,
      recipientHash: recipientHash(owner.recipient),
      details: detailsCommitment(SALT, "Imogen Farrar", "imogen@opj.example"),
    },
    owner,
    NOW,
  );
  const vault = newVault();
  vault.keys = owner;
  vault.bodies.set(
    BODY,
    replay(undefined, [first], { installation, body: BODY, root: toHex(statementHash(first.bytes)) }),
  );
  return vault;
}
const quiet = (): void => {};

/** What the person reads aloud, from the keys in their own browser. */
async function heard(nonce: Uint8Array, keys = joiner): Promise<string> {
  const vault = newVault();
  vault.keys = keys;
  const { name, email, role } = rowOf(joiner);
  return joiningOf(vault).ownWords({ nonce, body: BODY, name, email, role }, quiet);
}

test("six words are the same at both ends, and others when anything differs by one character", () => {
  const nonce = new Uint8Array(32).fill(1);
  const row = { ...rowOf(joiner), person: "20".repeat(16), signingKey: fromHex("ab".repeat(32)), recipient: "age1own" };
  const words = sixWords(nonce, BODY, row);
  assert.match(words, /^[a-z]+(?: [a-z]+){5}$/);
  assert.equal(sixWords(nonce, BODY, { ...row }), words);
  const others = [
    sixWords(new Uint8Array(32).fill(2), BODY, row),
    sixWords(nonce, "harrowmerf", row),
    ...(
      [
        { person: `21${row.person.slice(2)}` },
        { name: "Wren Aldertom" },
        { email: "wrem@opj.example" },
        { role: "auditor" },
        { recipient: "age1owm" },
        { signingKey: fromHex(`aa${"ab".repeat(31)}`) },
      ] as const
    ).map((other) => sixWords(nonce, BODY, { ...row, ...other })),
  ];
  assert.equal(new Set([words, ...others]).size, 9);
  assert.throws(() => sixWords(new Uint8Array(31), BODY, row), is("MALFORMED"));
});

test("typed words have one spelling; five, seven, and a word of no list are none", () => {
  const six = "abandon ability able about above absent";
  assert.equal(normaliseSixWords(` ${six.toUpperCase().replaceAll(" ", ", ")}.\n`), six);
  for (const bad of ["", six.slice(8), `${six} absorb`, six.replace("above", "abovf")])
    assert.throws(() => normaliseSixWords(bad), is("WORDS_INVALID"));
});

test("an owner confirms whom the words fit, and signs what the words were made of", async () => {
  const hands = joiningOf(ownersVault());
  const row = rowOf(joiner);
  const draft = (at: number) => hands.draftCompared({ body: BODY, person: joiner.person, now: at }, quiet);
  await assert.rejects(async () => draft(NOW), is("WORDS_OVER"), "nothing was begun");
  const { nonce, until } = await hands.beginWords({ body: BODY, row, now: NOW }, quiet);
  assert.equal(until, NOW + 15 * MINUTE);
  await assert.rejects(async () => draft(NOW), is("PERSON_UNCONFIRMED"), "nothing was compared");
  const typed = await heard(nonce);
  assert.deepEqual(await hands.tryWords({ person: joiner.person, typed, now: NOW }, quiet), { same: true, left: 3 });
  const [statement, ...more] = (await draft(NOW)).statements.map(({ bytes }) => parseStatement(bytes));
  assert.equal(more.length, 0);
  assert.ok(statement?.kind === "person.confirmed" && statement.person === joiner.person);
  assert.deepEqual(
    [statement.role, toHex(statement.signingKey), toHex(statement.recipientHash), toHex(statement.details)],
    [
      "reader",
      toHex(joiner.signingKey),
      toHex(recipientHash(joiner.recipient)),
      toHex(detailsCommitment(SALT, row.name, row.email)),
    ],
  );
});

test("three wrong tries end a comparison, right words or not; a word of no list is no try", async () => {
  const hands = joiningOf(ownersVault());
  const { nonce } = await hands.beginWords({ body: BODY, row: rowOf(joiner), now: NOW }, quiet);
  const right = await heard(nonce);
  const wrong = right.startsWith("abandon ") ? right.replace(/^\w+/, "ability") : right.replace(/^\w+/, "abandon");
  const attempt = async (typed: string) => hands.tryWords({ person: joiner.person, typed, now: NOW }, quiet);
  assert.deepEqual(await attempt(wrong), { same: false, left: 2 });
  await assert.rejects(attempt("abandon"), is("WORDS_INVALID"));
  assert.deepEqual(await attempt(wrong), { same: false, left: 1 });
  assert.deepEqual(await attempt(wrong), { same: false, left: 0 });
  await assert.rejects(attempt(right), is("WORDS_OVER"));
  await assert.rejects(
    async () => hands.draftCompared({ body: BODY, person: joiner.person, now: NOW }, quiet),
    is("WORDS_OVER"),
  );
});

test("a comparison ends after fifteen minutes, compared or not", async () => {
  const hands = joiningOf(ownersVault());
  const { nonce } = await hands.beginWords({ body: BODY, row: rowOf(joiner), now: NOW }, quiet);
  const ask = { person: joiner.person, typed: await heard(nonce) };
  assert.deepEqual(await hands.tryWords({ ...ask, now: NOW + 15 * MINUTE - 1 }, quiet), { same: true, left: 3 });
  await assert.rejects(
    async () => hands.draftCompared({ body: BODY, person: joiner.person, now: NOW + 15 * MINUTE }, quiet),
    is("WORDS_OVER"),
  );
  const again = await hands.beginWords({ body: BODY, row: rowOf(joiner), now: NOW }, quiet);
  assert.notDeepEqual(again.nonce, nonce);
  await assert.rejects(
    async () => hands.tryWords({ ...ask, typed: await heard(again.nonce), now: NOW + 15 * MINUTE }, quiet),
    is("WORDS_OVER"),
  );
});

test("words that fitted, and then words that do not: nobody is confirmed", async () => {
  const hands = joiningOf(ownersVault());
  const { nonce } = await hands.beginWords({ body: BODY, row: rowOf(joiner), now: NOW }, quiet);
  const person = joiner.person;
  assert.ok((await hands.tryWords({ person, typed: await heard(nonce), now: NOW }, quiet)).same);
  const others = await heard(randomBytes(32));
  assert.ok(!(await hands.tryWords({ person, typed: others, now: NOW }, quiet)).same);
  await assert.rejects(
    async () => hands.draftCompared({ body: BODY, person, now: NOW }, quiet),
    is("PERSON_UNCONFIRMED"),
  );
});

test("keys that are made are opened by their passphrase before they are handed over", async () => {
  const vault = newVault();
  const hands = joiningOf(vault);
  await assert.rejects(async () => hands.makeKeys({ kind: "x25519" }, quiet), is("UNLOCK_FAILED"));
  assert.match(await hands.newPassphrase(null, quiet), /^[a-z]+(?: [a-z]+){6}$/);
  const { identity } = joiner;
  vault.unlocker = identity;
  const made = await hands.makeKeys({ kind: "hybrid" }, quiet);
  assert.equal(vault.keys?.person, made.person);
  assert.deepEqual(Object.keys(made).sort(), ["copy", "person", "recipient", "signingKey"]);
});

test("a first owner signs the root that the host named of these very keys, and no other", async () => {
  const installation = "f0".repeat(16);
  const { name, email } = rowOf(joiner);
  const rootOf = (keys: PersonKeys, detailsSalt = SALT): string =>
    toHex(statementHash(foundingStatement({ installation, body: BODY }, { ...rowOf(keys), detailsSalt }, NOW)));
  const vault = newVault();
  vault.keys = joiner;
  const sign = async (root: string) =>
    joiningOf(vault).draftFounding({ installation, body: BODY, root, at: NOW, name, email, detailsSalt: SALT }, quiet);
  const draft = await sign(rootOf(joiner));
  const state = replay(undefined, draft.statements, { installation, body: BODY, root: rootOf(joiner) }).state;
  assert.equal(state.persons.get(joiner.person)?.role, "owner");
  await assert.rejects(async () => sign(rootOf(owner)), is("CHAIN_BROKEN"));
  await assert.rejects(async () => sign(rootOf(joiner, new Uint8Array(32))), is("CHAIN_BROKEN"));
});
