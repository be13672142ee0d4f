/** The verifier on files, and everything that a host could do to them: each is named for what it is. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import type { Asked } from "../../src/domain/verify/verify.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { directorySource } from "../../src/cli/verify/source.ts";
import { encodeBundle, parseBundle } from "../../src/domain/log/bundle.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { cosign, cosigner, formatCosignerKey } from "../../src/domain/log/cosignature.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { parseNote } from "../../src/domain/log/note.ts";
import { parsePolicy } from "../../src/domain/log/policy.ts";
import { entryAt, testLog, writeLog, type FileLog } from "../support/log-files.ts";

const SIZE = 66_000;
const OLD = 65_000;
let made: string;
let whole: string;
let here: string;
let log: FileLog;
let old: FileLog;

before(() => {
  made = mkdtempSync(join(tmpdir(), "pillarbox-verify-"));
  whole = join(made, "whole");
  here = join(made, "here");
  log = writeLog(whole, SIZE);
  old = writeLog(join(made, "old"), OLD);
});
after(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(here, { recursive: true, force: true });
  cpSync(whole, here, { recursive: true });
});

const look = async (asked: Partial<Asked> = {}, directory = here): Promise<Report> =>
  verifyLog({ source: await directorySource(directory), key: testLog.verifier, entries: false, ...asked });
const at = (path: string): string => join(here, path);

/** What is wrong, each as "kind: words". */
const wrongs = (report: Report): string[] => report.findings.map(({ wrong, what }) => `${wrong}: ${what}`);
function says(report: Report, ...patterns: RegExp[]): void {
  assert.ok(!isSound(report), linesOf(report).join("\n"));
  const said = wrongs(report);
  for (const pattern of patterns)
    assert.ok(
      said.some((line) => pattern.test(line)),
      `${pattern} in\n${said.join("\n")}`,
    );
  for (const line of said)
    assert.ok(
      patterns.some((pattern) => pattern.test(line)),
      `only ${patterns.join(" ")}, not\n${line}`,
    );
}

function change(path: string, alter: (bytes: Uint8Array) => Uint8Array | void): void {
  const bytes = new Uint8Array(readFileSync(at(path)));
  writeFileSync(at(path), alter(bytes) ?? bytes);
}
const flip =
  (byte: number) =>
  (bytes: Uint8Array): void =>
    void (bytes[byte]! ^= 1);

test("a sound log holds, and the report says how deep it looked and what could not be judged", async () => {
  const stranger = await look();
  assert.ok(isSound(stranger), linesOf(stranger).join("\n"));
  assert.match(
    linesOf(stranger).join("\n"),
    /As a stranger.*\n[^]*Rollback: [^]*--since[^]*Two logs[^]*--entries[^]*--database/,
  );
  const auditor = await look({ entries: true, since: old.checkpoint });
  assert.ok(isSound(auditor), linesOf(auditor).join("\n"));
  const text = linesOf(auditor).join("\n");
  assert.match(text, /As an auditor: 66,000 entries/);
  assert.match(text, /only appends to the older checkpoint of size 65,000/);
  assert.doesNotMatch(text, /Rollback/);
});

test("altered: a leaf, a tile above, a tile of another width", async () => {
  change("tile/0/077", flip(40));
  says(
    await look(),
    /^altered: tile\/0\/077 does not give the hash that tile\/1\/000 has/,
    /^altered: tile\/1\/000 does not give the hash that tile\/2\/000\.p\/1/,
    /^altered: the tiles give the root/,
  );
  cpSync(join(whole, "tile/0/077"), at("tile/0/077"));
  change("tile/1/000", flip(32 * 9));
  says(await look(), /^altered: tile\/1\/000 is not what the tiles below it give, beginning with its hash 9/);
  cpSync(join(whole, "tile/1/000"), at("tile/1/000"));
  change("tile/0/257.p/208", flip(5));
  says(await look(), /^altered: the tiles give the root/);
  change("tile/0/257.p/208", (bytes) => new Uint8Array([...bytes, ...bytes.subarray(0, 32)]));
  says(await look(), /^altered: .* has 6,688 bytes/, /^truncated: /);
});

