/** `pillarbox init`: an answer that does not hold is one sentence, and nothing is written before the last one held. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { fromHex, sha256, toHex } from "../../src/domain/bytes.ts";
import { sixWords } from "../../src/domain/grant/compared.ts";
import { newPersonKeys } from "../../src/domain/person/keys.ts";
import { newId } from "../../src/domain/seal/random.ts";
import {
  compare,
  CONFIRMING,
  enterRoot,
  refuseRoot,
  rootOf,
  rowOf,
  type Joined,
} from "../../supervisor/init/confirming.ts";
import {
  filesOf,
  noteEntered,
  readReal,
  refuseAnswered,
  yetToInvite,
  type Configuration,
} from "../../supervisor/configuration.ts";
import { PROXIES, QUESTIONS, type Answers, type Before } from "../../supervisor/init/answers.ts";
import { snippetOf, writeAll } from "../../supervisor/init/write.ts";
import { freeLocalPorts } from "../../supervisor/free-ports.ts";
import { newInstallation, readInstallation, writeInstallation } from "../../supervisor/installation.ts";
import type { Prepared } from "../../supervisor/demonstration.ts";
import { Refusal } from "../../supervisor/refusal.ts";
import { startInstallation } from "../../supervisor/start.ts";
import { takeLock } from "../../supervisor/lock.ts";
import { carrierWorld } from "../support/carrier.ts";
import { ran } from "../support/program.ts";
import { answersOf, init } from "../support/real.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const place = mkdtempSync(join(tmpdir(), "pillarbox-init-"));
after(() => rmSync(place, { recursive: true, force: true }));

/** Reads all answers as `init` does, and tries none. */
function read(changed: { readonly [key: string]: unknown } = {}): Answers {
  const given: { readonly [key: string]: unknown } = answersOf(place, changed);
  let answers: Before = {};
  for (const one of QUESTIONS)
    answers = { ...answers, [one.key]: one.read(given[one.key] ?? one.usual ?? "", answers) };
  return answers as Answers;
}
const refused = (says: RegExp) => (thrown: unknown) => {
  assert.ok(thrown instanceof Refusal, String(thrown));
  assert.match(thrown.message, says);
  assert.doesNotMatch(thrown.message, /\n|undefined|PILLARBOX_|DATABASE_URL/);
  return true;
};

test("answers that hold are taken, with what is usual where nothing is said", () => {
  const answers = read();
  assert.equal(answers.counterAddress, "http://127.0.0.1:3000");
  assert.deepEqual(answers.ports, { public: 3000, staff: 3001, counter: 3002 });
  assert.deepEqual(
    [answers.database, answers.bounces, answers.backupDays, answers.proxy, answers.invitation],
    [null, null, 35, "nginx", "mail"],
  );
  assert.equal(read({ ownerEmail: "Ottilie@Northmarsh.example" }).ownerEmail, "ottilie@northmarsh.example");
  assert.deepEqual(read({ bounces: "127.0.0.1:2525 Returns.example.org" }).bounces, {
    host: "127.0.0.1",
    port: 2525,
    domain: "returns.example.org",
  });
  assert.equal(read({ database: "postgres://me:secret@db.example/p" }).database, "postgres://me:secret@db.example/p");
});

