/**
 * One HTTP application; public and staff differ only in what is registered. Every route names its action: one without
 * is refused when the program starts, so the table that the tests enumerate is whole.
 */
import compress from "@fastify/compress";
import helmet from "@fastify/helmet";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from "fastify";
import type { Action } from "../../domain/access/decide.ts";
import type { IsProxy } from "../../domain/network.ts";
import { codeOf, Fault, sentence, type Code } from "../../domain/problem.ts";
import { note } from "./log.ts";
import { statusOf } from "./problems.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    action?: Action;
    /** it stands in `src/contract` */
    contract?: boolean;
  }
}

export type RouteRow = {
  readonly method: string;
  readonly url: string;
  readonly action: Action;
  /** false: a page, a built file, the icon */
  readonly contract: boolean;
};

export type AppOptions = {
  readonly process: "public" | "staff";
  readonly bodyLimit: number;
  readonly https: boolean;
  readonly isProxy: IsProxy;
  /** directives beside the common ones */
  readonly csp: { readonly [directive: string]: readonly string[] };
  readonly compressed: boolean;
  /** Takes a request before the framework does, or says no and leaves it as it is. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** draws an error for a person; JSON is answered to programs */
  readonly onError: (request: FastifyRequest, reply: FastifyReply, code: Code, status: number) => unknown;
};

export type App = FastifyInstance & { readonly routeRows: RouteRow[] };

/**
 * For what is refused before any hook runs: an address that cannot be read, bytes that are no request. Nothing of it is
 * quoted.
 */
const BARE = {
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow, noarchive",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

/** How long a connection may be silent, a request may take, and an idle connection stays; milliseconds. */
const TIMES = { connectionTimeout: 30_000, requestTimeout: 20_000, keepAliveTimeout: 10_000 };
/** Of the headers. Node takes the larger of this and the whole request's, so its own minute would count for both. */
const HEADERS_TIME = 10_000;

export async function createApp(options: AppOptions): Promise<App> {
  const { before } = options;
  const app = Fastify({
    ...(before
      ? {
          serverFactory: (handler: (request: IncomingMessage, response: ServerResponse) => void) => {
            const server = createServer((request, response) => {
              if (!before(request, response)) handler(request, response);
            });
            server.keepAliveTimeout = TIMES.keepAliveTimeout;
            server.requestTimeout = TIMES.requestTimeout;
            server.headersTimeout = HEADERS_TIME;
            return server.setTimeout(TIMES.connectionTimeout);
          },
        }
      : { http: { headersTimeout: HEADERS_TIME } }),
    logger: false,
    frameworkErrors: (_thrown, _request, reply) =>
      void sendProblem(reply.headers(BARE), "BAD_REQUEST", 400, sentence("BAD_REQUEST")),
    clientErrorHandler: (_thrown, socket) => {
      if (socket.writable)
        socket.end(
          `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n`,
        );
      else socket.destroy();
    },
    bodyLimit: options.bodyLimit,
    ...TIMES,
    forceCloseConnections: "idle",
    // One step: what stands before it in the header may be the visitor's own words.
    trustProxy: (address, hop) => hop === 0 && options.isProxy(address),
    exposeHeadRoutes: true,
  });
  const rows: RouteRow[] = [];
  app.addHook("onRoute", (route: RouteOptions) => {
    // The plugin that serves built files makes its own route and cannot name an action.
    const action = route.config?.action ?? (route.url.startsWith("/assets/") ? "page.view" : undefined);
    if (!action) throw new Fault("CONFIG_INVALID", `${String(route.method)} ${route.url} names no action`);
    for (const method of [route.method].flat())
      rows.push({ method, url: route.url, action, contract: route.config?.contract ?? false });
  });
  await app.register(helmet, headers(options));
  if (options.compressed)
    await app.register(compress, {
      encodings: ["br", "gzip"],
      threshold: 1024,
      customTypes: /^text\/html|^application\/json/,
    });
  app.addHook("onRequest", async (_request, reply) => {
    // Nothing that a person wrote or may read belongs in any cache or index (T22, T25); static files say otherwise for
    // themselves.
    reply.header("cache-control", "no-store").header("x-robots-tag", "noindex, nofollow, noarchive");
  });
  app.addHook("onResponse", async (request, reply) => {
    note({
      level: "info",
      process: options.process,
      method: request.method,
      route: request.routeOptions.url ?? "unknown",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.setErrorHandler((thrown, request, reply) => {
    const { code, status } = problemOf(options.process, request.routeOptions.url ?? "unknown", thrown);
    return options.onError(request, reply, code, status);
  });
  app.setNotFoundHandler((request, reply) => options.onError(request, reply, "NOT_FOUND", 404));
  return Object.assign(app as FastifyInstance, { routeRows: rows });
}

function headers({ https, csp }: AppOptions) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        ...Object.fromEntries(Object.entries(csp).map(([name, values]) => [name, [...values]])),
      },
    },
    // What else the body has under its name is not ours to speak for.
    strictTransportSecurity: https ? { maxAge: 63_072_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: "no-referrer" as const },
    frameguard: { action: "deny" as const },
    crossOriginOpenerPolicy: { policy: "same-origin" as const },
    crossOriginResourcePolicy: { policy: "same-origin" as const },
    // For browsers that are gone, or for what these pages do not have: every answer would carry them.
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  };
}

/** The code and the status of what was thrown; a fault of ours is noted. */
export function problemOf(
  process: AppOptions["process"],
  route: string,
  thrown: unknown,
): { readonly code: Code; readonly status: number } {
  const code = codeOfHttp(thrown);
  const status = statusOf(code);
  if (code === "INTERNAL" || status >= 500) note({ level: "error", process, code, route, detail: detailOf(thrown) });
  return { code, status };
}

/** What Fastify itself refuses, in our codes. */
function codeOfHttp(thrown: unknown): Code {
  if (thrown instanceof Fault) return thrown.code;
  const { statusCode, code } = thrown as { statusCode?: number; code?: string };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || statusCode === 413) return "TOO_LARGE";
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE" || statusCode === 415) return "WRONG_TYPE";
  if (statusCode === 429) return "TOO_MANY";
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return "BAD_REQUEST";
  if (code === "ECONNREFUSED" || code === "ENOENT" || code === "57P01" || code === "57P03") return "UNAVAILABLE";
  return codeOf(thrown);
}

/** For engineers: our own detail, or the kind of a foreign error. Never its message, which may quote a value (T27). */
function detailOf(thrown: unknown): string {
  if (thrown instanceof Fault) return thrown.detail;
  const { name, code } = thrown as { name?: string; code?: string };
  const where =
    thrown instanceof Error
      ? (thrown.stack
          ?.split("\n")
          .find((line) => line.includes("/src/"))
          ?.trim()
          .replace(/\(.*\/src\//, "(src/") ?? "")
      : "";
  return [name, code, where].filter(Boolean).join(" ");
}

/** Answers an error to a program. */
export function sendProblem(reply: FastifyReply, code: Code, status: number, words: string): FastifyReply {
  return reply.code(status).type("application/json").send({ code, sentence: words });
}
