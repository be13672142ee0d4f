/** What a browser that comes back demands of a log, each demand with the lie that it is there for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex, type Bytes } from "../../src/domain/bytes.ts";
import { audit, keyUnder, type Audit, type Seen, type ShownLog } from "../../src/domain/log/audit.ts";
import { openCheckpoint, signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey, type SignerKey } from "../../src/domain/log/note-key.ts";
import { continuation, entryProof } from "../../src/domain/log/rotation.ts";
import { consistencyProof, inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { Fault } from "../../src/domain/problem.ts";

const refuses =
  (words: RegExp) =>
  (thrown: unknown): boolean => {
    assert.ok(thrown instanceof Fault && thrown.code === "LOG_REFUSED", String(thrown));
    assert.match(thrown.detail, words);
    return true;
  };
const nonce = new Uint8Array(32);
const entry = (event: LogEvent, at = 1): Bytes => encodeEntry({ ...event, at }, nonce);
const filler = (nth: number, history = 0): Bytes =>
  entry({ kind: "session.refused", account: toHex(new Uint8Array(32).fill(nth)) }, 10 + history);

class Log {
  readonly signer: SignerKey;
  readonly entries: Bytes[];
  constructor(name: string, seed: number, entries: readonly Bytes[]) {
    this.signer = signerKey(name, new Uint8Array(32).fill(seed));
    this.entries = [...entries];
  }
  get key(): string {
    return formatVerifierKey(this.signer.verifier);
  }
  note(size = this.entries.length, signer = this.signer): string {
    return signCheckpoint(
      { origin: this.signer.name, size, root: treeRoot(size, this.nodes(size)), extensions: [] },
      signer,
    );
  }
  seen(size: number): Seen {
    return { logKey: this.key, note: this.note(size) };
  }
  nodes(size = this.entries.length) {
    return nodesOf(this.entries.slice(0, size).map(leafHash));
  }
  proof(index: number, size = this.entries.length): string {
    return entryProof(index, this.entries[index]!, inclusionProof(index, size, this.nodes(size)), this.note(size));
  }
  shown(sizes: readonly number[], more: Partial<ShownLog> = {}): ShownLog {
    const size = this.entries.length;
    return {
      checkpoint: this.note(),
      proofs: sizes
        .filter((old) => old > 0 && old < size)
        .map((old) => ({ size: old, hashes: consistencyProof(old, size, this.nodes()) })),
      begun: null,
      ended: null,
      ...more,
    };
  }
}

const started = (name: string): Bytes => entry({ kind: "log.started", origin: name });
const plain = (size: number, history = 0, from = 0): Log =>
  new Log("example.org/log", 1, [
    started("example.org/log"),
    ...Array.from({ length: size - 1 }, (_, i) => filler(i, i + 1 >= from ? history : 0)),
  ]);
const ask = (over: Partial<Audit>): Audit => ({ seen: [], also: [], trusted: plain(1).key, shown: [], ...over });

test("of nothing nothing can be demanded; a first visit trusts the key of the page and no other", () => {
  assert.equal(audit(ask({})), null);
  const log = plain(9);
  assert.deepEqual(audit(ask({ shown: [log.shown([])] }))!.newest, { logKey: log.key, note: log.note() });
  assert.throws(
    () => audit(ask({ shown: [log.shown([], { checkpoint: log.note(9, new Log("example.org/log", 2, []).signer) })] })),
    refuses(/not signed by the key/),
  );
  assert.throws(
    () => audit(ask({ trusted: new Log("example.org/other", 1, []).key, shown: [log.shown([])] })),
    refuses(/calls itself example\.org\/log/),
  );
});

// A log that grew, or stayed, is accepted from every size; so is what another answer came with.
test("a log that grew, or stayed, is accepted from every size, with what came beside it", () => {
  const log = plain(20);
  for (let size = 0; size <= 20; size++) {
    const { newest, also } = audit(
      ask({ seen: [log.seen(size)], also: [log.note(13)], shown: [log.shown([size, 13].filter((one) => one > 0))] }),
    )!;
    assert.deepEqual(newest, log.seen(20));
    assert.deepEqual([...also], [[log.note(13), log.key]]);
  }
});

test("a log that is shorter, forked, without a proof or gone is refused in words", () => {
  const log = plain(20);
  assert.throws(
    () => audit(ask({ seen: [log.seen(20)], shown: [plain(12).shown([])] })),
    refuses(/has 12 entries now, and this browser has seen it with 20 entries: it was cut short/),
  );
  assert.throws(
    () => audit(ask({ seen: [log.seen(20)], shown: [plain(20, 5, 15).shown([])] })),
    refuses(/20 entries as before, and other ones: two histories/),
  );
  // Forked before what was seen, grown since, and proven as well as a forger can: by the forked tree's own proof, and
  // by the honest one's.
  const forked = plain(30, 5, 15);
  for (const proofs of [forked.shown([20]).proofs, plain(30).shown([20]).proofs])
    assert.throws(
      () => audit(ask({ seen: [log.seen(20)], shown: [forked.shown([], { proofs })] })),
      refuses(/30 entries is not the one that this browser has seen with 20 entries/),
    );
  assert.throws(
    () => audit(ask({ seen: [log.seen(20)], shown: [plain(30).shown([])] })),
    refuses(/does not prove that its 30 entries extend the 20/),
  );
  assert.throws(() => audit(ask({ seen: [log.seen(20)], shown: [] })), refuses(/no signed checkpoint any more/));
  const { hashes } = plain(30).shown([20]).proofs[0]!;
  for (let i = 0; i < hashes.length; i++) {
    const altered = hashes.map((hash, at) => (at === i ? hash.map((byte) => byte ^ 1) : hash));
    assert.throws(
      () =>
        audit(ask({ seen: [log.seen(20)], shown: [plain(30).shown([], { proofs: [{ size: 20, hashes: altered }] })] })),
      refuses(/is not the one/),
    );
  }
});

test("a fork that is made for one reading is refused, whichever side of the seen log it lies on", () => {
  const log = plain(20);
  for (const fork of [plain(12, 5, 3), plain(20, 5, 3), plain(25, 5, 22)]) {
    const size = fork.entries.length;
    assert.throws(
      () => audit(ask({ seen: [log.seen(15)], also: [fork.note()], shown: [plain(30).shown([15, size])] })),
      refuses(/is not the one|two histories/),
    );
  }
  assert.throws(
    () => audit(ask({ seen: [log.seen(15)], also: [plain(31).note()], shown: [plain(30).shown([15])] })),
    refuses(/cut short/),
  );
  assert.throws(
    () =>
      audit(
        ask({
          seen: [log.seen(15)],
          also: [new Log("example.org/mine", 7, [filler(1)]).note()],
          shown: [plain(30).shown([15])],
        }),
      ),
    refuses(/another than the one/),
  );
  assert.throws(
    () =>
      audit(
        ask({
          seen: [log.seen(15)],
          also: [plain(20).note(20, new Log("x", 7, []).signer)],
          shown: [plain(30).shown([15, 20])],
        }),
      ),
    refuses(/not signed by the key/),
  );
});

test("another key or another name is refused unless the old log itself named it", () => {
  const [log, other, renamed] = [
    plain(20),
    new Log("example.org/log", 2, plain(20).entries),
    new Log("example.org/log2", 1, plain(20).entries),
  ];
  assert.throws(
    () => audit(ask({ seen: [log.seen(10)], trusted: other.key, shown: [other.shown([10])] })),
    refuses(/not signed by the key/),
  );
  assert.throws(
    () => audit(ask({ seen: [log.seen(10)], trusted: renamed.key, shown: [renamed.shown([10])] })),
    refuses(/calls itself example\.org\/log2, which is another/),
  );
  assert.throws(
    () => audit(ask({ seen: [log.seen(10)], trusted: other.key, shown: [log.shown([10])] })),
    refuses(/the page names another log/),
  );
});

/** An old log that ended by naming the next, and the next, grown by some entries. */
function rotated(more = 4) {
  const old = plain(20);
  const next = new Log("example.org/log/2", 2, []);
  old.entries.push(entry({ kind: "log.rotated", next: next.key }));
  next.entries.push(
    entry(continuation(next.signer.name, old.signer.verifier, old.note())),
    ...Array.from({ length: more }, (_, i) => filler(i)),
  );
  return {
    old,
    next,
    shown: (sizes: readonly number[], later: readonly number[] = []): ShownLog[] => [
      old.shown(sizes, { ended: old.proof(20) }),
      next.shown(later, { begun: next.proof(0) }),
    ],
  };
}

