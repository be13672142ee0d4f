import assert from "node:assert/strict";
import { test } from "node:test";
import { fromUtf8, toUtf8 } from "../../src/domain/bytes.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { signerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof, parseProof, verifyProof } from "../../src/domain/log/proof.ts";
import { inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import fc from "../support/drawn.ts";

const NOTE_INVALID = { code: "NOTE_INVALID" };
const log = signerKey("example.com/log", new Uint8Array(32).fill(1));
const entries = Array.from({ length: 13 }, (_, i) => toUtf8(`entry ${i}`));
const read = nodesOf(entries.map(leafHash));

function proofOf(index: number, size = entries.length, signer = log): string {
  const checkpoint = signCheckpoint({ origin: signer.name, size, root: treeRoot(size, read), extensions: [] }, signer);
  return encodeProof({ index, hashes: inclusionProof(index, size, read), checkpoint });
}

test("a proof in the shape of the specification's example is taken apart as it stands", () => {
  const text = `c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
  const proof = parseProof(text);
  assert.equal(proof.index, 73_894);
  assert.equal(proof.hashes.length, 2);
  assert.equal(encodeProof(proof), text);
});

test("every entry is proved at its own place, and nothing else is", () => {
  for (let size = 1; size <= entries.length; size++) {
    for (let index = 0; index < size; index++) {
      const text = proofOf(index, size);
      assert.equal(verifyProof(text, entries[index]!, log.verifier).index, index);
      assert.equal(encodeProof(parseProof(text)), text);
      assert.throws(() => verifyProof(text, toUtf8("another entry"), log.verifier), NOTE_INVALID);
    }
  }
  const stranger = signerKey("example.com/log", new Uint8Array(32).fill(2));
  assert.throws(() => verifyProof(proofOf(5, 13, stranger), entries[5]!, log.verifier), NOTE_INVALID);
});

test("no altered bit of a proof is accepted", () => {
  const bytes = toUtf8(proofOf(5));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = bytes.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(
      () => verifyProof(fromUtf8(altered), entries[5]!, log.verifier),
      (thrown: Error) => "code" in thrown,
      `bit ${bit} of ${JSON.stringify(fromUtf8(bytes).slice((bit >> 3) - 5, (bit >> 3) + 5))}`,
    );
  }
});

test("a proof is read back with its extra data", () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 }),
      fc.option(fc.uint8Array(), { nil: undefined }),
      (index, hashes, extra) => {
        const proof = {
          index,
          hashes,
          checkpoint: proofOf(0).split("\n\n").slice(1).join("\n\n"),
          ...(extra && { extra }),
        };
        assert.deepEqual(parseProof(encodeProof(proof)), proof);
      },
    ),
  );
});

test("a proof in any other spelling is refused", () => {
  const good = proofOf(5);
  assert.throws(
    () => parseProof(encodeProof({ ...parseProof(good), hashes: Array<Uint8Array>(64).fill(new Uint8Array(32)) })),
    NOTE_INVALID,
  );
  const bad = [
    "",
    good.replace("@v1", "@v2"),
    good.replace("index 5", "index 05"),
    good.replace("index 5", "index -5"),
    good.replace("index 5", "index 5 "),
    good.replace("index 5\n", ""),
    good.replace("index", "Index"),
    good.replace("\nindex", "\n\nindex"),
    good.replace("index 5", "extra !!\nindex 5"),
    good.replace("index 5", "extra AA==\nextra AA==\nindex 5"),
    good.replace("index 5", "extra AB==\nindex 5"),
    good.replaceAll("\n", "\r\n"),
    good.slice(0, good.indexOf("\n\n") + 2),
    good.replace("\n\n", "\n"),
    `${good}\n`,
  ];
  for (const text of bad)
    assert.throws(() => verifyProof(text, entries[5]!, log.verifier), NOTE_INVALID, JSON.stringify(text.slice(0, 80)));
});
