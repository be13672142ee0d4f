import assert from "node:assert/strict";
import { test } from "node:test";
import { fromUtf8, toUtf8 } from "../../src/domain/bytes.ts";
import { canonicalBytes, canonicalJson, parseCanonical } from "../../src/domain/canonical.ts";
import fc, { values } from "../support/drawn.ts";

/** The rule as it is written down, without any short way. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${plainly(key)}:${plainly(member)}`)
      .join(",")}}`;
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string(),
  fc.string({
    unit: fc.constantFrom('"', "\\", "<", "\u0000", "\n", "\u007f", "é", "[", "]", "~", " ", "!", "#", ";", "="),
  }),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 5 },
    ),
  ),
})).value;

test("the one spelling of a value is the rule's, and is read back; any other is refused", () => {
  fc.assert(
    fc.property(json, (value) => {
      assert.equal(canonicalJson(value), plainly(value));
      const wellFormed = canonicalJson(value).isWellFormed();
      if (wellFormed) assert.equal(canonicalJson(parseCanonical(canonicalBytes(value))), canonicalJson(value));
    }),
    { numRuns: values(500) },
  );
  for (const wrong of ['{"b":1,"a":2}', '{"a": 1}', '"<"', '"\\u0061"', "1.0", '{"a":1,"a":1}', " 1"])
    assert.throws(() => parseCanonical(toUtf8(wrong)), { code: "MALFORMED" }, wrong);
});

test("text comes back from its bytes, short or long, and bytes that are not UTF-8 are refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat({ max: 9000 }), (some, length) => {
      const long = some + "a".repeat(length);
      assert.equal(fromUtf8(toUtf8(long)), long);
    }),
    { numRuns: values(100) },
  );
  for (const wrong of [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x61, 0xff], [0xf5, 0x80, 0x80, 0x80]])
    assert.throws(() => fromUtf8(Uint8Array.from(wrong)), { code: "MALFORMED" });
});
