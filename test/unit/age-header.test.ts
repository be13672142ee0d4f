/** Header lines far longer than any that is written: refused like every other malformed file, at any length. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, toUtf8 } from "../../src/domain/bytes.ts";
import { Fault } from "../../src/domain/problem.ts";
import { inspectAge } from "../../src/domain/seal/age.ts";

const is =
  (code: string) =>
  (thrown: unknown): boolean =>
    thrown instanceof Fault && thrown.code === code;
const line = (length: number): Uint8Array => new Uint8Array(length).fill(0x61);
const newline = toUtf8("\n");

test("a line of hundreds of kilobytes is refused with a code", () => {
  for (const length of [5_000, 130_000, 500_000, 1_000_000]) {
    assert.throws(
      () => inspectAge(concat(line(length), newline, line(100))),
      is("ENVELOPE_NOT_SEALED"),
      `${length} before anything`,
    );
    assert.throws(
      () => inspectAge(concat(toUtf8("age-encryption.org/v1\n-> X25519 "), line(length), newline, line(100))),
      is("ENVELOPE_MALFORMED"),
      `${length} in a stanza`,
    );
    assert.throws(() => inspectAge(line(length)), is("ENVELOPE_NOT_SEALED"), `${length} without an end`);
  }
});
