/**
 * Asks as a stranger would: no cookie, no credential, and the path as it is written, because a client that tidies it up
 * would never try the other spellings.
 */
import * as http from "node:http";
import * as https from "node:https";
import type { Bytes } from "../domain/bytes.ts";
import { askOnce, type Reply } from "./asker.ts";

export type Ask = {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Bytes | string;
};
export type Answer = Reply & { readonly ask: Ask };

const kept = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: 4 }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: 4 }),
};

/** Says who it is, so that whoever reads an access log can tell its visits from a stranger's. */
const AGENT = "Pillarbox-Monitor/1 (looks for exposure of this service's own pages)";
/**
 * Programs in pages are also asked for as a browser asks: a server that serves the monitor something else would be
 * caught only so.
 */
export const BROWSER =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/** @throws `NotLooked` */
export async function ask(one: Ask): Promise<Answer> {
  const { method, origin, path, headers = {}, body } = one;
  const reply = await askOnce(
    { method, origin: new URL(origin), path, headers, body, called: `${origin}${path}` },
    { agent: AGENT, kept, patience: "silence", asksToWait: (status) => [429, 502, 504].includes(status) },
  );
  return { ask: one, ...reply };
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
