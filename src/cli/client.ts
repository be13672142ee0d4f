/** A small HTTP client of the staff server: keeps the cookie, says where it comes from, turns refusals into faults. */
import { toBase64 } from "../domain/bytes.ts";
import { parseJson } from "../domain/canonical.ts";
import { Fault, SENTENCES, type Code } from "../domain/problem.ts";

export type Answer = { readonly status: number; readonly value: unknown };

export type StaffClient = {
  readonly origin: string;
  readonly get: (path: string) => Promise<Answer>;
  /** Bytes in `content` travel as base64. */
  readonly post: (path: string, content: unknown) => Promise<Answer>;
  readonly remove: (path: string) => Promise<Answer>;
  /** What it is signed in with, for a request that is not JSON. */
  readonly cookie: () => string;
};

/** Longer than a server ever waits by itself. */
const PATIENCE_MS = 30_000;

/** `fetch` that gives up in time and never follows a redirect. @throws `UNAVAILABLE` when nobody answers */
export async function fetchFrom(address: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, { ...init, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (thrown) {
    throw new Fault(
      "UNAVAILABLE",
      `${new URL(address).origin} does not answer (${thrown instanceof Error ? thrown.message : "no reason given"})`,
    );
  }
}

/** Whole numbers, text, lists and objects as they are; bytes as base64. */
const carried = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? toBase64(value) : value);

/** The code in an error answer; `UNAVAILABLE` where there is none. */
export function codeIn(text: string): Code {
  try {
    const value = parseJson(text);
    const code = value !== null && typeof value === "object" && "code" in value ? value["code"] : "";
    return typeof code === "string" && Object.hasOwn(SENTENCES, code) ? (code as Code) : "UNAVAILABLE";
  } catch {
    return "UNAVAILABLE";
  }
}

/**
 * @param origin of the staff pages, without a path
 * @throws (each call) a `Fault` with the server's code; `UNAVAILABLE` when nobody answers
 */
export function staffClient(origin: string): StaffClient {
  const cookies = new Map<string, string>();

  const cookie = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

  async function ask(method: string, path: string, content?: unknown): Promise<Answer> {
    const headers: Record<string, string> = { accept: "application/json", origin, "sec-fetch-site": "same-origin" };
    if (cookies.size > 0) headers["cookie"] = cookie();
    if (content !== undefined) headers["content-type"] = "application/json";
    const body = content === undefined ? {} : { body: JSON.stringify(content, carried) };
    const response = await fetchFrom(origin + path, { method, headers, ...body });
    keep(response.headers.getSetCookie());
    const text = await response.text();
    if (!response.ok) throw new Fault(codeIn(text), `${method} ${path} answered ${response.status}`);
    return { status: response.status, value: text === "" ? null : parseJson(text) };
  }

  function keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [name = "", value = ""] = line.split(";")[0]!.split(/=(.*)/s);
      if (value === "" || /;\s*max-age=0/i.test(line)) cookies.delete(name.trim());
      else cookies.set(name.trim(), value);
    }
  }

  return {
    origin,
    get: (path) => ask("GET", path),
    post: (path, content) => ask("POST", path, content),
    remove: (path) => ask("DELETE", path),
    cookie,
  };
}
