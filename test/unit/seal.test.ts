/**
 * Sealing: what the guard refuses although the library would do it, and what an attacker can move, cut or pad (T5, T6,
 * T10, T32).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encrypter, Stanza } from "age-encryption";
import { toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { Fault } from "../../src/domain/problem.ts";
import { inspectAge, kindOfRecipient } from "../../src/domain/seal/age.ts";
import { ageOpen } from "../../src/domain/seal/age-open.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { encodeLetter, type SealContext } from "../../src/domain/seal/context.ts";
import { encodeSubmission, parseSubmission } from "../../src/domain/seal/envelope.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { openLetter, openSlip } from "../../src/domain/seal/open.ts";
import { pad, paddedSize, unpad } from "../../src/domain/seal/padding.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { sealAnswers } from "../../src/domain/seal/seal.ts";
import fc, { values } from "../support/drawn.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const hybrid = await newIdentity("hybrid");
const classic = await newIdentity("x25519");
const context: SealContext = {
  form: "complaint",
  formHash: toHex(randomBytes(32)),
  inbox: newId(),
  epoch: 1,
  submission: newId(),
  first: null,
};
const replying = { hybrid: await newIdentity("hybrid"), x25519: await newIdentity("x25519") };
const binding = { receipt: randomBytes(32), nonce: randomBytes(32), reply: replying.x25519.recipient };
const answers = { name: "Zoë Example", "what-happened": "It was <b>dark</b>.\n=cmd|'/c calc'!A1 \u202e" };

test("what is sealed opens under its key and context only, for both kinds", async () => {
  for (const key of [hybrid, classic]) {
    const reply = replying[kindOfRecipient(key.recipient)].recipient;
    const bound = { ...binding, reply };
    const sealed = await sealAnswers(answers, { name: "Zoë Example" }, context, bound, key.recipient);
    assert.deepEqual(await openLetter(key.identity, sealed.letter, context), {
      answers,
      reply,
      commitment: sealed.commitment,
    });
    assert.deepEqual(await openSlip(key.identity, sealed.slip, context), { name: "Zoë Example" });
    await assert.rejects(
      openLetter((await newIdentity(kindOfRecipient(key.recipient))).identity, sealed.letter, context),
      is("OPEN_FAILED"),
    );
    assert.ok(!Buffer.from(sealed.letter).includes("dark"));
  }
});

// Sealed content cannot be moved: every field of the context is compared, and a slip is not a letter.
test("sealed content cannot be moved: every field of the context is compared", async () => {
  const sealed = await sealAnswers(answers, {}, context, binding, classic.recipient);
  const elsewhere: SealContext[] = [
    { ...context, form: "contact" },
    { ...context, formHash: toHex(randomBytes(32)) },
    { ...context, inbox: newId() },
    { ...context, epoch: 2 },
    { ...context, submission: newId() },
    { ...context, first: newId() },
  ];
  for (const other of elsewhere) {
    await assert.rejects(openLetter(classic.identity, sealed.letter, other), is("OPEN_CONTEXT"));
    await assert.rejects(openSlip(classic.identity, sealed.slip, other), is("OPEN_CONTEXT"));
  }
  await assert.rejects(openLetter(classic.identity, sealed.slip, context), is("OPEN_CONTEXT"));
  await assert.rejects(openSlip(classic.identity, sealed.letter, context), is("OPEN_CONTEXT"));
  // An addition is not another letter's, and not a letter by itself.
  const added = { ...context, first: newId() };
  const addition = await sealAnswers(answers, {}, added, binding, classic.recipient);
  for (const first of [newId(), null]) {
    const other = { ...context, first };
    await assert.rejects(openLetter(classic.identity, addition.letter, other), is("OPEN_CONTEXT"));
    await assert.rejects(openSlip(classic.identity, addition.slip, other), is("OPEN_CONTEXT"));
  }
});

// A guess under a short nonce could be tried out by whoever reads the log.
test("a nonce of 32 bytes ties the answers to the log, and no shorter one is taken", async () => {
  for (const length of [0, 31, 33]) {
    const nonce = randomBytes(length);
    await assert.rejects(
      sealAnswers(answers, {}, context, { ...binding, nonce }, classic.recipient),
      is("MALFORMED"),
      String(length),
    );
    const letter = await ageSeal([classic.recipient], pad(encodeLetter(context, nonce, binding.reply, toUtf8("{}"))));
    await assert.rejects(openLetter(classic.identity, letter, context), is("MALFORMED"), String(length));
  }
});

// Whoever exchanges it would read what is answered; so the commitment in the log is to it, too.
test("a letter commits to the key that replies are sealed to, and takes nothing else for one", async () => {
  const sealed = await sealAnswers(answers, {}, context, binding, classic.recipient);
  const other = { ...binding, reply: (await newIdentity("x25519")).recipient };
  const exchanged = await sealAnswers(answers, {}, context, other, classic.recipient);
  assert.notEqual(exchanged.commitment, sealed.commitment);
  assert.equal((await openLetter(classic.identity, exchanged.letter, context)).commitment, exchanged.commitment);
  for (const reply of [hybrid.recipient, "", "age1", replying.x25519.identity])
    await assert.rejects(
      sealAnswers(answers, {}, context, { ...binding, reply }, classic.recipient),
      is("SEAL_RECIPIENTS"),
    );
  for (const reply of ["", "age1", replying.x25519.identity]) {
    const letter = await ageSeal([classic.recipient], pad(encodeLetter(context, binding.nonce, reply, toUtf8("{}"))));
    await assert.rejects(openLetter(classic.identity, letter, context), is("MALFORMED"), reply);
  }
});

test("the guard refuses nobody, two kinds, the same person twice, a passphrase and nonsense", async () => {
  const content = toUtf8("x");
  await assert.rejects(ageSeal([], content), is("SEAL_RECIPIENTS"));
  await assert.rejects(ageSeal([hybrid.recipient, classic.recipient], content), is("SEAL_RECIPIENTS"));
  await assert.rejects(ageSeal([classic.recipient, classic.recipient], content), is("SEAL_RECIPIENTS"));
  for (const nonsense of ["", "age1", classic.identity, `${classic.recipient} `, "age1tag1qqq"])
    await assert.rejects(ageSeal([nonsense], content), is("SEAL_RECIPIENTS"));
});

// The library, or what a zone brings in its place, writes to one person more, to nobody of ours, or to another kind.
test("what was written is read back: a stanza too many, none, or another kind is not handed out", async () => {
  const [own, other, post] = await Promise.all(
    [classic, await newIdentity("x25519"), hybrid].map(async ({ recipient }) => stanzasFor(recipient)),
  );
  for (const stanzas of [[...own!, ...other!], [], post!])
    await assert.rejects(
      ageSeal([classic.recipient], toUtf8("x"), () => fileFor(stanzas)),
      is(stanzas.length === 0 ? "ENVELOPE_MALFORMED" : "SEAL_FAILED"),
    );
  const good = await ageSeal([classic.recipient], toUtf8("x"), () => fileFor(own!));
  assert.equal(inspectAge(good).stanzas, 1);
});

/** A file with these stanzas, whoever they are for. */
function fileFor(stanzas: readonly Stanza[]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient({ wrapFileKey: async () => [...stanzas] });
  return encrypter.encrypt(toUtf8("x"));
}

