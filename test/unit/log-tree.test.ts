import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  nodeHash,
  nodesOf,
  treeRoot,
} from "../../src/domain/log/tree.ts";
import { verifyConsistency, verifyInclusion } from "../../src/domain/log/tree-verify.ts";
import { fromBase64, fromHex, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { Fault } from "../../src/domain/problem.ts";
import { leaves, naiveTree } from "../support/log-trees.ts";

const MOST = 300;
const vectors = <T>(name: string): T[] =>
  JSON.parse(readFileSync(new URL(`../vectors/merkle/${name}.json`, import.meta.url), "utf8"));
// Bytes of any length, so that the probes with short or absent hashes reach the code under test.
const bytes = (text: string | null): Uint8Array => (text === null ? new Uint8Array() : fromBase64(text));

test("hashes and roots are those of RFC 6962", () => {
  // The eight leaves of the reference implementation, and its root for each size.
  const entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
  const roots = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ];
  const read = nodesOf(entries.map((entry) => leafHash(fromHex(entry))));
  assert.equal(toHex(EMPTY_ROOT), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(toHex(treeRoot(0, read)), toHex(EMPTY_ROOT));
  roots.forEach((root, i) => assert.equal(toHex(treeRoot(i + 1, read)), root, `size ${i + 1}`));
  assert.notDeepEqual(leafHash(toUtf8("ab")), nodeHash(toUtf8("a"), toUtf8("b")));
});

type InclusionProbe = {
  file: string;
  leafIdx: number;
  treeSize: number;
  root: string | null;
  leafHash: string | null;
  proof: (string | null)[] | null;
  wantErr: boolean;
};
test("98 public inclusion probes get their verdicts", () => {
  const probes = vectors<InclusionProbe>("inclusion");
  assert.equal(probes.length, 98);
  for (const { file, leafIdx, treeSize, root, leafHash: leaf, proof, wantErr } of probes) {
    const verdict = verifyInclusion({
      index: leafIdx,
      size: treeSize,
      leaf: bytes(leaf),
      proof: (proof ?? []).map(bytes),
      root: bytes(root),
    });
    assert.equal(verdict, !wantErr, file);
  }
});

type ConsistencyProbe = {
  file: string;
  size1: number;
  size2: number;
  root1: string | null;
  root2: string | null;
  proof: (string | null)[] | null;
  wantErr: boolean;
};
test("98 public consistency probes get their verdicts", () => {
  const probes = vectors<ConsistencyProbe>("consistency");
  assert.equal(probes.length, 98);
  for (const { file, size1, size2, root1, root2, proof, wantErr } of probes) {
    const verdict = verifyConsistency({
      first: size1,
      firstRoot: bytes(root1),
      second: size2,
      secondRoot: bytes(root2),
      proof: (proof ?? []).map(bytes),
    });
    assert.equal(verdict, !wantErr, file);
  }
});

// Each proof is compared with one made by plain recursion.
test(`every leaf of every tree up to ${MOST}: the proof holds there and nowhere else`, () => {
  const d = leaves(MOST);
  const plain = naiveTree(d);
  for (let size = 1; size <= MOST; size++) {
    assert.deepEqual(treeRoot(size, plain.read), plain.root(size));
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, size, plain.read);
      assert.deepEqual(proof, plain.path(index, size));
      const claim = { index, size, leaf: d[index]!, proof, root: plain.root(size) };
      assert.ok(verifyInclusion(claim));
      // The refusals on every third: they cost as much as all the rest.
      if (size < 2 || (size + index) % 3 !== 0) continue;
      assert.ok(!verifyInclusion({ ...claim, index: (index + 1) % size }));
      assert.ok(!verifyInclusion({ ...claim, leaf: d[(index + 1) % size]! }));
    }
  }
});

// Each proof is compared with one made by plain recursion.
test(`every pair of sizes up to ${MOST}: the proof holds for these two trees only`, () => {
  const plain = naiveTree(leaves(MOST));
  for (let second = 1; second <= MOST; second++) {
    for (let first = 1; first <= second; first++) {
      const proof = consistencyProof(first, second, plain.read);
      assert.deepEqual(proof, plain.proof(first, second));
      const claim = { first, firstRoot: plain.root(first), second, secondRoot: plain.root(second), proof };
      assert.ok(verifyConsistency(claim));
      if (first === second || (first + second) % 3 !== 0) continue;
      assert.ok(!verifyConsistency({ ...claim, firstRoot: plain.root(second) }));
      assert.ok(!verifyConsistency({ ...claim, secondRoot: plain.root(first) }));
      assert.ok(!verifyConsistency({ ...claim, proof: proof.slice(1) }));
      assert.ok(!verifyConsistency({ ...claim, proof: [...proof, plain.root(first)] }));
    }
  }
});

test("a proof that goes on past the root is refused, even where it then fits", () => {
  const [a, b, c] = leaves(3) as [Uint8Array, Uint8Array, Uint8Array];
  assert.ok(!verifyInclusion({ index: 0, size: 1, leaf: a, proof: [b], root: nodeHash(b, a) }));
  assert.ok(!verifyInclusion({ index: 1, size: 2, leaf: b, proof: [a, c], root: nodeHash(c, nodeHash(a, b)) }));
  assert.ok(
    !verifyConsistency({
      first: 1,
      firstRoot: nodeHash(c, a),
      second: 2,
      secondRoot: nodeHash(c, nodeHash(a, b)),
      proof: [b, c],
    }),
  );
  assert.ok(
    !verifyConsistency({
      first: 3,
      firstRoot: nodeHash(b, nodeHash(a, c)),
      second: 4,
      secondRoot: nodeHash(b, nodeHash(a, nodeHash(c, b))),
      proof: [c, b, a, b],
    }),
  );
});

test("a proof is not made for a leaf or a tree that is not there", () => {
  const read = nodesOf(leaves(5));
  for (const index of [-1, 5, 6, 0.5, NaN]) assert.throws(() => inclusionProof(index, 5, read), Fault);
  for (const first of [-1, 0, 6, 1.5]) assert.throws(() => consistencyProof(first, 5, read), Fault);
  assert.throws(() => treeRoot(6, read), Fault);
});
