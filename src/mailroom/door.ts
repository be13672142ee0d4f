/**
 * The door for the jobs process, on this machine and with its credential: the key of this start, one message in, one
 * outcome out. Nothing opened ever leaves by it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { timingSafeEqual } from "node:crypto";
import { bouncesTaken, health, readBounces, readKey, sendMessage } from "../contract/mailroom.ts";
import type { Content } from "../contract/route.ts";
import { SEALED_MAX } from "../domain/mail/message.ts";
import type { Bounces } from "./bounces.ts";
import type { Config } from "./config.ts";
import { note } from "./log.ts";
import type { Room } from "./room.ts";

/** How long a question for bounces is left open, milliseconds. */
const BOUNCES_OPEN = 20_000;

type Answer = { readonly status: number; readonly text: string };

export function openDoor(config: Config, room: Room, bounces: Bounces | null): Promise<Server> {
  const expected = Buffer.from(`Pillarbox-Jobs ${config.credential}`);
  const knows = (request: IncomingMessage): boolean => {
    const given = Buffer.from(request.headers.authorization ?? "");
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  const found = <A>(route: { readonly answer: Content<A> }, value: A): Answer => ({
    status: 200,
    text: String(route.answer.write(value)),
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const [path] = (request.url ?? "").split("?");
    if (request.method === "GET" && path === health.path) return found(health, { ok: true });
    if (!knows(request)) return { status: 403, text: "{}" };
    if (request.method === "GET" && path === readKey.path) return found(readKey, room.key);
    if (request.method === "GET" && path === readBounces.path)
      return found(readBounces, { bounces: bounces ? await bounces.waiting(BOUNCES_OPEN) : [] });
    if (request.method !== "POST") return { status: 404, text: "{}" };
    const body = await bodyOf(request);
    if (body === null) return { status: 413, text: "{}" };
    if (path === bouncesTaken.path) {
      bounces?.taken(bouncesTaken.request.read(new Uint8Array(body)).deliveries);
      return found(bouncesTaken, undefined);
    }
    const [, delivery, attempt] = /^\/messages\/([0-9a-f]{32})\/(\d{1,4})$/.exec(path ?? "") ?? [];
    if (delivery === undefined) return { status: 404, text: "{}" };
    return found(sendMessage, await room.take(delivery, Number(attempt), new Uint8Array(body)));
  }

  const server = createServer((request, response: ServerResponse) => {
    answer(request).then(
      ({ status, text }) =>
        response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(text),
      () => response.destroy(),
    );
  });
  // A carrier may take minutes; whoever asks waits as long.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  return new Promise((listening, fail) => {
    server.once("error", fail);
    server.listen({ port: config.port, host: config.host }, () => {
      note({ level: "info", detail: "open" });
      listening(server);
    });
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > SEALED_MAX) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
