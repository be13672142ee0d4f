/** The evidence pack: what an honest one shows, and everything that could be done to one, each named for what it is. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { verifyPack, type PackAsked } from "../../src/cli/verify-pack.ts";
import { isSound, type Report, type Wrong } from "../../src/domain/verify/report.ts";
import { directorySource } from "../../src/cli/verify/source.ts";
import { fromUtf8, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { canonicalBytes, canonicalJson, parseJson } from "../../src/domain/canonical.ts";
import {
  contentHash,
  encodePack,
  entryCount,
  parsePack,
  type Pack,
  type PackContent,
} from "../../src/domain/incident/pack.ts";
import { cosign, cosigner, formatCosignerKey } from "../../src/domain/log/cosignature.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { signerOfLog } from "../../src/domain/log/names.ts";
import { formatVerifierKey, parseVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { parseNote } from "../../src/domain/log/note.ts";
import { parsePolicy } from "../../src/domain/log/policy.ts";
import { parseProof, encodeProof } from "../../src/domain/log/proof.ts";
import { continuation, entryProof } from "../../src/domain/log/rotation.ts";
import { inclusionProof, leafHash, nodesOf } from "../../src/domain/log/tree.ts";
import { writeLog } from "../support/log-files.ts";
import { FINDING, LOG, madePack, proved, repacked, type Made } from "../support/incident-pack-maker.ts";

let made: Made;
let place: string;

before(async () => {
  made = await madePack();
  place = mkdtempSync(join(tmpdir(), "pillarbox-pack-"));
});
after(() => rmSync(place, { recursive: true, force: true }));

const BODY = "harrowmere";
const look = (bytes: Uint8Array, asked: Partial<PackAsked> = {}): Promise<Report> =>
  verifyPack({ bytes, key: LOG.verifier, root: [BODY, made.root], ...asked });
/** The pack with something else in it, encoded again as whoever can write the file would. */
const file = (over: Partial<Pack>): Uint8Array => encodePack({ ...made.pack, ...over });
const content = (over: Partial<PackContent>): Uint8Array => file({ content: { ...made.pack.content, ...over } });
async function names(bytes: Uint8Array, wrong: Wrong, what: RegExp, asked: Partial<PackAsked> = {}): Promise<void> {
  const report = await look(bytes, asked);
  assert.ok(
    report.findings.some((one) => one.wrong === wrong && what.test(one.what)),
    `${wrong} ${what}: ${JSON.stringify(report.findings)}`,
  );
}

test("an honest pack holds, and says what it could not judge", async () => {
  const report = await look(made.file);
  assert.deepEqual(report.findings, []);
  for (const words of [
    /6 acts|acts of the incident follow each other/,
    /statements/,
    /in the log, in this order/,
    /content is the one whose hash is in the log/,
    /Version 1 of the report/,
    /evidence of the finding/,
    /checkpoint/,
  ])
    assert.ok(
      report.holds.some((line) => words.test(line)),
      `${words}: ${report.holds.join("\n")}`,
    );
  assert.equal(report.open.length, 2, "witnesses, and whether it is whole");
  assert.ok((await look(made.file, { root: null })).open.some((line) => /--root/.test(line)));
  assert.deepEqual(encodePack(parsePack(made.file)), made.file, "read and written again it is the same");
});

test("every altered bit is refused", async () => {
  const altered = (byte: number): Uint8Array => made.file.map((one, i) => (i === byte ? one ^ (1 << (byte % 8)) : one));
  const unnoticed = (bytes: Uint8Array): boolean => {
    try {
      return parsePack(bytes).sum;
    } catch {
      return false;
    }
  };
  assert.ok(unnoticed(made.file));
  for (let byte = 0; byte < made.file.length; byte += 5) assert.ok(!unnoticed(altered(byte)), `byte ${byte}`);
  for (const byte of [0, 100, 5000, made.file.length - 2]) await names(altered(byte), "altered", /./);
  // Altered where it can still be read, and nothing else would see it: a digit of its own sum.
  const readable = Array.from({ length: made.file.length }, (_, i) => i).filter((byte) => {
    try {
      return !parsePack(altered(byte)).sum;
    } catch {
      return false;
    }
  });
  assert.ok(readable.length > 0);
  for (const byte of readable.slice(-3)) await names(altered(byte), "altered", /the file’s own sum does not fit/);
  for (const cut of [0, 1, made.file.length / 2, made.file.length - 1])
    assert.ok(!isSound(await look(made.file.slice(0, cut))), `cut at ${cut}`);
});