// A rotation is followed by the signed event in the old log, from any size, and a page that does not know of it yet is
// no matter.
test("a rotation is followed by the old log's own signed event, from any size", () => {
  const { old, next, shown } = rotated();
  for (const size of [0, 1, 15, 20, 21])
    for (const trusted of [old.key, next.key])
      assert.deepEqual(
        audit(ask({ seen: [{ logKey: old.key, note: old.note(size) }], trusted, shown: shown([size]) }))!.newest,
        next.seen(5),
      );
  const both = audit(
    ask({
      seen: [old.seen(15), next.seen(3)],
      also: [next.note(4), old.note(16)],
      trusted: next.key,
      shown: shown([15, 16], [3, 4]),
    }),
  )!;
  assert.deepEqual(
    both.also,
    new Map([
      [next.note(4), next.key],
      [old.note(16), old.key],
    ]),
  );
  assert.deepEqual(
    audit(ask({ seen: [next.seen(3)], trusted: next.key, shown: [next.shown([3])] }))!.newest,
    next.seen(5),
  );
});

// Whoever has seen only the newest log follows it back as far as its own first entries lead, and no further.
test("the newest log is followed back as far as its own first entries lead, and no further", () => {
  const { old, next, shown } = rotated();
  const both = new Map(
    [
      [old.key, old.signer.name],
      [next.key, next.signer.name],
    ].map(([key, name]) => [name!, key!]),
  );
  for (const seen of [[], [next.seen(3)]]) {
    const back = audit(ask({ seen, trusted: next.key, shown: shown([], [3]) }))!;
    assert.deepEqual([back.newest, back.logs], [next.seen(5), both]);
    assert.deepEqual(
      audit(ask({ seen, also: [old.note(16)], trusted: next.key, shown: shown([16], [3]) }))!.also.get(old.note(16)),
      old.key,
    );
    assert.throws(
      () => audit(ask({ seen, also: [plain(16, 5, 3).note()], trusted: next.key, shown: shown([16], [3]) })),
      refuses(/is not the one/),
    );
  }
  assert.equal(keyUnder(both, old.proof(4)), old.key);
  assert.equal(keyUnder(both, new Log("example.org/mine", 7, [filler(1)]).proof(0)), undefined);
  const [first, second] = shown([], [3]) as [ShownLog, ShownLog];
  const page = { seen: [], trusted: next.key };
  // The same name with another key, another end, or an end that names somebody else.
  const forged = new Log(old.signer.name, 8, old.entries);
  assert.throws(
    () => audit(ask({ ...page, shown: [forged.shown([], { ended: forged.proof(20) }), second] })),
    refuses(/not signed by the key/),
  );
  assert.throws(
    () => audit(ask({ ...page, shown: [{ ...first, checkpoint: old.note(20) }, second] })),
    refuses(/does not begin with the final checkpoint/),
  );
  assert.throws(
    () => audit(ask({ ...page, shown: [{ ...first, ended: old.proof(19) }, second] })),
    refuses(/not the last/),
  );
  // What nothing leads back to is left out; whoever saw it refuses.
  const anew = new Log(next.signer.name, 2, [started(next.signer.name), filler(1)]);
  for (const begun of [null, anew.proof(0)]) {
    const cut = [first, anew.shown([], { begun })];
    assert.deepEqual(audit(ask({ ...page, shown: cut }))!.logs, new Map([[next.signer.name, next.key]]));
    assert.throws(() => audit(ask({ seen: [old.seen(15)], trusted: next.key, shown: cut })), refuses(/./));
    assert.throws(() => audit(ask({ ...page, also: [old.note(16)], shown: cut })), refuses(/another than the one/));
  }
});

