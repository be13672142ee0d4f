/**
 * One question over HTTP and its whole answer, for both watches: the path is sent as it is written, no redirect is
 * followed, nothing is taken apart, and time and bytes have an end.
 */
import * as http from "node:http";
import * as https from "node:https";
import type { LookupFunction } from "node:net";
import type { Bytes } from "../domain/bytes.ts";

export type Question = {
  readonly method: string;
  /** scheme, host and port; its path is not used */
  readonly origin: URL;
  readonly path: string;
  /** beside those that every question has */
  readonly headers: { readonly [name: string]: string };
  readonly body?: Bytes | string | undefined;
  /** how the place is called when it could not be looked at */
  readonly called: string;
};

/** How it is asked. */
export type Manner = {
  /** how we say who we are */
  readonly agent: string;
  /** connections that are kept, by scheme; without them each question has a connection of its own */
  readonly kept?: { readonly "http:": http.Agent; readonly "https:": https.Agent };
  /** in the place of asking for the name again */
  readonly lookup?: LookupFunction;
  /** `silence`: for so long nothing may come; `whole`: then all of it must be there */
  readonly patience: "silence" | "whole";
  /** a status by which somebody in between asks us to wait */
  readonly asksToWait: (status: number) => boolean;
};

export type Reply = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
};

/**
 * Could not look: no answer, too much of it, or somebody in between who asks us to wait. It is never a clean look, and
 * never closes a finding.
 */
export class NotLooked extends Error {}

/** Milliseconds; bytes of an answer. */
const PATIENCE = 10_000;
const MOST = 8 * 1024 * 1024;

/** @throws `NotLooked` */
export function askOnce({ method, origin, path, headers, body, called }: Question, manner: Manner): Promise<Reply> {
  const tls = origin.protocol === "https:";
  return new Promise((done, fail) => {
    const lost = (why: string): void => fail(new NotLooked(`${method} ${called}: ${why}`));
    const request = (tls ? https : http).request({
      protocol: origin.protocol,
      hostname: origin.hostname.replace(/^\[|\]$/g, ""),
      port: origin.port || (tls ? 443 : 80),
      method,
      path,
      agent: manner.kept?.[tls ? "https:" : "http:"] ?? false,
      ...(manner.lookup && { lookup: manner.lookup }),
      headers: {
        "user-agent": manner.agent,
        accept: "*/*",
        "accept-encoding": "identity",
        ...headers,
        ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
      },
    });
    const tooLate = (): void => void request.destroy(new Error("no answer in time"));
    if (manner.patience === "silence") request.setTimeout(PATIENCE, tooLate);
    else {
      const late = setTimeout(tooLate, PATIENCE);
      request.on("close", () => clearTimeout(late));
    }
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
        if (manner.asksToWait(status)) lost(`answered ${status}`);
        else done({ status, headers: response.headers, bytes: Buffer.concat(parts) });
      });
    });
    request.end(body);
  });
}
