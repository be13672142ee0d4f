/**
 * Serves a route of the contract. Who asks was looked at before (`visitor.ts`); here the address and the body are
 * parsed, and what is answered leaves by the names that the contract has, and by no others.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { COMMON, type Content, type Route } from "../../contract/route.ts";
import { record, type Fields, type Values } from "../../contract/shape.ts";
import { fromUtf8 } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import type { App } from "./app.ts";
import { note } from "./log.ts";

/** The answer of a route that has none yet: 202, to be asked again. */
export const LATER = Symbol("later");

/** A request as a handler is given it. */
export type Given<P, Q, R> = {
  readonly params: Values<P>;
  readonly query: Values<Q>;
  readonly content: R;
  readonly request: FastifyRequest;
  /** for headers and cookies; the answer is what the handler returns */
  readonly reply: FastifyReply;
};

type Options = {
  /** requests a minute; or a limit that stands outside the common one */
  readonly rateLimit?: { readonly max: number } | ((request: FastifyRequest, reply: FastifyReply) => void);
  /** for answers that have one length */
  readonly compress?: false;
};

/** What does not parse was asked wrongly. */
function taken<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (codeOf(thrown) === "MALFORMED") throw new Fault("BAD_REQUEST");
    throw thrown;
  }
}

/** The public process gets every body as bytes, the staff process JSON that Fastify has parsed. */
function contentOf<R>(expected: Content<R>, { body }: FastifyRequest, bytesOnly: boolean): R {
  if (expected.type === null) return undefined as R;
  if (!Buffer.isBuffer(body) && (bytesOnly || !expected.shape)) throw new Fault("WRONG_TYPE");
  if (expected.shape)
    return expected.shape.parse(Buffer.isBuffer(body) ? parseJson(fromUtf8(new Uint8Array(body))) : body);
  return expected.read(new Uint8Array(body as Buffer));
}

/** Says so where a refusal is not one of the route's: then the contract is to be mended. */
export function noteUnknown(
  route: Pick<Route<never, never, never, never>, "door" | "path" | "refusals">,
  thrown: unknown,
) {
  const code = codeOf(thrown);
  if (COMMON.includes(code) || route.refusals.includes(code)) return;
  note({ level: "warn", process: route.door, code, route: route.path, detail: "a refusal that the contract lacks" });
}

/** Registers a route. The handler's answer is the contract's, or `LATER`. */
export function serve<P extends Fields, Q extends Fields, R, A>(
  app: App,
  route: Route<P, Q, R, A>,
  handler: (given: Given<P, Q, R>) => Promise<A | typeof LATER>,
  { rateLimit, compress }: Options = {},
): void {
  if (route.action === null) throw new Fault("CONFIG_INVALID", `${route.path} is not for people`);
  const [params, query] = [record(route.params), record(route.query)];
  app.route({
    method: route.method,
    url: route.path,
    ...(route.bodyLimit === null ? {} : { bodyLimit: route.bodyLimit }),
    ...(compress === undefined ? {} : { compress }),
    config: {
      action: route.action,
      contract: true,
      ...(rateLimit ? { rateLimit: typeof rateLimit === "function" ? false : rateLimit } : {}),
    },
    ...(typeof rateLimit === "function" && {
      onRequest: async (request: FastifyRequest, reply: FastifyReply) => rateLimit(request, reply),
    }),
    handler: async (request, reply) => {
      const given = taken(() => ({
        params: params.parse(request.params),
        query: query.parse(request.query),
        content: contentOf(route.request, request, route.door === "public"),
      }));
      const answer = await handler({ ...given, request, reply }).catch((thrown: unknown) => {
        noteUnknown(route, thrown);
        throw thrown;
      });
      if (answer === LATER) return reply.code(202).send({ waiting: true });
      reply.code(route.status);
      const { shape, type } = route.answer;
      if (shape) return shape.encode(answer);
      if (type !== null) reply.type(type);
      const written = route.answer.write(answer);
      return reply.send(written instanceof Uint8Array ? Buffer.from(written) : written);
    },
  });
}
