/**
 * The examples of docs/FORMAT.md, kept in test/vectors/format.json: today's code gives the same bytes, and so does a
 * reading of the document that shares no line with the code. The sealed files in it were written once and must open for
 * ever.
 */
import assert from "node:assert/strict";
import { createHash, hkdfSync, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { encodeFields, fromBase64, fromHex, sha256, tag, taggedHash, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { canonicalBytes } from "../../src/domain/canonical.ts";
import { verifyChain } from "../../src/domain/grant/chain.ts";
import {
  parseStatement,
  signStatement,
  statementHash,
  type SignedStatement,
} from "../../src/domain/grant/statement.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { verifyRelease } from "../../src/domain/log/release-proof.ts";
import { detailsCommitment } from "../../src/domain/person/details.ts";
import { KDF, passphraseKeys, passphraseSalt } from "../../src/domain/person/passphrase.ts";
import { openPersonKeys } from "../../src/domain/person/unlock.ts";
import { bindingOf, replyKeys } from "../../src/domain/receipt/binding.ts";
import { receiptSignIn } from "../../src/domain/receipt/keys.ts";
import { readWords, wordsOf } from "../../src/domain/receipt/words.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { answersCommitment } from "../../src/domain/seal/commitment.ts";
import { encodeLetter, encodeSlip } from "../../src/domain/seal/context.ts";
import { encodeSubmission, parseSubmission } from "../../src/domain/seal/envelope.ts";
import { openLetter, openSlip } from "../../src/domain/seal/open.ts";
import { pad, paddedSize } from "../../src/domain/seal/padding.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const vectors = JSON.parse(readFileSync(join(ROOT, "test/vectors/format.json"), "utf8"));
const squeeze = (text: string): string => text.replace(/\s+/g, "");
const document = squeeze(readFileSync(join(ROOT, "docs/FORMAT.md"), "utf8"));

/** The document's own words, in Node's own tools. */
const u32 = (n: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(n);
  return out;
};
const u64 = (n: number): Buffer => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(n));
  return out;
};
const record = (...fields: Buffer[]): Buffer => Buffer.concat(fields.flatMap((field) => [u32(field.length), field]));
const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const hex = (text: string): Buffer => Buffer.from(text, "hex");

test("records and tagged hashes are those of the document", () => {
  const { kind, text, number, bytes, list, encoded, hash: wanted } = vectors.taggedHash;
  assert.equal(toHex(encodeFields([tag(kind), text, number, fromHex(bytes), list])), encoded);
  assert.equal(toHex(taggedHash(kind, text, number, fromHex(bytes), list)), wanted);
  const again = record(
    Buffer.from("pillarbox/v1/example"),
    Buffer.from(text),
    u64(number),
    hex(bytes),
    record(...list.map((one: string) => Buffer.from(one))),
  );
  assert.equal(again.toString("hex"), encoded);
  assert.equal(hash(again), wanted);
});

test("references are those of the document", () => {
  const { submission, reference } = vectors.reference;
  assert.equal(referenceOf(submission), reference);
  const bits = BigInt(`0x${hash(record(Buffer.from("pillarbox/v1/reference"), hex(submission)))}`) >> (256n - 50n);
  const letters = Array.from(
    { length: 10 },
    (_, i) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number((bits >> BigInt(45 - 5 * i)) & 31n)],
  ).join("");
  assert.equal(`PB-${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`, reference);
});

test("padding has the sizes of the document", () => {
  for (const { content, padded } of vectors.padding) {
    assert.equal(pad(new Uint8Array(content)).length, padded, String(content));
    assert.equal(paddedSize(content + 4), padded);
    assert.ok(
      document.includes(squeeze(`| ${content.toLocaleString("en-GB")} | ${padded.toLocaleString("en-GB")} |`)),
      `FORMAT.md shows ${content} → ${padded}`,
    );
  }
});

