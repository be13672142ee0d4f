/** Recipients over the runtime's own cryptography write what the sealing library itself opens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encrypter, Decrypter } from "age-encryption";
import { nativeFile } from "../../src/counter/native-file.ts";
import { nativeRecipient } from "../../src/counter/native-recipient.ts";
import { Fault } from "../../src/domain/problem.ts";
import { ageOpen } from "../../src/domain/seal/age-open.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { inspectAge } from "../../src/domain/seal/age.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import fc, { values } from "../support/drawn.ts";

for (const kind of ["hybrid", "x25519"] as const) {
  test(`${kind}: the library opens it, and from outside it looks like its own`, async () => {
    const { identity, recipient } = await newIdentity(kind);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (plaintext) => {
        const file = await ageSeal([recipient], plaintext, nativeFile);
        assert.deepEqual(await ageOpen(identity, file, 10_000), plaintext);
        const theirs = await ageSeal([recipient], plaintext);
        assert.deepEqual(inspectAge(file), inspectAge(theirs));
        assert.equal(file.length, theirs.length);
      }),
      { numRuns: values(10) },
    );
  });

  test(`${kind}: the bare library opens it too, and nobody else's key does`, async () => {
    const [ours, other] = [await newIdentity(kind), await newIdentity(kind)];
    const encrypter = new Encrypter();
    encrypter.addRecipient(nativeRecipient(ours.recipient));
    const file = await encrypter.encrypt("a letter");
    const decrypter = new Decrypter();
    decrypter.addIdentity(ours.identity);
    assert.equal(await decrypter.decrypt(file, "text"), "a letter");
    const stranger = new Decrypter();
    stranger.addIdentity(other.identity);
    await assert.rejects(stranger.decrypt(file, "text"));
  });

  // At every size the chunks of the payload are cut as the library cuts them.
  test(`${kind}: around the size of a chunk the library opens it, and no byte may be changed`, async () => {
    const { identity, recipient } = await newIdentity(kind);
    for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073]) {
      const plaintext = new Uint8Array(length).map((_, i) => i * 7);
      const file = await ageSeal([recipient], plaintext, nativeFile);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      assert.deepEqual(await decrypter.decrypt(file), plaintext, String(length));
    }
    const file = await ageSeal([recipient], new Uint8Array(40), nativeFile);
    for (const at of [30, file.length - 60, file.length - 1]) {
      const changed = file.slice();
      changed[at]! ^= 1;
      await assert.rejects(ageOpen(identity, changed, 10_000), String(at));
    }
    assert.throws(
      () => nativeFile([recipient, recipient], new Uint8Array(1)),
      (thrown) => thrown instanceof Fault && thrown.code === "SEAL_RECIPIENTS",
    );
  });

  test(`${kind}: what was sealed twice to one recipient has nothing in common`, async () => {
    const { recipient } = await newIdentity(kind);
    const [one, other] = [nativeFile([recipient], new Uint8Array(64)), nativeFile([recipient], new Uint8Array(64))];
    const text = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString("latin1").split("\n").slice(1, -1);
    const lines = new Set(text(one).filter((line) => line.length > 20));
    assert.deepEqual(
      text(other).filter((line) => lines.has(line)),
      [],
    );
  });

  test(`${kind}: a recipient with one letter changed, cut or lengthened is refused`, async () => {
    const { recipient } = await newIdentity(kind);
    const changed = recipient.slice(0, 20) + (recipient[20] === "q" ? "p" : "q") + recipient.slice(21);
    for (const text of [changed, recipient.slice(0, -1), `${recipient}q`, "", "age1", recipient.toUpperCase()]) {
      assert.throws(
        () => nativeRecipient(text),
        (thrown) => thrown instanceof Fault && thrown.code === "SEAL_RECIPIENTS",
        text.slice(0, 30),
      );
    }
  });
}
