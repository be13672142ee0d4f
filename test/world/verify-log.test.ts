/**
 * The log of a running installation: what strangers and auditors are served, what the verifier says of it, and what it
 * says once the attacker has been at the rows.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type pg from "pg";
import { list, open } from "../../demo/by-id.ts";
import { exportLog } from "../../src/cli/export-log.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { directorySource, httpSource } from "../../src/cli/verify/source.ts";
import type { LogSource } from "../../src/domain/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import type { Asked } from "../../src/domain/verify/verify.ts";
import { parseBundle } from "../../src/domain/log/bundle.ts";
import { openCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { toHex } from "../../src/domain/bytes.ts";
import { encodeStatement, parseStatement, statementHash, type Statement } from "../../src/domain/grant/statement.ts";
import { eventOfStatement } from "../../src/domain/log/stated.ts";
import { encodeEntry, parseEntry } from "../../src/domain/log/event.ts";
import { parseVerifierKey, type VerifierKey } from "../../src/domain/log/note-key.ts";
import { entriesPath, tilePath, tileWidth } from "../../src/domain/log/tile.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { untilSigned } from "../support/signed-log.ts";
import { letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

const ROOT = join(import.meta.dirname, "../..");
let t: StaffedWorld;
let db: pg.Client;
let key: VerifierKey;
let made: string;
let early: string;
let source: LogSource;
let cookie: string;
let size: number;

before(async () => {
  made = mkdtempSync(join(tmpdir(), "pillarbox-export-"));
  t = await staffedWorld();
  db = await t.attacker();
  key = parseVerifierKey(t.config.logKey);
  await signed();
  early = await (await fetch(`${t.config.publicOrigin}/log/checkpoint`)).text();
  const inbox = await t.inboxOf(t.forms.complaint);
  const [first] = [
    await t.write(t.forms.complaint, letterTo("complaint")),
    await t.write(t.forms.complaint, letterTo("complaint")),
  ];
  const owner = await t.visit(t.person("owner", 0, t.forms.complaint.body));
  await list(owner, t.forms.complaint.body, inbox);
  await open(owner, t.forms.complaint.body, inbox, first.submission);
  cookie = (await t.visit(t.person("auditor"))).client.cookie();
  const theirs = (await t.visit(t.person("owner", 0, "eastvale"))).client.cookie();
  const as = (session: string): LogSource =>
    httpSource(`${t.config.publicOrigin}/log`, {
      prefix: `${t.config.staffOrigin}/api/log`,
      ofBody: (body) => `${t.config.staffOrigin}/api/bodies/${body}/log`,
      headers: { cookie: session },
    });
  // The entries of each body's log are shown to its own people.
  source = { ...as(cookie), of: (body) => as(body === "eastvale" ? theirs : cookie).of(body) };
  size = await signed();
});
after(async () => {
  await db?.end();
  await t?.stop();
  rmSync(made, { recursive: true, force: true });
});

/** Waits until every event of every log is signed and published; how many there are of the host's, or of a body's. */
async function signed(whose = ""): Promise<number> {
  await untilSigned(t.world);
  const { rows } = await db.query<{ size: string }>("SELECT signed_size AS size FROM head WHERE body = $1", [whose]);
  return Number(rows[0]!.size);
}

const look = (asked: Partial<Asked> = {}): Promise<Report> =>
  verifyLog({ source, key, entries: true, rows: () => openRows(t.world.databaseUrl("pb_inspect")), ...asked });

const roots = (): Map<string, string> => new Map(t.config.roots);