test("a submission sealed when this was written opens, and comes apart as the document says", async () => {
  const { context, answers, slip, identity, recipient, submission, digest, receipt } = vectors.sealing;
  assert.equal(toHex(recipientHash(recipient)), vectors.sealing.recipientHash);
  const parsed = parseSubmission(fromBase64(submission), "x25519");
  assert.deepEqual(await openSlip(identity, parsed.slip, context), slip);
  assert.deepEqual(await openLetter(identity, parsed.letter, context), {
    answers,
    reply: receipt.reply,
    commitment: receipt.commitment,
  });
  assert.equal(toHex(sha256(encodeSubmission(parsed))), digest);
  assert.equal(hash(Buffer.from(submission, "base64")), digest);
  const { form, formHash, inbox, epoch, submission: id } = context;
  const head = [Buffer.from(form), hex(formHash), hex(inbox), u64(epoch), hex(id), Buffer.alloc(0)];
  assert.deepEqual(
    record(
      Buffer.from("pillarbox/v1/submission"),
      ...head,
      hex(receipt.hash),
      hex(receipt.commitment),
      Buffer.from(parsed.slip),
      Buffer.from(parsed.letter),
    ),
    Buffer.from(encodeSubmission(parsed)),
  );
  for (const [part, content, wanted] of [
    ["slip", slip, vectors.sealing.slipPlaintextHash],
    ["letter", answers, vectors.sealing.letterPlaintextHash],
  ]) {
    const written =
      part === "slip"
        ? encodeSlip(context, canonicalBytes(content))
        : encodeLetter(context, fromHex(receipt.nonce), receipt.reply, canonicalBytes(content));
    assert.equal(toHex(sha256(pad(written))), wanted);
    const inside = record(
      Buffer.from(`pillarbox/v1/${part}`),
      ...head,
      ...(part === "slip" ? [] : [hex(receipt.nonce), Buffer.from(receipt.reply)]),
      Buffer.from(JSON.stringify(content).replaceAll("<", "\\u003c")),
    );
    assert.equal(hash(Buffer.concat([u32(inside.length), inside, Buffer.alloc(2048 - 4 - inside.length)])), wanted);
  }
});

test("receipt words give sign-in part, hash, nonce, reply key and commitment of the document", async () => {
  const { context, answers, receipt } = vectors.sealing;
  const entropy = fromHex(receipt.entropy);
  assert.equal(wordsOf(entropy).join(" "), receipt.words);
  assert.deepEqual(readWords(receipt.words), { ok: true, entropy });
  assert.equal(toHex(receiptSignIn(entropy)), receipt.signIn);
  const binding = await bindingOf(entropy, context.submission, "x25519");
  assert.deepEqual(
    [toHex(binding.receipt), toHex(binding.nonce), binding.reply],
    [receipt.hash, receipt.nonce, receipt.reply],
  );
  const replying = await replyKeys(entropy, "x25519");
  assert.deepEqual(
    [replying.identity, toHex(recipientHash(replying.recipient))],
    [receipt.replyIdentity, receipt.replyHash],
  );
  // The other kind is made of the same 32 bytes.
  assert.match((await replyKeys(entropy, "hybrid")).recipient, /^age1pq1/);
  assert.equal(
    toHex(answersCommitment(binding.nonce, canonicalBytes(answers), recipientHash(binding.reply))),
    receipt.commitment,
  );
  const expand = (info: string, salt: Buffer): string =>
    Buffer.from(hkdfSync("sha256", hex(receipt.entropy), salt, `pillarbox/v1/receipt/${info}`, 32)).toString("hex");
  assert.equal(expand("sign-in", Buffer.alloc(0)), receipt.signIn);
  assert.equal(hash(hex(receipt.signIn)), receipt.hash);
  assert.equal(expand("answers", hex(context.submission)), receipt.nonce);
  assert.equal(expand("reply", Buffer.alloc(0)), receipt.replySecret);
  assert.equal(hash(Buffer.from(receipt.reply)), receipt.replyHash);
  assert.equal(
    hash(
      record(
        Buffer.from("pillarbox/v1/answers/2"),
        hex(receipt.nonce),
        Buffer.from(JSON.stringify(answers).replaceAll("<", "\\u003c")),
        hex(receipt.replyHash),
        Buffer.alloc(0),
      ),
    ),
    receipt.commitment,
  );
});

const signed = (): SignedStatement[] =>
  vectors.statements.map((one: { bytes: string; signature: string }) => ({
    bytes: fromHex(one.bytes),
    signature: fromHex(one.signature),
  }));

test("statements have the bytes, hashes and signatures of the document", () => {
  const { signingSecret, detailsSalt, name, email } = vectors.owner;
  for (const { bytes, hash: wanted, signature } of vectors.statements) {
    const statement = parseStatement(fromHex(bytes));
    const again = signStatement(statement, fromHex(signingSecret));
    assert.deepEqual(
      [toHex(again.bytes), toHex(again.signature), toHex(statementHash(again.bytes))],
      [bytes, signature, wanted],
    );
  }
  const [root, ended] = vectors.statements;
  assert.equal(toHex(detailsCommitment(fromHex(detailsSalt), name, email)), root.statement.details);
  const { installation, body, seq, prev, at, actor, grant, inbox, person, reason } = ended.statement;
  const text = (value: string): Buffer => Buffer.from(value);
  assert.equal(
    record(
      text("pillarbox/v1/statement/grant.ended"),
      text(installation),
      text(body),
      u64(seq),
      hex(prev),
      u64(at),
      text(actor),
      text(grant),
      text(inbox),
      text(person),
      text(reason),
    ).toString("hex"),
    ended.bytes,
  );
  assert.equal(prev, root.hash);
});

