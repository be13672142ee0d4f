/**
 * A backup is made while letters arrive, the machine is lost with its database and its data directory, and everything
 * comes back on a new one: what was written before is read, what was erased stays erased, who was let out stays out.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { end, list, open } from "../../demo/by-id.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { isSound, linesOf } from "../../src/domain/verify/report.ts";
import { erase as decide } from "../../src/member/flows/erasing.ts";
import { askErasure } from "../../src/server/erasure/action.ts";
import { inTransaction, openPool } from "../../src/server/database/pool.ts";
import { freePorts } from "../../demo/world.ts";
import { homeOf } from "../../supervisor/embedded.ts";
import { readInstallation } from "../../supervisor/installation.ts";
import { carrierWorld } from "../support/carrier.ts";
import { untilThere } from "../support/in-time.ts";
import { backup, destroy, exportLogs, restore } from "../support/keeping.ts";
import { answersOf, command, init, newPlace } from "../support/real.ts";
import { historyOf, untilSigned } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let running = false;
let made: string;
let installation: string;
let inbox: string;
const at = (name: string): string => join(made, name);

const start = async (data: string): Promise<void> => {
  t = await staffedWorld({ data });
  running = true;
};
const stop = async (): Promise<void> => {
  running = false;
  await t.stop();
};
const write = async (): Promise<string> => (await t.write(t.forms.complaint, letterTo("complaint"))).submission;
const owner = () => t.visit(t.person("owner", 0, BODY));

async function erase(submission: string): Promise<void> {
  const publicly = openPool(t.world.databaseUrl("pb_public"), 1);
  await inTransaction(publicly, (client) => askErasure(client, { body: BODY, submission }));
  await publicly.end();
  const decider = await owner();
  const asked = (await decider.api.erasures(BODY)).find((one) => one.submission === submission && one.state === "open");
  await decide(decider, BODY, asked!, "asked-for");
}

async function verified(): Promise<void> {
  await untilSigned(t.world);
  const report = await verifyLog({
    source: httpSource(`${t.config.publicOrigin}/log`),
    key: parseVerifierKey(t.config.logKey),
    entries: false,
    rows: () => openRows(t.world.databaseUrl("pb_inspect")),
  });
  assert.ok(isSound(report), linesOf(report).join("\n"));
}

/** Whether a case officer is handed it; where not, because their grant ended. */
async function reads(nth: number, submission: string): Promise<boolean> {
  const visit = await t.visit(t.person("case officer", nth));
  return open(visit, BODY, inbox, submission).then(
    () => true,
    (thrown: unknown) => {
      assert.ok(is("REFUSED_GRANT_ENDED")(thrown), String(thrown));
      return false;
    },
  );
}

before(async () => {
  made = mkdtempSync(join(tmpdir(), "pillarbox-keeping-"));
  mkdirSync(at("data"), { mode: 0o700 });
  await start(at("data"));
  installation = t.world.installation.installation;
  inbox = await t.inboxOf(t.forms.complaint);
});
after(async () => {
  if (running) await t.stop();
  for (const data of ["data", "second", "third"]) destroy(at(data), installation);
  rmSync(made, { recursive: true, force: true });
});

test("on a new machine the officer reads, what was erased stays erased, and who left stays out", async () => {
  const [officer, leaver] = [t.person("case officer", 0), t.person("case officer", 1)];
  const grants = [await t.grant(t.forms.complaint, [officer]), await t.grant(t.forms.complaint, [leaver])];
  const [kept, before, since] = [await write(), await write(), await write()];
  await erase(before);
  await end(await owner(), BODY, { grant: grants[1]!, person: leaver.person, reason: "left" });
  await untilSigned(t.world);

  assert.equal((await backup(at("elsewhere"), "--make-recipient", at("identity"))).status, 0);
  mkdirSync(at("backups"));
  const sealed = await backup(at("data"), at("backups"), "--to", at("identity.pub"));
  assert.deepEqual([sealed.status, sealed.stderr], [0, ""]);
  assert.match(
    sealed.stdout,
    /3 letters and additions, [^]*read back\.\nSHA-256 [0-9a-f]{64}\nLog localhost\/pillarbox\//,
  );
  const [file, ...others] = readdirSync(at("backups"));
  assert.deepEqual(others, []);

  const lost = await write();
  await erase(since);
  const log = await exportLogs(t, at("newest"));
  const key = t.config.logKey;
  await stop();
  destroy(at("data"), installation);

  const from = ["--backup", join(at("backups"), file!), "--identity", at("identity"), "--log-key", key];
  const back = await restore(at("second"), ...from, "--log", log);
  assert.deepEqual([back.status, back.stderr], [0, ""]);
  assert.match(back.stdout, /1 letters in it had been erased since, and were erased again/);
  assert.ok(back.stdout.includes(`the references of what is lost: ${referenceOf(lost)}.`), back.stdout);
  assert.match(back.stdout, /No checkpoint store survived/);
  assert.doesNotMatch(back.stdout, /No newer log was there/);

  await start(at("second"));
  const visit = await t.visit(t.person("case officer", 0));
  assert.ok(await open(visit, BODY, inbox, kept));
  for (const erased of [before, since]) await assert.rejects(open(visit, BODY, inbox, erased), is("ERASED"));
  assert.deepEqual(
    (await list(visit, BODY, inbox)).map((slip) => slip.submission),
    [kept],
  );
  assert.equal(await reads(1, kept), false);
  const { items } = await historyOf(t.world, await owner(), BODY, "erasure");
  assert.equal(items[0]?.kind, "database.restored");
  await verified();
  // It goes on: letters, and the next backup.
  const later = await write();
  assert.ok(await open(await owner(), BODY, inbox, later));
  await untilSigned(t.world);
  assert.equal((await backup(at("second"), at("next.age"), "--to", at("identity.pub"))).status, 0);
});

