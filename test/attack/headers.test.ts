/**
 * What a visitor says of themselves in headers is not believed; and what they ask for, and from where, stands in no line
 * of a log. Each server by itself: public, staff, counter.
 */
import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";
import { createApp } from "../../src/counter/app.ts";
import { parseConfig as counterConfig } from "../../src/counter/config.ts";
import { Forms } from "../../src/counter/forms.ts";
import { countHere } from "../../src/counter/limits.ts";
import { renderer, siteOf } from "../../src/counter/render.ts";
import { wireTo } from "../../src/counter/wire.ts";
import { parseConfig } from "../../src/server/config.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { publicApp } from "../../src/server/public/app.ts";
import { staffApp } from "../../src/server/staff.ts";
import { startDatabase, type Database } from "../support/database.ts";

let database: Database;
let pools: Pool[];
const HERE = "203.0.113.77";
/** Each server with an address that counts against its limit, which is of five requests a minute. */
let servers: {
  readonly [name: string]: () => Promise<{ readonly app: Awaited<ReturnType<typeof staffApp>>; readonly url: string }>;
};

before(async () => {
  database = await startDatabase({
    seed: { operators: [], bodies: [{ id: "harrowmere", name: "Harrowmere", record: {} }] },
    roots: { harrowmere: "0".repeat(64) },
  });
  pools = [openPool(database.url("pb_public"), 1), openPool(database.url("pb_staff"), 1)];
  servers = behind([]);
});
after(async () => {
  await Promise.all((pools ?? []).map((pool) => pool.end()));
  await database?.stop();
});

/** The servers as they are made with these proxies in front, each letting five requests of a network pass a minute. */
function behind(proxies: readonly string[]): typeof servers {
  const whole = parseConfig(JSON.stringify({ ...database.config, proxies }));
  const config = { ...whole, limits: { ...whole.limits, requestsPerMinute: 5 } };
  return {
    public: async () => ({ app: await publicApp(config, pools[0]!, "credential"), url: "/status" }),
    staff: async () => ({ app: await staffApp(config, pools[1]!), url: "/api/me" }),
    counter: async () => {
      const limits = { ...database.config.limits, submissionsPerMinute: 1 };
      const own = counterConfig(JSON.stringify({ ...database.config, proxies, limits }), "credential");
      const wire = wireTo(own);
      const site = siteOf(own);
      const app = await createApp({
        config: own,
        site,
        wire,
        forms: new Forms(wire, own, Date.now),
        render: renderer(own.root),
        count: countHere(Date.now),
        onUse: () => {},
      });
      return { app: app as never, url: "/counter/status" };
    },
  };
}

/** What a server writes meanwhile. */
async function linesOf(work: () => Promise<void>): Promise<string> {
  let said = "";
  const write = process.stdout.write.bind(process.stdout);
  mock.method(process.stdout, "write", (chunk: string | Uint8Array) => {
    if (typeof chunk !== "string" || !chunk.startsWith('{"time"')) return write(chunk);
    said += chunk;
    return true;
  });
  try {
    await work();
    await new Promise((done) => setImmediate(() => setImmediate(done)));
  } finally {
    mock.restoreAll();
  }
  return said;
}

const ELSEWHERE = "198.51.100.9";
const FORWARDED: readonly { readonly [header: string]: string }[] = [
  { "x-forwarded-for": ELSEWHERE },
  { "x-forwarded-for": `${ELSEWHERE}, 10.0.0.1` },
  { forwarded: `for=${ELSEWHERE}` },
  { "x-real-ip": ELSEWHERE },
  { "x-client-ip": ELSEWHERE },
  { "x-cluster-client-ip": ELSEWHERE },
  { "cf-connecting-ip": ELSEWHERE },
  { "true-client-ip": ELSEWHERE },
  { "fastly-client-ip": ELSEWHERE },
  { via: "1.1 proxy.example" },
];

test("no forwarded header chooses the rate limit that somebody is under", async () => {
  await linesOf(async () => {
    for (const [name, start] of Object.entries(servers)) {
      const { app, url } = await start();
      try {
        const ask = async (headers: object): Promise<number> =>
          (await app.inject({ url, remoteAddress: HERE, headers: headers as never })).statusCode;
        for (let i = 0; i < 5; i++) assert.notEqual(await ask({}), 429, `${name}: the first five are answered`);
        assert.equal(await ask({}), 429, name);
        for (const headers of FORWARDED) assert.equal(await ask(headers), 429, `${name}: ${JSON.stringify(headers)}`);
      } finally {
        await app.close();
      }
    }
  });
});

/** The address of a visitor from a network of its own. */
const visitor = (nth: number): string => `198.18.${nth}.7`;
const from = (address: string): object => ({ "x-forwarded-for": address });

