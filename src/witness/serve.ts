/**
 * The witness over HTTP: `POST /add-checkpoint`, `GET /<origin hash>/checkpoint`, `GET /health`. It keeps no addresses
 * and sets no cookie.
 */
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Answer, Witness } from "./witness.ts";

/** A checkpoint with a few signatures and 63 hashes. */
const MOST_BYTES = 64 * 1024;
/** Each address has one spelling: no query, nothing escaped. */
const ADDRESS = /^\/(?:add-checkpoint|health|[0-9a-f]{64}\/checkpoint)$/;

const plain = (status: number, sentence: string): Answer => ({
  status,
  type: "text/plain; charset=utf-8",
  body: `${sentence}\n`,
});
const NOTHING = plain(404, "There is nothing at this address.");
const TOO_LONG = plain(413, "This is longer than any checkpoint.");
const AWAY = plain(503, "The witness cannot answer at the moment. Nothing was signed.");

/** @param note told of each answer. The address is not in it */
export function witnessServer(
  witness: Witness,
  note: (line: { readonly status: number; readonly route: string }) => void,
): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: MOST_BYTES,
    requestTimeout: 20_000,
    keepAliveTimeout: 30_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 8192 },
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = "" }) => (ADDRESS.test(url) ? url : "/"),
  });
  app.server.maxConnections = 1000;
  // Bytes that are no request are answered by Node, without a word of ours.
  app.server.removeAllListeners("clientError");

  // Whatever a body calls itself, it is read as text; bytes that are not UTF-8 become another text, which no key has
  // signed.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", async (request, reply) => {
    delete request.headers["content-type"];
    // Decided before a body is read.
    if (request.is404) return send(reply, NOTHING);
  });
  app.addHook("onResponse", async ({ routeOptions: { url } }, { statusCode }) =>
    note({ status: statusCode, route: url === undefined || url === "/health" ? "other" : url }),
  );
  app.setErrorHandler((thrown, _request, reply) => {
    if ((thrown as { readonly statusCode?: number }).statusCode !== 413) return send(reply, AWAY);
    // A body that is not read to its end would be taken for the next request.
    return send(reply.header("connection", "close"), TOO_LONG);
  });

  app.get("/health", async (_request, reply) => send(reply, plain(200, "ok")));
  app.get<{ Params: { origin: string } }>("/:origin/checkpoint", async ({ params }, reply) =>
    send(reply, await witness.latest(params.origin)),
  );
  app.post<{ Body: string | undefined }>("/add-checkpoint", async ({ body }, reply) =>
    send(reply, await witness.add(body ?? "")),
  );
  return app;
}

const send = (reply: FastifyReply, { status, type, body }: Answer): FastifyReply =>
  reply
    .code(status)
    .header("content-type", type)
    .header("cache-control", "no-store")
    .header("content-length", Buffer.byteLength(body))
    .header("x-content-type-options", "nosniff")
    .send(body);