test("whoever mends the file's sum is found out by the log", async () => {
  const { acts } = made.pack.content;
  const changed = acts.map((act, i) => (i === 2 ? { ...act, texts: { why: "Nobody could see anything." } } : act));
  await names(content({ acts: changed }), "altered", /act 2: its words were changed/);
  await names(content({ acts: changed }), "altered", /the content is not the one that the pack was made of/);
  await names(
    content({ acts: acts.map((act, i) => (i === 2 ? { ...act, texts: null, salt: null } : act)) }),
    "altered",
    /the content is not the one/,
  );
  await names(
    content({ acts: acts.map((act, i) => (i === 1 ? { ...act, person: made.owner.keys.person } : act)) }),
    "altered",
    /act 1: not by a person of this body in this role/,
  );
  await names(
    content({ acts: acts.map((act, i) => (i === 1 ? { ...act, signature: new Uint8Array(64) } : act)) }),
    "altered",
    /act 1: the signature does not hold/,
  );
  await names(content({ body: "eastvale" }), "altered", /statements/);
});

test("an act that was taken out is named, wherever it stood", async () => {
  const without = (...gone: number[]): Partial<Pack> => ({
    content: { ...made.pack.content, acts: made.pack.content.acts.filter((_, i) => !gone.includes(i)) },
    proofs: { ...made.pack.proofs, acts: made.pack.proofs.acts.filter((_, i) => !gone.includes(i)) },
  });
  await names(file(without(0)), "missing", /^act 0, which comes before act 1/);
  await names(file(without(2)), "missing", /^act 2, which comes before act 3/);
  await names(file(without(1, 2)), "missing", /^acts 1 to 2, which come before act 3/);
  const last = made.pack.content.acts.length - 1;
  await names(file(without(last)), "altered", /the act that made the pack does not hold/);
  await names(file(without(...made.pack.content.acts.keys())), "missing", /opening/);
});

test("acts and events in another order are named", async () => {
  const swap = <T>(list: readonly T[]): T[] => [list[1]!, list[0]!, ...list.slice(2)];
  const { content: c, proofs } = made.pack;
  await names(
    file({ content: { ...c, acts: swap(c.acts) }, proofs: { ...proofs, acts: swap(proofs.acts) } }),
    "reordered",
    /act 0 stands where act 2 belongs|act 1 stands at entry/,
  );
  await names(
    file({ content: { ...c, events: swap(c.events) }, proofs: { ...proofs, events: swap(proofs.events) } }),
    "reordered",
    /event 1 stands at entry/,
  );
  await names(file({ proofs: { ...proofs, acts: swap(proofs.acts) } }), "not in the log", /act 0: the proof/);
  await names(file({ proofs: { ...proofs, acts: proofs.acts.slice(1) } }), "missing", /proofs for/);
});

test("a version of the report that was left out, changed, or never logged is named", async () => {
  const { reports } = made.pack.content;
  const [one] = reports;
  const other = toUtf8(fromUtf8(one!.content).replace('"body":"harrowmere"', '"body":"harrowmere-2"'));
  await names(content({ reports: [] }), "missing", /version 1 of the report, which act 3 names/);
  await names(content({ reports: [{ ...one!, content: other }] }), "altered", /version 1 of the report is not the one/);
  await names(
    content({ reports: [{ ...one!, salt: new Uint8Array(32) }] }),
    "altered",
    /version 1 of the report is not the one/,
  );
  await names(
    content({ reports: [...reports, { ...one!, version: 2 }] }),
    "contradicted",
    /version 2 of a report: no act names it/,
  );
});

