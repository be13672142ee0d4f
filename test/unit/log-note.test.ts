import assert from "node:assert/strict";
import { test } from "node:test";
import { fromUtf8, toBase64, toUtf8 } from "../../src/domain/bytes.ts";
import { encodeCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { isKeyName, openNote, parseNote, signatureLine, signNote } from "../../src/domain/log/note.ts";
import {
  formatSignerKey,
  formatVerifierKey,
  parseSignerKey,
  parseVerifierKey,
  signerKey,
} from "../../src/domain/log/note-key.ts";
import fc, { values } from "../support/drawn.ts";

const NOTE_INVALID = { code: "NOTE_INVALID" };
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const name = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }).filter(isKeyName);
const noteText = fc
  .array(
    fc.string({ unit: "grapheme", maxLength: 20 }).filter((line) => !/[\u0000-\u001f]/.test(line)),
    { minLength: 1, maxLength: 6 },
  )
  .map((lines) => `${lines.join("\n")}\n`);
const signer = signerKey("example.com/log", new Uint8Array(32).fill(1));
const other = signerKey("example.com/other", new Uint8Array(32).fill(2));

test("the specification's own example holds", () => {
  const vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  const note =
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
  const key = parseVerifierKey(vkey);
  assert.equal(openNote(note, [key]).text, "This is an example message.\n");
  assert.equal(formatVerifierKey(key), vkey);
  assert.throws(() => openNote(note.replace("example message", "Example message"), [key]), NOTE_INVALID);
});

test("the other notes of the specifications are taken apart as they stand", () => {
  const poem =
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
  const { text, signatures } = parseNote(poem);
  assert.ok(text.endsWith("\n\ned è subito sera.\n"));
  assert.equal(`${text}\n${signatures.map(signatureLine).join("")}`, poem);
  const sofa =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
  assert.equal(parseCheckpoint(parseNote(sofa).text).size, 20_852_163);
});

test("keys are read back as they were written", () => {
  fc.assert(
    fc.property(name, bytes32, (name, seed) => {
      const key = signerKey(name, seed);
      assert.equal(
        formatVerifierKey(parseSignerKey(formatSignerKey(name, seed)).verifier),
        formatVerifierKey(key.verifier),
      );
      assert.equal(parseVerifierKey(formatVerifierKey(key.verifier)).id, key.id);
    }),
    { numRuns: values(40) },
  );
});

test("a key in any other spelling is refused", () => {
  const vkey = formatVerifierKey(signer.verifier);
  const [, id, base64] = vkey.split("+") as [string, string, string];
  const bad = [
    "",
    vkey.toUpperCase(),
    vkey.replace(id, id.toUpperCase() + "0"),
    vkey.replace(id, "00000000"),
    vkey.slice(0, -1),
    `${vkey} `,
    vkey.replace("example.com", "example.org"),
    `a b+${id}+${base64}`,
    `+${id}+${base64}`,
    vkey.replace(base64, toBase64(Uint8Array.of(4, ...signer.verifier.publicKey))),
  ];
  for (const text of bad) assert.throws(() => parseVerifierKey(text), NOTE_INVALID, text);
  for (const text of [vkey, "PRIVATE+KEY+", formatSignerKey("a", new Uint8Array(32)).replace("+a+", "+b+")])
    assert.throws(() => parseSignerKey(text), NOTE_INVALID, text);
});

test("a signed text is opened with the signer's key and with no other", () => {
  fc.assert(
    fc.property(noteText, (text) => {
      const note = signNote(text, [other, signer]);
      assert.deepEqual(openNote(note, [signer.verifier]), { text, signedBy: [signer.verifier] });
      assert.equal(openNote(note, [signer.verifier, other.verifier]).signedBy.length, 2);
      assert.throws(
        () => openNote(note, [signerKey("example.com/log", new Uint8Array(32).fill(3)).verifier]),
        NOTE_INVALID,
      );
      assert.throws(() => openNote(note, []), NOTE_INVALID);
    }),
    { numRuns: values(30) },
  );
});

test("a signature by a known key that does not verify refuses the note, beside a good one too", () => {
  const good = signNote("text\n", [signer]);
  const wrong = signatureLine({ name: other.name, id: other.id, signature: new Uint8Array(64) });
  const short = signatureLine({ name: signer.name, id: signer.id, signature: new Uint8Array(63) });
  assert.equal(openNote(good + wrong, [signer.verifier]).text, "text\n");
  assert.throws(() => openNote(good + wrong, [signer.verifier, other.verifier]), NOTE_INVALID);
  assert.throws(() => openNote(good + short, [signer.verifier]), NOTE_INVALID);
  // Same name, other id, and same id, other name: not ours, so ignored.
  const strangers =
    signatureLine({ name: signer.name, id: signer.id ^ 1, signature: new Uint8Array(64) }) +
    signatureLine({ name: "x", id: signer.id, signature: new Uint8Array(64) });
  assert.equal(openNote(good + strangers, [signer.verifier]).signedBy.length, 1);
});

