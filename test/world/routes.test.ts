/**
 * Every route of both tables × every role × own and other body, over HTTP: the answer is that of the pinned table
 * (test/unit/access-matrix.txt), and there is no route that is not in it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { ROUTES } from "../../src/contract/routes.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { ACTIONS } from "../../src/domain/access/decide.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { INFO_PAGES } from "../../src/domain/form/info.ts";
import { CHECK_PAGE } from "../../src/domain/receipt/page.ts";
import { parseConfig } from "../../src/server/config.ts";
import type { RouteRow } from "../../src/server/http/app.ts";
import { publicApp } from "../../src/server/public/app.ts";
import { staffApp } from "../../src/server/staff.ts";
import { openPool } from "../../src/server/database/pool.ts";
import { pinned } from "../unit/access-matrix.ts";
import { BODY, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let staffRoutes: readonly RouteRow[];
let publicRoutes: readonly RouteRow[];

before(async () => {
  t = await staffedWorld({
    limits: { submissionsPerMinute: 100_000, signInsPerMinute: 10_000, requestsPerMinute: 100_000 },
  });
  const config = parseConfig(canonicalJson(t.world.config));
  const pool = openPool(t.world.databaseUrl("pb_staff"), 1);
  const [staff, open] = [await staffApp(config, pool), await publicApp(config, pool, "x")];
  staffRoutes = staff.routeRows;
  publicRoutes = open.routeRows;
  await Promise.all([staff.close(), open.close()]);
  await pool.end();
});
after(() => t?.stop());

const TABLE = readFileSync(join(resolve(import.meta.dirname, "../unit"), "access-matrix.txt"), "utf8");

type Somebody = ReturnType<StaffedWorld["person"]>;
/** by the table's name; at which body they are; whose way of signing in they have */
const ROLES: readonly [name: string, at: string | null, find: () => Somebody | Promise<Somebody>][] = [
  ["operator", null, () => t.person("operator at the host")],
  ["owner", BODY, () => t.person("owner", 0, BODY)],
  ["reader", BODY, () => t.person("case officer")],
  ["reader", BODY, () => t.person("colleague without a grant")],
  ["auditor", BODY, () => t.person("auditor", 0, BODY)],
  ["owner", "eastvale", () => t.person("owner", 0, "eastvale")],
  ["waiting", BODY, somebodyWhoWaits],
];

/** Invited as an owner, and confirmed by nobody: they can sign in, and that is all (T20). */
async function somebodyWhoWaits(): Promise<Somebody> {
  const like = t.person("owner", 0, BODY);
  const waits = { ...like, person: newId(), email: "waits@harrowmere.example" };
  const attacker = await t.attacker();
  await attacker.query(
    `INSERT INTO account (id, body, role, name, email, recipient, signing_key, details_salt, state)
     SELECT $2, body, role, name, $3, recipient, signing_key, details_salt, 'confirmed' FROM account WHERE id = $1`,
    [like.person, waits.person, waits.email],
  );
  await attacker.query(
    `INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed)
     SELECT $3, $2, kind, label, salt, sign_in_hash, recipient_hash, sealed FROM unlocker WHERE account = $1`,
    [like.person, waits.person, newId()],
  );
  await attacker.end();
  return waits;
}

const addressOf = (url: string, body: string): string =>
  url
    .replace(":body", body)
    .replace(
      /:(?:inbox|person|session|unlocker|request|release|erasure|incident|invitation|document|finding|pack|notice|case)/g,
      "0".repeat(32),
    )
    .replace(":hash", "0".repeat(64))
    .replace(":form", "no-such-form")
    .replace("*", "x");

test("every route names an action of the closed list, and no public route is for staff", () => {
  assert.ok(staffRoutes.length > 25 && publicRoutes.length > 8);
  for (const { action } of [...staffRoutes, ...publicRoutes]) assert.ok(Object.hasOwn(ACTIONS, action));
  assert.deepEqual([...new Set(publicRoutes.map(({ action }) => action))].sort(), [
    "form.read",
    "log.read",
    "page.view",
    "receipt.add",
    "receipt.erase",
    "receipt.status",
    "submission.send",
  ]);
  // Every action that somebody may do can be done somewhere.
  const reached = new Set([...staffRoutes, ...publicRoutes].map(({ action }) => action));
  assert.deepEqual(
    Object.keys(ACTIONS).filter((action) => !reached.has(action as never)),
    ["statement.root", "release.open"],
  );
});

test("what is served is the contract's list, and beside it nothing but pages and built files", () => {
  const listed = (door: string): string[] =>
    ROUTES.filter(([, route]) => route.door === door)
      .map(([, { method, path, action }]) => `${method} ${path} ${action}`)
      .sort();
  const served = (rows: readonly RouteRow[], contract: boolean): string[] =>
    rows
      .filter((row) => row.contract === contract && row.method !== "HEAD")
      .map(({ method, url, action }) => `${method} ${url} ${action}`)
      .sort();
  assert.deepEqual(served(staffRoutes, true), listed("staff"));
  assert.deepEqual(served(publicRoutes, true), listed("public"));
  // Whatever is not in the contract shows a page, and asks for nothing that a stranger may not see.
  for (const rows of [staffRoutes, publicRoutes])
    for (const { method, url, action } of rows.filter((row) => !row.contract)) {
      assert.ok(method === "GET" || method === "HEAD", `${method} ${url}`);
      assert.ok(!url.startsWith("/api/") && ["page.view", "form.read"].includes(action), `${url}: ${action}`);
    }
  assert.deepEqual(
    served(publicRoutes, false).filter((row) => !row.includes("/assets/")),
    [
      "GET / page.view",
      ...INFO_PAGES.map((page) => `GET /bodies/:body/${page} page.view`),
      "GET /bodies/:body/notices/:notice page.view",
      `GET ${CHECK_PAGE} page.view`,
      "GET /favicon.ico page.view",
      "GET /forms/:form form.read",
      "GET /status page.view",
    ].sort(),
  );
});