/** The stanzas that the library writes for a recipient; of some key. */
async function stanzasFor(recipient: string): Promise<readonly Stanza[]> {
  const header = Buffer.from(await ageSeal([recipient], toUtf8("y"))).toString("latin1");
  const [, args, body] = /\n-> ([^\n]+)\n([^-]+)\n---/.exec(header)!;
  return [new Stanza(args!.split(" "), Buffer.from(body!.replaceAll("\n", ""), "base64"))];
}

test("a file that the library writes but the guard never would is refused before any key", async () => {
  const write = async (prepare: (e: Encrypter) => void): Promise<Uint8Array> => {
    const encrypter = new Encrypter();
    prepare(encrypter);
    return encrypter.encrypt(new Uint8Array(2048));
  };
  const passphrase = await write((e) => {
    e.setPassphrase("weak");
    e.setScryptWorkFactor(2);
  });
  const mixed = await write((e) => [hybrid.recipient, classic.recipient].forEach((r) => e.addRecipient(r)));
  // A stanza of ours and, beside it, one that a passphrase opens, or of a kind that nobody here writes.
  const beside = async (stanza: string): Promise<Uint8Array> => {
    const file = Buffer.from(await ageSeal([classic.recipient], new Uint8Array(2048)));
    const at = file.indexOf("---");
    return new Uint8Array(Buffer.concat([file.subarray(0, at), toUtf8(`${stanza}\nAAAA\n`), file.subarray(at)]));
  };
  const strange = [await beside("-> scrypt c2FsdHNhbHRzYWx0c2FsdA 2"), await beside("-> x25519 AAAA")];
  for (const file of [passphrase, mixed, ...strange]) {
    assert.throws(() => inspectAge(file), is("ENVELOPE_MALFORMED"));
    await assert.rejects(ageOpen(classic.identity, file, 4096), is("ENVELOPE_MALFORMED"));
  }
  assert.throws(() => inspectAge(toUtf8("my name is Zoë")), is("ENVELOPE_NOT_SEALED"));
});

