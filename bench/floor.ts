/**
 * The floor: bare node:http and pg, one INSERT of the request's bytes, answered once it is committed. No checks, no
 * log.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";

const ANSWER = Buffer.from(JSON.stringify({ ok: true }));
const pool = new pg.Pool({ connectionString: process.env["FLOOR_DATABASE"], max: 16 });
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    pool.query({ name: "insert", text: "INSERT INTO floor (bytes) VALUES ($1)", values: [Buffer.concat(parts)] }).then(
      () =>
        response.writeHead(201, { "content-type": "application/json", "content-length": ANSWER.length }).end(ANSWER),
      () => response.writeHead(500, { "content-length": 0 }).end(),
    );
  });
});
server.listen({ port: 0, host: "127.0.0.1" }, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit(0));
