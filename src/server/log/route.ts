/**
 * The log over HTTP (c2sp.org/tlog-tiles): checkpoint and tiles for everybody, entry bundles for auditors and owners.
 * Any other spelling of a path is nothing.
 */
import { gzipSync } from "node:zlib";
import type { FastifyReply } from "fastify";
import * as contract from "../../contract/log.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { encodeBundle } from "../../domain/log/bundle.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { parseEntriesPath, parseTilePath } from "../../domain/log/tile.ts";
import { leafHash } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import type { Pool } from "../database/pool.ts";
import { pastLog } from "./store/past-logs.ts";
import { beginning } from "./store/proofs.ts";
import { publishedCheckpoint, signedEntries, signedTile } from "./store/tiles.ts";

/** What the path names, or `NOT_FOUND`. */
function named<T>(parse: (path: string) => T, path: string): T {
  try {
    return parse(path);
  } catch {
    throw new Fault("NOT_FOUND");
  }
}

/** What is there, or `NOT_FOUND`. */
function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined || value === "") throw new Fault("NOT_FOUND");
  return value;
}

/** What never changes may be kept for ever; only entries are not for shared caches. */
const unchanging = (reply: FastifyReply, shared: boolean): FastifyReply =>
  reply.header("cache-control", `${shared ? "public" : "private"}, max-age=31536000, immutable`);

type Log = { readonly log?: string };
/**
 * The first log is at the prefix itself, the n-th after it at `<prefix>/n`: what was kept of an address for ever stays
 * what it was.
 */
const logOf = ({ log }: Log): number => (log === undefined ? 0 : Number(log));

/**
 * `checkpoint` and `tile/<L>/<N>[.p/<W>]` of each log; of one that ended also `next`, the proof of the entry that names
 * the next key; of one that goes on `first`, the proof of its first entry. Texts keep the `no-store` that every answer
 * begins with.
 */
export function publicLog(app: App, pool: Pool): void {
  const checkpoint = async ({ params }: { readonly params: Log }): Promise<string> =>
    found((await publishedCheckpoint(pool, logOf(params)))?.note);
  serve(app, contract.publicCheckpoint, checkpoint);
  serve(app, contract.publicCheckpointOf, checkpoint);

  const next = async ({ params }: { readonly params: Log }): Promise<string> =>
    found((await pastLog(pool, logOf(params)))?.ended);
  serve(app, contract.publicNext, next);
  serve(app, contract.publicNextOf, next);

  const first = async ({ params }: { readonly params: Log }): Promise<string> => {
    const published = found(await publishedCheckpoint(pool, logOf(params)));
    return found(await beginning(pool, published.log, published.note, published.checkpoint.size));
  };
  serve(app, contract.publicFirst, first);
  serve(app, contract.publicFirstOf, first);

  type Tile = { readonly params: Log & { readonly "*": string }; readonly reply: FastifyReply };
  const tile = async ({ params, reply }: Tile): Promise<Bytes> => {
    const asked = named(parseTilePath, `tile/${params["*"]}`);
    const bytes = found(await signedTile(pool, logOf(params), asked, asked.width));
    unchanging(reply, true);
    return bytes;
  };
  serve(app, contract.publicTile, tile);
  serve(app, contract.publicTileOf, tile);
}

/**
 * One bundle for a reader of letters: an entry that speaks of no letter that they may read is its leaf alone. Whoever
 * gets it can hold all of it against the signed root; of what is withheld they have our word that it is no letter.
 */
export function letterEntries(app: App, { pool, chains }: Pick<Staff, "pool" | "chains">): void {
  serve(app, contract.readLetterEntries, async ({ params, request, reply }) => {
    const { body } = params;
    const { index, width } = named(parseEntriesPath, `tile/entries/${params["*"]}`);
    const who = signedIn(request);
    const { state } = await chains.need(pool, body);
    const mayReadOf = (inbox: string, epoch: number | null): boolean =>
      (state.inboxes.get(inbox)?.epochs ?? []).some(
        (one) => (epoch ?? one.epoch) === one.epoch && mayRead(state, who.person, inbox, one.epoch, Date.now()).ok,
      );
    const isOfLetters = (entry: Entry): boolean =>
      entry.kind === "submission.received" || entry.kind === "marker.planted"
        ? mayReadOf(entry.inbox, entry.epoch)
        : entry.kind === "erasure.done" && mayReadOf(entry.inbox, null);
    const entries = found(await signedEntries(pool, logOf(params), index, width));
    reply.header("cache-control", "no-store");
    return encodeBundle(
      entries.map((entry) => (isOfLetters(parseEntry(new Uint8Array(entry))) ? entry : leafHash(entry))),
    );
  });
}

/** `tile/entries/<N>[.p/<W>]` of each log, compressed always, as the specification allows. */
export function auditedEntries(app: App, pool: Pool): void {
  type Bundle = { readonly params: Log & { readonly "*": string }; readonly reply: FastifyReply };
  const entries = async ({ params, reply }: Bundle): Promise<Bytes> => {
    const bundle = named(parseEntriesPath, `tile/entries/${params["*"]}`);
    const signed = found(await signedEntries(pool, logOf(params), bundle.index, bundle.width));
    unchanging(reply, false).header("content-encoding", "gzip");
    return gzipSync(encodeBundle(signed));
  };
  serve(app, contract.readEntries, entries);
  serve(app, contract.readEntriesOf, entries);
}
