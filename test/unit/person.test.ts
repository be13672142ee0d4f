/** A person's keys and passphrase. */
import assert from "node:assert/strict";
import { scrypt } from "node:crypto";
import { test } from "node:test";
import { bech32 } from "@scure/base";
import { Fault } from "../../src/domain/problem.ts";
import { toHex, toUtf8 } from "../../src/domain/bytes.ts";
import {
  newPassphrase,
  normalisePassphrase,
  passphraseKeys,
  passphraseSalt,
} from "../../src/domain/person/passphrase.ts";
import { newPersonKeys, sealPersonKeys } from "../../src/domain/person/keys.ts";
import { openPersonKeys } from "../../src/domain/person/unlock.ts";
import { signInHash } from "../../src/domain/person/sign-in.ts";
import { sign, verify } from "../../src/domain/person/sign.ts";
import { recipientOf } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const stretch = (passphrase: string, salt: Uint8Array): Promise<Uint8Array> =>
  new Promise((done, failed) =>
    scrypt(passphrase, salt, 32, { N: 131_072, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }, (error, key) =>
      error ? failed(error) : done(new Uint8Array(key)),
    ),
  );

test("a passphrase is seven words of the list, and every one is another", () => {
  const made = Array.from({ length: 50 }, newPassphrase);
  assert.equal(new Set(made).size, 50);
  for (const one of made) {
    assert.equal(normalisePassphrase(one), one);
    assert.equal(one.split(" ").length, 7);
  }
  // 350 words of 2,048: from half a list they would repeat often, and none of the other half would be there.
  const words = new Set(made.flatMap((one) => one.split(" ")));
  assert.ok(words.size > 270, `${words.size} different words of 350`);
  const one = made[0]!;
  assert.equal(normalisePassphrase(`  ${one.toUpperCase().replaceAll(" ", " - ")}\n`), one);
  for (const bad of [
    "",
    "correct horse battery staple",
    one.split(" ").slice(1).join(" "),
    `${one} abandon`,
    `${one}x`,
  ])
    assert.throws(() => normalisePassphrase(bad), is("PASSPHRASE_INVALID"));
});

test("what signs in does not unlock, and the salt is the account's at that installation", async () => {
  const installation = "00".repeat(16);
  const salt = passphraseSalt(installation, " Ada@Example.org ");
  assert.deepEqual(salt, passphraseSalt(installation, "ada@example.org"));
  assert.notDeepEqual(salt, passphraseSalt(`01${installation.slice(2)}`, "ada@example.org"));
  assert.notDeepEqual(salt, passphraseSalt(installation, "adb@example.org"));
  assert.throws(() => passphraseSalt("http://localhost:3001", "ada@example.org"), is("MALFORMED"));
  const stretched = await stretch(newPassphrase(), salt);
  const { signIn, unlock } = passphraseKeys(stretched);
  const keys = await newPersonKeys(newId(), "hybrid");
  const sealed = await sealPersonKeys(keys, await recipientOf(unlock));
  assert.deepEqual(await openPersonKeys(unlock, sealed, keys.person), keys);
  await assert.rejects(openPersonKeys(unlock, sealed, newId()), is("OPEN_CONTEXT"));
  await assert.rejects(
    openPersonKeys(passphraseKeys(randomBytes(32)).unlock, sealed, keys.person),
    is("UNLOCK_FAILED"),
  );
  assert.notEqual(toHex(signInHash(signIn)), toHex(signIn));
  // What the server is sent is neither the identity that unlocks nor what that is made of.
  const secret = bech32.decodeToBytes(unlock.toLowerCase()).bytes;
  assert.notEqual(toHex(new Uint8Array(secret)), toHex(signIn));
  assert.equal(secret.length, 32);
});

test("a signature holds for one key and one message; nonsense is a plain no", async () => {
  const keys = await newPersonKeys(newId(), "x25519");
  const signature = sign(keys.signingSecret, toUtf8("yes"));
  assert.ok(verify(keys.signingKey, signature, toUtf8("yes")));
  assert.ok(!verify(keys.signingKey, signature, toUtf8("no")));
  assert.ok(!verify(randomBytes(32), signature, toUtf8("yes")));
  // The identity point as a key would accept a crafted signature for any message under ZIP 215.
  const identity = new Uint8Array(32);
  identity[0] = 1;
  assert.ok(!verify(identity, Buffer.concat([identity, new Uint8Array(32)]), toUtf8("anything")));
  assert.ok(!verify(new Uint8Array(31), signature, toUtf8("yes")));
});
