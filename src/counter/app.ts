/** The counter, in order: what is refused, what is said to every browser, the pages, what is written down. */
import formbody from "@fastify/formbody";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { View } from "../domain/form/page.ts";
import { Fault } from "../domain/problem.ts";
import { serveAssets } from "./assets.ts";
import type { Config } from "./config.ts";
import { headersOf } from "./headers.ts";
import { limitsOf, type Count } from "./limits.ts";
import { detailOf, note } from "./log.ts";
import { codeOfHttp, problemView, statusOf } from "./problems.ts";
import type { Render } from "./render.ts";
import { answerStatus } from "./status.ts";
import { answerPost, type Desk } from "./steps.ts";

export type Services = Desk & {
  readonly config: Config;
  readonly render: Render;
  readonly count: Count;
  /** Told of each request, and of bytes that are none: from then on the process may hold what somebody wrote. */
  readonly onUse: () => void;
};

/** Asked by the supervisor and the monitor all day; it takes nothing of anybody. */
const HEALTH = "/health";
/**
 * Bytes of a whole form as sent. Far more than a form accepts, so that a text that is too long is told at its question.
 */
const BODY_LIMIT = 4 * 1024 * 1024;
const SLOW = {
  connectionTimeout: 30_000,
  requestTimeout: 30_000,
  // Shorter than a worker's rest, so that no browser writes to a connection that is just being closed.
  keepAliveTimeout: 5_000,
  http: { headersTimeout: 10_000 },
};

/**
 * For what is refused before any hook runs: an address that cannot be read, bytes that are no request. Nothing of it is
 * quoted.
 */
const BARE = {
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow, noarchive",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};
const BARE_400 = [
  "HTTP/1.1 400 Bad Request",
  "Connection: close",
  "Content-Length: 0",
  ...Object.entries(BARE).map(([name, value]) => `${name}: ${value}`),
  "",
  "",
].join("\r\n");

export async function createApp(services: Services): Promise<FastifyInstance> {
  const { config, site, render } = services;
  const page = (reply: FastifyReply, status: number, view: View): FastifyReply =>
    reply.code(status).type("text/html; charset=utf-8").send(render(view));
  const app = Fastify({
    frameworkErrors: (_thrown, _request, reply) => {
      services.onUse();
      void page(reply.headers(BARE), 400, problemView(site, "BAD_REQUEST"));
    },
    clientErrorHandler: (_thrown, socket) => {
      services.onUse();
      void (socket.writable ? socket.end(BARE_400) : socket.destroy());
    },
    logger: false,
    bodyLimit: BODY_LIMIT,
    // One step: what stands before it in the header may be the visitor's own words.
    trustProxy: (address, hop) => hop === 0 && config.isProxy(address),
    // Whoever is being answered while this process leaves gets the answer.
    forceCloseConnections: "idle",
    return503OnClosing: false,
    ...SLOW,
  });

  app.setErrorHandler((thrown, request, reply) => {
    const code = codeOfHttp(thrown);
    if (statusOf(code) >= 500)
      note({ level: "error", code, route: request.routeOptions.url ?? "unknown", detail: detailOf(thrown) });
    return page(reply, statusOf(code), problemView(site, code));
  });
  app.addHook("onRequest", async ({ routeOptions }, reply) => {
    if (routeOptions.url !== HEALTH) services.onUse();
    reply.header("cache-control", "no-store").header("x-robots-tag", "noindex, nofollow, noarchive");
  });
  app.addHook("onResponse", async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    if (routeOptions.url !== HEALTH) services.onUse();
    note({
      level: "info",
      method,
      route: routeOptions.url ?? "unknown",
      status: statusCode,
      ms: Math.round(elapsedTime),
    });
  });
  await app.register(helmet, headersOf(config));
  await app.register(rateLimit, limitsOf(config, services.count));
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  app.setNotFoundHandler((_, reply) => page(reply, 404, problemView(site, "NOT_FOUND")));

  await serveAssets(app, config.dist);
  app.get(HEALTH, { config: { rateLimit: false } }, async () => ({ ok: true }));
  app.get("/counter/forms/:form", (request, reply) =>
    reply.redirect(`${config.publicOrigin}/forms/${formOfPath(request.params)}`, 303),
  );
  app.get("/counter/status", (_request, reply) => reply.redirect(`${config.publicOrigin}/status`, 303));
  // Fewer than letters: nobody looks often, and whoever guesses would.
  app.post(
    "/counter/status",
    { config: { rateLimit: { max: Math.ceil(config.postsPerMinute / 20) } } },
    async (request, reply) => {
      const answer = await answerStatus(services, request.body);
      if ("file" in answer)
        return reply
          .header("content-disposition", `attachment; filename="${answer.name}"`)
          .type("text/plain; charset=utf-8")
          .send(answer.file);
      return page(reply, answer.status, answer.view);
    },
  );
  app.post("/counter/forms/:form", async (request, reply) => {
    const { status, view } = await answerPost(services, formOfPath(request.params), request.body);
    return page(reply, status, view);
  });
  return app;
}

/** A form's name from the path. Anything else never reaches the server behind. */
function formOfPath(params: unknown): string {
  const { form } = params as { readonly form: string };
  if (!/^[a-z0-9-]{1,64}$/.test(form)) throw new Fault("NOT_FOUND");
  return form;
}
