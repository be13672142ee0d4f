/** Recipients over the runtime's own cryptography write what the sealing library itself opens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Encrypter, Decrypter } from "age-encryption";
import { nativeRecipient } from "../../src/counter/native-recipient.ts";
import { Fault } from "../../src/domain/problem.ts";
import { ageOpen } from "../../src/domain/seal/age-open.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { inspectAge } from "../../src/domain/seal/age.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";

for (const kind of ["hybrid", "x25519"] as const) {
  test(`${kind}: the library opens it, and from outside it looks like its own`, async () => {
    const { identity, recipient } = await newIdentity(kind);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (plaintext) => {
        const file = await ageSeal([recipient], plaintext, nativeRecipient);
        assert.deepEqual(await ageOpen(identity, file, 10_000), plaintext);
        const theirs = await ageSeal([recipient], plaintext);
        assert.deepEqual(inspectAge(file), inspectAge(theirs));
        assert.equal(file.length, theirs.length);
      }),
      { numRuns: 10 },
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
