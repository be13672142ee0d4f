/**
 * A stranger who tries: guessed cookies, headers that proxies add, other spellings of a path, many requests (T25, T30,
 * T31). What each route answers is in routes.test.ts.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";
import { decide } from "../../src/domain/access/decide.ts";
import { parseConfig, type Config } from "../../src/server/config.ts";
import { networkOf } from "../../src/domain/network.ts";
import type { App } from "../../src/server/http/app.ts";
import { publicApp } from "../../src/server/public/app.ts";
import { staffApp } from "../../src/server/staff.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { startDatabase } from "../support/database.ts";

let database: Awaited<ReturnType<typeof startDatabase>>;
let config: Config;
let pools: Pool[];
let publicly: App;
let staff: App;

before(async () => {
  database = await startDatabase({
    seed: { operators: [], bodies: [{ id: "harrowmere", name: "Harrowmere", record: {} }] },
    roots: { harrowmere: "0".repeat(64) },
  });
  config = parseConfig(JSON.stringify(database.config));
  pools = [openPool(database.url("pb_public"), 2), openPool(database.url("pb_staff"), 2)];
  publicly = await publicApp(config, pools[0]!, "credential");
  staff = await staffApp(config, pools[1]!);
});
after(async () => {
  await Promise.all([publicly?.close(), staff?.close()]);
  await Promise.all((pools ?? []).map((pool) => pool.end()));
  await database?.stop();
});

// The servers' own lines are not part of the report.
beforeEach(() => {
  const write = process.stdout.write.bind(process.stdout);
  mock.method(process.stdout, "write", (chunk: string | Uint8Array) =>
    typeof chunk === "string" && chunk.startsWith('{"time"') ? true : write(chunk),
  );
});
afterEach(() => mock.restoreAll());

const ID = "0".repeat(32);
const filled = (url: string): string =>
  url.replace(":body", "harrowmere").replace(":hash", "0".repeat(64)).replace(/:\w+/g, ID).replace("*", "x");

test("neither a guessed cookie nor a header opens any route of the staff", async () => {
  const rows = staff.routeRows.filter(({ action }) => !decide({ kind: "stranger" }, action).ok);
  assert.ok(rows.length >= 20, "the route table is whole");
  for (const { method, url } of rows) {
    for (const cookie of ["pillarbox-staff=guess", `pillarbox-staff=${"0".repeat(64)}`]) {
      const headers = {
        cookie,
        origin: config.staffOrigin,
        "x-forwarded-user": "admin",
        "x-original-url": "/health",
        "x-http-method-override": "GET",
      };
      const answer = await staff.inject({
        method: method as "GET",
        url: filled(url),
        headers,
        ...(method === "POST" ? { payload: {} } : {}),
      });
      assert.equal(answer.statusCode, 401, `${method} ${url}`);
    }
  }
});

// A stranger's answer is the same for what exists and for what does not, and for every spelling of a path.
test("a stranger is told the same of what exists and what does not, however a path is spelled", async () => {
  const bodies = await Promise.all(
    ["/api/bodies/harrowmere/people", "/api/bodies/nobody/people", `/api/releases/${ID}`]
      .concat("/api/bodies/%27%20OR%201/people")
      .map((url) => staff.inject({ url })),
  );
  assert.equal(new Set(bodies.map(({ body, statusCode }) => `${statusCode} ${body}`)).size, 1);
  for (const url of [
    "/api/nothing",
    "//api/me",
    "/api/../api/me",
    "/API/me",
    "/api/me/",
    "/api/me%00",
    "/feed",
    "/sitemap.xml",
    "/submissions",
    "/.env",
    "/assets/..%2f..%2fpackage.json",
  ]) {
    for (const app of [publicly, staff]) {
      const { statusCode, body } = await app.inject({ url });
      assert.ok(statusCode >= 400 && statusCode < 500, `${url}: ${statusCode}`);
      assert.doesNotMatch(body, /age-encryption\.org|"dependencies"/);
    }
  }
});

test("too many requests from one network are refused; the network counts, not the address", async () => {
  const narrow = await publicApp(
    { ...config, limits: { ...config.limits, requestsPerMinute: 3 } },
    pools[0]!,
    "credential",
  );
  try {
    const codes: number[] = [];
    for (const last of [1, 2, 3, 4])
      codes.push((await narrow.inject({ url: "/health", remoteAddress: `192.0.2.${last}` })).statusCode);
    assert.deepEqual(codes, [200, 200, 200, 429]);
    assert.equal((await narrow.inject({ url: "/health", remoteAddress: "198.51.100.1" })).statusCode, 200);
  } finally {
    await narrow.close();
  }
  assert.equal(networkOf("192.0.2.77"), "192.0.2");
  assert.equal(networkOf("::ffff:192.0.2.77"), "192.0.2");
  assert.equal(networkOf("2001:db8:1:2233::1"), networkOf("2001:db8:1:2244:5::9"));
  assert.notEqual(networkOf("2001:db8:1:2233::1"), networkOf("2001:db8:1:3333::1"));
});