// A rotation that the old log does not name, names otherwise, or that begins anywhere but at its final checkpoint is
// refused.
test("a rotation that the old log does not name, or that begins elsewhere, is refused", () => {
  const { old, next, shown } = rotated();
  const seen = [old.seen(15)];
  const [first, second] = shown([15]) as [ShownLog, ShownLog];
  const trusted = next.key;
  const evil = new Log("example.org/log/2", 9, []);
  evil.entries.push(entry(continuation(evil.signer.name, old.signer.verifier, old.note())), filler(1));
  const cases: readonly [RegExp, ShownLog[], string?][] = [
    [/does not hold/, [{ ...first, ended: null }, second]],
    [/not the last/, [{ ...first, ended: old.proof(19) }, second]],
    [/another checkpoint/, [{ ...first, ended: old.proof(19, 20) }, second]],
    [/not signed by the key/, [first, evil.shown([], { begun: evil.proof(0) })], evil.key],
    [/does not hold/, [first, { ...second, begun: null }]],
    [/not the first/, [first, { ...second, begun: next.proof(1) }]],
    [/is not the one|does not hold/, [{ ...plain(21, 5, 3).shown([15]), ended: old.proof(20) }, second]],
    [/calls itself/, [second]],
    [/another log than|another than the one/, [first]],
  ];
  for (const [words, logs, page = trusted] of cases)
    assert.throws(() => audit(ask({ seen, trusted: page, shown: logs })), refuses(words), String(words));
  // An old log that ends without naming anybody.
  const silent = plain(20);
  assert.throws(
    () => audit(ask({ seen, trusted, shown: [silent.shown([15], { ended: silent.proof(19) }), second] })),
    refuses(/names no key/),
  );
  // New logs that begin like any other, at an earlier checkpoint, or at one that the old key did not sign.
  const final = openCheckpoint(old.note(), old.signer.verifier);
  const honest = continuation(next.signer.name, old.signer.verifier, old.note());
  for (const begin of [
    { kind: "log.started", origin: next.signer.name } as const,
    continuation(next.signer.name, old.signer.verifier, old.note(20)),
    { ...honest, signature: "0".repeat(128) },
    { ...honest, size: final.size + 1 },
    { ...honest, origin: "example.org/log/3" },
    { ...honest, previous: evil.key },
  ]) {
    const wrong = new Log(next.signer.name, 2, [entry(begin), filler(1)]);
    assert.throws(
      () => audit(ask({ seen, trusted, shown: [first, wrong.shown([], { begun: wrong.proof(0) })] })),
      refuses(/does not begin with the final checkpoint/),
      JSON.stringify(begin),
    );
  }
});
