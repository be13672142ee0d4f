import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64, fromHex, toBase64, toHex } from "../../src/domain/bytes.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { idsRoot, personCommitment } from "../../src/domain/log/commit.ts";
import { encodeEntry, parseEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { formatVerifierKey, parseSignerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof, verifyProof } from "../../src/domain/log/proof.ts";
import { appendLeaves } from "../../src/domain/log/tile.ts";
import { consistencyProof, inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { naiveLeaf, naiveTree } from "../support/log-trees.ts";

type Vectors = {
  readonly signerKey: string;
  readonly verifierKey: string;
  readonly commitments: {
    readonly salt: string;
    readonly person: string;
    readonly personCommitment: string;
    readonly ids: readonly string[];
    readonly idsRoot: string;
  };
  readonly entries: readonly { readonly entry: string; readonly leafHash: string; readonly proof: string }[];
  readonly tile: string;
  readonly checkpoints: readonly string[];
  readonly consistency: { readonly from: number; readonly to: number; readonly proof: readonly string[] };
};

const vectors: Vectors = JSON.parse(readFileSync(new URL("../vectors/log/log.json", import.meta.url), "utf8"));

test("the vectors of the log are what this program writes, to the byte", () => {
  const signer = parseSignerKey(vectors.signerKey);
  assert.equal(formatVerifierKey(signer.verifier), vectors.verifierKey);
  const { salt, person, personCommitment: committed, ids, idsRoot: root } = vectors.commitments;
  assert.equal(personCommitment(fromHex(salt), person), committed);
  assert.equal(idsRoot(fromHex(salt), ids), root);
  const entries = vectors.entries.map(({ entry }) => new TextEncoder().encode(entry));
  const leaves = entries.map(leafHash);
  const read = nodesOf(leaves);
  const checkpoints = entries.map((_, i) =>
    signCheckpoint({ origin: signer.name, size: i + 1, root: treeRoot(i + 1, read), extensions: [] }, signer),
  );
  assert.deepEqual(checkpoints, vectors.checkpoints);
  assert.equal(toBase64(appendLeaves(0, leaves, () => new Uint8Array())[0]!.hashes), vectors.tile);
  const { from, to, proof } = vectors.consistency;
  assert.deepEqual(consistencyProof(from, to, read).map(toBase64), proof);
  entries.forEach((entry, i) => {
    const { nonce, v: _, ...event } = parseEntry(entry);
    assert.deepEqual(encodeEntry(event as LogEvent & { at: number }, fromHex(nonce)), entry);
    assert.equal(toHex(leaves[i]!), vectors.entries[i]!.leafHash);
    assert.equal(
      encodeProof({ index: i, hashes: inclusionProof(i, entries.length, read), checkpoint: checkpoints.at(-1)! }),
      vectors.entries[i]!.proof,
    );
    assert.equal(verifyProof(vectors.entries[i]!.proof, entry, signer.verifier).index, i);
  });
});

test("the vectors hold by plain recursion, too", () => {
  const plain = naiveTree(vectors.entries.map(({ entry }) => naiveLeaf(new TextEncoder().encode(entry))));
  vectors.checkpoints.forEach((note, i) => assert.equal(note.split("\n")[2], toBase64(plain.root(i + 1))));
  assert.deepEqual(
    vectors.consistency.proof.map((hash) => toHex(fromBase64(hash))),
    plain.proof(vectors.consistency.from, vectors.consistency.to).map(toHex),
  );
});
