/** A whole installation whose data directory holds a policy: its log process asks the witness in it, and a stranger's verifier finds the quorum. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, test } from "node:test";
import { isSound, linesOf } from "../../src/cli/verify/report.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import { cosignaturesOf, cosigner, formatCosignerKey } from "../../src/domain/log/cosignature.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { parsePolicy } from "../../src/domain/log/policy.ts";
import { witnessServer } from "../../src/witness/serve.ts";
import { witnessStore } from "../../src/witness/store.ts";
import { newWitness } from "../../src/witness/witness.ts";
import { logKeyOf, makeDirectories, newInstallation, writeInstallation } from "../../supervisor/installation.ts";
import { policyOf } from "../../supervisor/witnesses.ts";
import { startWorld, type World } from "../../supervisor/world.ts";
import { place } from "./launched.ts";

const undo: (() => unknown)[] = [];
let world: World;
let policy: string;
const by = cosigner("witness.example/w", new Uint8Array(32).fill(40));

before(async () => {
  const here = await place();
  undo.push(here.remove);
  makeDirectories(here.data);
  const installation = newInstallation(false, "hybrid");
  writeInstallation(here.data, installation);
  const key = logKeyOf(here.data, installation.installation).verifier;
  const seen = mkdtempSync(join(tmpdir(), "pillarbox-witness-"));
  undo.push(() => rmSync(seen, { recursive: true, force: true }));
  const server = witnessServer(newWitness(by, [parseVerifierKey(key)], witnessStore(seen), () => Math.floor(Date.now() / 1000)), () => {});
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  undo.push(() => new Promise((done) => (server.close(done), server.closeAllConnections())));
  policy = `log ${key}\nwitness w ${formatCosignerKey(by.key)} http://127.0.0.1:${(server.address() as AddressInfo).port}\nquorum w\n`;
  writeFileSync(join(here.data, "log", "policy"), policy);
  world = await startWorld({ data: here.data });
  undo.push(world.stop);
});
after(async () => {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
});

test("the published checkpoint bears the cosignature, and a verifier with the policy misses nothing but what it was not shown", async () => {
  const source = httpSource(`${world.publicOrigin}/log`);
  for (let turn = 0; turn < 400 && cosignaturesOf((await source.checkpoint()) ?? "x\n\n— x AAAAAAA=\n", [by.key]).length === 0; turn++) await wait(50);
  const report = await verifyLog({ source, key: parseVerifierKey(world.config.logKey), policy: parsePolicy(policy), entries: false });
  assert.ok(isSound(report), linesOf(report).join("\n"));
  assert.match(report.holds.join("\n"), /w \(witness\.example\/w\) co-signed[^]*quorum of the policy is there/);
  assert.deepEqual(report.open.filter((line) => /Rollback|Two logs/.test(line)), []);
});

test("a policy that is none is refused in one sentence that names the line, and a data directory without one has no witnesses", () => {
  const data = mkdtempSync(join(tmpdir(), "pillarbox-policy-"));
  undo.push(() => rmSync(data, { recursive: true, force: true }));
  assert.deepEqual(policyOf(data), { text: null, witnesses: [] });
  makeDirectories(data);
  writeFileSync(join(data, "log", "policy"), "quorum nobody\n");
  assert.throws(() => policyOf(data), /line 1 of the policy: nobody is not defined above/);
});