// The statement that ends it is in no log and was lost with the machine: rather nobody reads than whoever was let out.
test("who was let out after the backup does not come back, and a store that survived is kept", async () => {
  // The two before have grants from the first test.
  const officer = t.person("case officer", 2);
  const grant = await t.grant(t.forms.complaint, [officer]);
  const letter = await write();
  await untilSigned(t.world);
  const sealed = await backup(at("second"), at("last.age"), "--to", at("identity.pub"));
  assert.deepEqual([sealed.status, sealed.stderr], [0, ""]);
  await end(await owner(), BODY, { grant, person: officer.person, reason: "left" });
  const log = await exportLogs(t, at("ended"));
  await stop();
  cpSync(join(at("second"), "log/checkpoints"), at("survived"), { recursive: true });
  destroy(at("second"), installation);

  const from = ["--backup", at("last.age"), "--identity", at("identity")];
  const without = await restore(at("third"), ...from, "--store", at("survived"));
  assert.equal(without.status, 1);
  assert.match(without.stderr, /were signed: an erasure among the last \d+ would not be applied/);
  assert.ok(!existsSync(at("third")) && !existsSync(homeOf(at("third"), installation)), "nothing is left of it");
  const back = await restore(at("third"), ...from, "--store", at("survived"), "--log", log);
  assert.deepEqual([back.status, back.stderr], [0, ""]);
  assert.match(back.stdout, /The log does not go on: 1 grants were ended since/);
  assert.doesNotMatch(back.stdout, /No checkpoint store survived/);

  await start(at("third"));
  const visit = await t.visit(officer);
  const release = "1".repeat(32);
  await visit.client.post(`/api/bodies/${BODY}/releases`, { release, inbox, purpose: "open", submissions: [letter] });
  assert.equal((await visit.client.get(`/api/releases/${release}`)).status, 202, "nothing is handed over");
  assert.ok(await write(), "and letters are received");
});

// As `init` makes it, backed up while nothing runs: its answers and secrets come back with it.
test("a real installation that is stopped is backed up, and its copy starts on a new machine", async () => {
  const place = newPlace();
  const carrier = await carrierWorld();
  let id = "";
  try {
    const ports = await freePorts();
    const [open, staff] = [`http://127.0.0.1:${ports.public}`, `http://localhost:${ports.staff}`];
    const initialised = await init(
      place,
      answersOf(place, {
        publicAddress: open,
        staffAddress: staff,
        counterAddress: `http://127.0.0.1:${ports.counter}`,
        ports: `${ports.public},${ports.staff},${ports.counter}`,
        mail: carrier.settings.smtpUrl,
      }),
    );
    assert.equal(initialised.code, 0, initialised.error);
    const [first, second] = [join(place, "data"), join(place, "second")];
    id = readInstallation(first)!.installation;
    const identity = join(place, "identity");
    assert.equal((await backup(first, "--make-recipient", identity)).status, 0);
    const early = await backup(first, join(place, "real.age"), "--to", `${identity}.pub`);
    assert.match(early.stderr, /was never started, so there is nothing to keep yet/);
    const ran = async (data: string, look: () => Promise<void>): Promise<void> => {
      const running = command(["start"], { PILLARBOX_DATA: data });
      await running.says("Press Ctrl-C to stop.");
      await look();
      running.child.kill("SIGINT");
      assert.equal((await running.ended).code, 0);
    };
    const said = (): Promise<string> => command(["status"], { PILLARBOX_DATA: second }).ended.then(({ out }) => out);
    await ran(first, async () => {});
    const sealed = await backup(first, join(place, "real.age"), "--to", `${identity}.pub`);
    assert.deepEqual([sealed.status, sealed.stderr], [0, ""]);
    const files = ["configuration.json", "body.json", "secrets/smtp-url", "first-owner.json", "log/key"];
    const texts = (data: string): string[] => files.map((name) => readFileSync(join(data, name), "utf8"));
    const before = texts(first);
    destroy(first, id);
    const back = await restore(second, "--backup", join(place, "real.age"), "--identity", identity);
    assert.deepEqual([back.status, back.stderr], [0, ""]);
    assert.match(back.stdout, /No newer log was there of the host/);
    assert.deepEqual(texts(second), before);
    await ran(second, async () => {
      assert.match(await (await fetch(open)).text(), /Northmarsh Ombudsman is not open yet/);
      assert.match(
        await untilThere(async () => /^the log +is signed$/m.exec(await said())?.[0], "a signed log"),
        /signed/,
      );
      assert.match(await said(), /^last backup +none since it was restored$/m);
      assert.match(await said(), /^restored +\d{4}-.+ UTC, from the backup of \d{4}-.+ UTC$/m);
    });
    const again = await restore(second, "--backup", join(place, "real.age"), "--identity", identity);
    assert.match(again.stderr, /is not empty, and a backup goes into a new installation only/);
  } finally {
    carrier.close();
    if (id) destroy(join(place, "second"), id);
    rmSync(place, { recursive: true, force: true });
  }
});