test("the root of the example holds, and its second statement ends a grant that was never made", () => {
  const [root, ended] = signed();
  const expected = {
    installation: vectors.statements[0].statement.installation,
    body: "own",
    root: fromHex(vectors.statements[0].hash),
  };
  assert.equal(verifyChain([root!], expected).persons.get(vectors.owner.person)?.role, "owner");
  assert.throws(() => verifyChain([root!, ended!], expected), /statement 1: there is no such grant/);
});

test("a passphrase gives the keys of the document, and they open what was sealed to them", async () => {
  const { passphrase, account, installation, salt, stretched, signIn, unlock, personKeys } = vectors.passphrase;
  assert.equal(toHex(passphraseSalt(installation, account)), salt);
  assert.equal(toHex(passphraseSalt(installation, ` ${account.toUpperCase()} `)), salt);
  const made = scryptSync(passphrase, fromHex(salt), KDF.dkLen, {
    N: KDF.N,
    r: KDF.r,
    p: KDF.p,
    maxmem: 256 * 1024 * 1024,
  });
  assert.equal(made.toString("hex"), stretched);
  const keys = passphraseKeys(new Uint8Array(made));
  assert.deepEqual([toHex(keys.signIn), keys.unlock], [signIn, unlock]);
  const opened = await openPersonKeys(unlock, fromBase64(personKeys), vectors.owner.person);
  assert.deepEqual(
    [opened.identity, toHex(opened.signingSecret), toHex(opened.signingKey)],
    [vectors.owner.identity, vectors.owner.signingSecret, vectors.owner.signingKey],
  );
});

test("a wrapped key that was written when this was written gives the inbox's key", async () => {
  const { to, inbox, epoch, file, hash: wrapHash } = vectors.wrap;
  const holders = new Map([[to, fromHex(wrapHash)]]);
  const state = {
    inboxes: new Map([
      [inbox, { inbox, epochs: [{ epoch, recipientHash: fromHex(vectors.sealing.recipientHash), at: 0, holders }] }],
    ]),
  } as never;
  const { identity, recipient, person } = vectors.owner;
  const keys = {
    person,
    identity,
    recipient,
    signingSecret: fromHex(vectors.owner.signingSecret),
    signingKey: fromHex(vectors.owner.signingKey),
  };
  assert.equal((await openWrap(state, keys, inbox, epoch, fromBase64(file))).identity, vectors.sealing.identity);
});

test("a release is proved by the document's example", () => {
  const { entry, personSalt, idsSalt, ...claim } = vectors.release;
  const demanded = { these: claim.ids };
  const whole = {
    ...claim,
    demanded,
    entry: toUtf8(entry),
    personSalt: fromHex(personSalt),
    idsSalt: fromHex(idsSalt),
  };
  assert.deepEqual(verifyRelease(whole), { ok: true });
  const other = [vectors.owner.person];
  assert.equal(verifyRelease({ ...whole, ids: other, demanded: { these: other } }).ok, false);
  assert.equal(verifyRelease({ ...whole, demanded: { these: other } }).ok, false);
});

test("the document shows the examples as they are", () => {
  const { taggedHash: one, reference, statements, passphrase, sealing, release } = vectors;
  for (const text of [
    one.encoded,
    one.hash,
    reference.submission,
    reference.hash,
    reference.reference,
    statements[1].bytes,
    statements[1].hash,
    statements[1].signature,
    passphrase.salt,
    passphrase.signIn,
    passphrase.unlock,
    sealing.slipPlaintextHash,
    sealing.recipientHash,
    sealing.receipt.words,
    sealing.receipt.signIn,
    sealing.receipt.hash,
    sealing.receipt.nonce,
    sealing.receipt.replySecret,
    sealing.receipt.replyIdentity,
    sealing.receipt.reply,
    sealing.receipt.replyHash,
    sealing.receipt.commitment,
    release.entry,
    release.proof,
  ]) {
    assert.ok(document.includes(squeeze(text)), `FORMAT.md shows ${String(text).slice(0, 60)}`);
  }
});
