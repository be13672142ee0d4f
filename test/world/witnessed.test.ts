/**
 * A whole installation whose data directory holds a policy: its log process asks the witness in it, and a stranger's
 * verifier finds the quorum.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { act, incident, openIncident } from "../../demo/by-id.ts";
import { signInWith, type Desk } from "../../src/cli/desk/desk.ts";
import { exportLog } from "../../src/cli/export-log.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { directorySource, httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import type { Asked } from "../../src/domain/verify/verify.ts";
import { cosignaturesOf, cosigner, formatCosignerKey } from "../../src/domain/log/cosignature.ts";
import { parseVerifierKey, type VerifierKey } from "../../src/domain/log/note-key.ts";
import { parsePolicy } from "../../src/domain/log/policy.ts";
import { witnessServer } from "../../src/witness/serve.ts";
import { witnessStore } from "../../src/witness/store.ts";
import { newWitness } from "../../src/witness/witness.ts";
import { logKeyOf, makeDirectories, newInstallation, writeInstallation } from "../../supervisor/installation.ts";
import { policyOf } from "../../supervisor/witnesses.ts";
import { prepareNextLog } from "../../supervisor/logs.ts";
import { startWorld, type World } from "../../demo/world.ts";
import { untilThere } from "../support/in-time.ts";
import { place } from "../support/launched.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, is, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

const undo: (() => unknown)[] = [];
let t: StaffedWorld;
let world: World;
let policy: string;
let data: string;
/** The logs that the witness knows. */
const known: VerifierKey[] = [];
const by = cosigner("witness.example/w", new Uint8Array(32).fill(40));

before(async () => {
  const here = await place();
  undo.push(here.remove);
  makeDirectories(here.data);
  const installation = newInstallation(true, "hybrid");
  writeInstallation(here.data, installation);
  const key = logKeyOf(here.data, installation.installation).verifier;
  known.push(parseVerifierKey(key));
  const seen = mkdtempSync(join(tmpdir(), "pillarbox-witness-"));
  undo.push(() => rmSync(seen, { recursive: true, force: true }));
  const app = witnessServer(
    newWitness(by, known, witnessStore(seen), () => Math.floor(Date.now() / 1000)),
    () => {},
  );
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  undo.push(() => (app.server.closeAllConnections(), app.close()));
  policy = `log ${key}\nwitness w ${formatCosignerKey(by.key)} ${address}\nquorum w\n`;
  writeFileSync(join(here.data, "log", "policy"), policy);
  data = here.data;
  t = await staffedWorld({ data });
  world = t.world;
  undo.push(() => world.stop());
});
after(async () => {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
});

// The published checkpoint bears the cosignature, and a verifier with the policy misses nothing but what it was not
// shown.
test("the checkpoint bears the cosignature, and a verifier misses only what it was not shown", async () => {
  const source = httpSource(`${world.publicOrigin}/log`);
  await untilThere(async () => {
    const checkpoint = await source.checkpoint();
    return checkpoint !== null && cosignaturesOf(checkpoint, [by.key]).length > 0;
  }, "the witness's cosignature");
  const report = await verifyLog({
    source,
    key: parseVerifierKey(world.config.logKey),
    policy: parsePolicy(policy),
    entries: false,
  });
  assert.ok(isSound(report), linesOf(report).join("\n"));
  assert.match(report.holds.join("\n"), /w \(witness\.example\/w\) co-signed[^]*quorum of the policy is there/);
  assert.deepEqual(
    report.open.filter((line) => /Rollback|Two logs/.test(line)),
    [],
  );
});