test("a truncated, extended or altered file yields nothing at all", async () => {
  const content = Uint8Array.from({ length: 200_000 }, (_, i) => i * 7);
  const file = await ageSeal([classic.recipient], content);
  assert.deepEqual(await ageOpen(classic.identity, file, 200_000), content);
  for (const length of [file.length - 1, file.length - 16, file.length - 3400, 65_536 * 3, 300, 10])
    await assert.rejects(ageOpen(classic.identity, file.subarray(0, length), 200_000), Fault);
  await assert.rejects(ageOpen(classic.identity, Buffer.concat([file, new Uint8Array(40)]), 200_000), Fault);
  for (let at = 0; at < file.length; at += 1777) {
    const altered = file.slice();
    altered[at]! ^= 1;
    await assert.rejects(ageOpen(classic.identity, altered, 200_000), Fault);
  }
  await assert.rejects(ageOpen(classic.identity, file, 199_999), is("TOO_LARGE"));
});

test("padding has few sizes, is undone exactly, and carries nothing", () => {
  fc.assert(
    fc.property(fc.nat(200_000), (length) => {
      const content = new Uint8Array(length).fill(7);
      const padded = pad(content);
      assert.equal(padded.length, paddedSize(length + 4));
      assert.ok(padded.length % 65_536 === 0 || Number.isInteger(Math.log2(padded.length)));
      assert.ok(padded.length >= 2048);
      assert.deepEqual(unpad(padded), content);
    }),
    { numRuns: values(60) },
  );
  // The sizes themselves: FORMAT.md promises them, and a smaller smallest would tell a "yes" from a "no".
  const sizes = [0, 1, 2044, 2045, 4092, 4093, 65_532, 65_533, 131_068, 131_069];
  assert.deepEqual(
    sizes.map((size) => pad(new Uint8Array(size)).length),
    [2048, 2048, 2048, 4096, 4096, 8192, 65_536, 131_072, 131_072, 196_608],
  );
  const padded = pad(toUtf8("short"));
  padded[padded.length - 1] = 1;
  assert.throws(() => unpad(padded), is("OPEN_PADDING"));
  const larger = new Uint8Array(4096);
  larger.set(pad(toUtf8("short")));
  assert.throws(() => unpad(larger), is("OPEN_PADDING"));
});

// An envelope is our version, one stanza of the installation's kind per part, and one of our sizes.
test("an envelope is our version, one stanza of our kind per part, and one of our sizes", async () => {
  const sealed = await sealAnswers(answers, {}, context, binding, classic.recipient);
  const wire = encodeSubmission(sealed);
  assert.deepEqual(encodeSubmission(parseSubmission(wire, "x25519")), wire);
  assert.throws(() => parseSubmission(wire, "hybrid"), is("ENVELOPE_MALFORMED"));
  const two = await ageSeal([classic.recipient, (await newIdentity("x25519")).recipient], new Uint8Array(2048));
  const odd = await ageSeal([classic.recipient], encodeLetter(context, binding.nonce, binding.reply, toUtf8("{}")));
  const otherKind = await ageSeal([hybrid.recipient], new Uint8Array(2048));
  // One step of padding above what a slip, and what a letter, may hold.
  const large = { slip: 131_072, letter: 1_048_576 + 65_536 };
  for (const part of ["slip", "letter"] as const) {
    const refuses = (bytes: Uint8Array, code: string): void =>
      assert.throws(() => parseSubmission(encodeSubmission({ ...sealed, [part]: bytes }), "x25519"), is(code), part);
    refuses(two, "ENVELOPE_MALFORMED");
    refuses(otherKind, "ENVELOPE_MALFORMED");
    refuses(odd, "ENVELOPE_PADDING");
    refuses(toUtf8("name: Zoë"), "ENVELOPE_NOT_SEALED");
    refuses(await ageSeal([classic.recipient], new Uint8Array(large[part])), "ENVELOPE_TOO_LARGE");
  }
  assert.throws(() => parseSubmission(new Uint8Array((64 + 1024 + 16) * 1024 + 1)), is("ENVELOPE_TOO_LARGE"));
  const versioned = wire.slice();
  versioned.set(toUtf8("2"), Buffer.from(wire).indexOf("/v1/") + 2);
  assert.throws(() => parseSubmission(versioned), is("UNKNOWN_VERSION"));
  for (let length = 0; length < wire.length; length += 97)
    assert.throws(() => parseSubmission(wire.subarray(0, length)), Fault);
});

test("no bytes make the envelope's parser fail otherwise than with a code", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      assert.throws(() => parseSubmission(bytes), Fault);
      assert.throws(() => inspectAge(bytes), Fault);
    }),
  );
});

test("a reference is the same for everybody and tells nothing about the id", () => {
  const id = "00000000000000000000000000000000";
  assert.match(referenceOf(id), /^PB-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}$/);
  assert.equal(referenceOf(id), referenceOf(id));
  assert.notEqual(referenceOf(id), referenceOf("00000000000000000000000000000001"));
});
