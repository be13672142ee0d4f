/**
 * The slot stands beside the framework: whoever asks gets from either the same answer, under the same headers, and one
 * limit for both. The framework's way is the oracle; a request without a length goes that way.
 */
import assert from "node:assert/strict";
import { request as ask, type IncomingHttpHeaders } from "node:http";
import { after, before, mock, test } from "node:test";
import { parseConfig, type Config } from "../../src/server/config.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { publicApp } from "../../src/server/public/app.ts";
import { proxiesOf } from "../../src/domain/network.ts";
import { newLimit } from "../../src/server/http/limits.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { encodeSubmission, SUBMISSION_TYPE } from "../../src/domain/seal/envelope.ts";
import { startDatabase, type Database } from "../support/database.ts";

let database: Database;
let pool: Pool;
let config: Config;
/** A sound letter, to a form that nobody has published. */
let sound: Uint8Array;

before(async () => {
  database = await startDatabase({
    seed: { operators: [], bodies: [{ id: "harrowmere", name: "Harrowmere", record: {} }] },
    roots: { harrowmere: "0".repeat(64) },
  });
  pool = openPool(database.url("pb_public"), 2);
  config = parseConfig(JSON.stringify(database.config));
  const { recipient } = await newIdentity("hybrid");
  const part = await ageSeal([recipient], new Uint8Array(2048));
  const hash = "ab".repeat(32);
  sound = encodeSubmission({
    form: "no-such-form",
    formHash: hash,
    inbox: "cd".repeat(16),
    epoch: 1,
    submission: "ef".repeat(16),
    first: null,
    receipt: hash,
    commitment: hash,
    slip: part,
    letter: part,
  });
});
after(async () => {
  await pool?.end();
  await database?.stop();
});

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };
type Asked = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body: Uint8Array;
  /** without a length, and so the framework's way */
  readonly chunked?: boolean;
};

function send(
  port: number,
  { method = "POST", path = "/submissions", headers, body, chunked }: Asked,
): Promise<Answer> {
  return new Promise((done, failed) => {
    const outgoing = ask(
      {
        port,
        host: "127.0.0.1",
        method,
        path,
        headers: {
          "content-type": SUBMISSION_TYPE,
          ...(chunked ? { "transfer-encoding": "chunked" } : { "content-length": String(body.length) }),
          ...headers,
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => done({ status: response.statusCode!, headers: response.headers, text }));
      },
    );
    outgoing.on("error", failed);
    outgoing.end(body);
  });
}

