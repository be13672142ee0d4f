/**
 * The witness over HTTP: `POST /add-checkpoint`, `GET /<origin hash>/checkpoint`, `GET /health`. It keeps no addresses
 * and sets no cookie.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Answer, Witness } from "./witness.ts";

/** A checkpoint with a few signatures and 63 hashes. */
const MOST_BYTES = 64 * 1024;
const CHECKPOINT = /^\/([0-9a-f]{64})\/checkpoint$/;
const nothing: Answer = { status: 404, type: "text/plain; charset=utf-8", body: "There is nothing at this address.\n" };

export function witnessServer(
  witness: Witness,
  note: (line: { readonly status: number; readonly route: string }) => void,
): Server {
  const server = createServer(
    { requestTimeout: 20_000, headersTimeout: 10_000, keepAliveTimeout: 30_000, maxHeaderSize: 8192 },
    (request, response) => {
      void answer(witness, request)
        .catch(
          (): Answer => ({
            status: 503,
            type: "text/plain; charset=utf-8",
            body: "The witness cannot answer at the moment. Nothing was signed.\n",
          }),
        )
        .then(({ status, type, body }) => {
          note({ status, route: routeOf(request) });
          // A body that is not read to its end would be taken for the next request.
          if (status === 413) response.setHeader("connection", "close");
          response
            .writeHead(status, {
              "content-type": type,
              "cache-control": "no-store",
              "content-length": Buffer.byteLength(body),
              "x-content-type-options": "nosniff",
            })
            .end(body);
        });
    },
  );
  server.maxConnections = 1000;
  return server;
}

const routeOf = ({ url = "" }: IncomingMessage): string =>
  url === "/add-checkpoint" ? url : CHECKPOINT.test(url) ? "/:origin/checkpoint" : "other";

async function answer(witness: Witness, request: IncomingMessage): Promise<Answer> {
  const url = request.url ?? "";
  if (request.method === "POST" && url === "/add-checkpoint") {
    const body = await bodyOf(request);
    return body === null
      ? { status: 413, type: "text/plain; charset=utf-8", body: "This is longer than any checkpoint.\n" }
      : witness.add(body);
  }
  if (request.method !== "GET") return nothing;
  if (url === "/health") return { status: 200, type: "text/plain; charset=utf-8", body: "ok\n" };
  const hash = CHECKPOINT.exec(url)?.[1];
  return hash === undefined ? nothing : witness.latest(hash);
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BYTES) return null;
    parts.push(part);
  }
  // Bytes that are not UTF-8 become another text, which no key has signed.
  return Buffer.concat(parts).toString("utf8");
}
