/**
 * Asks as a stranger would: no cookie, no credential, and the path as it is written, because a client that tidies it up
 * would never try the other spellings.
 */
import * as http from "node:http";
import * as https from "node:https";
import type { Bytes } from "../domain/bytes.ts";

export type Ask = {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Bytes | string;
};
export type Answer = {
  readonly ask: Ask;
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
};

/** Could not look: no answer, too much of it, or somebody in between who asks us to wait. It is never a clean look. */
export class NotLooked extends Error {}

const PATIENCE = 10_000;
const MOST = 8 * 1024 * 1024;
const agents = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: 4 }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: 4 }),
};

/** Says who it is, so that whoever reads an access log can tell its visits from a stranger's. */
export const AGENT = "Pillarbox-Monitor/1 (looks for exposure of this service's own pages)";
/**
 * Programs in pages are also asked for as a browser asks: a server that serves the monitor something else would be
 * caught only so.
 */
export const BROWSER =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/** @throws `NotLooked` */
export function ask(one: Ask): Promise<Answer> {
  const url = new URL(one.origin);
  const tls = url.protocol === "https:";
  return new Promise((done, fail) => {
    const lost = (why: string) => fail(new NotLooked(`${one.method} ${one.origin}${one.path}: ${why}`));
    const request = (tls ? https : http).request({
      protocol: url.protocol,
      hostname: url.hostname,
      port: url.port || (tls ? 443 : 80),
      method: one.method,
      path: one.path,
      agent: agents[tls ? "https:" : "http:"],
      headers: {
        "user-agent": AGENT,
        accept: "*/*",
        "accept-encoding": "identity",
        ...(one.body === undefined ? {} : { "content-length": String(Buffer.byteLength(one.body)) }),
        ...one.headers,
      },
    });
    request.setTimeout(PATIENCE, () => request.destroy(new Error("no answer in time")));
    request.on("error", (thrown) => lost(thrown.message));
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on("data", (part: Buffer) => {
        size += part.length;
        if (size > MOST) request.destroy(new Error("it does not end"));
        else parts.push(part);
      });
      response.on("error", (thrown) => lost(thrown.message));
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        if (status === 429 || status === 502 || status === 504) return lost(`answered ${status}`);
        done({ ask: one, status, headers: response.headers, bytes: Buffer.concat(parts) });
      });
    });
    request.end(one.body);
  });
}

export const header = (answer: Answer, name: string): string => [answer.headers[name] ?? ""].flat().join(", ");

/** An answer in our own form, or undefined. */
export function jsonOf(answer: Answer): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(answer.bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { readonly [name: string]: unknown })
      : undefined;
  } catch {
    return undefined;
  }
}
