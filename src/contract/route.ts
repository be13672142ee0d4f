/**
 * A route, said once: how it is asked, what it takes, what it answers, what it may refuse with. Nothing here makes a
 * request or serves one; each zone does that in its own way and reads and writes through what stands here.
 */
import type { Action } from "../domain/access/decide.ts";
import { fromUtf8, type Bytes } from "../domain/bytes.ts";
import { parseJson } from "../domain/canonical.ts";
import { Fault, type Code } from "../domain/problem.ts";
import { codeIn } from "./refusal.ts";
import { ownShape, type Fields, type Shape, type Values } from "./shape.ts";

/** What travels in a body: JSON of a shape, bytes of a type, a text, or nothing. */
export type Content<T> = {
  /** its media type; null where nothing travels */
  readonly type: string | null;
  /** null where it is not JSON of a shape */
  readonly shape: Shape<T> | null;
  write(value: T): string | Bytes | null;
  /** @throws `MALFORMED`, and what the shape's own rule throws */
  read(bytes: Bytes): T;
};

export const JSON_TYPE = "application/json";
export const json = <T>(shape: Shape<T>): Content<T> => ({
  type: JSON_TYPE,
  shape,
  write: (value) => JSON.stringify(shape.encode(value)),
  read: (bytes) => shape.parse(parseJson(fromUtf8(bytes))),
});
/** Bytes as they are: somebody else parses them. */
export const octets = (type: string): Content<Bytes> => ({
  type,
  shape: null,
  write: (value) => value,
  read: (bytes) => bytes,
});
export const plain: Content<string> = {
  type: "text/plain; charset=utf-8",
  shape: null,
  write: (value) => value,
  read: fromUtf8,
};
export const nothing: Content<void> = { type: null, shape: null, write: () => null, read: () => undefined };
/** For what was done and has nothing to tell. */
export const done: Content<void> = json(
  ownShape(
    "done",
    () => undefined,
    () => ({ ok: true }),
  ),
);

/** The names in a path: `/api/bodies/:body/log` → `body`; a `*` at the end is the rest of the path. */
type Names<Path extends string> = Path extends `${infer Part}/${infer Rest}`
  ? Names<Part> | Names<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : Path extends "*"
      ? "*"
      : never;

/** Who listens: the public process, the staff process, or the mailroom to `jobs` alone. */
export type Door = "public" | "staff" | "mailroom";
export type Method = "GET" | "POST" | "DELETE";

export type Route<P extends Fields, Q extends Fields, R, A> = {
  readonly method: Method;
  readonly door: Door;
  /** each name in it stands in `params` */
  readonly path: string;
  /** what `decide` is asked; null where no person comes: then a credential is asked for */
  readonly action: Action | null;
  readonly params: P;
  readonly query: Q;
  readonly request: Content<R>;
  readonly answer: Content<A>;
  /** of an answer */
  readonly status: 200 | 201 | 202;
  /** 202 and `{ waiting: true }` may come instead: the log is not signed so far yet */
  readonly later: boolean;
  /** most bytes of a request; null: what the door takes at most */
  readonly bodyLimit: number | null;
  /** codes beside the common ones */
  readonly refusals: readonly Code[];
};
export type AnyRoute = Route<Fields, Fields, unknown, unknown>;
export type RequestOf<T> = T extends Route<infer _P, infer _Q, infer R, infer _A> ? R : never;
export type AnswerOf<T> = T extends Route<infer _P, infer _Q, infer _R, infer A> ? A : never;

/** What any route may refuse with: who asks, from where, how often, in which spelling, and what fails on our side. */
export const COMMON: readonly Code[] = [
  "NOT_SIGNED_IN",
  "WRONG_ORIGIN",
  "REFUSED_ROLE",
  "REFUSED_BODY",
  "BAD_REQUEST",
  "MALFORMED",
  "TOO_LARGE",
  "WRONG_TYPE",
  "TOO_MANY",
  "NOT_FOUND",
  "BODY_UNKNOWN",
  "CHAIN_BROKEN",
  "LOG_DIVERGED",
  "UNAVAILABLE",
  "INTERNAL",
];

type Given<Path extends string, Q, R, A> = {
  readonly path: Path;
  readonly action: Action | null;
  readonly query?: Q;
  readonly request?: Content<R>;
  readonly answer?: Content<A>;
  readonly status?: 201 | 202;
  readonly later?: true;
  readonly bodyLimit?: number;
  readonly refusals?: readonly Code[];
} & ([Names<Path>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: { readonly [N in Names<Path>]: Shape<string> } });

