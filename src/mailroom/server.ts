/**
 * What the jobs process may ask, on this machine and with its credential: the key of this start, one message in, one
 * outcome out. Nothing opened ever leaves here.
 */
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { timingSafeEqual } from "node:crypto";
import {
  bouncesTaken,
  health,
  readBounces,
  readKey,
  sealReturned,
  sendAlert,
  sendLetter,
} from "../contract/mailroom.ts";
import type { Content } from "../contract/route.ts";
import { SEALED_MAX } from "../domain/mail/message.ts";
import { codeOf } from "../domain/problem.ts";
import type { Bounces } from "./bounces.ts";
import type { Config } from "./config.ts";
import { detailOf, note } from "./log.ts";
import type { Mailroom } from "./mailroom.ts";
import { sealReturned as seal } from "./returned.ts";
import type { StateOf } from "./statements.ts";

/** How long a question for bounces is left open, milliseconds. */
const BOUNCES_OPEN = 20_000;
/** Each address has one spelling: nothing escaped. */
const ADDRESS = /^\/[a-z0-9/]*(?:\?|$)/;

const TURN = ":delivery(^[0-9a-f]{32}$)/:attempt(^[0-9]{1,4}$)";
type Message = { readonly Params: { readonly delivery: string; readonly attempt: string }; readonly Body?: Buffer };

/** Listens once it is made. Each answer is JSON; 403 without the credential, whatever is asked. */
export async function startServer(
  config: Config,
  stateOf: StateOf,
  mailroom: Mailroom,
  bounces: Bounces | null,
): Promise<FastifyInstance> {
  const expected = Buffer.from(`Pillarbox-Jobs ${config.credential}`);
  const knows = (authorization = ""): boolean => {
    const given = Buffer.from(authorization);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };

  const app = Fastify({
    logger: false,
    bodyLimit: SEALED_MAX,
    // A carrier may take minutes; whoever asks waits as long. Only the question itself must come soon.
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    http: { headersTimeout: 10_000 },
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = "" }) => (ADDRESS.test(url) ? url : "/"),
  });
  // Bytes that are no request are answered by Node, without a word of ours.
  app.server.removeAllListeners("clientError");

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", async (request, reply) => {
    // Whatever a body calls itself, it is bytes.
    delete request.headers["content-type"];
    // Decided before a body is read.
    if (request.routeOptions.url !== health.path && !knows(request.headers.authorization)) return refuse(reply, 403);
    if (request.is404 && request.method !== "POST") return refuse(reply, 404);
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404));
  app.setErrorHandler((thrown, _request, reply) => {
    if ((thrown as { readonly statusCode?: number }).statusCode === 413) return refuse(reply, 413);
    // Not to know is an answer to the jobs process; one that is made up would not be.
    return void reply.hijack().raw.destroy();
  });

  app.get(health.path, async (_request, reply) => found(reply, health, { ok: true }));
  app.get(readKey.path, async (_request, reply) => found(reply, readKey, mailroom.key()));
  app.get(readBounces.path, async (_request, reply) =>
    found(reply, readBounces, bounces ? await bounces.held.waiting(BOUNCES_OPEN) : { bounces: [], returned: [] }),
  );
  app.post<{ Params: { readonly document: string }; Body?: Buffer }>(
    "/returned/:document(^[0-9a-f]{32}$)",
    { bodyLimit: sealReturned.bodyLimit ?? SEALED_MAX },
    async ({ params: { document }, body }, reply) => {
      const content = bounces?.held.content(document) ?? null;
      if (content === null) return refuse(reply, 404);
      const place = sealReturned.request.read(new Uint8Array(body ?? []));
      try {
        return found(reply, sealReturned, await seal(config.sealing, stateOf, document, content, place));
      } catch (thrown) {
        note({ level: "error", code: codeOf(thrown), detail: detailOf(thrown) });
        return refuse(reply, 409);
      }
    },
  );
  app.post<{ Body?: Buffer }>(bouncesTaken.path, async ({ body }, reply) => {
    const { deliveries, documents, refused } = bouncesTaken.request.read(new Uint8Array(body ?? []));
    bounces?.held.taken(deliveries, documents, refused);
    return found(reply, bouncesTaken, undefined);
  });
  app.post<Message>(
    `/letters/${TURN}`,
    { bodyLimit: sendLetter.bodyLimit ?? SEALED_MAX },
    async ({ params: { delivery, attempt }, body }, reply) => {
      const letter = sendLetter.request.read(new Uint8Array(body ?? []));
      return found(reply, sendLetter, await mailroom.takeLetter(delivery, Number(attempt), letter));
    },
  );
  app.post<Message>(
    `/alerts/${TURN}`,
    { bodyLimit: sendAlert.bodyLimit ?? SEALED_MAX },
    async ({ params: { delivery, attempt }, body }, reply) => {
      const alert = sendAlert.request.read(new Uint8Array(body ?? []));
      return found(reply, sendAlert, await mailroom.takeAlert(delivery, Number(attempt), alert));
    },
  );

  await app.listen({ port: config.port, host: config.host });
  note({ level: "info", detail: "open" });
  return app;
}

const found = <A>(reply: FastifyReply, route: { readonly answer: Content<A> }, value: A): FastifyReply =>
  sendText(reply, 200, String(route.answer.write(value)));

const refuse = (reply: FastifyReply, status: number): FastifyReply => sendText(reply, status, "{}");

// As bytes: to a text of this type the framework would add a charset.
const sendText = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply
    .code(status)
    .header("content-type", "application/json")
    .header("cache-control", "no-store")
    .send(Buffer.from(text));
