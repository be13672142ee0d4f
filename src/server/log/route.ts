/**
 * The log over HTTP (c2sp.org/tlog-tiles): checkpoint and tiles for everybody, entry bundles for auditors and owners.
 * Any other spelling of a path is nothing.
 */
import { gzipSync } from "node:zlib";
import type { FastifyReply } from "fastify";
import type { Bytes } from "../../domain/bytes.ts";
import { encodeBundle } from "../../domain/log/bundle.ts";
import { parseEntriesPath, parseTilePath } from "../../domain/log/tile.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import type { Pool } from "../database/pool.ts";
import { pastLog } from "./store/past-logs.ts";
import { beginning } from "./store/proofs.ts";
import { publishedCheckpoint, signedEntries, signedTile } from "./store/tiles.ts";

type OfLog = { Params: { log?: string } };
type Rest = { Params: { "*": string; log?: string } };
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
  return reply
    .header("cache-control", `${shared ? "public" : "private"}, max-age=31536000, immutable`)
    .type("application/octet-stream")
    .send(bytes);
}

/**
 * The first log is at the prefix itself, the n-th after it at `<prefix>/n`: what was kept of an address for ever stays
 * what it was.
 */
function logOf(params: { readonly log?: string }): number {
  if (params.log === undefined) return 0;
  if (!/^[1-9]\d{0,5}$/.test(params.log)) throw new Fault("NOT_FOUND");
  return Number(params.log);
}

const text = (reply: FastifyReply, found: string | null | undefined): FastifyReply => {
  if (!found) throw new Fault("NOT_FOUND");
  return reply.type("text/plain; charset=utf-8").send(found);
};

/**
 * `checkpoint` and `tile/<L>/<N>[.p/<W>]` of each log; of one that ended also `next`, the proof of the entry that names
 * the next key; of one that goes on `first`, the proof of its first entry.
 * Texts keep the `no-store` that every answer begins with.
 */
export function publicLog(app: App, pool: Pool, prefix: string): void {
  for (const at of [prefix, `${prefix}/:log`]) {
    app.get<OfLog>(`${at}/checkpoint`, PUBLIC, async (request, reply) =>
      text(reply, (await publishedCheckpoint(pool, logOf(request.params)))?.note),
    );
    app.get<OfLog>(`${at}/next`, PUBLIC, async (request, reply) =>
      text(reply, (await pastLog(pool, logOf(request.params)))?.ended),
    );
    app.get<OfLog>(`${at}/first`, PUBLIC, async (request, reply) => {
      const published = await publishedCheckpoint(pool, logOf(request.params));
      return text(
        reply,
        published && (await beginning(pool, published.log, published.note, published.checkpoint.size)),
      );
    });
    app.get<Rest>(`${at}/tile/*`, PUBLIC, async (request, reply) => {
      const tile = named(parseTilePath, `tile/${request.params["*"]}`);
      return unchanging(reply, await signedTile(pool, logOf(request.params), tile, tile.width), true);
    });
  }
}

/** `tile/entries/<N>[.p/<W>]` of each log, compressed always, as the specification allows. */
export function auditedEntries(app: App, pool: Pool, prefix: string): void {
  for (const at of [prefix, `${prefix}/:log`]) {
    app.get<Rest>(`${at}/tile/entries/*`, { config: { action: "log.entries" } }, async (request, reply) => {
      const bundle = named(parseEntriesPath, `tile/entries/${request.params["*"]}`);
      const entries = await signedEntries(pool, logOf(request.params), bundle.index, bundle.width);
      return unchanging(reply.header("content-encoding", "gzip"), entries && gzipSync(encodeBundle(entries)), false);
    });
  }
}
