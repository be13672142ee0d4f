/**
 * The floors: bare node:http and pg, one statement for each request, answered once it is committed. No checks, no
 * proof, no row security. `/` inserts the request's bytes; `/event` also a row that says so, as an unsealed system with
 * an audit trail would.
 */
import { hash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";

const ANSWER = Buffer.from(JSON.stringify({ ok: true }));
const BARE = { name: "bare", text: "INSERT INTO floor (bytes) VALUES ($1)" };
const EVENT = {
  name: "event",
  text: "WITH stored AS (INSERT INTO floor (bytes) VALUES ($1)) INSERT INTO floor_event (entry) VALUES ($2)",
};

const pool = new pg.Pool({ connectionString: process.env["FLOOR_DATABASE"], max: 16 });
const store = (path: string | undefined, bytes: Buffer): Promise<unknown> =>
  path === "/event"
    ? pool.query({ ...EVENT, values: [bytes, entryOf(bytes)] })
    : pool.query({ ...BARE, values: [bytes] });

const entryOf = (bytes: Buffer): Buffer =>
  Buffer.from(
    JSON.stringify({
      at: Date.now(),
      digest: hash("sha256", bytes, "hex"),
      kind: "received",
      nonce: randomBytes(32).toString("hex"),
      size: bytes.length,
    }),
  );

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    store(request.url, Buffer.concat(parts)).then(
      () =>
        response.writeHead(201, { "content-type": "application/json", "content-length": ANSWER.length }).end(ANSWER),
      () => response.writeHead(500, { "content-length": 0 }).end(),
    );
  });
});
server.listen({ port: 0, host: "127.0.0.1" }, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit(0));