// Another key: the next start ends the log, goes on under the new key, and the witness knows both; a verifier with the
// old key, or with the new one, follows.
test("another key: the next start goes on under it, the witness knows both, verifiers follow", async () => {
  const [old, before] = [
    parseVerifierKey(world.config.logKey),
    (await httpSource(`${world.publicOrigin}/log`).checkpoint())!,
  ];
  const person = t.person("owner", 0, BODY);
  const owner = (logKey = world.config.logKey): Promise<Desk> =>
    signInWith({ ...t.config, staffOrigin: world.config.staffOrigin, logKey }, person.email, person.unlocked);
  const one = await openIncident(
    await owner(),
    { kind: "incident.opened", what: "wrong-person", source: "none" },
    { summary: "Opened before the log got another key." },
  );
  const next = prepareNextLog(data, world.installation.installation, false);
  assert.deepEqual(prepareNextLog(data, world.installation.installation, false), next, "asked twice, there is one");
  const key = parseVerifierKey(next.key.verifier);
  assert.notEqual(key.name, old.name);
  await world.stop();
  known.push(key);
  policy = `log ${next.key.verifier}\n${policy}`;
  writeFileSync(join(data, "log", "policy"), policy);
  const told: string[] = [];
  world = await startWorld({ data, tell: (line) => void told.push(line) });
  assert.ok(told.includes(`The log goes on under another key: ${next.key.verifier}`), told.join("\n"));
  assert.equal(world.config.logKey, next.key.verifier);
  const source = httpSource(`${world.publicOrigin}/log`);
  // Each of the logs, the host's and every body's, gets its cosignature.
  const logs = [source, ...[...t.config.roots.keys()].map((body) => source.of(body))];
  const cosigned = async (): Promise<boolean> => {
    for (const log of logs) {
      const checkpoint = await log.at(1).checkpoint();
      if (checkpoint === null || cosignaturesOf(checkpoint, [by.key]).length === 0) return false;
    }
    return true;
  };
  await untilThere(cosigned, "a cosignature of each log");
  const look = (more: Partial<Asked>): Promise<Report> =>
    verifyLog({ source, key: old, policy: parsePolicy(policy), entries: false, ...more });
  for (const report of [
    await look({ since: before }),
    await look({ key, rows: () => openRows(data) }),
    await look({ rows: () => openRows(data), since: before }),
  ]) {
    assert.ok(isSound(report), linesOf(report).join("\n"));
    assert.match(
      report.holds.join("\n"),
      /names the key of .*which begins with its final checkpoint|recomputed from its lowest tiles/,
    );
  }
  assert.match(
    (await look({ since: before })).holds.join("\n"),
    /names the key of [^]*only appends to the older checkpoint/,
  );
  const kept = mkdtempSync(join(tmpdir(), "pillarbox-export-"));
  undo.push(() => rmSync(kept, { recursive: true, force: true }));
  await exportLog(source, kept, false);
  for (const under of [old, key])
    assert.ok(isSound(await verifyLog({ source: await directorySource(kept), key: under, entries: false })));
  // A rotation that the files do not bear out.
  const proof = readFileSync(join(kept, "next"), "utf8");
  writeFileSync(
    join(kept, "next"),
    proof.replace(/^index (\d+)$/m, (_, index) => `index ${Number(index) - 1}`),
  );
  const report = await verifyLog({ source: await directorySource(kept), key: old, entries: false });
  assert.match(report.findings.map(({ wrong, what }) => `${wrong}: ${what}`).join("\n"), /^broken rotation: /m);
  // An incident from before is what it was, goes on, and says of a pack what to do instead; whoever knows the old key
  // alone reads it as well.
  const now = await owner();
  await act(now, one, { kind: "incident.aware", party: "controller", awareAt: Date.now(), basis: "staff" });
  await untilSigned(world);
  for (const logKey of [now.setup.logKey, t.config.logKey]) {
    const { state } = await incident(await owner(logKey), one);
    assert.deepEqual(
      state.acts.map(({ event, leaf }) => [event.kind, leaf !== null]),
      [
        ["incident.opened", true],
        ["incident.aware", true],
      ],
    );
  }
  await assert.rejects(owner(`${old.name}-other${t.config.logKey.slice(old.name.length)}`), is("LOG_REFUSED"));
  await assert.rejects(now.api.preparePack(BODY, one), is("PACK_TWO_LOGS"));
  // The next start finds nothing to do.
  await world.stop();
  world = await startWorld({ data });
  assert.equal(world.config.logKey, next.key.verifier);
});

// A policy that is none is refused in one sentence that names the line, and a data directory without one has no
// witnesses.
test("a policy that is none is refused by naming its line; without one there are no witnesses", () => {
  const data = mkdtempSync(join(tmpdir(), "pillarbox-policy-"));
  undo.push(() => rmSync(data, { recursive: true, force: true }));
  assert.deepEqual(policyOf(data), { text: null, witnesses: [] });
  makeDirectories(data);
  writeFileSync(join(data, "log", "policy"), "quorum nobody\n");
  assert.throws(() => policyOf(data), /line 1 of the policy: nobody is not defined above/);
});