test("a stranger is refused at every route that is not for everybody, and told nothing but that", async () => {
  for (const { method, url, action } of staffRoutes) {
    const response = await fetch(t.config.staffOrigin + addressOf(url, BODY), {
      method,
      headers: { origin: t.config.staffOrigin, ...(method === "POST" ? { "content-type": "application/json" } : {}) },
      ...(method === "POST" ? { body: "{}" } : {}),
    });
    const allowed = pinned(TABLE, action, "stranger", "none") === "allowed";
    assert.equal(response.status === 401, !allowed, `${method} ${url}: ${response.status}`);
    if (!allowed && method !== "HEAD")
      assert.deepEqual(Object.keys((await response.json()) as object).sort(), ["code", "sentence"]);
  }
});

test("each role is refused where the decision refuses its role or body, never with a fault", async () => {
  let refusals = 0;
  for (const [name, at, find] of ROLES) {
    const somebody = await find();
    let answered = 0;
    for (const { method, url, action } of staffRoutes) {
      if (method === "HEAD" || action === "session.end" || url === "/*" || !url.startsWith("/api/")) continue;
      for (const body of url.includes(":body") ? [BODY, "eastvale"] : [BODY]) {
        const visit = await signedIn(somebody);
        const response = await fetch(t.config.staffOrigin + addressOf(url, body), {
          method,
          headers: {
            origin: t.config.staffOrigin,
            cookie: visit,
            ...(method === "POST" ? { "content-type": "application/json" } : {}),
          },
          ...(method === "POST" ? { body: "{}" } : {}),
        });
        const decision = pinned(TABLE, action, name, !url.includes(":body") ? "none" : body === at ? "own" : "other");
        const text = await response.text();
        const told = `${name} ${method} ${url} ${body}: ${response.status} ${text.slice(0, 100)}`;
        assert.notEqual(response.status, 500, told);
        // Signed in they are, whatever else is decided: only a cookie that is nobody's gets this.
        if (action !== "watch.report") assert.notEqual(response.status, 401, told);
        // The first statement of a body is its owner's own, before anybody could confirm them.
        if (name === "waiting" && action === "statement.append") assert.ok(response.status >= 400, told);
        else if (["REFUSED_ROLE", "REFUSED_BODY"].includes(decision)) {
          refusals += 1;
          assert.equal(response.status, 403, told);
          assert.equal((JSON.parse(text) as { code: string }).code, decision, told);
        } else {
          assert.ok(
            response.status !== 403 || /REFUSED_NO_GRANT|REFUSED_SAME|REFUSED_ROLE|REFUSED_BODY/.test(text),
            told,
          );
          if (response.ok) answered += 1;
        }
      }
    }
    assert.ok(answered > 3, `${name}: somebody who is signed in is answered (${answered})`);
  }
  assert.ok(refusals > 80, String(refusals));
});

const sessions = new Map<string, string>();

async function signedIn(somebody: Somebody): Promise<string> {
  const known = sessions.get(somebody.person);
  if (known) return known;
  const response = await fetch(`${t.config.staffOrigin}/api/session`, {
    method: "POST",
    headers: { origin: t.config.staffOrigin, "content-type": "application/json" },
    body: JSON.stringify({ account: somebody.email, signIn: Buffer.from(somebody.unlocked.signIn).toString("base64") }),
  });
  assert.equal(response.status, 200);
  const cookie = response.headers.getSetCookie()[0]!;
  assert.match(cookie, /HttpOnly; SameSite=Strict/);
  sessions.set(somebody.person, cookie.split(";")[0]!);
  return sessions.get(somebody.person)!;
}

// Everything that answers a stranger is uncached, unindexed, framed by nobody and bound to its own scripts.
test("every answer to a stranger is uncached, unindexed, unframed and bound to its own scripts", async () => {
  const pages = [
    ...publicRoutes
      .filter(({ method, url }) => method === "GET" && !url.startsWith("/assets") && url !== "/favicon.ico")
      .map(({ url }) => t.config.publicOrigin + addressOf(url, BODY).replace("no-such-form", t.forms.complaint.id)),
    `${t.config.staffOrigin}/`,
    `${t.config.staffOrigin}/api/me`,
  ];
  for (const page of pages) {
    const { headers, status } = await fetch(page);
    assert.equal(headers.get("cache-control"), "no-store", page);
    assert.match(headers.get("x-robots-tag") ?? "", /noindex/, page);
    assert.match(
      headers.get("content-security-policy") ?? "",
      /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/,
      page,
    );
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.getSetCookie().length, 0, `${page} (${status}) sets no cookie`);
  }
});
