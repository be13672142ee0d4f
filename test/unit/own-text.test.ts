/** A text that a person seals to their own key: only they read it, and only as what it is. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { newPersonKeys, type PersonKeys } from "../../src/domain/person/keys.ts";
import { openOwnText, sealOwnText } from "../../src/domain/person/own-text.ts";
import { Fault } from "../../src/domain/problem.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { pad } from "../../src/domain/seal/padding.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { toUtf8 } from "../../src/domain/bytes.ts";

const TEXT = '{"/incidents/1":{"note/text":"quagmire ő"}}';
let mine: PersonKeys, theirs: PersonKeys;
const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;

before(async () => {
  [mine, theirs] = await Promise.all([newPersonKeys(newId(), "hybrid"), newPersonKeys(newId(), "hybrid")]);
});

test("the text comes back to whoever sealed it, and nothing of it stands outside", async () => {
  const sealed = await sealOwnText(mine, TEXT);
  assert.ok(!Buffer.from(sealed).includes("quagmire"));
  assert.equal(await openOwnText(mine, sealed), TEXT);
});

test("nobody else opens it, and it is no other person's", async () => {
  const sealed = await sealOwnText(mine, TEXT);
  await assert.rejects(openOwnText(theirs, sealed), is("OPEN_FAILED"));
  // One key, another name: what somebody copies between people stays whose it is.
  await assert.rejects(openOwnText({ ...mine, person: theirs.person }, sealed), is("OPEN_CONTEXT"));
});

test("something else that was sealed to the same key is not taken for it", async () => {
  await assert.rejects(openOwnText(mine, await ageSeal([mine.recipient], pad(toUtf8(TEXT)))));
  await assert.rejects(openOwnText(mine, new Uint8Array(64)), is("ENVELOPE_NOT_SEALED"));
});

test("the size of a short text says nothing of it", async () => {
  const [short, longer] = [await sealOwnText(mine, "a"), await sealOwnText(mine, "a".repeat(900))];
  assert.equal(short.length, longer.length);
});