/** A server, and what it writes meanwhile as lines. */
async function served(
  most: number,
  work: (port: number, lines: () => object[]) => Promise<void>,
  isProxy = config.isProxy,
): Promise<void> {
  let said = "";
  const write = process.stdout.write.bind(process.stdout);
  mock.method(process.stdout, "write", (chunk: string | Uint8Array) => {
    if (typeof chunk !== "string" || !chunk.startsWith('{"time"')) return write(chunk);
    said += chunk;
    return true;
  });
  const app = await publicApp(
    { ...config, isProxy, limits: { ...config.limits, submissionsPerMinute: most } },
    pool,
    "credential",
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  try {
    await work((app.server.address() as { port: number }).port, () =>
      said
        .split("\n")
        .filter(Boolean)
        .map((line) => {
          const { time: _time, ms: _ms, ...fields } = JSON.parse(line) as { [field: string]: unknown };
          return fields;
        }),
    );
  } finally {
    await app.close();
    mock.restoreAll();
  }
}

/** What differs from one answer to the next, whoever gives it. */
const told = ({ status, headers: { date: _date, ...headers }, text }: Answer) => ({ status, headers, text });

const rewritten = (change: (bytes: Uint8Array) => void): Uint8Array => {
  const bytes = sound.slice();
  change(bytes);
  return bytes;
};

test("the slot answers as the framework does: status, words, headers and line of the log", async () => {
  await served(1000, async (port, lines) => {
    const first = await send(port, { body: sound, chunked: true });
    assert.equal(first.status, 404, first.text);
    assert.match(String(first.headers["content-security-policy"]), /default-src 'none'/);
    for (const [name, body, status] of [
      ["a form that nobody has", sound, 404],
      ["plaintext", Buffer.from("my name is Zoë"), 400],
      ["one byte too few", sound.subarray(0, -1), 400],
      ["another version", rewritten((bytes) => void (bytes[15] = 0x39)), 400],
      ["a part that is not sealed", rewritten((bytes) => bytes.fill(0x20, 300, 400)), 400],
    ] as const) {
      const before = lines().length;
      const [short, long] = [await send(port, { body }), await send(port, { body, chunked: true })];
      assert.equal(short.status, status, name);
      assert.deepEqual(told(short), told(long), name);
      await new Promise((done) => setImmediate(() => setImmediate(done)));
      const [one, other, ...more] = lines().slice(before);
      assert.deepEqual([one, more], [other, []], name);
      assert.equal(JSON.stringify(one).includes("127.0.0.1"), false);
    }
  });
});

test("what is not the plain request goes the framework's way", async () => {
  await served(1000, async (port) => {
    await send(port, { body: sound });
    for (const [asked, status] of [
      [{ body: sound, headers: { "content-type": "text/plain" } }, 415],
      [{ body: sound, headers: { "content-encoding": "gzip" } }, 400],
      [{ body: sound, path: "/submissions?x=1" }, 404],
      [{ body: sound, path: "/submissions/" }, 404],
      [{ body: sound, method: "PUT" }, 404],
      [{ body: new Uint8Array(2_000_000) }, 413],
      [{ body: new Uint8Array(0) }, 400],
    ] as const) {
      const { status: found, text } = await send(port, asked as Asked).catch((thrown: Error) => ({
        // A body that is too long is cut off while it is sent.
        status: (thrown as NodeJS.ErrnoException).code === "EPIPE" || /reset|hang up/.test(thrown.message) ? 413 : 0,
        text: thrown.message,
      }));
      assert.equal(found, status, `${JSON.stringify({ ...asked, body: asked.body.length })}: ${text}`);
    }
  });
});

test("both ways count in one limit; the counter is under its own", async () => {
  await served(6, async (port) => {
    for (let i = 0; i < 3; i++) {
      assert.equal((await send(port, { body: sound, chunked: true })).status, 404);
      assert.equal((await send(port, { body: sound })).status, 404);
    }
    const [short, long] = [await send(port, { body: sound }), await send(port, { body: sound, chunked: true })];
    assert.equal(short.status, 429);
    const { "retry-after": shortWait, connection: _c, ...shortHeaders } = told(short).headers;
    const { "retry-after": longWait, connection: _d, ...longHeaders } = told(long).headers;
    assert.deepEqual([short.text, shortHeaders], [long.text, longHeaders]);
    for (const wait of [shortWait, longWait]) assert.ok(Number(wait) > 0 && Number(wait) <= 60, String(wait));
    for (const headers of [{ "x-forwarded-for": "198.51.100.9" }, { authorization: "Pillarbox-Counter wrong" }])
      assert.equal((await send(port, { body: sound, headers })).status, 429);
    assert.equal(
      (await send(port, { body: sound, headers: { authorization: "Pillarbox-Counter credential" } })).status,
      404,
    );
  });
});

test("behind a proxy both ways count whom it names, and take nothing from a silent one", async () => {
  const from = (address: string): object => ({ headers: { "x-forwarded-for": address } });
  await served(
    4,
    async (port) => {
      const ask = async (address: string, chunked: boolean): Promise<number> =>
        (await send(port, { body: sound, chunked, ...from(address) })).status;
      for (const chunked of [true, false, true, false]) assert.equal(await ask("198.51.100.9", chunked), 404);
      for (const chunked of [true, false]) {
        assert.equal(await ask("198.51.100.9", chunked), 429);
        assert.equal(await ask("203.0.113.7, 198.51.100.9", chunked), 429, "what stands before is anybody's word");
        assert.equal(await ask("198.51.100.9, 203.0.113.7", chunked), 404);
        for (const silent of ["unknown", ""]) assert.equal(await ask(silent, chunked), 503);
        assert.equal((await send(port, { body: sound, chunked })).status, 503);
      }
    },
    proxiesOf(["127.0.0.1", "203.0.113.0/24"]),
  );
});

test("a limit counts by network and minute, and forgets the oldest first", () => {
  let now = 1_000_000;
  const limit = newLimit(2, () => now);
  assert.deepEqual([limit("203.0.113.1"), limit("203.0.113.2"), limit("203.0.113.3")], [0, 0, 60]);
  assert.equal(limit("198.51.100.1"), 0);
  now += 59_000;
  assert.equal(limit("203.0.113.1"), 1);
  now += 1_000;
  assert.equal(limit("203.0.113.1"), 0);
});
