/** Receipt words: what is forgiven when somebody types them again, and that nothing is guessed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { equalBytes, toHex } from "../../src/domain/bytes.ts";
import { answersNonce, receiptSignIn } from "../../src/domain/receipt/keys.ts";
import { readWords, wordsOf, wordsProblem } from "../../src/domain/receipt/words.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";

const entropies = fc.uint8Array({ minLength: 16, maxLength: 16 });
const read = (typed: string): string => {
  const found = readWords(typed);
  return found.ok ? toHex(found.entropy) : wordsProblem(found);
};

test("twelve words are their 128 bits, however they are spaced, numbered, ordered by number or shortened", () => {
  fc.assert(fc.property(entropies, fc.integer({ min: 0, max: 11 }), (entropy, turn) => {
    const words = wordsOf(entropy);
    const numbered = words.map((word, i) => `${i + 1}. ${word}`);
    const typed = [words.join(" "), `  ${words.join("\n").toUpperCase()}\t`, words.join(", "), numbered.join("\n"), [...numbered.slice(turn), ...numbered.slice(0, turn)].join("   "), words.map((word) => word.slice(0, 4)).join("-"), words.map((word, i) => `${i + 1}) ${word}`).toReversed().join("; ")];
    for (const text of typed) assert.equal(read(text), toHex(entropy), text);
  }));
});

test("one wrong letter is mended where one word alone can be meant, and otherwise named", () => {
  const entropy = new Uint8Array(16).fill(0x3c);
  const words = wordsOf(entropy);
  const at = words.findIndex((word) => word.length > 6);
  const spelt = (as: string): string => words.with(at, as).join(" ");
  const word = words[at]!;
  for (const typo of [`${word}s`, word.slice(0, -1), word.slice(0, 2) + word[3]! + word[2]! + word.slice(4), `${word.slice(0, 5)}x${word.slice(6)}`]) assert.equal(read(spelt(typo)), toHex(entropy), typo);
  assert.equal(read(spelt("zzzzzz")), `Word ${at + 1} is not a receipt word. Check its spelling`);
});

test("too few, too many, none and another order are told apart", () => {
  const words = wordsOf(randomBytes(16));
  assert.match(read(words.slice(1).join(" ")), /there are 11 here/);
  assert.match(read([...words, "able"].join(" ")), /there are 13 here/);
  assert.match(read("able"), /there is 1 here/);
  assert.equal(read("  \n"), "Enter your twelve receipt words");
  assert.match(read(wordsOf(new Uint8Array(16)).with(11, "zoo").join(" ")), /not in this order/);
});

test("whatever is typed gives an answer, and only a checksum that fits gives bits", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void read(text)), { numRuns: 50 });
  let fits = 0;
  for (let i = 0; i < 200; i++) {
    const words = wordsOf(randomBytes(16)).toSorted();
    if (readWords(words.join(" ")).ok) fits += 1;
  }
  assert.ok(fits < 60, `one in sixteen, not ${fits} in 200`);
});

test("what leaves the browser tells nothing about what stays: another part, another submission, another value", () => {
  const entropy = randomBytes(16);
  const [one, other] = [newId(), newId()];
  assert.ok(!equalBytes(receiptSignIn(entropy), answersNonce(entropy, one)));
  assert.ok(!equalBytes(answersNonce(entropy, one), answersNonce(entropy, other)));
});
