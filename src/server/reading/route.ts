/** Reading: releases, and the history of who read what. */
import { toBase64 } from "../../domain/bytes.ts";
import { begin, handOver, opened, type HandedOver } from "./release.ts";
import { history } from "../log/history.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { Fault } from "../../domain/problem.ts";
import { signedHead } from "../log/store/events.ts";
import { auditedLog, type SeenSize } from "../log/store/proofs.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { auditedEntries } from "../log/route.ts";

type InBody = { Params: { body: string } };
type OfRelease = { Params: { release: string } };

/** How long a request for bytes waits by itself for the checkpoint, and how often it looks. Milliseconds. */
const WAIT = 3000;
const LOOK = 20;

export async function readingRoutes(app: App, { pool, chains }: Staff): Promise<void> {
  app.post<InBody>("/api/bodies/:body/releases", { config: { action: "release.list" } }, async (request, reply) => {
    const given = read.fields(request.body, {
      release: read.id,
      inbox: read.id,
      purpose: read.oneOf("list", "open"),
      since: read.optional(read.whole),
      before: read.optional(read.whole),
      submissions: read.optional(read.list(read.id, 1)),
    });
    const wanted =
      given.purpose === "list"
        ? {
            purpose: given.purpose,
            release: given.release,
            inbox: given.inbox,
            since: given.since ?? 0,
            before: given.before ?? 8.64e15 / 1000,
          }
        : { purpose: given.purpose, release: given.release, inbox: given.inbox, submissions: given.submissions ?? [] };
    const release = await begin(pool, chains, signedIn(request), request.params.body, wanted);
    return reply.code(202).send({ release });
  });

  app.get<OfRelease>("/api/releases/:release", { config: { action: "release.fetch" } }, async (request, reply) => {
    const id = read.id(request.params.release);
    for (const end = Date.now() + WAIT; Date.now() < end; await new Promise((later) => setTimeout(later, LOOK))) {
      const handed = await handOver(pool, chains, signedIn(request), id);
      if (handed) return present(handed);
    }
    return reply.code(202).send({ waiting: true });
  });

  app.post<OfRelease>("/api/releases/:release/opened", { config: { action: "release.opened" } }, async (request) => {
    await opened(pool, signedIn(request), read.id(request.params.release));
    return { ok: true };
  });

  app.get<InBody & { Querystring: { before?: string; kind?: string } }>(
    "/api/bodies/:body/log",
    { config: { action: "log.view" } },
    async (request) => {
      const before =
        request.query.before === undefined ? Number.MAX_SAFE_INTEGER : read.whole(Number(request.query.before));
      return history(
        pool,
        request.params.body,
        await chains.need(pool, request.params.body),
        before,
        request.query.kind,
      );
    },
  );

  auditedEntries(app, pool, "/api/log");
  app.get<{ Querystring: { seen?: string | string[] } }>(
    "/api/log/audit",
    { config: { action: "log.audit" } },
    async (request) =>
      (await auditedLog(pool, [request.query.seen ?? []].flat().map(seenSize))).map(({ proofs, ...log }) => ({
        ...log,
        proofs: proofs.map(({ size, hashes }) => ({ size, hashes: hashes.map(toBase64) })),
      })),
  );
  app.get("/api/log/checkpoint", { config: { action: "checkpoint.view" } }, async (_request, reply) =>
    reply.type("text/plain; charset=utf-8").send((await signedHead(pool)).checkpoint ?? ""),
  );
}

/** `<size>:<origin>`, as a browser says what it has seen. */
function seenSize(text: string): SeenSize {
  const [, size, origin] = /^(\d{1,16}):(\S{1,1000})$/u.exec(text) ?? [];
  if (origin === undefined) throw new Fault("BAD_REQUEST");
  return { size: read.whole(Number(size)), origin };
}

/** Each field that leaves, by name. */
function present({ proof, entry, personSalt, release, items, received, added }: HandedOver) {
  return {
    proof,
    entry: toBase64(entry),
    personSalt: toBase64(personSalt),
    idsSalt: toBase64(release.ids_salt),
    received: received && { proof: received.proof, entry: toBase64(received.entry) },
    added,
    items: items.map((item) => ({
      submission: item.submission,
      form: item.form,
      epoch: item.epoch,
      formHash: item.form_hash.toString("hex"),
      receivedAt: item.received_at.getTime(),
      path: item.path,
      first: item.first,
      reference: referenceOf(item.submission),
      bytes: toBase64(item.bytes),
    })),
  };
}