test("a finding that was left out, or whose evidence was changed, is named", async () => {
  const { findings, events } = made.pack.content;
  await names(
    content({ findings: [{ ...findings[0]!, evidence: canonicalJson(["route-open", "/", ["GET / answered 404"]]) }] }),
    "altered",
    /evidence of the finding/,
  );
  await names(
    content({ findings: [{ ...findings[0]!, finding: "0".repeat(32) }] }),
    "contradicted",
    /no entry of the pack speaks of it/,
  );
  await names(
    file({
      content: { ...made.pack.content, events: events.slice(1) },
      proofs: { ...made.pack.proofs, events: made.pack.proofs.events.slice(1) },
    }),
    "missing",
    new RegExp(`the finding ${FINDING}`),
  );
  const foreign = made.log.find((entry) => fromUtf8(entry).includes("session.started"))!;
  const with_ = proved({ ...made.pack.content, events: [...events, foreign] }, made.pack.packed, made.log);
  await names(with_.file, "contradicted", /does not speak of this incident/);
});

// A letter's hash that was changed, and a letter whose end the log knows and the pack leaves out, are named.
test("a letter's changed hash, and a letter's end that the pack leaves out, are named", async () => {
  const { deliveries } = made.pack.content;
  assert.ok((await look(made.file)).holds.some((line) => /hashes of the 3 letters/.test(line)));
  await names(
    content({ deliveries: deliveries.map((one, i) => (i === 0 ? { ...one, hash: "9".repeat(64) } : one)) }),
    "altered",
    /hashes of the letters/,
  );
  await names(
    content({ deliveries: deliveries.filter(({ state }) => state !== "sent") }),
    "missing",
    /the letter 1{32}, of which the log says how it ended/,
  );
  const other = await look(content({ deliveries: deliveries.map((one) => ({ ...one, state: "bounced" })) }));
  assert.ok(other.open.some((line) => /the log says last that it was sent/.test(line)));
});

test("another log's key, another body's root, and two checkpoints in one pack are refused", async () => {
  await names(made.file, "bad signature", /not one that this key signed/, {
    key: signerKey("example.org/log", new Uint8Array(32).fill(4)).verifier,
  });
  await names(made.file, "contradicted", /another root/, { root: [BODY, "0".repeat(64)] });
  await names(made.file, "contradicted", /is of the body harrowmere/, { root: ["eastvale", made.root] });
  const { proofs } = made.pack;
  const longer = proved(made.pack.content, made.pack.packed, [...made.log, made.log[0]!]);
  await names(
    file({ proofs: { ...proofs, packed: longer.pack.proofs.packed } }),
    "contradicted",
    /different checkpoints/,
  );
  assert.ok(isSound(await look(longer.file)), "all of them under a newer checkpoint is a pack as well");
});

// A pack made by somebody who can write the database and ask the log to sign, and holds no person's key, is found out.
test("a pack made with database and log, but without any person's key, is found out", async () => {
  // The forger leaves the inconvenient act out, counts again, and has the log sign an act of packing.
  const acts = made.pack.content.acts.slice(0, -1);
  const shorter: PackContent = { ...made.pack.content, acts };
  const was = parseJson(fromUtf8(made.pack.packed.entry)) as { [field: string]: never };
  const entry = canonicalBytes({
    ...was,
    content: contentHash(shorter),
    count: entryCount(shorter),
    seq: acts.length,
    prev: "0".repeat(64),
  });
  const forged = proved(shorter, { ...made.pack.packed, entry }, [...made.log, entry]);
  await names(forged.file, "altered", /the act that made the pack does not hold/);
});

/** An export of both logs: the body's in the folder of its name, and beside it the host's, in which nothing happened. */
function exported(directory: string, entries: readonly Uint8Array[], host = LOG) {
  writeLog(
    directory,
    1,
    () => encodeEntry({ kind: "log.started", origin: host.name, at: 1 }, new Uint8Array(32)),
    host,
  );
  return writeLog(join(directory, BODY), entries.length, (leaf) => entries[leaf]!, signerOfLog(host, BODY));
}

test("a log beside the pack shows an event of the incident that is not in it", async () => {
  const directory = join(place, "log");
  exported(directory, made.log);
  const log = await directorySource(directory);
  const whole = await look(made.file, { log });
  assert.deepEqual(whole.findings, []);
  assert.ok(whole.holds.some((line) => /Every event of the incident/.test(line)));
  // The owner's own key: the pack is signed, and an event is left out of it.
  const shorter = repacked(made, { events: made.pack.content.events.slice(0, -1) });
  assert.ok(isSound(await look(shorter.file)), "by itself nothing is wrong with it");
  const longer = join(place, "longer");
  exported(longer, shorter.log);
  await names(shorter.file, "missing", /finding.closed\) speaks of this incident and is not in the pack/, {
    log: await directorySource(longer),
  });
  assert.ok(
    (await look(made.file, { log: await directorySource(longer) })).open.some((line) => /1 more events/.test(line)),
    "what came later is no fault of the pack",
  );
});

