/** Reading: releases, and the history of who read what. */
import { auditBodyLog, auditLog, readCheckpoint, readHistory } from "../../contract/log.ts";
import * as contract from "../../contract/reading.ts";
import { begin, handOver, opened, type HandedOver } from "./release.ts";
import { history } from "../log/history.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { whenSigned } from "../http/when-signed.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { signedHead } from "../log/store/events.ts";
import { auditedLog } from "../log/store/proofs.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { HOST } from "../../domain/log/names.ts";
import { auditedEntries, letterEntries } from "../log/route.ts";

/** Later than any time that the database knows. */
const ALWAYS = 8.64e15 / 1000;

export async function readingRoutes(app: App, { pool, chains }: Staff): Promise<void> {
  serve(app, contract.beginRelease, async ({ params, content, request }) => {
    const { purpose, release, inbox, since = 0, before = ALWAYS, submissions = [] } = content;
    await begin(
      pool,
      chains,
      signedIn(request),
      params.body,
      purpose === "list" ? { purpose, release, inbox, since, before } : { purpose, release, inbox, submissions },
    );
  });

  serve(app, contract.fetchRelease, async ({ params, request }) =>
    whenSigned(async () => {
      const handed = await handOver(pool, chains, signedIn(request), params.release);
      return handed && present(handed);
    }),
  );

  serve(app, contract.noteOpened, async ({ params, request }) => opened(pool, signedIn(request), params.release));

  serve(app, readHistory, async ({ params, query }) => {
    const { before = Number.MAX_SAFE_INTEGER, kind } = query;
    const { items, ...page } = await history(pool, params.body, await chains.need(pool, params.body), before, kind);
    return {
      ...page,
      items: items.map((item) => ({ ...item, about: { ...item.about, reason: item.about.reason ?? null } })),
    };
  });

  auditedEntries(app, pool);
  letterEntries(app, { pool, chains });
  serve(app, auditLog, async ({ query }) => ({ logs: await auditedLog(pool, HOST, query.seen ?? []) }));
  serve(app, auditBodyLog, async ({ params, query }) => ({
    logs: await auditedLog(pool, params.body, query.seen ?? []),
  }));
  serve(app, readCheckpoint, async () => (await signedHead(pool, HOST)).checkpoint ?? "");
}

const present = ({ proof, entry, personSalt, release, items, received, added, acts, done }: HandedOver) => ({
  proof,
  entry,
  personSalt,
  idsSalt: release.ids_salt,
  received,
  added,
  acts,
  done,
  items: items.map((item) => ({
    submission: item.submission,
    epoch: item.epoch,
    formHash: item.form_hash.toString("hex"),
    path: item.path,
    first: item.first,
    reference: referenceOf(item.submission),
    bytes: item.bytes,
  })),
});
