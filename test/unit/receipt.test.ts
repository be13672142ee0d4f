/**
 * Receipts: what is forgiven when somebody types their words again, what is not guessed, and what a proof of receipt
 * proves.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { equalBytes, sha256, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { canonicalBytes } from "../../src/domain/canonical.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { signerOfLog } from "../../src/domain/log/names.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof } from "../../src/domain/log/proof.ts";
import { checkReceipt } from "../../src/domain/log/receipt-check.ts";
import { inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { answersLine } from "../../src/domain/receipt/answers-line.ts";
import { encodeReceiptFile, parseReceiptFile } from "../../src/domain/receipt/file.ts";
import { answersNonce, receiptSignIn } from "../../src/domain/receipt/keys.ts";
import { readWords, wordsOf, wordsProblem } from "../../src/domain/receipt/words.ts";
import { answersCommitment } from "../../src/domain/seal/commitment.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import fc, { values } from "../support/drawn.ts";

const entropies = fc.uint8Array({ minLength: 16, maxLength: 16 });
const read = (typed: string): string => {
  const found = readWords(typed);
  return found.ok ? toHex(found.entropy) : wordsProblem(found);
};

// Twelve words are their 128 bits, however they are spaced, numbered, ordered by number or shortened.
test("twelve words are their 128 bits, however they are spaced, numbered or shortened", () => {
  fc.assert(
    fc.property(entropies, fc.integer({ min: 0, max: 11 }), (entropy, turn) => {
      const words = wordsOf(entropy);
      const numbered = words.map((word, i) => `${i + 1}. ${word}`);
      const typed = [
        words.join(" "),
        `  ${words.join("\n").toUpperCase()}\t`,
        words.join(", "),
        numbered.join("\n"),
        [...numbered.slice(turn), ...numbered.slice(0, turn)].join("   "),
        words.map((word) => word.slice(0, 4)).join("-"),
        words
          .map((word, i) => `${i + 1}) ${word}`)
          .toReversed()
          .join("; "),
      ];
      for (const text of typed) assert.equal(read(text), toHex(entropy), text);
    }),
  );
});

test("one wrong letter is mended where one word alone can be meant, and otherwise named", () => {
  const entropy = new Uint8Array(16).fill(0x3c);
  const words = wordsOf(entropy);
  const at = words.findIndex((word) => word.length > 6);
  const spelt = (as: string): string => words.with(at, as).join(" ");
  const word = words[at]!;
  for (const typo of [
    `${word}s`,
    word.slice(0, -1),
    word.slice(0, 2) + word[3]! + word[2]! + word.slice(4),
    `${word.slice(0, 5)}x${word.slice(6)}`,
  ])
    assert.equal(read(spelt(typo)), toHex(entropy), typo);
  // "aple" is near "able" and "apple": which was meant is not for a program to say.
  assert.equal(read(spelt("aple")), `Word ${at + 1} is not a receipt word. Check its spelling`);
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
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void read(text)),
    { numRuns: values(50) },
  );
  let fits = 0;
  for (let i = 0; i < 200; i++) {
    const words = wordsOf(randomBytes(16)).toSorted();
    if (readWords(words.join(" ")).ok) fits += 1;
  }
  assert.ok(fits < 60, `one in sixteen, not ${fits} in 200`);
});

// What leaves the browser tells nothing about what stays: another part, another submission, another value.
test("what leaves the browser tells nothing about what stays", () => {
  const entropy = randomBytes(16);
  const [one, other] = [newId(), newId()];
  assert.ok(!equalBytes(receiptSignIn(entropy), answersNonce(entropy, one)));
  assert.ok(!equalBytes(answersNonce(entropy, one), answersNonce(entropy, other)));
});

const signer = signerKey("example.com/log", randomBytes(32));
const vkey = formatVerifierKey(signer.verifier);
const when = (at: number): string => new Date(at).toISOString();

/** A receipt that stands in a log of three entries, with the answers of its letter. */
function proven() {
  const [entropy, submission, answers] = [randomBytes(16), newId(), { "full-name": "Zoë Example" }];
  const opening = { nonce: answersNonce(entropy, submission), reply: sha256(toUtf8("a recipient")) };
  const hash = "ab".repeat(32);
  const event = {
    kind: "submission.received",
    body: "harrowmere",
    inbox: newId(),
    epoch: 1,
    formHash: hash,
    submission,
    slip: hash,
    letter: hash,
    size: 4096,
    path: "browser",
    commitment: toHex(answersCommitment(opening.nonce, canonicalBytes(answers), opening.reply)),
    at: 1_800_000_000_000,
  } as const;
  const entry = encodeEntry(event, randomBytes(32));
  const nodes = nodesOf([toUtf8("one"), entry, toUtf8("three")].map(leafHash));
  const own = signerOfLog(signer, "harrowmere");
  const checkpoint = signCheckpoint({ origin: own.name, size: 3, root: treeRoot(3, nodes), extensions: [] }, own);
  const file = {
    kind: "receipt",
    logKey: vkey,
    entry,
    answers: opening,
    decided: null,
    proof: encodeProof({ index: 1, hashes: inclusionProof(1, 3, nodes), checkpoint }),
  } as const;
  const copy = `Contact\r\n\r\nFull name\r\n    Zoë Example\r\n\r\n${answersLine(answers)}\r\n`;
  return { file, text: encodeReceiptFile(file, ["Proof of receipt"]), copy, reference: referenceOf(submission) };
}