function says(report: Report, ...patterns: RegExp[]): void {
  const said = report.findings.map(({ wrong, what }) => `${wrong}: ${what}`);
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

/** Runs an attack on the rows, looks, and undoes it. */
const during = (attack: [string, unknown[]?][], undo: [string, unknown[]?][], ...patterns: RegExp[]): Promise<void> =>
  duringAnd({}, attack, undo, ...patterns);

async function duringAnd(
  asked: Partial<Asked>,
  attack: [string, unknown[]?][],
  undo: [string, unknown[]?][],
  ...patterns: RegExp[]
): Promise<void> {
  for (const [sql, values] of attack) await db.query(sql, values ?? []);
  try {
    says(await look(asked), ...patterns);
  } finally {
    for (const [sql, values] of undo) await db.query(sql, values ?? []);
  }
}

const ask = async (address: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(address, { headers: { accept: "*/*", ...headers } });

// A stranger is served the checkpoint and every tile of the signed tree, under exactly the paths of the specification,
// and nothing else.
test("a stranger is served the checkpoint and every tile of the signed tree, and nothing else", async () => {
  const at = `${t.config.publicOrigin}/log`;
  const checkpoint = await ask(`${at}/checkpoint`);
  assert.equal(checkpoint.status, 200);
  assert.equal(checkpoint.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(checkpoint.headers.get("cache-control"), "no-store");
  assert.equal(openCheckpoint(await checkpoint.text(), key).size, size);
  const edge = { level: 0, index: Math.floor(size / 256) };
  const width = tileWidth(edge, size);
  for (const narrower of [1, width]) {
    const tile = await ask(`${at}/${tilePath(edge, narrower)}`);
    assert.equal(tile.status, 200);
    assert.equal(tile.headers.get("content-type"), "application/octet-stream");
    assert.match(tile.headers.get("cache-control") ?? "", /public, max-age=\d{8}, immutable/);
    assert.equal((await tile.arrayBuffer()).byteLength, narrower * 32);
  }
  await db.query("INSERT INTO event (at, kind, entry) VALUES (1, 'session.refused', $1)", [
    encodeEntry({ kind: "session.refused", account: "0".repeat(64), at: 1 }, randomBytes(32)),
  ]);
  size = await signed();
  // What the database has and the checkpoint does not is not served.
  await db.query("UPDATE tile SET hashes = hashes || sha256('x') WHERE body = '' AND level = 0 AND index = $1", [
    edge.index,
  ]);
  const beyond = [
    tilePath(edge, tileWidth(edge, size) + 1),
    tilePath({ level: 0, index: edge.index + 1 }, 1),
    tilePath({ level: 3, index: 0 }, 1),
    tilePath(edge),
  ];
  const misspelt = [
    "tile/0/0",
    "tile/0/0000",
    "tile/00/000",
    "tile/0/000.p/0",
    "tile/0/000.p/01",
    "tile/0/000.p/256",
    "tile/0/000.p/",
    "tile/0/x000/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/0",
    "tile/",
    "tile",
    "",
    "checkpoint/",
    "tile/0/000.p/1/",
    entriesPath(0, 1),
    "tile/entries/000",
    "tile/0/000.p/1%00",
    "tile/0/..%2f000",
  ];
  for (const path of [...beyond, ...misspelt]) assert.equal((await ask(`${at}/${path}`)).status, 404, path);
  await db.query(
    "UPDATE tile SET hashes = substring(hashes FROM 1 FOR octet_length(hashes) - 32) WHERE body = '' AND level = 0 AND index = $1",
    [edge.index],
  );
});

test("entry bundles of the host are for operators, auditors and owners, as the tree has them", async () => {
  const at = `${t.config.staffOrigin}/api/log/${entriesPath(0, Math.min(size, 256))}`.replace(".p/256", "");
  assert.equal((await ask(at)).status, 401);
  assert.equal((await ask(at, { cookie: (await t.visit(t.person("case officer"))).client.cookie() })).status, 403);
  assert.equal(
    (await ask(at, { cookie: (await t.visit(t.person("operator at the host"))).client.cookie() })).status,
    200,
  );
  for (const who of [t.person("auditor"), t.person("owner", 0, "eastvale")]) {
    const response = await ask(at, { cookie: (await t.visit(who)).client.cookie() });
    assert.equal(response.status, 200);
    assert.match(response.headers.get("cache-control") ?? "", /^private/);
    const [first] = parseBundle(new Uint8Array(await response.arrayBuffer()));
    assert.deepEqual(parseEntry(first!).kind, "log.started");
  }
  for (const path of ["tile/entries/0", "tile/entries/999", "tile/entries/x", "tile/entries/entries/000"])
    assert.equal((await ask(`${t.config.staffOrigin}/api/log/${path}`, { cookie })).status, 404, path);
  size = await signed();
});

// An honest log holds at every depth: over HTTP, as an auditor, against the rows, since an older checkpoint, and from
// exported files.
test("an honest log holds at every depth, from every side, and from exported files", async () => {
  const report = await look({ since: early, roots: roots() });
  assert.ok(isSound(report), linesOf(report).join("\n"));
  assert.match(
    report.holds.join("\n"),
    /only appends[^]*signed by an owner of its body, from the root on[^]*Every row of the database is what its event says/,
  );
  assert.match(report.looked.join("\n"), /2 submissions, \d+ statements, \d+ requests, 2 releases/);
  const { size: kept } = await exportLog(source, made, true);
  const offline = await verifyLog({ source: await directorySource(made), key, entries: true, since: early });
  assert.ok(isSound(offline), linesOf(offline).join("\n"));
  assert.equal(openCheckpoint(readFileSync(join(made, "checkpoint"), "utf8"), key).size, kept);
});

type Run = { readonly code: number; readonly out: string; readonly error: string };
const cliBy = (passphrase: string, ...args: string[]): Promise<Run> =>
  new Promise((done) => {
    const env = { ...process.env, PILLARBOX_PASSPHRASE: passphrase };
    const spelled = [join(ROOT, "src/cli/main.ts"), ...args];
    execFile(process.execPath, spelled, { encoding: "utf8", env }, (fault, out, error) =>
      done({ code: fault ? Number(fault.code) : 0, out, error }),
    );
  });
const cli = (...args: string[]): Promise<Run> => cliBy("", ...args);

// The command says what it looked at, prints the fingerprint, and ends with 0 only if all of it holds.
test("the command says what it looked at, and ends with 0 only if all of it holds", async () => {
  const good = await cli("verify-log", t.config.publicOrigin, "--log-key", t.config.logKey, "--database", t.world.data);
  assert.equal(good.code, 0, good.out + good.error);
  assert.match(
    good.out,
    /Into the statements: \d+ of eastvale, harrowmere, from the root/,
    "the data directory brings its roots",
  );
  assert.match(good.out, /Fingerprint {3}(?:[0-9a-f]{4} ?){16}\n[^]*Everything that was looked at holds\./);
  writeFileSync(join(made, "newer"), await (await ask(`${t.config.publicOrigin}/log/checkpoint`)).text());
  const { rows } = await db.query<{ checkpoint: string }>("SELECT checkpoint FROM head WHERE body = ''");
  await db.query("UPDATE head SET checkpoint = $1 WHERE body = ''", [early]);
  try {
    const back = await cli(
      "verify-log",
      t.config.publicOrigin,
      "--log-key",
      t.config.logKey,
      "--since",
      join(made, "newer"),
    );
    assert.equal(back.code, 1);
    assert.match(back.out, /rolled back: the log has [\d,]+ entries, and had [\d,]+[^]*must not be relied on/);
  } finally {
    await db.query("UPDATE head SET checkpoint = $1 WHERE body = ''", [rows[0]!.checkpoint]);
  }
  for (const [args, words] of [
    [["verify-log", made], /--log-key/],
    [["verify-log", made, "--log-key", "x"], /not the key of a log/],
    [["verify-log", join(made, "nowhere"), "--log-key", t.config.logKey], /no directory/],
    [["verify-log", t.config.publicOrigin, "--log-key", t.config.logKey, "--entries"], /--as/],
    [["verify-log", made, "--log-key", t.config.logKey, "--database", made], /pb_inspect|data directory/],
  ] as const) {
    const refused = await cli(...args);
    assert.equal(refused.code, 1, args.join(" "));
    assert.match(refused.error, words);
  }
});

test("an auditor looks at every entry of an address, and exports them, by their passphrase", async () => {
  await signed();
  const { email, passphrase } = t.person("auditor");
  const [from, into] = [t.config.publicOrigin, join(made, "of-an-auditor")];
  const theirs = ["--entries", "--as", email, "--staff", t.config.staffOrigin];
  const looked = await cliBy(passphrase, "verify-log", from, "--log-key", t.config.logKey, ...theirs);
  assert.equal(looked.code, 0, looked.out + looked.error);
  const exported = await cliBy(passphrase, "export-log", from, into, ...theirs);
  assert.equal(exported.code, 0, exported.out + exported.error);
  const kept = await cli("verify-log", into, "--log-key", t.config.logKey, "--entries");
  assert.equal(kept.code, 0, kept.out + kept.error);
  const other = await cliBy(t.person("owner").passphrase, "verify-log", from, "--log-key", t.config.logKey, ...theirs);
  assert.equal(other.code, 1);
  const nobody = [...theirs.slice(0, -1), t.config.publicOrigin];
  const misled = await cliBy(passphrase, "verify-log", from, "--log-key", t.config.logKey, ...nobody);
  assert.match(
    misled.error,
    /not the staff pages of Pillarbox\. Nothing was changed\. Give their address with --staff/,
  );
});

test("the attacker on the rows: each thing done to an event is named", async () => {
  size = await signed("harrowmere");
  const { rows } = await db.query<{ id: string; at: string; kind: string; entry: Buffer; leaf: number }>(
    "SELECT * FROM event WHERE kind = 'submission.received' ORDER BY leaf",
  );
  const [one, two] = [rows[0]!, rows[1]!];
  const [a, b] = [Number(one.leaf), Number(two.leaf)];
  const back =
    "INSERT INTO event (id, at, kind, entry, leaf, body) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, 'harrowmere')";
  const again: [string, unknown[]] = [back, [one.id, one.at, one.kind, one.entry, one.leaf]];
  await during(
    [["DELETE FROM event WHERE id = $1", [one.id]]],
    [again],
    new RegExp(`^missing: event ${a} of harrowmere was taken out`),
    /^contradicted: no event speaks of the submission/,
    /entry bundle .* is not there/,
  );
  const edited = encodeEntry({ ...parseEntry(new Uint8Array(one.entry)), size: 1 } as never, randomBytes(32));
  await during(
    [["UPDATE event SET entry = $2 WHERE id = $1", [one.id, edited]]],
    [["UPDATE event SET entry = $2 WHERE id = $1", [one.id, one.entry]]],
    new RegExp(`^altered: the log of harrowmere: event ${a} is not`),
    new RegExp(`^altered: the log of harrowmere: entry ${a} is not`),
    /^contradicted: event .* the row of submission .* says something else/,
  );
  const swap = (first: number, second: number): [string, unknown[]][] => [
    ["UPDATE event SET leaf = NULL WHERE id = $1", [one.id]],
    ["UPDATE event SET leaf = $2 WHERE id = $1", [two.id, first]],
    ["UPDATE event SET leaf = $2 WHERE id = $1", [one.id, second]],
  ];
  // In one transaction each: an event without a leaf would be given the next.
  await during(
    [["BEGIN"], ...swap(a, b), ["COMMIT"]],
    [
      ["BEGIN"],
      ["UPDATE event SET leaf = NULL WHERE id = $1", [two.id]],
      ["UPDATE event SET leaf = $2 WHERE id = $1", [one.id, a]],
      ["UPDATE event SET leaf = $2 WHERE id = $1", [two.id, b]],
      ["COMMIT"],
    ],
    new RegExp(`^reordered: the log of harrowmere: event ${b} stands in the place of event ${a}`),
    new RegExp(`^reordered: the log of harrowmere: event ${a} stands in the place of event ${b}`),
    /^reordered: the log of harrowmere: entry/,
  );
  const tail = (
    await db.query(
      "SELECT * FROM event_secret WHERE event IN (SELECT id FROM event WHERE body = 'harrowmere' AND leaf >= $1)",
      [size - 2],
    )
  ).rows;
  const last = (
    await db.query("SELECT * FROM event WHERE body = 'harrowmere' AND leaf >= $1 ORDER BY leaf", [size - 2])
  ).rows;
  await during(
    [
      ["DELETE FROM event_secret WHERE event = ANY($1)", [last.map((row) => row.id)]],
      ["DELETE FROM event WHERE body = 'harrowmere' AND leaf >= $1", [size - 2]],
    ],
    [
      ...last.map((row): [string, unknown[]] => [back, [row.id, row.at, row.kind, row.entry, row.leaf]]),
      ...tail.map((row): [string, unknown[]] => [
        "INSERT INTO event_secret VALUES ($1, $2, $3)",
        [row.event, row.person, row.salt],
      ]),
    ],
    new RegExp(`^truncated: from event ${size - 2} of harrowmere on the database has none, and ${size} are signed`),
    /entry bundle .* is not there/,
  );
  assert.ok(isSound(await look()), "and honest again");
});

// The attacker on the rows: a row that its event contradicts, a row without an event, an event without its row.
test("the attacker on the rows: a row and an event that do not belong together are named", async () => {
  const {
    rows: [row],
  } = await db.query<{ id: string; path: string; inbox: string }>("SELECT * FROM submission LIMIT 1");
  const {
    rows: [part],
  } = await db.query<{ bytes: Buffer }>("SELECT bytes FROM sealed WHERE submission = $1 AND part = 'letter'", [
    row!.id,
  ]);
  const other = Buffer.from(part!.bytes);
  other[other.length - 1]! ^= 1;
  const set = "UPDATE sealed SET bytes = $2 WHERE submission = $1 AND part = 'letter'";
  await during(
    [[set, [row!.id, other]]],
    [[set, [row!.id, part!.bytes]]],
    /^contradicted: event \d+ of harrowmere: the sealed bytes of submission .* are not those that were received/,
  );
  await during(
    [["UPDATE submission SET path = 'counter' WHERE id = $1", [row!.id]]],
    [["UPDATE submission SET path = $2 WHERE id = $1", [row!.id, row!.path]]],
    /^contradicted: event \d+ of harrowmere: the row of submission .* says something else/,
  );
  const invented = newId();
  await during(
    [
      [
        "INSERT INTO submission SELECT $2, body, inbox, epoch, form, form_hash, received_at, size, path, digest FROM submission WHERE id = $1",
        [row!.id, invented],
      ],
    ],
    [["DELETE FROM submission WHERE id = $1", [invented]]],
    new RegExp(`^contradicted: no event speaks of the submission ${invented}`),
  );
  const {
    rows: [item],
  } = await db.query<{ release: string; submission: string }>("SELECT * FROM release_item LIMIT 1");
  await during(
    [["DELETE FROM release_item WHERE release = $1 AND submission = $2", [item!.release, item!.submission]]],
    [["INSERT INTO release_item VALUES ($1, $2)", [item!.release, item!.submission]]],
    /^contradicted: event \d+ of harrowmere: the row of release .*, or the submissions in it, say something else/,
  );
  const {
    rows: [statement],
  } = await db.query("SELECT * FROM statement WHERE body = 'harrowmere' ORDER BY seq DESC LIMIT 1");
  // The staff process, too, refuses a chain that does not hold, and then serves no entries.
  const stranger = { entries: false };
  await duringAnd(
    stranger,
    [["DELETE FROM statement WHERE body = $1 AND seq = $2", [statement.body, statement.seq]]],
    [
      [
        "INSERT INTO statement VALUES ($1, $2, $3, $4)",
        [statement.body, statement.seq, statement.bytes, statement.signature],
      ],
    ],
    /^contradicted: event \d+ of harrowmere: there is no statement of harrowmere/,
  );
  await duringAnd(
    stranger,
    [
      [
        "UPDATE statement SET seq = seq + 1000, bytes = bytes || '\\x00' WHERE body = $1 AND seq = $2",
        [statement.body, statement.seq],
      ],
    ],
    [
      [
        "UPDATE statement SET seq = $2, bytes = $3 WHERE body = $1 AND seq = $2 + 1000",
        [statement.body, statement.seq, statement.bytes],
      ],
    ],
    /there is no statement/,
    /^contradicted: no event speaks of statement/,
  );
});

// The attacker on the statements: a chain that no owner signed, an event that says otherwise, keys that no statement
// names.
test("the attacker on the statements: what no owner signed is named", async () => {
  const stranger = { entries: false, roots: roots() };
  const chain = (
    await db.query<{ seq: number; bytes: Buffer; signature: Buffer }>(
      "SELECT seq, bytes, signature FROM statement WHERE body = 'harrowmere' ORDER BY seq",
    )
  ).rows;
  const last = chain.at(-1)!;
  const set = "UPDATE statement SET signature = $2 WHERE body = 'harrowmere' AND seq = $1";
  await duringAnd(
    stranger,
    [[set, [3, chain[2]!.signature]]],
    [[set, [3, chain[3]!.signature]]],
    /^broken chain: of harrowmere: statement 3: the signature does not hold/,
  );
  // A statement of the attacker's own, with the event that belongs to it: the log agrees, and the root does not.
  const forged = encodeStatement({
    ...parseStatement(new Uint8Array(last.bytes)),
    seq: last.seq + 1,
    prev: statementHash(new Uint8Array(last.bytes)),
  } as Statement);
  const own = { bytes: forged, signature: new Uint8Array(last.signature) };
  const entry = encodeEntry({ ...eventOfStatement(parseStatement(forged), own), at: 1 }, randomBytes(32));
  const { kind } = parseEntry(entry);
  await db.query("INSERT INTO statement VALUES ('harrowmere', $1, $2, $3)", [last.seq + 1, forged, own.signature]);
  says(
    await look(stranger),
    /^broken chain: of harrowmere: statement \d+: the signature does not hold/,
    /^contradicted: no event speaks of statement \d+ of harrowmere/,
  );
  await db.query("INSERT INTO event (at, kind, entry) VALUES (1, $1, $2)", [kind, entry]);
  size = await signed();
  says(await look(stranger), /^broken chain: of harrowmere: statement \d+: the signature does not hold/);
  await db.query("DELETE FROM statement WHERE body = 'harrowmere' AND seq = $1", [last.seq + 1]);
  const ghost = new RegExp(
    `^contradicted: event \\d+ of harrowmere: there is no statement of harrowmere with the hash ${toHex(statementHash(forged))}`,
  );
  says(await look(stranger), ghost);
  await duringAnd(
    { entries: false, roots: new Map([...roots(), ["harrowmere", "0".repeat(64)]]) },
    [],
    [],
    ghost,
    /^broken chain: of harrowmere: statement 0: it is not the root/,
  );
  const without = await look({ entries: false });
  assert.match(without.open.join("\n"), /Whether owners signed the statements of eastvale, harrowmere: give the root/);

  const {
    rows: [wrap],
  } = await db.query("SELECT inbox, epoch, person, bytes FROM wrap LIMIT 1");
  const other = Buffer.from(wrap.bytes);
  other[other.length - 1]! ^= 1;
  const at = [wrap.inbox, wrap.epoch, wrap.person];
  const where = "WHERE inbox = $1 AND epoch = $2 AND person = $3";
  await duringAnd(
    stranger,
    [[`UPDATE wrap SET bytes = $4 ${where}`, [...at, other]]],
    [[`UPDATE wrap SET bytes = $4 ${where}`, [...at, wrap.bytes]]],
    ghost,
    /^contradicted: the wrapped key of inbox .* is not the one that an owner signed/,
  );
  await duringAnd(
    stranger,
    [[`DELETE FROM wrap ${where}`, at]],
    [["INSERT INTO wrap (inbox, epoch, person, bytes) VALUES ($1, $2, $3, $4)", [...at, wrap.bytes]]],
    ghost,
    /^contradicted: the wrapped key of inbox .*, which a statement names, is not there/,
  );
  const fifth = t.person("colleague without a grant").person;
  await duringAnd(
    stranger,
    [
      [
        "INSERT INTO wrap (inbox, epoch, person, bytes) VALUES ($1, $2, $3, $4)",
        [wrap.inbox, wrap.epoch, fifth, wrap.bytes],
      ],
    ],
    [[`DELETE FROM wrap ${where}`, [wrap.inbox, wrap.epoch, fifth]]],
    ghost,
    new RegExp(`^contradicted: no statement names the wrapped key of inbox .* for ${fifth}`),
  );
  const {
    rows: [recipient],
  } = await db.query("SELECT * FROM epoch_key LIMIT 1");
  const put = "UPDATE epoch_key SET recipient = $3 WHERE inbox = $1 AND epoch = $2";
  await duringAnd(
    stranger,
    [[put, [recipient.inbox, recipient.epoch, "age1own"]]],
    [[put, [recipient.inbox, recipient.epoch, recipient.recipient]]],
    ghost,
    /^contradicted: the key to seal to of inbox .* is not the one that an owner signed/,
  );
  await duringAnd(
    stranger,
    [["INSERT INTO epoch_key VALUES ($1, 99, $2, 'age1own')", [recipient.inbox, recipient.body]]],
    [["DELETE FROM epoch_key WHERE epoch = 99", []]],
    ghost,
    /^contradicted: no statement names the key to seal to of inbox .*, epoch 99/,
  );

  // Two more events about the last statement: one again, and one that says something else of it.
  const said = eventOfStatement(parseStatement(new Uint8Array(last.bytes)), {
    bytes: new Uint8Array(last.bytes),
    signature: new Uint8Array(last.signature),
  });
  await db.query("INSERT INTO event (at, kind, entry) VALUES (1, $1, $2)", [
    said.kind,
    encodeEntry({ ...said, body: "harrowmere", inbox: newId(), at: 1 } as never, randomBytes(32)),
  ]);
  size = await signed();
  says(
    await look(stranger),
    ghost,
    /^contradicted: event \d+ of harrowmere: another event speaks of statement/,
    /^contradicted: event \d+ of harrowmere: it says something else than statement \d+ of harrowmere/,
  );
});

test("the attacker on what is served: an altered tile stands alone against rows and entries", async () => {
  const {
    rows: [tile],
  } = await db.query<{ hashes: Buffer }>("SELECT hashes FROM tile WHERE body = '' AND level = 0 AND index = 0");
  const altered = Buffer.from(tile!.hashes);
  altered[33]! ^= 1;
  await db.query("UPDATE tile SET hashes = $1 WHERE body = '' AND level = 0 AND index = 0", [altered]);
  const report = await look();
  await db.query("UPDATE tile SET hashes = $1 WHERE body = '' AND level = 0 AND index = 0", [tile!.hashes]);
  assert.ok(
    report.findings.some(({ wrong, what }) => wrong === "altered" && /the tiles give the root/.test(what)),
    linesOf(report).join("\n"),
  );
  assert.ok(
    report.findings.some(({ what }) => /^event 1 is not the one/.test(what)),
    "rows and entries are those of the honest tree, so the tile stands alone against them",
  );
});
