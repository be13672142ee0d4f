/**
 * The submitter's view over HTTP: status, adding, erasure. Nothing here has a session; each request brings the sign-in
 * part of somebody's words.
 */
import type { FastifyRequest } from "fastify";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fromUtf8, toHex } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { CHECK_PAGE, statusPageView } from "../../domain/receipt/page.ts";
import type { Site } from "../../domain/form/page.ts";
import { Fault } from "../../domain/problem.ts";
import { ADDITION_TYPE, parseAddition } from "../../domain/receipt/adding.ts";
import { encodeStatus } from "../../domain/receipt/status.ts";
import { parseSubmission, SUBMISSION_MAX } from "../../domain/seal/envelope.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { receiveAddition } from "./add.ts";
import type { Chains } from "../statements/chains.ts";
import { askErasure } from "../erasure/action.ts";
import { demandLetter, statusOf } from "./status.ts";
import type { Config } from "../config.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import type { Draw } from "../http/views.ts";
import { inTransaction, type Pool } from "../database/pool.ts";

/**
 * Answers about receipts leave at whole multiples of this after the request came, milliseconds: whether something was
 * found, and how much, does not show in
 * the time (T30). Longer than the work takes.
 */
const BEAT = 250;

export type Public = {
  readonly config: Config;
  readonly pool: Pool;
  readonly chains: Chains;
  readonly site: Site;
  readonly draw: Draw;
  readonly byCounter: (request: FastifyRequest) => boolean;
};

/** What is asked is done first and given on the beat, also when it is refused. */
async function onTheBeat<T>(work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    await wait(BEAT - ((performance.now() - began) % BEAT));
  }
}

const jsonIn = (body: unknown): unknown => {
  if (!Buffer.isBuffer(body)) throw new Fault("WRONG_TYPE");
  return parseJson(fromUtf8(new Uint8Array(body)));
};

export function receiptRoutes(app: App, { config, pool, chains, site, draw, byCounter }: Public): void {
  const limit = { max: config.limits.receiptsPerMinute };
  const parser = (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void): void => done(null, body);
  app.addContentTypeParser("application/json", { parseAs: "buffer", bodyLimit: 1024 }, parser as never);
  app.addContentTypeParser(ADDITION_TYPE, { parseAs: "buffer", bodyLimit: SUBMISSION_MAX + 1024 }, parser as never);

  const setup = {
    installation: config.installation,
    roots: Object.fromEntries([...config.roots].map(([body, root]) => [body, toHex(root)])),
    findUrl: "/status/find",
    addUrl: "/status/additions",
    eraseUrl: "/status/erasure",
  };
  app.get("/status", { config: { action: "page.view" } }, async (_request, reply) =>
    draw(reply, statusPageView({ site, setup })),
  );

  // Saved, never shown from here: the policy of our own pages lets no script run that stands in a document.
  const checkPage = readFileSync(join(config.dist, "check-receipt.html"));
  app.get(CHECK_PAGE, { config: { action: "page.view" } }, async (_request, reply) =>
    reply
      .header("content-disposition", 'attachment; filename="check-receipt.html"')
      .type("text/html; charset=utf-8")
      .send(checkPage),
  );

  // Never compressed: the answers have one length, and would not have it then.
  app.post(
    "/status/find",
    { compress: false, config: { action: "receipt.status", rateLimit: limit } },
    async (request, reply) => {
      const { signIn } = read.fields(jsonIn(request.body), { signIn: read.hex(32) });
      const status = await onTheBeat(() => statusOf(pool, chains, config, signIn, Date.now()));
      return reply.type("application/json").send(Buffer.from(encodeStatus(status)));
    },
  );

  app.post("/status/additions", { config: { action: "receipt.add", rateLimit: limit } }, async (request, reply) => {
    if (!Buffer.isBuffer(request.body)) throw new Fault("WRONG_TYPE");
    const wire = parseAddition(new Uint8Array(request.body));
    const submission = parseSubmission(wire.submission, config.sealing);
    const { receivedAt } = await onTheBeat(() =>
      receiveAddition(pool, chains, config, {
        signIn: wire.signIn,
        submission,
        path: byCounter(request) ? "counter" : "browser",
        wire: wire.submission,
      }),
    );
    return reply.code(201).send({ reference: referenceOf(submission.submission), receivedAt });
  });

  app.post("/status/erasure", { config: { action: "receipt.erase", rateLimit: limit } }, async (request) => {
    const { signIn } = read.fields(jsonIn(request.body), { signIn: read.hex(32) });
    await onTheBeat(() =>
      inTransaction(pool, async (client) =>
        askErasure(client, { submission: (await demandLetter(client, signIn)).submission }),
      ),
    );
    return { asked: true };
  });
}
