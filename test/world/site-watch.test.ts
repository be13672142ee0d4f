/**
 * An old website, watched as a stranger: the wrong click is found, a partial fix stays open, the whole fix closes it.
 * Real HTTP, the real site, the real watch.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { AccessLog } from "../../src/domain/affected/access-log.ts";
import { logQuestion } from "../../src/domain/affected/question.ts";
import { refusedAddress, visitorOf } from "../../src/monitor/site/pinned.ts";
import { readPlace, reporterTo } from "../../src/monitor/site/report.ts";
import { parseSite, type Site } from "../../src/monitor/site/site.ts";
import { newState } from "../../src/monitor/site/state.ts";
import { watchSite, type Happened } from "../../src/monitor/site/watch.ts";
import { signInAsAdministrator, type Administrator } from "../../rehearsal/old-site/click.ts";
import { fillWithPeople } from "../../rehearsal/old-site/people.ts";
import { startOldSite, type OldSite } from "../../rehearsal/old-site/site.ts";
import { historyOf } from "../support/signed-log.ts";
import { BODY, staffedWorld } from "../support/staffed.ts";
import { inTime } from "../support/in-time.ts";

const root = new URL("../..", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "pillarbox-site-"));
const TOKEN = "0123456789abcdef0123456789abcdef";
let old: OldSite;
let administrator: Administrator;

before(async () => {
  old = await startOldSite({ directory: join(directory, "old"), token: TOKEN });
  assert.equal(fillWithPeople(old.store), 400);
  administrator = await signInAsAdministrator(old);
});
after(async () => {
  await old.stop();
  rmSync(directory, { recursive: true });
});

const siteFile = (origin = old.origin): object => ({
  name: "Harrowmere City",
  address: origin,
  contact: "watch@opj.harrowmere.example",
  token: TOKEN,
  body: "harrowmere",
  forms: (["complaint", "commissioner"] as const).map((name) => ({
    name,
    page: `/${name}`,
    action: `/${name}`,
    sent: "has been sent",
    fields: { name: "Monitor", [name === "complaint" ? "reason" : "message"]: "{words} ({id})" },
    results: [`/admin/results/${name}`],
  })),
});
function siteOf(value: object): Site {
  const parsed = parseSite(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site;
}

// One wrong click is found within one round, named, without a word of what was sent; a partial fix stays open, the
// whole fix closes.
test("one wrong click is found within one round, without a word of what was sent, until mended", async () => {
  const file = join(directory, "site.json");
  writeFileSync(file, JSON.stringify(siteFile()));
  const child = spawn(
    process.execPath,
    [
      join(root, "src/monitor/site/main.ts"),
      "--site",
      file,
      "--json",
      "--dangerously-allow-loopback",
      "--pace",
      "10",
      "--every",
      "300",
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env["PATH"] } },
  );
  const said: Record<string, unknown>[] = [];
  const lines = createInterface({ input: child.stdout });
  const waiting = new Set<() => void>();
  lines.on("line", (line) => {
    said.push(JSON.parse(line));
    for (const wake of waiting) wake();
  });
  const next = async (
    is: (one: Record<string, unknown>) => boolean,
    from = said.length,
  ): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = said.slice(from).find(is);
      if (found) return found;
      await inTime(new Promise<void>((wake) => waiting.add(wake)), "what the watch was to say");
      waiting.clear();
    }
  };
  try {
    await next((one) => one["event"] === "round" && one["open"] === 0, 0);
    assert.deepEqual(
      said.filter((one) => one["event"] === "planted").map((one) => one["form"]),
      ["complaint", "commissioner"],
    );

    let from = said.length;
    await administrator.export("complaint");
    await administrator.allow("complaint", ["administrator", "anonymous"]);
    const found = await next((one) => one["event"] === "opened" && one["place"] === "/admin/results/complaint", from);
    // Within one round: after the click no round ended that did not see it.
    assert.deepEqual(
      said
        .slice(from, said.indexOf(found))
        .filter(
          (one) => one["event"] === "round" && Date.parse(String(one["began"])) > Date.parse(String(found["since"])),
        ),
      [],
    );
    const others = old.store.entries("complaint").length - 1;
    assert.deepEqual([found["code"], found["form"], found["beside"]], ["site-open", "complaint", others]);
    assert.ok(Date.parse(String(found["cleanAt"])) < Date.parse(String(found["since"])), "since when at the earliest");
    const file_ = await next((one) => one["event"] === "opened" && one["place"] === "/files/complaint.csv", from);
    assert.equal(file_["beside"], others);

    from = said.length;
    await administrator.allow("complaint", ["administrator"]);
    await next((one) => one["event"] === "closed" && one["place"] === "/admin/results/complaint", from);
    const round = await next((one) => one["event"] === "round");
    assert.equal(round["open"], 1, "the link is gone, the file is not");

    from = said.length;
    await administrator.removeExport("complaint");
    await next((one) => one["event"] === "closed" && one["place"] === "/files/complaint.csv", from);
    assert.equal((await next((one) => one["event"] === "round"))["open"], 0);
  } finally {
    child.kill("SIGTERM");
    await new Promise((done) => child.once("exit", done));
  }
  const everything = JSON.stringify(said) + readFileSync(`${file}.state`, "utf8");
  for (const { answers } of old.store.entries("complaint").slice(0, 100))
    for (const field of ["name", "email"])
      if (answers[field] && answers[field] !== "Monitor")
        assert.ok(!everything.includes(answers[field]), "nothing of what was sent");
});

// What is found on an old website is a finding of the installation: once, in its words, with when it was last clean,
// and closed by the next look.
test("what is found on an old website is a finding of the installation, once, until it is gone", async () => {
  const place = await staffedWorld();
  const again = await startOldSite({ directory: join(directory, "reported"), token: TOKEN });
  const ending = new AbortController();
  try {
    const admin = await signInAsAdministrator(again);
    const auditor = await place.visit(place.person("auditor"));
    const findings = async (): Promise<Record<string, unknown>[]> =>
      ((await auditor.client.get(`/api/bodies/${BODY}/findings`)).value as { findings: Record<string, unknown>[] })
        .findings;
    const site = siteOf(siteFile(again.origin));
    const visitor = await visitorOf(site.origin, {
      agent: "Pillarbox-watch/1 (test)",
      dangerouslyAllowLoopback: true,
      pace: 1,
    });
    const state = newState(site.origin);
    const said: string[] = [];
    const reporter = reporterTo(readPlace(join(place.world.data, "watch-site.json")), site, (line) => said.push(line));
    let round = 0;
    await watchSite({
      site,
      visitor,
      state,
      every: 50,
      signal: ending.signal,
      tell: async (one) => {
        await reporter.tell(one, state);
        if (one.kind !== "round") return;
        round++;
        if (round === 1) await admin.allow("commissioner", ["administrator", "anonymous"]);
        if (round === 3) {
          const [found, ...others] = await findings();
          assert.deepEqual(others, [], "nothing twice");
          assert.deepEqual(
            [found!["watcher"], found!["code"], found!["place"], found!["form"], found!["closedAt"]],
            ["site", "site-open", `${site.origin}/admin/results/commissioner`, "commissioner", null],
          );
          assert.ok(Number(found!["cleanAt"]) > 0 && Number(found!["cleanAt"]) <= Number(found!["openedAt"]));
          await admin.allow("commissioner", ["administrator"]);
        }
        if (round === 5) ending.abort();
      },
    });
    assert.ok((await findings())[0]!["closedAt"] !== null);
    assert.deepEqual(said, []);
    const kinds = (await historyOf(place.world, auditor, BODY)).items
      .map(({ kind }) => kind)
      .filter((kind) => kind.startsWith("finding."));
    assert.deepEqual(kinds.sort(), ["finding.closed", "finding.opened"]);
    const stranger = await fetch(`${place.config.staffOrigin}/api/watch/reports`, {
      method: "POST",
      headers: {
        origin: place.config.staffOrigin,
        "content-type": "application/json",
        authorization: "Pillarbox-Watch ",
      },
      body: "{}",
    });
    assert.equal(stranger.status, 401);
  } finally {
    ending.abort();
    await again.stop();
    await place.stop();
  }
});

test("the site's own access log tells these visits apart from strangers", () => {
  const text = readFileSync(old.accessLog);
  const token = /Pillarbox-watch\/1 \(\+mailto:watch@opj\.harrowmere\.example; visit ([0-9a-f]{16})\)/.exec(
    text.toString(),
  )![1]!;
  const reached = (own: { agent: string; address: string; token: string } | null): number => {
    const asked = logQuestion({
      exposed: "/admin/results/complaint\n/files/complaint.csv",
      own,
      known: [],
      window: { from: null, to: null },
    });
    if (!asked.ok) throw new Error(asked.problems.join());
    const log = new AccessLog(asked.question);
    const part = log.part("access.log");
    part.push(text);
    part.end();
    return log.reading().outcomes.reached;
  };
  assert.ok(reached(null) > 0);
  assert.equal(reached({ agent: "Pillarbox-watch", address: "", token }), 0);
});

async function rounds(
  site: Site,
  count: number,
  what: { readonly between?: (round: number) => Promise<void>; readonly now?: () => number } = {},
): Promise<Happened[]> {
  const happened: Happened[] = [];
  const ending = new AbortController();
  const visitor = await visitorOf(site.origin, {
    agent: "Pillarbox-watch/1 (test)",
    dangerouslyAllowLoopback: true,
    pace: 1,
  });
  let round = 0;
  await watchSite({
    site,
    visitor,
    every: 50,
    signal: ending.signal,
    ...(what.now && { now: what.now }),
    tell: async (one) => {
      happened.push(one);
      if (one.kind !== "round") return;
      await what.between?.(++round);
      if (round === count) ending.abort();
    },
  });
  return happened;
}

// What cannot be looked at opens and closes nothing, and a page that still lists others is not closed because the
// marker has gone off it.
test("what cannot be looked at opens and closes nothing", async () => {
  let mode: "listed" | "broken" | "without" | "closed" = "listed";
  const planted: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const reply = (status: number, text: string): void =>
      void response.writeHead(status, { "content-type": "text/html" }).end(text);
    const row = (text: string): string => `<tr><td>${text}</td></tr>`;
    if (request.url === "/.well-known/pillarbox-watch") return reply(200, TOKEN);
    if (request.method === "POST") planted.push(new URLSearchParams(body).get("text")!);
    if (request.url === "/form") return reply(200, "sent");
    if (request.url !== "/list") return reply(404, "");
    if (mode === "broken") return reply(503, "");
    if (mode === "closed") return reply(200, "<ul><li>Home</li></ul><form>Log in</form>");
    reply(200, `<table>${(mode === "listed" ? planted : []).map(row).join("")}${row("somebody")}</table>`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const site = siteOf({
      name: "x",
      address: origin,
      contact: "a@example.org",
      token: TOKEN,
      guess: false,
      forms: [{ name: "x", page: "/form", action: "/form", fields: { text: "{words}" }, results: ["/list"] }],
    });
    const modes = ["listed", "broken", "without", "closed", "closed"] as const;
    const happened = await rounds(site, 5, { between: async (round) => void (mode = modes[round] ?? "closed") });
    assert.deepEqual(
      happened.flatMap((one) =>
        one.kind === "round"
          ? [`${one.open}${one.notLooked.length > 0 ? " not looked" : ""}`]
          : one.kind === "opened" || one.kind === "closed"
            ? [one.kind]
            : [],
      ),
      ["opened", "1", "1 not looked", "1", "closed", "0", "0"],
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

// Without proof of control nothing is planted, guessed or looked at; a page that shows everything is no proof.
test("without proof of control nothing is planted, guessed or looked at", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url?.startsWith("/.well-known")) response.writeHead(302, { location: `/search?q=${TOKEN}` }).end();
    else response.end(`${TOKEN}\n`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await assert.rejects(
      rounds(siteOf(siteFile(origin)), 1),
      /does not show that you may watch it, so nothing was planted and nothing was looked at\. Let \/\.well-known\/pillarbox-watch hold/,
    );
    assert.deepEqual(asked, ["GET /.well-known/pillarbox-watch", `GET /search?q=${TOKEN}`]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

// Nothing inside anybody's network is asked, a redirect off the host is not followed, and the name is asked for once.
test("nothing inside anybody's network is asked, and no redirect off the host is followed", async () => {
  for (const address of [
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::",
    "fc00::1",
    "fe80::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "ff02::1",
  ])
    assert.match(refusedAddress(address, true) ?? "allowed", /private network/, address);
  for (const address of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) {
    assert.match(refusedAddress(address, false) ?? "allowed", /this machine itself/, address);
    assert.equal(refusedAddress(address, true), null);
  }
  for (const address of ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    assert.equal(refusedAddress(address, false), null);
  await assert.rejects(
    visitorOf("http://localhost:1", { agent: "x", dangerouslyAllowLoopback: false }),
    /and that is not asked: it is this machine itself/,
  );
  const elsewhere: string[] = [];
  const other = createServer((request, response) => void (elsewhere.push(request.url ?? ""), response.end("x")));
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  const server = createServer(
    (_, response) =>
      void response.writeHead(302, { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` }).end(),
  );
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const visitor = await visitorOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      agent: "x",
      dangerouslyAllowLoopback: true,
      pace: 1,
    });
    assert.equal((await visitor.ask({ path: "/" })).status, 302);
    assert.deepEqual(elsewhere, []);
  } finally {
    for (const one of [server, other]) one.close();
  }
});

test("a site is asked once a second, whoever asks how often", async () => {
  const visitor = await visitorOf(old.origin, { agent: "x", dangerouslyAllowLoopback: true });
  const began = performance.now();
  await Promise.all([visitor.ask({ path: "/" }), visitor.ask({ path: "/robots.txt" })]);
  assert.ok(performance.now() - began >= 990);
});

test("a site file's problems are told all at once", () => {
  const told = parseSite({
    name: "x",
    address: "https://www.example.org/path",
    contact: "nobody",
    token: "short",
    forms: [{ name: "x", page: "x", action: "//other", fields: { a: "b" }, results: ["http://other"] }],
  });
  assert.ok(!told.ok);
  assert.deepEqual(told.problems.map(({ where }) => where).sort(), [
    "address",
    "contact",
    "forms.0.action",
    "forms.0.fields",
    "forms.0.page",
    "forms.0.results.0",
    "token",
  ]);
});
