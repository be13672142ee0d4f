/** Requests as a test makes them by hand, in a session that somebody signed in to: for those who attack. */
import { fromUtf8, toBase64 } from "../../src/domain/bytes.ts";
import { parseJson } from "../../src/domain/canonical.ts";
import { Fault, SENTENCES, type Code } from "../../src/domain/problem.ts";
import type { Session } from "../../src/cli/desk/session.ts";

export type Answer = { readonly status: number; readonly value: unknown };
export type RawClient = {
  readonly get: (path: string) => Promise<Answer>;
  /** Bytes in `content` travel as base64. */
  readonly post: (path: string, content: unknown) => Promise<Answer>;
  readonly cookie: () => string;
};

const carried = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? toBase64(value) : value);

/** @throws (each call) a `Fault` with the code of a refusal */
export function rawClient({ send, cookie }: Session): RawClient {
  const ask = async (method: "GET" | "POST", path: string, content?: unknown): Promise<Answer> => {
    const body = content === undefined ? null : JSON.stringify(content, carried);
    const { status, bytes } = await send({ method, path, body });
    const value: unknown = bytes.length === 0 ? null : parseJson(fromUtf8(bytes));
    if (status >= 200 && status < 300) return { status, value };
    const { code } = value as { readonly code: string };
    throw new Fault(Object.hasOwn(SENTENCES, code) ? (code as Code) : "UNAVAILABLE", `${method} answered ${status}`);
  };
  return { cookie, get: (path) => ask("GET", path), post: (path, content) => ask("POST", path, content) };
}