const making =
  (door: Door, method: Method) =>
  <const Path extends string, Q extends Fields = Record<never, never>, R = void, A = void>(
    given: Given<Path, Q, R, A>,
  ): Route<{ readonly [N in Names<Path>]: Shape<string> }, Q, R, A> => ({
    method,
    door,
    path: given.path,
    action: given.action,
    params: (given.params ?? {}) as { readonly [N in Names<Path>]: Shape<string> },
    query: given.query ?? ({} as Q),
    request: given.request ?? (nothing as Content<unknown> as Content<R>),
    answer: given.answer ?? (done as Content<unknown> as Content<A>),
    status: given.status ?? 200,
    later: given.later ?? false,
    bodyLimit: given.bodyLimit ?? null,
    refusals: given.refusals ?? [],
  });

/** Routes of the staff process: `staff.get({ … })`. */
export const staff = {
  get: making("staff", "GET"),
  post: making("staff", "POST"),
  remove: making("staff", "DELETE"),
};
/** Routes of the public process. */
export const open = { get: making("public", "GET"), post: making("public", "POST") };
/** Routes of the mailroom. */
export const mail = { get: making("mailroom", "GET"), post: making("mailroom", "POST") };

/** Another code for what a shape does not take: `FORM_UNKNOWN` for what cannot be a form's name. */
export const refusedAs = <T>(code: Code, shape: Shape<T>): Shape<T> => ({
  is: shape.is,
  encode: (value) => shape.encode(value),
  parse: (value) => {
    try {
      return shape.parse(value);
    } catch {
      throw new Fault(code);
    }
  },
});

/** The address of a route, from the root of its door. */
export function addressOf<P extends Fields, Q extends Fields, R, A>(
  route: Route<P, Q, R, A>,
  params: Values<P>,
  query?: Values<Q>,
): string {
  const path = route.path
    .split("/")
    .map((part) => {
      const value = (name: string): string =>
        String(route.params[name]!.encode((params as { readonly [name: string]: unknown })[name]));
      if (part === "*") return value("*").split("/").map(encodeURIComponent).join("/");
      return part.startsWith(":") ? encodeURIComponent(value(part.slice(1))) : part;
    })
    .join("/");
  const asked = Object.entries(route.query).flatMap(([name, shape]) => {
    const value = query && shape.encode((query as { readonly [name: string]: unknown })[name]);
    return value === undefined ? [] : [value].flat().map((one) => `${name}=${encodeURIComponent(String(one))}`);
  });
  return asked.length === 0 ? path : `${path}?${asked.join("&")}`;
}

/** A request as it goes out. */
export type Asked = {
  readonly method: Method;
  readonly path: string;
  /** of the body; null where there is none */
  readonly type: string | null;
  readonly body: string | Bytes | null;
};

export const requestOf = <P extends Fields, Q extends Fields, R, A>(
  route: Route<P, Q, R, A>,
  params: Values<P>,
  content: R,
  query?: Values<Q>,
): Asked => ({
  method: route.method,
  path: addressOf(route, params, query),
  type: route.request.type,
  body: route.request.write(content),
});

/** The code in the bytes of a refusal; `UNAVAILABLE` where there is none of ours: then something else answered. */
export function refusalIn(bytes: Bytes): Code {
  try {
    return codeIn(parseJson(fromUtf8(bytes))) ?? "UNAVAILABLE";
  } catch {
    return "UNAVAILABLE";
  }
}

const isOk = (status: number): boolean => status >= 200 && status < 300;

/** Whether the answer is still to come, and the same may be asked again. */
export const isLater = (route: { readonly later: boolean }, status: number): boolean => route.later && status === 202;

/**
 * What was answered.
 * @throws the code of the refusal; `LOG_NOT_SIGNED` for what is still to come; `MALFORMED` for what is no such answer
 */
export function answerOf<A>(
  route: { readonly method: string; readonly path: string; readonly later: boolean; readonly answer: Content<A> },
  status: number,
  bytes: Bytes,
): A {
  if (!isOk(status)) throw new Fault(refusalIn(bytes), `${route.method} ${route.path} answered ${status}`);
  if (isLater(route, status)) throw new Fault("LOG_NOT_SIGNED");
  return route.answer.read(bytes);
}