test("each answer that does not hold is one sentence that says what to do", () => {
  const file = join(place, "a-file");
  writeFileSync(file, "not JSON");
  const link = join(place, "a-link");
  mkdirSync(join(place, "empty"));
  symlinkSync(join(place, "empty"), link);
  const wrong: readonly (readonly [{ readonly [key: string]: unknown }, RegExp])[] = [
    [{ data: "data" }, /no whole path: begin it with/],
    [{ data: place }, /is not empty, and an installation is made once: name another/],
    [{ data: "/proc/pillarbox" }, /cannot be written/],
    [{ data: join(file, "data") }, /a-file is a file where Pillarbox needs a directory: move it away/],
    [{ data: file }, /a-file is a file where Pillarbox needs a directory/],
    [{ data: `${place}/a\0b` }, /a character in it that nobody sees/],
    [{ data: link }, /is a link to another place: name the directory that it leads to/],
    [{ data: "/proc" }, /^(?=.*\/proc).+(?:is where a disk is mounted|cannot be written)/],
    [{ body: join(place, "none.json") }, /cannot be read: name a file that is there/],
    [{ body: file }, /is not JSON: mend it/],
    [{ body: { id: "Northmarsh", name: "N", host: "H" } }, /the record does not hold at id/],
    [{ body: { id: "northmarsh", name: "N", host: "H", timeZone: "Mars" } }, /the record does not hold at timeZone/],
    [{ publicAddress: "forms.example.org" }, /write it as https:\/\/forms\.example\.org, without a path/],
    [{ publicAddress: "http://forms.example.org" }, /it begins with https:\/\//],
    [{ publicAddress: "" }, /the address of the public pages/],
    [{ staffAddress: "http://127.0.0.1:3001" }, /have one host name: give the staff pages a name of their own/],
    [{ counterAddress: "http://localhost:3001" }, /is that of the staff pages/],
    [{ proxy: "apache" }, /"apache" is none of nginx, caddy, haproxy: name one/],
    [{ proxies: "everybody" }, /the list of proxies is "everybody": list addresses/],
    [{ proxies: "" }, /the list of proxies/],
    [{ ports: "0x50,3e2,443" }, /are not three ports/],
    [{ ports: "+80,443,8080" }, /are not three ports/],
    [{ ports: "80,443,65536" }, /are not three ports/],
    [{ ports: "3000,3000,3002" }, /are not three ports: write three different ones/],
    [{ database: "mysql://db.example" }, /is not the address of a PostgreSQL: write it as/],
    [{ mailFrom: "Post <post@northmarsh.example>" }, /is not one e-mail address: write it as/],
    [{ mail: "mail.example" }, /is not the address of a mail server: write it as/],
    [{ mail: "" }, /there is none: .+ name a mail server/],
    [{ bounces: "everywhere" }, /does not say where: write it as/],
    [{ alarm: "the duty desk" }, /is not one e-mail address/],
    [{ alarm: "post@northmarsh.example" }, /it is the sender of all mail: name a mailbox that somebody reads/],
    [{ backupDays: "a month" }, /"a month" is no number of days: write one/],
    [{ ownerName: " " }, /there is no name: write it/],
    [{ ownerName: "Ottilie \u001b[31mMarsh" }, /a character in it that nobody sees/],
    [{ ownerName: "Ottilie \u202ehsraM" }, /a character in it that nobody sees/],
    [{ ownerEmail: "ottilie" }, /is not one e-mail address/],
    [{ ownerEmail: "duty@it.example" }, /it is the address for alarms/],
    [{ invitation: "pigeon" }, /"pigeon" is none of mail, show: name one/],
    [{ alarm: { to: "duty@it.example" } }, /it is not a text/],
  ];
  for (const [changed, says] of wrong) assert.throws(() => read(changed), refused(says), JSON.stringify(changed));
  assert.ok(!existsSync(join(place, "data")));
});

test("a refused answer ends init with its sentence, and nothing is there", async () => {
  const own = join(place, "own");
  const free = await freeLocalPorts(3);
  const ports = free.join(",");
  mkdirSync(own);
  const oneSentence = async (answers: object, says: RegExp): Promise<void> => {
    const ended = await init(own, answers);
    assert.equal(ended.code, 1);
    assert.match(ended.error, says);
    assert.equal(ended.error.trimEnd().split("\n").length, 1, ended.error);
    assert.deepEqual(readdirSync(own), ["answers.json"]);
  };
  await oneSentence(answersOf(own, { ports }), /^"mail": the mail server does not let us in \(.+UNREACHABLE\): mend/);
  const carrier = await carrierWorld();
  try {
    const { smtpUrl } = carrier.settings;
    await oneSentence(
      answersOf(own, { ports, mail: smtpUrl, alarm: "gone.desk@it.example" }),
      /^"alarm": the mail server did not take a mail from .+ to gone\.desk@it\.example \(refused, .+\): mend/,
    );
    const { alarm: _, ...without } = answersOf(own, { ports, mail: smtpUrl });
    await oneSentence(without, /^"alarm" has no answer: Address for alarms/);
    assert.deepEqual(carrier.arrived, []);
  } finally {
    carrier.close();
  }
  await oneSentence(
    answersOf(own, { ports, database: "postgres://me:secret-word@localhost:1/none" }),
    /^"database": the database could not be entered \((?!.*secret-word).+\): mend/,
  );
  const taken = createServer().listen(free[1], "127.0.0.1");
  await once(taken, "listening");
  await oneSentence(
    answersOf(own, { ports }),
    /^"ports": Port \d+ is in use by another program: .+ this answer\./,
  ).finally(() => taken.close());
  await oneSentence({ ...answersOf(own), passphrase: "x" }, /^"passphrase" is no question: take it out/);
});

/** Where each name and path of a proxy's file leads, read as a person would. */
const LEADS = {
  nginx:
    /server_name (\S+);[^}]+?location \/counter\/ \{ proxy_pass http:\/\/127\.0\.0\.1:(\d+); \}\s+location \/ \{ proxy_pass http:\/\/127\.0\.0\.1:(\d+); \}[^]+server_name (\S+);[^]+proxy_pass http:\/\/127\.0\.0\.1:(\d+);/,
  caddy:
    /^(\S+) \{\n\ttls[^]+reverse_proxy \/counter\/\* 127\.0\.0\.1:(\d+) \{[^]+reverse_proxy 127\.0\.0\.1:(\d+) \{[^]+^(\S+) \{\n\ttls[^]+reverse_proxy 127\.0\.0\.1:(\d+) \{/m,
  haproxy:
    /use_backend staff if \{ hdr\(host\),field\(1,:\) -i (?<staff>\S+) \}[^]+backend public\n\s+server one 127\.0\.0\.1:(?<open>\d+)\n[^]+backend counter\n\s+server one 127\.0\.0\.1:(?<counter>\d+)\n[^]+backend staff\n\s+server one 127\.0\.0\.1:(?<port>\d+)\n/,
};

test("a proxy's file leads to the three ports, also where they are those of its pattern", () => {
  const leads = (proxy: (typeof PROXIES)[number], forms: string, staff: string, ports: Answers["ports"]): void => {
    const addresses = { publicAddress: `https://${forms}`, staffAddress: `https://${staff}` };
    const text = snippetOf(ROOT, { ...addresses, proxy, ports });
    const found = LEADS[proxy].exec(text);
    assert.ok(found, text);
    const { groups } = found;
    const seen = groups
      ? [groups["counter"], groups["open"], groups["staff"], groups["port"]]
      : [found[2], found[3], found[4], found[5]];
    assert.deepEqual(seen, [String(ports.counter), String(ports.public), staff, String(ports.staff)], proxy);
    if (!groups) assert.equal(found[1], forms);
  };
  for (const proxy of PROXIES) {
    leads(proxy, "forms.northmarsh.example", "staff.northmarsh.example", { public: 3001, staff: 3002, counter: 3003 });
    leads(proxy, "staff.example.org", "forms.example.org", { public: 30010, staff: 4000, counter: 30020 });
    leads(proxy, "forms.example.org", "staff.example.org", { public: 3002, staff: 3000, counter: 3001 });
  }
});

test("a link that is shown is kept as a hash, and all secrets are for one reader", () => {
  const data = join(place, "shown");
  const { link } = writeAll(ROOT, { ...read(), data, invitation: "show", database: "postgres://me:pw@db.example/p" });
  const secret = /^http:\/\/localhost:3001\/join#([0-9a-f]{64})$/.exec(link ?? "")![1]!;
  const real = readReal(data, readInstallation(data))!;
  assert.equal(real.owner?.link, toHex(sha256(fromHex(secret))));
  assert.equal(real.databaseUrl, "postgres://me:pw@db.example/p");
  const texts = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), "utf8"));
  assert.equal(texts.filter((text) => text.includes(secret)).length, 0);
  const open = readFileSync(filesOf(data).configuration, "utf8");
  for (const hidden of ["pw@", "smtp:", "ottilie", readInstallation(data)!.superuser])
    assert.ok(!open.includes(hidden));
  assert.throws(() => writeAll(ROOT, { ...read(), data }), refused(/is not empty any more: nothing was written/));
  const nowhere = join(place, "x".repeat(250));
  assert.throws(() => writeAll(ROOT, { ...read(), data: nowhere }), refused(/cannot be made \(E[A-Z]+\): nothing was/));
});

test("a real installation is never a demonstration, and a demonstration never a real one", () => {
  const data = join(place, "real");
  writeAll(ROOT, { ...read(), data });
  const found = readInstallation(data)!;
  assert.ok(readReal(data, found));
  const says = /another installation|of a demonstration/;
  assert.throws(() => readReal(data, { ...found, demonstration: true }), refused(says));
  assert.throws(() => readReal(data, newInstallation(true, "hybrid")), refused(says));
  assert.throws(
    () => readReal(data, { ...found, installation: "f0".repeat(16) }),
    refused(/is another installation's/),
  );
  assert.throws(() => readReal(data, null), refused(says));
  writeFileSync(join(data, "demonstration.json"), "{}");
  assert.throws(() => readReal(data, found), refused(says));
  rmSync(join(data, "demonstration.json"));
  rmSync(filesOf(data).configuration);
  const never = /configuration\.json is missing: this is a real installation and is never started as a demonstration/;
  assert.throws(() => readReal(data, found), refused(never));
  rmSync(join(data, "installation.json"));
  assert.throws(() => readReal(data, null), refused(never));
  const demonstration = join(place, "demonstration");
  mkdirSync(demonstration);
  writeInstallation(demonstration, newInstallation(true, "hybrid"));
  assert.equal(readReal(demonstration, readInstallation(demonstration)), null);
});

test("what was changed by hand in an installation's files is held to the rules of init", () => {
  const data = join(place, "by-hand");
  writeAll(ROOT, { ...read({ bounces: "127.0.0.1:2525 returns.example.org" }), data });
  const installation = readInstallation(data)!;
  const files = filesOf(data);
  const whole = readFileSync(files.configuration, "utf8");
  const own = JSON.parse(whole) as Configuration;
  const reads = (text: string) => {
    writeFileSync(files.configuration, text);
    return readReal(data, installation)!.configuration;
  };
  assert.deepEqual(reads(whole), own);
  const moved = { ...own, publicOrigin: "https://forms.northmarsh.example", proxies: ["10.0.0.0/8", "::1"] };
  assert.deepEqual(reads(JSON.stringify(moved)), moved);
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ publicOrigin: "http://forms.northmarsh.example" }, /^"publicOrigin" in .+: .+ it begins with https:\/\//],
    [{ staffOrigin: "http://127.0.0.1:3001" }, /^"staffOrigin" in .+ have one host name/],
    [{ counterOrigin: "http://localhost:3001" }, /^"counterOrigin" in .+ is that of the staff pages/],
    [{ proxies: "all" }, /^"proxies" in /],
    [{ proxies: ["all"] }, /^"proxies" in .+ list addresses or networks/],
    [{ ports: { public: "x", staff: 3001, counter: 3002 } }, /^"ports" in .+ are not three ports/],
    [{ ports: { public: 3001, staff: 3001, counter: 3002 } }, /^"ports" in /],
    [{ ports: null }, /^"ports" in /],
    [{ mail: null }, /^"mail\.from" in .+: it is not a text/],
    [{ mail: { from: "post", bounce: null } }, /^"mail\.from" in .+ is not one e-mail address/],
    [{ mail: { from: own.mail.from } }, /^"mail\.bounce" in .+ does not say where/],
    [{ alarm: own.mail.from }, /^"alarm" in .+ it is the sender/],
    [{ database: "mine" }, /^"database" in .+ is neither "embedded" nor "elsewhere"/],
    [{ body: "other" }, /body\.json is not the record of other/],
  ];
  for (const [changed, says] of wrong)
    assert.throws(() => reads(JSON.stringify({ ...own, ...changed })), refused(says), JSON.stringify(changed));
  for (const text of ["", "{", "null", "[]", '"x"'])
    assert.throws(() => reads(text), refused(/configuration\.json is not a JSON object: mend it/), text);
  writeFileSync(files.configuration, whole);
  for (const [file, text] of [
    [files.record, "{"],
    [files.record, "{}"],
    [files.owner, "{"],
    [files.owner, "{}"],
    [files.smtpUrl, "mail.example"],
  ] as const) {
    const before = readFileSync(file, "utf8");
    writeFileSync(file, text);
    assert.throws(
      () => readReal(data, installation),
      (thrown) => thrown instanceof Refusal && thrown.message.startsWith(file),
      file,
    );
    writeFileSync(file, before);
  }
  assert.ok(readReal(data, installation));
});

test("a start takes a real installation as such, and nothing else as one", async () => {
  const data = join(place, "started");
  writeAll(ROOT, { ...read(), data });
  const [open, staff, counter, mail] = (await freeLocalPorts(4)) as [number, number, number, number];
  const over = AbortSignal.abort();
  const plan = {
    root: ROOT,
    data,
    ports: { public: open, staff, counter, mail },
    demonstration: false,
    servers: [],
    sealing: "hybrid",
    fill: false,
    prepared: null,
    databaseUrl: null,
    databaseHome: null,
    limits: null,
    mail: null,
    also: {},
    beside: {},
    tell: () => {},
    progress: () => {},
    signal: over,
  } as const;
  const other = /is a real installation: it is not started as another thing/;
  await assert.rejects(startInstallation({ ...plan, demonstration: true }), refused(other));
  const real = readReal(data, readInstallation(data));
  const prepared = { roots: {}, seed: null } as unknown as Prepared;
  await assert.rejects(startInstallation({ ...plan, real, prepared }), refused(other));
  const nothing = join(place, "nothing");
  const none = /is no real installation: it is not started as another thing/;
  await assert.rejects(startInstallation({ ...plan, data: nothing, real }), refused(none));
});

const KEYS = await Promise.all([newPersonKeys(newId(), "x25519"), newPersonKeys(newId(), "x25519")]);
const OWNER = { invitation: "e0".repeat(16), name: "Ottilie Marsh", email: "ottilie@northmarsh.example", link: null };
/** What an honest database says of the first owner. */
const JOINED: Joined = {
  ...OWNER,
  person: KEYS[0].person,
  role: "owner",
  recipient: KEYS[0].recipient,
  signingKey: toHex(KEYS[0].signingKey),
  detailsSalt: "07".repeat(32),
};

test("whoever used the first invitation is whom init invited, whatever the rows say", () => {
  assert.equal(rowOf(JOINED, OWNER).role, "owner");
  assert.throws(() => rowOf(null, OWNER), refused(/has not made their keys yet: wait/));
  for (const over of [{ role: "auditor" }, { name: "Ottilie Marsch" }, { email: "ottilie@northmarsh.exampel" }])
    assert.throws(() => rowOf({ ...JOINED, ...over }, OWNER), refused(/is not whom `init` invited: nothing was/));
});

test("the host confirms only the keys that the first owner's own browser has, in three tries", async () => {
  const nonce = new Uint8Array(32).fill(3);
  const own = sixWords(nonce, "northmarsh", rowOf(JOINED, OWNER));
  const said: string[] = [];
  const typing = (typed: (string | null)[], row: Joined, late = 0): Promise<void> => {
    const times = [0, ...typed.map(() => late)];
    const desk = {
      ask: async () => typed.shift() ?? null,
      say: (line: string) => void said.push(line),
      now: () => times.shift() ?? late,
    };
    return compare(desk, "northmarsh", rowOf(row, OWNER), nonce);
  };
  await typing([own.toUpperCase()], JOINED);
  await typing(["abandon", "", own.split(" ").toReversed().join(" "), own], JOINED);
  assert.equal(said.filter((line) => line.startsWith("These are not six words")).length, 2);
  // A database that answers with other keys: what the owner reads does not fit them.
  const other = { recipient: KEYS[1].recipient, signingKey: toHex(KEYS[1].signingKey), person: KEYS[1].person };
  for (const [name, value] of Object.entries(other))
    await assert.rejects(typing([own, own, own], { ...JOINED, [name]: value }), refused(/did not fit three times/));
  const wrong = own.split(" ").toReversed().join(" ");
  assert.notEqual(wrong, own);
  await assert.rejects(typing([wrong, wrong, wrong, own], JOINED), refused(/did not fit three times/));
  await assert.rejects(typing([null], JOINED), refused(/not compared in fifteen minutes/));
  await assert.rejects(typing([own], JOINED, 15 * 60_000), refused(/not compared in fifteen minutes/));
});

test("a root is of the keys that were compared, and of no other", () => {
  const where = { installation: "f0".repeat(16), body: "northmarsh" };
  const root = rootOf(where, rowOf(JOINED, OWNER), 1);
  const others = [
    rootOf(where, rowOf({ ...JOINED, signingKey: toHex(KEYS[1].signingKey) }, OWNER), 1),
    rootOf(where, rowOf({ ...JOINED, recipient: KEYS[1].recipient }, OWNER), 1),
    rootOf({ ...where, body: "other" }, rowOf(JOINED, OWNER), 1),
    rootOf(where, rowOf(JOINED, OWNER), 2),
  ];
  assert.equal(new Set([root, ...others]).size, 5);
});

test("a real installation takes nothing that was answered from the environment", () => {
  refuseAnswered({ PATH: "/bin", PILLARBOX_DATA: "/srv/pillarbox", PILLARBOX_SMTP_URL: "" });
  for (const name of ["DATABASE_URL", "PILLARBOX_STAFF_PORT", "PILLARBOX_PROXIES", "PILLARBOX_MAIL_FROM"])
    assert.throws(
      () => refuseAnswered({ [name]: "x" }),
      (thrown: unknown) => thrown instanceof Refusal && thrown.message.startsWith(`${name} is set`),
    );
});

test("the first owner is invited once, and not again when the database has forgotten it", () => {
  const data = join(place, "once");
  writeAll(ROOT, { ...read({ body: { id: "constructor", name: "C", host: "H" } }), data });
  const installation = readInstallation(data)!;
  const now = () => readReal(data, installation)!;
  const { owner } = now();
  assert.deepEqual(yetToInvite(now(), {}), owner);
  assert.equal(yetToInvite(now(), { constructor: "00".repeat(32) }), null);
  noteEntered(data);
  assert.equal(yetToInvite(now(), {}), null);
  assert.deepEqual(now().owner, { ...owner, entered: true });
  assert.equal(statSync(filesOf(data).owner).mode & 0o777, 0o600);
  rmSync(filesOf(data).owner);
  noteEntered(data);
  assert.equal(now().owner, null);
});

// Each would be shown six words of its own, and the root would be of whichever came last.
test("of two who confirm the first owner at once one is told so, and does nothing", async () => {
  const data = join(place, "confirming");
  writeAll(ROOT, { ...read(), data });
  const confirm = (): Promise<{ readonly status: number | null; readonly stderr: string }> =>
    ran(join(ROOT, "supervisor/confirm-owner.ts"), [], { PATH: process.env["PATH"], PILLARBOX_DATA: data });
  const both = await Promise.allSettled([takeLock(data, CONFIRMING), takeLock(data, CONFIRMING)]);
  const [held, ...more] = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  assert.deepEqual([held !== undefined, more.length], [true, 0]);
  const second = await confirm();
  assert.equal(second.status, 1);
  assert.match(second.stderr, /is being confirmed already \(process \d+\)/);
  // What a killed one left is taken over; then the database is asked, which does not run here.
  held!.release();
  const mark = join(data, CONFIRMING.file);
  writeFileSync(mark, JSON.stringify({ owner: { pid: process.pid, started: "another" }, children: [] }));
  const third = await confirm();
  assert.equal(third.status, 1);
  assert.doesNotMatch(third.stderr, /already/);
  assert.ok(!existsSync(mark), "and its own is gone");
});

test("a root is written into what is there now, once, and into no other installation", () => {
  const data = join(place, "rooted");
  mkdirSync(data, { recursive: true });
  const installation = newInstallation(false, "hybrid");
  writeInstallation(data, installation);
  const one = { body: "constructor", root: "0a".repeat(32), at: 1 };
  refuseRoot(installation, one.body);
  assert.throws(() => enterRoot(data, "f0".repeat(16), one), refused(/Another installation is in /));
  // Something that was written while the words were compared stays.
  writeInstallation(data, { ...installation, backupDays: 7 });
  enterRoot(data, installation.installation, one);
  const after = readInstallation(data)!;
  assert.deepEqual([after.backupDays, after.roots, after.founded], [7, { constructor: one.root }, { constructor: 1 }]);
  const again = { ...one, root: "0b".repeat(32) };
  assert.throws(() => enterRoot(data, installation.installation, again), refused(/has its first owner already/));
  assert.deepEqual(readInstallation(data), after);
  assert.throws(() => refuseRoot(after, one.body), refused(/has its first owner already/));
});
