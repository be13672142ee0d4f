import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { concat, fromBase64, toBase64, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import {
  cosign,
  cosignaturesOf,
  cosigner,
  formatCosigner,
  formatCosignerKey,
  parseCosigner,
  parseCosignerKey,
} from "../../src/domain/log/cosignature.ts";
import { formatVerifierKey, parseVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { openNote, parseNote } from "../../src/domain/log/note.ts";
import { isQuorum, parsePolicy } from "../../src/domain/log/policy.ts";
import fc, { values } from "../support/drawn.ts";

const log = signerKey("example.com/log", new Uint8Array(32).fill(1));
const seeds = [11, 12, 13, 14, 15].map((byte) => new Uint8Array(32).fill(byte));
const [x1, x2, x3, y1, y2] = seeds.map((seed, i) => cosigner(`witness.example/${i}`, seed)) as [
  ReturnType<typeof cosigner>,
  ReturnType<typeof cosigner>,
  ReturnType<typeof cosigner>,
  ReturnType<typeof cosigner>,
  ReturnType<typeof cosigner>,
];
const note = signCheckpoint({ origin: log.name, size: 7, root: new Uint8Array(32).fill(9), extensions: [] }, log);
const text = parseNote(note).text;

// A cosignature is what the specification says, checked here with another implementation of Ed25519.
test("a cosignature is as specified, checked here with another implementation of Ed25519", () => {
  const time = 1_679_315_147;
  const line = cosign(text, time, x1);
  const [, name, base64] = /^— (\S+) (\S+)\n$/.exec(line)!;
  const bytes = fromBase64(base64!);
  assert.equal(name, x1.key.name);
  const id = createHash("sha256")
    .update(concat(toUtf8(`${name}\n`), Uint8Array.of(4), x1.key.publicKey))
    .digest()
    .subarray(0, 4);
  assert.equal(toHex(bytes.subarray(0, 4)), id.toString("hex"));
  assert.equal(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(4), BigInt(time));
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(x1.key.publicKey).toString("base64url") },
    format: "jwk",
  });
  assert.ok(verify(null, toUtf8(`cosignature/v1\ntime ${time}\n${text}`), key, bytes.subarray(12)));
  assert.deepEqual(cosignaturesOf(note + line, [x1.key]), [{ key: x1.key, time }]);
});

test("keys and cosignatures are read back; the log's own key still opens the note", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      (seed, time) => {
        const one = cosigner("w.example/a", seed);
        assert.deepEqual(parseCosigner(formatCosigner(one)), one);
        assert.deepEqual(parseCosignerKey(formatCosignerKey(one.key)), one.key);
        const cosigned = note + cosign(text, time, one);
        assert.equal(cosignaturesOf(cosigned, [one.key])[0]?.time, time);
        assert.equal(openNote(cosigned, [log.verifier]).text, text);
      },
    ),
    { numRuns: values(20) },
  );
  assert.throws(() => parseCosignerKey(formatVerifierKey(log.verifier)), { code: "NOTE_INVALID" });
  assert.throws(() => parseVerifierKey(formatCosignerKey(x1.key)), { code: "NOTE_INVALID" });
  assert.deepEqual(cosignaturesOf(note + cosign(text, 5, x1), [x2.key]), [], "another's cosignature says nothing");
});

test("any altered bit of a cosignature, its time or the checkpoint under it refuses the note", () => {
  const line = cosign(text, 1_679_315_147, x1);
  const bytes = fromBase64(/ (\S+)\n$/.exec(line)![1]!);
  for (let bit = 32; bit < bytes.length * 8; bit += 7) {
    const altered = bytes.slice();
    altered[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
    assert.throws(
      () => cosignaturesOf(`${note}— ${x1.key.name} ${toBase64(altered)}\n`, [x1.key]),
      { code: "NOTE_INVALID" },
      `bit ${bit}`,
    );
  }
  assert.throws(() => cosignaturesOf(note.replace("\n7\n", "\n8\n") + line, [x1.key]), { code: "NOTE_INVALID" });
  assert.throws(() => cosignaturesOf(`${note}— ${x1.key.name} ${toBase64(bytes.subarray(0, -1))}\n`, [x1.key]), {
    code: "NOTE_INVALID",
  });
});

const KEYS = {
  L: formatVerifierKey(log.verifier),
  A: formatCosignerKey(x1.key),
  B: formatCosignerKey(x2.key),
  C: formatCosignerKey(x3.key),
  D: formatCosignerKey(y1.key),
  E: formatCosignerKey(y2.key),
};
const filled = (policy: string): string => policy.replace(/<(\w)>/g, (_, letter: keyof typeof KEYS) => KEYS[letter]);

test("the specification's own example: two of three, one of two, both groups", () => {
  const policy = parsePolicy(
    filled(
      "log <L>\n\n# those\nwitness X1 <A>\n\twitness X2 <B>\t https://x2.example/ \nwitness X3 <C>\ngroup X-witnesses 2 X1 X2 X3\nwitness Y1 <D>\nwitness Y2 <E>\ngroup Y-witnesses any Y1 Y2\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n",
    ),
  );
  assert.equal(policy.witnesses[1]?.url, "https://x2.example/");
  for (const [names, enough] of [
    ["X1 X2 Y1", true],
    ["X1 X3 Y2", true],
    ["X1 X2 X3 Y1 Y2", true],
    ["X1 Y1 Y2", false],
    ["X1 X2 X3", false],
    ["", false],
    ["X-witnesses Y-witnesses", false],
    ["X-and-Y", false],
  ] as const) {
    assert.equal(isQuorum(policy, new Set(names.split(" "))), enough, names);
  }
  assert.ok(isQuorum(parsePolicy("quorum none"), new Set()));
});

test("what a policy may not say is refused, and the line is named", () => {
  const wrong: readonly [string, RegExp][] = [
    ["", /no quorum/],
    ["quorum none\nquorum none", /line 2/],
    ["quorum nobody", /line 1/],
    ["witness none <A>\nquorum none", /line 1/],
    ["witness a <A>\nwitness a <B>\nquorum a", /line 2/],
    ["witness a <A>\nwitness b <A>\nquorum a", /line 2.*twice/],
    ["log <L>\nlog <L>\nquorum none", /line 2.*twice/],
    ["log <A>\nquorum none", /line 1/],
    ["witness a <L>\nquorum a", /line 1/],
    ["group g any a\nwitness a <A>\nquorum g", /line 1/],
    ["witness a <A>\ngroup g 2 a\nquorum g", /line 2/],
    ["witness a <A>\ngroup g 0 a\nquorum g", /line 2/],
    ["witness a <A>\ngroup g 01 a\nquorum g", /line 2/],
    ["witness a <A>\ngroup g any a a\nquorum g", /line 2/],
    ["witness a <A>\ngroup g any a\ngroup h any a\nquorum h", /line 3/],
    ["witness a <A>\ngroup g any none\nquorum g", /line 2/],
    ["witness a <A>\ngroup a any a\nquorum a", /line 2/],
    ["group g any\nquorum none", /line 1/],
    ["quorum", /line 1/],
    ["quorum none none", /line 1/],
    ["witnesses a <A>\nquorum none", /line 1/],
    ["quorum none\r\n", /line 1/],
    ["log\nquorum none", /line 1/],
    ["witness a\nquorum none", /line 1/],
  ];
  for (const [policy, detail] of wrong)
    assert.throws(
      () => parsePolicy(filled(policy)),
      (thrown: { code?: string; detail?: string }) =>
        thrown.code === "CONFIG_INVALID" && detail.test(thrown.detail ?? ""),
      policy,
    );
});
