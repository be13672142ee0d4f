/**
 * The log over HTTP (c2sp.org/tlog-tiles): checkpoint and tiles for everybody, entry bundles for auditors and
 * owners: a body's for its own, the host's for all and for operators.
 * Any other spelling of a path is nothing.
 */
import { gzipSync } from "node:zlib";
import type { FastifyReply } from "fastify";
import * as contract from "../../contract/log.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { encodeBundle } from "../../domain/log/bundle.ts";
import { isCaseAct } from "../../domain/case/fold.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { HOST } from "../../domain/log/names.ts";
import { parseEntriesPath, parseTilePath } from "../../domain/log/tile.ts";
import { leafHash } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import type { Pool } from "../database/pool.ts";
import type { Which } from "./store/log.ts";
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

type Place = { readonly of?: string; readonly log?: string };
/**
 * The first log is at the prefix itself, the n-th after it at `<prefix>/n`, and a body's behind its slug: what was kept
 * of an address for ever stays what it was.
 */
const logOf = ({ of, log }: Place): Which => {
  if (of === undefined) return { whose: HOST, log: Number(log ?? 0) };
  return /^\d+$/.test(of) ? { whose: HOST, log: Number(of) } : { whose: of, log: Number(log ?? 0) };
};

/**
 * `checkpoint` and `tile/<L>/<N>[.p/<W>]` of each log; of one that ended also `next`, the proof of the entry that names
 * the next key; of one that goes on `first`, the proof of its first entry. Texts keep the `no-store` that every answer
 * begins with.
 */
export function publicLog(app: App, pool: Pool): void {
  const checkpoint = async ({ params }: { readonly params: Place }): Promise<string> => {
    const { whose, log } = logOf(params);
    return found((await publishedCheckpoint(pool, whose, log))?.note);
  };
  serve(app, contract.publicCheckpoint, checkpoint);
  serve(app, contract.publicCheckpointOf, checkpoint);
  serve(app, contract.publicCheckpointOfBody, checkpoint);

  const next = async ({ params }: { readonly params: Place }): Promise<string> =>
    found((await pastLog(pool, logOf(params)))?.ended);
  serve(app, contract.publicNext, next);
  serve(app, contract.publicNextOf, next);
  serve(app, contract.publicNextOfBody, next);

  const first = async ({ params }: { readonly params: Place }): Promise<string> => {
    const { whose, log } = logOf(params);
    const published = found(await publishedCheckpoint(pool, whose, log));
    return found(await beginning(pool, published, published.note, published.checkpoint.size));
  };
  serve(app, contract.publicFirst, first);
  serve(app, contract.publicFirstOf, first);
  serve(app, contract.publicFirstOfBody, first);

  type Tile = { readonly params: Place & { readonly "*": string }; readonly reply: FastifyReply };
  const tile = async ({ params, reply }: Tile): Promise<Bytes> => {
    const asked = named(parseTilePath, `tile/${params["*"]}`);
    const bytes = found(await signedTile(pool, logOf(params), asked, asked.width));
    unchanging(reply, true);
    return bytes;
  };
  serve(app, contract.publicTile, tile);
  serve(app, contract.publicTileOf, tile);
  serve(app, contract.publicTileOfBody, tile);
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
    // That rows were lost with an older database is told to all: acts of that time are missed by nobody.
    const isOfLetters = (entry: Entry): boolean => {
      if (entry.kind === "database.restored") return true;
      if (entry.kind === "submission.received" || entry.kind === "marker.planted")
        return mayReadOf(entry.inbox, entry.epoch);
      return (entry.kind === "erasure.done" || isCaseAct(entry)) && mayReadOf(entry.inbox, null);
    };
    const entries = found(await signedEntries(pool, logOf({ of: body, log: params.log }), index, width));
    reply.header("cache-control", "no-store");
    return encodeBundle(
      entries.map((entry) => (isOfLetters(parseEntry(new Uint8Array(entry))) ? entry : leafHash(entry))),
    );
  });
}

/**
 * `tile/entries/<N>[.p/<W>]` of each log, compressed always, as the specification allows. Who may read a body's is asked
 * of that body.
 */
export function auditedEntries(app: App, pool: Pool): void {
  type Bundle = {
    readonly params: { readonly body?: string; readonly log?: string; readonly "*": string };
    readonly reply: FastifyReply;
  };
  const entries = async ({ params, reply }: Bundle): Promise<Bytes> => {
    const bundle = named(parseEntriesPath, `tile/entries/${params["*"]}`);
    const of = { whose: params.body ?? HOST, log: Number(params.log ?? 0) };
    const signed = found(await signedEntries(pool, of, bundle.index, bundle.width));
    unchanging(reply, false).header("content-encoding", "gzip");
    return gzipSync(encodeBundle(signed));
  };
  serve(app, contract.readEntries, entries);
  serve(app, contract.readEntriesOf, entries);
  serve(app, contract.readBodyEntries, entries);
  serve(app, contract.readBodyEntriesOf, entries);
}
