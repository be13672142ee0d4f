/**
 * Somebody has a stolen session, or is the staff server itself, and wants a way to open a person's keys: a copy of them,
 * another person's copy in its place, or an unlocker of their own (T6, T16).
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { fromUtf8, toBase64, toUtf8 } from "../../src/domain/bytes.ts";
import { parseJson } from "../../src/domain/canonical.ts";
import { newPersonKeys, sealPersonKeys } from "../../src/domain/person/keys.ts";
import { recipientOf } from "../../src/domain/seal/identity.ts";
import { enter } from "../../src/member/flows/entering.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import { makeApi, type Send } from "../../src/member/wire/api.ts";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { BODY, is, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let officer: PreparedPerson;
let owner: PreparedPerson;
before(async () => {
  t = await staffedWorld();
  officer = t.person("case officer", 0, BODY);
  owner = t.person("owner", 0, BODY);
});
after(() => t?.stop());

/** Somebody signs in at a server that hands over another copy than its own. */
async function enterGiven(who: PreparedPerson, sealedKeys: Uint8Array) {
  const honest = sessionAt(t.config.staffOrigin);
  const send: Send = async (request) => {
    const answer = await honest.send(request);
    if (request.path !== "/api/session") return answer;
    const said = parseJson(fromUtf8(answer.bytes)) as object;
    return { ...answer, bytes: toUtf8(JSON.stringify({ ...said, sealedKeys: toBase64(sealedKeys) })) };
  };
  return enter({ api: makeApi(send), hands: directHands(who.unlocked.unlock) }, who.email, who.unlocked.signIn);
}

test("a session alone is handed no copy of anybody's keys; whoever signs in gets their own", async () => {
  const visit = await t.visit(officer);
  const { value } = await visit.client.get("/api/me");
  assert.doesNotMatch(JSON.stringify(value), /sealed|YWdlLWVuY3J5cHRpb24/);
  const { me, sealedKeys } = await makeApi(sessionAt(t.config.staffOrigin).send).signIn(
    officer.email,
    officer.unlocked.signIn,
  );
  assert.equal(me.person, officer.person);
  assert.deepEqual(sealedKeys, officer.joining.copy.sealedKeys);
});

test("another person's copy in the place of one's own is not opened", async () => {
  await assert.rejects(enterGiven(officer, owner.joining.copy.sealedKeys), is("UNLOCK_FAILED"));
  assert.equal((await enterGiven(officer, officer.joining.copy.sealedKeys)).person, officer.person);
});

// What a server knows of an unlocker is a hash: it cannot seal to it. Were the recipient known, it would get as far as
// the person inside.
test("a server that makes up keys has nothing to seal them to; other people's are refused inside", async () => {
  const attacker = await t.attacker();
  const { rows } = await attacker.query(
    "SELECT u.recipient_hash, row_to_json(u)::text AS all FROM unlocker u WHERE account = $1",
    [officer.person],
  );
  await attacker.end();
  assert.equal(rows.length, 1);
  assert.deepEqual(new Uint8Array(rows[0].recipient_hash), officer.joining.copy.recipientHash);
  assert.doesNotMatch(rows[0].all, /age1/, "no recipient stands in the row");
  const own = officer.unlocked.unlock;
  const madeUp = await newPersonKeys(owner.person, "hybrid");
  await assert.rejects(enterGiven(officer, await sealPersonKeys(madeUp, await recipientOf(own))), is("OPEN_CONTEXT"));
});