test("missing: a tile in the middle, a tile above, a bundle; truncated: all from one place on", async () => {
  rmSync(at("tile/0/100"));
  says(await look(), /^missing: tile\/0\/100 is not there whole/);
  cpSync(join(whole, "tile/0/100"), at("tile/0/100"));
  rmSync(at("tile/1/001.p/1"));
  says(await look(), /^missing: tile\/1\/001\.p\/1 is not there/);
  cpSync(join(whole, "tile/1/001.p/1"), at("tile/1/001.p/1"));
  rmSync(at("tile/entries/003"));
  says(await look({ entries: true }), /^missing: the entry bundle tile\/entries\/003/);
  rmSync(at("tile/0/257.p/208"));
  rmSync(at("tile/0/256"));
  says(await look(), /^truncated: from tile\/0\/256 on/);
  cpSync(join(whole, "tile/0/256"), at("tile/0/256"));
  cpSync(join(whole, "tile/0/257.p/208"), at("tile/0/257.p/208"));
  truncateSync(at("tile/0/257.p/208"), 32 * 100);
  says(await look(), /^truncated: tile\/0\/257\.p\/208 has 3,200 bytes/, /^truncated: from tile\/0\/257/);
});

// Entries: one altered, two swapped within a bundle and between two, one of no known kind, one too few.
test("entries: one altered, two swapped near and far, one of no known kind, one too few", async () => {
  const small = join(made, "small");
  writeLog(small, 1000);
  const again = (): void => {
    rmSync(here, { recursive: true, force: true });
    cpSync(small, here, { recursive: true });
  };
  const bundle = (path: string, alter: (entries: Uint8Array[]) => void): void =>
    change(path, (bytes) => {
      const entries = parseBundle(bytes);
      alter(entries);
      return encodeBundle(entries);
    });
  again();
  bundle("tile/entries/001", (entries) => void (entries[4] = entryAt(1, "another")));
  says(await look({ entries: true }), /^altered: entry 260 is not the one/);
  again();
  bundle("tile/entries/001", (entries) => void ([entries[4], entries[9]] = [entries[9]!, entries[4]!]));
  says(
    await look({ entries: true }),
    /^reordered: entry 265 stands in the place of entry 260/,
    /^reordered: entry 260 stands in the place of entry 265/,
  );
  again();
  bundle("tile/entries/001", (entries) => void (entries[0] = entryAt(600)));
  bundle("tile/entries/002", (entries) => void (entries[88] = entryAt(256)));
  says(
    await look({ entries: true }),
    /^reordered: entry 600 stands in the place of entry 256/,
    /^reordered: entry 256 stands in the place of entry 600/,
  );
  again();
  bundle("tile/entries/001", (entries) => void entries.pop());
  says(await look({ entries: true }), /^truncated: the entry bundle tile\/entries\/001 has 255 entries/);
  const strange = join(made, "strange");
  writeLog(strange, 300, (leaf) =>
    leaf === 7
      ? new TextEncoder().encode('{"kind":"note","text":"my name is"}')
      : leaf === 9
        ? entryAt(0)
        : entryAt(leaf),
  );
  says(
    await look({ entries: true }, strange),
    /^altered: entry 7 is in the tree, and is not one of the kinds there are/,
    /^altered: entry 9 is in the tree, and the start of a log is its first/,
  );
});