// A pack from before the log got another key is checked with the new key, where an export of both logs leads from the
// one to the other, and says what is needed where none is given.
test("a pack from before the log's new key is checked along an export of both logs", async () => {
  const directory = join(place, "two");
  const next = signerKey("example.org/log/1", new Uint8Array(32).fill(5));
  const goesOn = (folder: string, whose: string, before: readonly Uint8Array[]): void => {
    const [old, after] = [signerOfLog(LOG, whose), signerOfLog(next, whose)];
    const entries = [
      ...before,
      encodeEntry({ kind: "log.rotated", next: formatVerifierKey(after.verifier), at: 2 }, new Uint8Array(32)),
    ];
    const { checkpoint } = writeLog(folder, entries.length, (leaf) => entries[leaf]!, old);
    const first = encodeEntry({ ...continuation(after.name, old.verifier, checkpoint), at: 3 }, new Uint8Array(32));
    const begun = writeLog(join(folder, "1"), 1, () => first, after);
    const last = entries.length - 1;
    writeFileSync(
      join(folder, "next"),
      entryProof(
        last,
        entries[last]!,
        inclusionProof(last, entries.length, nodesOf(entries.map(leafHash))),
        checkpoint,
      ),
    );
    writeFileSync(join(folder, "1", "first"), entryProof(0, first, [], begun.checkpoint));
  };
  goesOn(directory, "", [encodeEntry({ kind: "log.started", origin: LOG.name, at: 1 }, new Uint8Array(32))]);
  goesOn(join(directory, BODY), BODY, made.log);
  const log = await directorySource(directory);
  const report = await look(made.file, { key: next.verifier, log });
  assert.deepEqual(report.findings, []);
  assert.ok(report.holds.some((line) => /Every event of the incident/.test(line)));
  const alone = await look(made.file, { key: next.verifier });
  assert.ok(
    !isSound(alone) && alone.open.some((line) => /give the key of that log, or,.*--log/.test(line)),
    alone.open.join("\n"),
  );
  // A stranger's log of the name leads nowhere.
  const mine = join(place, "mine");
  exported(mine, made.log);
  const after = signerOfLog(next, BODY);
  writeLog(
    join(mine, BODY, "1"),
    1,
    () => encodeEntry({ kind: "log.started", origin: after.name, at: 3 }, new Uint8Array(32)),
    after,
  );
  assert.ok(!isSound(await look(made.file, { key: next.verifier, log: await directorySource(mine) })));
});

test("the witnesses of a policy are looked for, and one that did not co-sign is missed", async () => {
  const witness = cosigner("example.net/witness", new Uint8Array(32).fill(9));
  const policy = parsePolicy(
    `log ${formatVerifierKey(LOG.verifier)}\nwitness w ${formatCosignerKey(witness.key)}\nquorum w\n`,
  );
  await names(made.file, "not witnessed", /no witness/, { policy });
  const signed = `${made.checkpoint}${cosign(parseNote(made.checkpoint).text, 1_800_000_000, witness)}`;
  const under = (text: string): string => encodeProof({ ...parseProof(text), checkpoint: signed });
  const { acts, events, packed } = made.pack.proofs;
  const cosigned = file({ proofs: { acts: acts.map(under), events: events.map(under), packed: under(packed) } });
  assert.deepEqual((await look(cosigned, { policy })).findings, []);
});

test("the vector is a pack that holds, and stays one", async () => {
  const vector = (name: string): Uint8Array =>
    new Uint8Array(readFileSync(new URL(`../vectors/incident/${name}`, import.meta.url)));
  const told = parseJson(fromUtf8(vector("pack-key.json"))) as { key: string; root: string; content: string };
  const bytes = vector("pack.json");
  const report = await verifyPack({ bytes, key: parseVerifierKey(told.key), root: [BODY, told.root] });
  assert.deepEqual(report.findings, []);
  assert.equal(contentHash(parsePack(bytes).content), told.content);
  assert.equal(toHex(encodePack(parsePack(bytes))), toHex(bytes));
});
