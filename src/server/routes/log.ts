/** The log over HTTP (c2sp.org/tlog-tiles): checkpoint and tiles for everybody, entry bundles for auditors and owners. Any other spelling of a path is nothing. */
import { gzipSync } from "node:zlib";
import type { FastifyReply } from "fastify";
import type { Bytes } from "../../domain/bytes.ts";
import { encodeBundle } from "../../domain/log/bundle.ts";
import { parseEntriesPath, parseTilePath } from "../../domain/log/tile.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import type { Pool } from "../store/pool.ts";
import { publishedCheckpoint, signedEntries, signedTile } from "../store/tiles.ts";

type Rest = { Params: { "*": string } };
const PUBLIC = { config: { action: "log.read" } } as const;

/** What the path names, or `NOT_FOUND`. */
function named<T>(parse: (path: string) => T, path: string): T {
  try {
    return parse(path);
  } catch {
    throw new Fault("NOT_FOUND");
  }
}

/** What never changes may be kept for ever; only entries are not for shared caches. */
function unchanging(reply: FastifyReply, bytes: Bytes | null, shared: boolean): FastifyReply {
  if (bytes === null) throw new Fault("NOT_FOUND");
  return reply.header("cache-control", `${shared ? "public" : "private"}, max-age=31536000, immutable`).type("application/octet-stream").send(bytes);
}

/** `<prefix>/checkpoint` and `<prefix>/tile/<L>/<N>[.p/<W>]`. The checkpoint keeps the `no-store` that every answer begins with. */
export function publicLog(app: App, pool: Pool, prefix: string): void {
  app.get(`${prefix}/checkpoint`, PUBLIC, async (_request, reply) => {
    const published = await publishedCheckpoint(pool);
    if (published === null) throw new Fault("NOT_FOUND");
    return reply.type("text/plain; charset=utf-8").send(published.note);
  });
  app.get<Rest>(`${prefix}/tile/*`, PUBLIC, async (request, reply) => {
    const tile = named(parseTilePath, `tile/${request.params["*"]}`);
    return unchanging(reply, await signedTile(pool, tile, tile.width), true);
  });
}

/** `<prefix>/tile/entries/<N>[.p/<W>]`, compressed always, as the specification allows. */
export function auditedEntries(app: App, pool: Pool, prefix: string): void {
  app.get<Rest>(`${prefix}/tile/entries/*`, { config: { action: "log.entries" } }, async (request, reply) => {
    const bundle = named(parseEntriesPath, `tile/entries/${request.params["*"]}`);
    const entries = await signedEntries(pool, bundle.index, bundle.width);
    return unchanging(reply.header("content-encoding", "gzip"), entries && gzipSync(encodeBundle(entries)), false);
  });
}