test("rolled back, forked before and at the same size, another key, another log, no checkpoint", async () => {
  says(
    await look({ since: log.checkpoint }, join(made, "old")),
    /^rolled back: the log has 65,000 entries, and had 66,000/,
  );
  const forked = join(made, "forked");
  const other = writeLog(forked, SIZE, (leaf) => entryAt(leaf, leaf < 64_000 ? "" : "rewritten"));
  assert.ok(isSound(await look({}, forked)), "without an older checkpoint another history is a log like any other");
  says(await look({ since: old.checkpoint }, forked), /^forked: at size 65,000 the tree has the root/);
  says(await look({ since: other.checkpoint }), /^forked: this key signed two roots of size 66,000/);
  const impostor = signerKey(testLog.name, new Uint8Array(32).fill(4));
  writeFileSync(
    at("checkpoint"),
    signCheckpoint({ origin: testLog.name, size: SIZE, root: log.root, extensions: [] }, impostor),
  );
  says(await look(), /^bad signature: the checkpoint is not one that this key signed \(no known key/);
  writeFileSync(at("checkpoint"), log.checkpoint.replace("\n66000\n", "\n65999\n"));
  says(await look(), /^bad signature: the checkpoint is not one that this key signed \(a signature by a known key/);
  rmSync(at("checkpoint"));
  says(await look(), /^missing: the checkpoint is not there/);
  cpSync(join(whole, "checkpoint"), at("checkpoint"));
  says(await look({ since: log.checkpoint.replace("\n66000\n", "\n70000\n") }), /^bad signature: the older checkpoint/);
});

// Times: an entry that is dated after a witness co-signed it, or before a checkpoint that was co-signed without it, is
// named; what clocks differ by is not.
test("times: an entry dated after its cosignature, or long before one without it, is named", async () => {
  const by = cosigner("witness.example/13", new Uint8Array(32).fill(13));
  const policy = parsePolicy(`witness W ${formatCosignerKey(by.key)}\nquorum W\n`);
  const at = 1_700_000_000_000;
  const dated = (leaf: number, more: number): Uint8Array =>
    encodeEntry({ kind: "session.refused", account: "0".repeat(64), at: at + more }, new Uint8Array(32).fill(leaf));
  const signedAt = (note: string, ms: number): string =>
    note + cosign(note.slice(0, note.indexOf("\n\n") + 1), ms / 1000, by);
  const told = async (more: (leaf: number) => number): Promise<Report> => {
    const place = join(made, `times-${Math.random()}`);
    const entry = (leaf: number): Uint8Array => (leaf === 0 ? entryAt(0) : dated(leaf, more(leaf)));
    const old = writeLog(join(place, "old"), 10, entry).checkpoint;
    const now = writeLog(place, 20, entry).checkpoint;
    writeFileSync(join(place, "checkpoint"), signedAt(now, at + 3_600_000));
    return verifyLog({
      source: await directorySource(place),
      key: testLog.verifier,
      entries: true,
      policy,
      since: signedAt(old, at),
    });
  };
  const good = await told((leaf) =>
    leaf === 12 ? -299_000 : leaf === 15 ? 3_600_000 + 299_000 : leaf === 3 ? -10_000_000 : 1000,
  );
  assert.ok(isSound(good), linesOf(good).join("\n"));
  assert.match(good.holds.join("\n"), /No time in an entry differs/);
  says(
    await told((leaf) => (leaf === 15 ? 3_600_000 + 7_200_000 : 1000)),
    /^wrong time: entry 15 says .*W co-signed a checkpoint over it on .*2 hours earlier: the log's clock is ahead/,
  );
  says(
    await told((leaf) => (leaf === 12 ? -420_000 : 1000)),
    /^wrong time: entry 12 says .*W co-signed the log without it on .*7 minutes later: it was written down late or dated back/,
  );
});

// Witnesses: a quorum makes rollback judged, too few do not do, a false one is named, another log's policy does not
// count.
test("witnesses: a quorum judges rollback, too few do not, and a false one is named", async () => {
  const [a, b] = [11, 12].map((byte) => cosigner(`witness.example/${byte}`, new Uint8Array(32).fill(byte))) as [
    ReturnType<typeof cosigner>,
    ReturnType<typeof cosigner>,
  ];
  const policy = parsePolicy(
    `witness A ${formatCosignerKey(a.key)}\nwitness B ${formatCosignerKey(b.key)}\ngroup both all A B\nquorum both\n`,
  );
  const text = parseNote(log.checkpoint).text;
  const withA = log.checkpoint + cosign(text, 1_800_000_000, a);
  says(await look({ policy }), /^not witnessed: the policy asks for the quorum both, and no witness of it co-signed/);
  writeFileSync(at("checkpoint"), withA);
  says(await look({ policy }), /^not witnessed: .* only A co-signed/);
  writeFileSync(at("checkpoint"), withA + cosign(text, 1_800_000_001, b));
  const report = await look({ policy });
  assert.ok(isSound(report), linesOf(report).join("\n"));
  assert.match(
    linesOf(report).join("\n"),
    /A \(witness\.example\/11\) co-signed this checkpoint on 2027-01-15T08:00:00\.000Z[^]*The quorum of the policy is there/,
  );
  assert.doesNotMatch(linesOf(report).join("\n"), /Rollback|Two logs/);
  writeFileSync(at("checkpoint"), withA + cosign(parseNote(old.checkpoint).text, 1_800_000_001, b));
  says(await look({ policy }), /^bad signature: the cosignature of B/, /^not witnessed: /);
  const elsewhere = parsePolicy(
    `log ${formatVerifierKey(signerKey("example.com/other", new Uint8Array(32).fill(5)).verifier)}\nquorum none\n`,
  );
  says(await look({ policy: elsewhere }), /^not witnessed: the policy does not name this log/);
});