test("behind a proxy each of 200 visitors has a limit of its own", async () => {
  await linesOf(async () => {
    for (const [name, start] of Object.entries(behind([HERE]))) {
      const { app, url } = await start();
      try {
        const ask = async (headers: object, remoteAddress = HERE): Promise<number> =>
          (await app.inject({ url, remoteAddress, headers: headers as never })).statusCode;
        for (let round = 0; round < 4; round++)
          for (let nth = 0; nth < 200; nth++) assert.notEqual(await ask(from(visitor(nth))), 429, `${name} ${nth}`);
        // Their own words before the proxy's: neither a way out of their own limit, nor into another's.
        assert.notEqual(await ask(from(`${visitor(1)}, ${visitor(0)}`)), 429, `${name}: the fifth of the first`);
        assert.equal(await ask(from(`${visitor(201)}, ${visitor(0)}:4711`)), 429, `${name}: the sixth of the first`);
        assert.notEqual(await ask(from(visitor(1))), 429, `${name}: the fifth of the second`);
        assert.equal(await ask(from(visitor(1))), 429, `${name}: the sixth of the second`);
        // Whoever comes by another way is no proxy, and says nothing about who asks.
        for (let i = 0; i < 5; i++) assert.notEqual(await ask(from(visitor(i + 10)), ELSEWHERE), 429, name);
        assert.equal(await ask(from(visitor(20)), ELSEWHERE), 429, `${name}: counted as who they are`);
      } finally {
        await app.close();
      }
    }
  });
});

test("a proxy that does not say who asks is told so, and nobody is counted with others", async () => {
  for (const [name, start] of Object.entries(behind(["203.0.113.0/24", "198.51.100.0/24"]))) {
    const { app, url } = await start();
    try {
      const said = await linesOf(async () => {
        for (const headers of [{}, from("unknown"), from("_hidden"), from(""), { forwarded: `for=${ELSEWHERE}` }]) {
          const answer = await app.inject({ url, remoteAddress: HERE, headers: headers as never });
          assert.equal(answer.statusCode, 503, `${name}: ${JSON.stringify(headers)}`);
        }
        for (let i = 0; i < 9; i++)
          assert.notEqual((await app.inject({ url: "/health", remoteAddress: HERE })).statusCode, 503, name);
      });
      assert.match(said, /"code":"UNAVAILABLE".*the proxy does not say who asks/, name);
      // Somebody on the proxies' own network is a visitor like others: what they say of themselves counts for nothing.
      await linesOf(async () => {
        const ask = async (words: string): Promise<number> =>
          (await app.inject({ url, remoteAddress: HERE, headers: from(`${words}, ${ELSEWHERE}`) as never })).statusCode;
        for (let i = 0; i < 5; i++) assert.notEqual(await ask(visitor(i)), 429, name);
        assert.equal(await ask(visitor(6)), 429, `${name}: one step is taken and no more`);
      });
    } finally {
      await app.close();
    }
  }
});

// Nor does a header make a page of ours lead, or a cookie belong, to another host.
test("no forwarded header changes what a page says of its own address", async () => {
  await linesOf(async () => {
    for (const [name, start] of Object.entries(servers)) {
      const { app } = await start();
      try {
        const url = name === "counter" ? "/counter/forms/some-form" : "/";
        const plain = await app.inject({ url, remoteAddress: HERE });
        const other = await app.inject({
          url,
          remoteAddress: HERE,
          headers: {
            host: "evil.example",
            "x-forwarded-host": "evil.example",
            "x-forwarded-proto": "https",
            "x-forwarded-port": "444",
          },
        });
        assert.equal(other.statusCode, plain.statusCode, name);
        assert.equal(other.headers.location, plain.headers.location, name);
        assert.doesNotMatch(`${other.body}${JSON.stringify(other.headers)}`, /evil\.example/, name);
      } finally {
        await app.close();
      }
    }
  });
});

// The whole of a request that comes slowly ends by the larger of the two (Node), so neither may be Node's own.
test("what comes slowly ends after 20 seconds, at the counter after 30; its headers after 10", async () => {
  for (const [name, start] of Object.entries(servers)) {
    const { app } = await start();
    const { headersTimeout, requestTimeout } = app.server;
    await app.close();
    assert.deepEqual([headersTimeout, requestTimeout], [10_000, name === "counter" ? 30_000 : 20_000], name);
  }
});

test("no line of a log holds an address that was asked for, a query, or where somebody is", async () => {
  const words = ["zqaddressword", "zqqueryword", "zqreferrerword", "zqagentword", "zqcookieword", "zqbodyword"];
  const said = await linesOf(async () => {
    for (const start of Object.values(servers)) {
      const { app } = await start();
      try {
        for (const url of [
          "/forms/",
          "/bodies/harrowmere/",
          "/api/bodies/",
          "/counter/forms/",
          "/assets/",
          "/",
          "/status/",
        ])
          for (const method of ["GET", "POST"] as const)
            await app.inject({
              method,
              url: `${url}${words[0]}?mail=${words[1]}`,
              remoteAddress: HERE,
              headers: {
                referer: `https://elsewhere.example/${words[2]}`,
                "user-agent": words[3]!,
                cookie: `pillarbox-staff=${words[4]}`,
                ...(method === "POST" && { "content-type": "application/x-www-form-urlencoded" }),
              },
              ...(method === "POST" && { payload: `a=${words[5]}` }),
            });
      } finally {
        await app.close();
      }
    }
  });
  assert.match(said, /"route"/, "lines were written");
  for (const word of [...words, HERE, "203.0.113"]) assert.ok(!said.includes(word), `${word}: ${said.slice(0, 2000)}`);
  for (const line of said.trim().split("\n"))
    assert.ok(
      Object.keys(JSON.parse(line) as object).every((field) =>
        ["time", "level", "process", "code", "method", "route", "status", "ms", "detail"].includes(field),
      ),
      line,
    );
});