test("a malformed note is refused", () => {
  const good = signNote("text\n", [signer]);
  const line = good.split("\n")[2]!;
  const bad = [
    "",
    "\n",
    "text\n",
    "text\n\n",
    `text\n${line}\n`,
    `text\n\n${line}`,
    `text\n\n${line}\n\n`,
    `text\n\n${line} \n`,
    `text\n\n-${line.slice(1)}\n`,
    `text\n\n${line.replace(" ", "  ")}\n`,
    `te\txt\n\n${line}\n`,
    `te\u0000xt\n\n${line}\n`,
    `te\rxt\n\n${line}\n`,
    `\ud800\n\n${line}\n`,
    `text\n\n— example.com/log AAAA\n`,
    `text\n\n— a+b ${line.split(" ")[2]}\n`,
    `text\n\n— a\u00a0b ${line.split(" ")[2]}\n`,
    `text\n\n${line.replace("=", "")}\n`,
    `text\n\n${`${line}\n`.repeat(101)}`,
    `${"x".repeat(1_000_001)}\n\n${line}\n`,
  ];
  for (const note of bad)
    assert.throws(() => openNote(note, [signer.verifier]), NOTE_INVALID, JSON.stringify(note.slice(0, 80)));
  assert.equal(
    openNote(`text\n\n${`${line}\n`.repeat(16)}`, [signer.verifier]).signedBy.length,
    1,
    "16 signatures must be accepted",
  );
  for (const text of ["", "no newline", "tab\t\n", "\ud800\n"])
    assert.throws(() => signNote(text, [signer]), NOTE_INVALID);
  assert.throws(() => signNote("text\n", []), NOTE_INVALID);
});

const checkpoint = fc.record(
  { origin: name, size: fc.maxSafeNat(), root: bytes32, extensions: fc.array(name, { maxLength: 3 }) },
  { noNullPrototype: true },
);

test("a checkpoint is read back as it was written", () => {
  fc.assert(
    fc.property(checkpoint, (given) => {
      const text = encodeCheckpoint(given);
      assert.deepEqual(parseCheckpoint(text), given);
      assert.equal(encodeCheckpoint(parseCheckpoint(text)), text);
    }),
  );
});

test("a checkpoint in any other spelling is refused", () => {
  const root = toBase64(new Uint8Array(32));
  assert.equal(parseCheckpoint(`log\n0\n${root}\n`).size, 0);
  const sizes = [
    "",
    "00",
    "01",
    "-1",
    "+1",
    " 1",
    "1 ",
    "1.0",
    "1e3",
    "0x1",
    "１",
    "9007199254740992",
    "99999999999999999999",
  ];
  for (const size of sizes) assert.throws(() => parseCheckpoint(`log\n${size}\n${root}\n`), NOTE_INVALID, size);
  for (const hash of [
    "",
    root.slice(1),
    `${root}A`,
    root.replace("=", ""),
    root.replace("A=", "B="),
    `${root.slice(0, 40)}AAA=\n`,
    toBase64(new Uint8Array(31)),
    toBase64(new Uint8Array(33)),
  ]) {
    assert.throws(() => parseCheckpoint(`log\n1\n${hash}\n`), NOTE_INVALID, hash);
  }
  for (const text of [
    "",
    "log\n",
    "log\n1\n",
    `\n1\n${root}\n`,
    `log\n1\n${root}`,
    `log\n1\n${root}\n\n`,
    `log\n1\n${root}\nextension\n\nmore\n`,
  ])
    assert.throws(() => parseCheckpoint(text), NOTE_INVALID, text);
  assert.throws(
    () => encodeCheckpoint({ origin: "a\nb", size: 1, root: new Uint8Array(32), extensions: [] }),
    NOTE_INVALID,
  );
  assert.throws(
    () => encodeCheckpoint({ origin: "a", size: 1.5, root: new Uint8Array(32), extensions: [] }),
    NOTE_INVALID,
  );
});

test("a signed checkpoint holds for its own log, and no altered bit of it does", () => {
  const note = signCheckpoint(
    { origin: signer.name, size: 42, root: new Uint8Array(32).fill(9), extensions: [] },
    signer,
  );
  assert.equal(openCheckpoint(note, signer.verifier).size, 42);
  const foreign = signCheckpoint(
    { origin: "example.com/another", size: 42, root: new Uint8Array(32), extensions: [] },
    signer,
  );
  assert.throws(() => openCheckpoint(foreign, signer.verifier), NOTE_INVALID);
  const bytes = toUtf8(note);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = bytes.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(
      () => openCheckpoint(fromUtf8(altered), signer.verifier),
      (thrown: Error) => "code" in thrown,
      `bit ${bit}`,
    );
  }
});