test("a proof of receipt says what holds: that it was received, and that these were the answers", () => {
  const { file, text, copy, reference } = proven();
  assert.deepEqual(parseReceiptFile(text), file);
  assert.deepEqual(parseReceiptFile(`\ufeff${text.replaceAll("\n", "\r\n")}`), file);
  const all = checkReceipt(text, vkey, copy, when);
  assert.deepEqual(
    all.map(({ verdict }) => verdict),
    ["holds", "holds", "holds", "open"],
  );
  assert.ok(all[1]!.text.includes(reference) && all[1]!.text.includes("2027-01-15"));
  assert.deepEqual(
    checkReceipt(text, vkey, null, when).map(({ verdict }) => verdict),
    ["holds", "holds", "open", "open"],
  );
  for (const other of [copy.replace('"Zoë', '"Zoe'), "no line", proven().copy.replace('Example"}', 'Other"}')])
    assert.equal(
      checkReceipt(text, vkey, other, when).some(({ verdict }) => verdict === "fails"),
      true,
    );
  const stranger = formatVerifierKey(signerKey("example.com/log", randomBytes(32)).verifier);
  for (const key of [stranger, "", "nonsense"]) assert.equal(checkReceipt(text, key, copy, when)[0]!.verdict, "fails");
});

test("every altered bit of the proof is refused, every altered byte of the entry, and every cut", () => {
  const { text, copy } = proven();
  const bytes = toUtf8(text);
  const from = toUtf8(text.slice(0, text.indexOf("-----"))).length;
  // The key beside it is a suggestion, and the name of the line is not: what is checked begins and goes on around it.
  const [key, after] = [
    toUtf8(text.slice(0, text.indexOf("log ") + 4)).length,
    toUtf8(text.slice(0, text.indexOf("\nentry"))).length,
  ];
  const [entryAt, entryLength] = [after + 1, text.split("\n").find((line) => line.startsWith("entry "))!.length];
  let looked = 0;
  for (let at = from; at < bytes.length; at++) {
    if (at >= key && at < after) continue;
    const inEntry = at >= entryAt && at < entryAt + entryLength;
    for (const bit of inEntry ? [at % 8] : [0, 1, 2, 3, 4, 5, 6, 7]) {
      const altered = bytes.slice();
      altered[at]! ^= 1 << bit;
      const findings = checkReceipt(Buffer.from(altered).toString("utf8"), vkey, copy, when);
      assert.ok(
        findings.some(({ verdict }) => verdict === "fails"),
        `byte ${at} (${JSON.stringify(String.fromCharCode(bytes[at]!))}), bit ${bit}`,
      );
      looked += 1;
    }
  }
  assert.ok(looked > 3_000);
  for (let length = from; length < bytes.length; length += 23)
    assert.equal(
      checkReceipt(Buffer.from(bytes.slice(0, length)).toString("utf8"), vkey, copy, when)[0]!.verdict,
      "fails",
    );
});
