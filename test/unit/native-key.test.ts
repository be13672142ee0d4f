/** The engine's Ed25519 beside the library's, which is the oracle. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatSignerKey, signerKey } from "../../src/domain/log/note-key.ts";
import { Fault } from "../../src/domain/problem.ts";
import { nativeSigner, nativeVerifier } from "../../src/server/log/native-key.ts";
import fc, { values } from "../support/drawn.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test("the engine signs what the library signs, to the byte, and each accepts the other's", () => {
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 300 }), (seed, text) => {
      const library = signerKey("example.org/log", seed);
      const native = nativeSigner(formatSignerKey("example.org/log", seed));
      const signature = library.sign(text);
      assert.deepEqual(native.sign(text), signature);
      assert.deepEqual([native.name, native.id], [library.name, library.id]);
      assert.equal(nativeVerifier(library.verifier).verify(text, signature), true);
      assert.equal(library.verifier.verify(text, native.sign(text)), true);
    }),
    { numRuns: values(20) },
  );
});

test("the engine refuses a changed signature, one too long, and another spelling of one", () => {
  const { verifier, sign } = signerKey("example.org/log", new Uint8Array(32).fill(3));
  const native = nativeVerifier(verifier);
  const text = new TextEncoder().encode("a checkpoint\n");
  const good = sign(text);
  assert.equal(native.verify(text, good), true);
  for (let at = 0; at < 64; at++) {
    const wrong = good.slice();
    wrong[at]! ^= 1;
    assert.equal(native.verify(text, wrong), false, String(at));
  }
  assert.equal(native.verify(text, Uint8Array.of(...good, 0)), false);
  // S + L is the same number in the group, and no signature by RFC 8032.
  const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
  const scalar = BigInt(`0x${Buffer.from(good.slice(32)).reverse().toString("hex")}`) + order;
  const other = good.slice();
  other.set(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex").reverse(), 32);
  assert.equal(native.verify(text, other), false);
  assert.equal(verifier.verify(text, other), false);
});

test("what is no signer key makes no signer", () => {
  const good = formatSignerKey("example.org/log", new Uint8Array(32).fill(3));
  for (const wrong of ["", good.slice(0, -4), good.replace("example", "exemple")])
    assert.throws(
      () => nativeSigner(wrong),
      (thrown) => thrown instanceof Fault && thrown.code === "NOTE_INVALID",
      wrong,
    );
});
