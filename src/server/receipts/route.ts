/**
 * The submitter's view over HTTP: status, adding, erasure. Nothing here has a session; each request brings the sign-in
 * part of somebody's words.
 */
import type { FastifyRequest } from "fastify";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as contract from "../../contract/receipts.ts";
import { addressOf } from "../../contract/route.ts";
import { toHex } from "../../domain/bytes.ts";
import { CHECK_PAGE, statusPageView } from "../../domain/receipt/page.ts";
import type { Site } from "../../domain/form/page.ts";
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
import { serve } from "../http/serve.ts";
import type { Draw } from "../http/views.ts";
import { inTransaction, type Pool } from "../database/pool.ts";

/**
 * Answers about receipts leave at whole multiples of this after the request came, milliseconds: whether something was
 * found, and how much, does not show in the time (T30). Longer than the work takes.
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

export function receiptRoutes(app: App, { config, pool, chains, site, draw, byCounter }: Public): void {
  const rateLimit = { max: config.limits.receiptsPerMinute };
  const parser = (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void): void => done(null, body);
  app.addContentTypeParser("application/json", { parseAs: "buffer", bodyLimit: 1024 }, parser as never);
  app.addContentTypeParser(ADDITION_TYPE, { parseAs: "buffer", bodyLimit: SUBMISSION_MAX + 1024 }, parser as never);

  const setup = {
    installation: config.installation,
    logKey: config.logKey,
    sealing: config.sealing,
    roots: Object.fromEntries([...config.roots].map(([body, root]) => [body, toHex(root)])),
    findUrl: addressOf(contract.findStatus, {}),
    addUrl: addressOf(contract.addToLetter, {}),
    eraseUrl: addressOf(contract.askErasure, {}),
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
  serve(
    app,
    contract.findStatus,
    async ({ content }) =>
      encodeStatus(await onTheBeat(() => statusOf(pool, chains, config, content.signIn, Date.now()))),
    { compress: false, rateLimit },
  );

  serve(
    app,
    contract.addToLetter,
    async ({ content, request }) => {
      const wire = parseAddition(content);
      const submission = parseSubmission(wire.submission, config.sealing);
      const { receivedAt } = await onTheBeat(() =>
        receiveAddition(pool, chains, {
          signIn: wire.signIn,
          submission,
          path: byCounter(request) ? "counter" : "browser",
          wire: wire.submission,
        }),
      );
      return { reference: referenceOf(submission.submission), receivedAt };
    },
    { rateLimit },
  );

  serve(
    app,
    contract.askErasure,
    async ({ content }) => {
      await onTheBeat(() =>
        inTransaction(pool, async (client) => {
          const { body, submission } = await demandLetter(client, content.signIn);
          return askErasure(client, { body, submission });
        }),
      );
    },
    { rateLimit },
  );
}
