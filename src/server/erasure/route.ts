/** Erasure, for owners who decide and auditors who look. The writer asks elsewhere, by receipt. */
import { certificateName, GRANT_REASONS, REFUSE_REASONS } from "../../domain/log/erasure.ts";
import { Fault } from "../../domain/problem.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { certificateOf, decideErasure } from "./action.ts";
import { dueLetters, eraseDue, MOST_DUE } from "./retention.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { namesOf } from "../people/store/accounts.ts";
import { erasuresOf } from "./store/erasures.ts";

type InBody = { Params: { body: string } };
type OfErasure = { Params: { body: string; erasure: string } };

/** Whoever started us brings it out of the database's files. */
const sayErased = (): void => void process.send?.({ erased: true });

export async function erasureRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  app.get<InBody>("/api/bodies/:body/erasures", { config: { action: "erasure.list" } }, async (request) => {
    const rows = await erasuresOf(pool, request.params.body);
    const names = await namesOf(
      pool,
      rows.flatMap((row) => row.decided_by ?? []),
    );
    return rows.map((row) => ({
      erasure: row.id,
      submission: row.submission,
      reference: referenceOf(row.submission),
      inbox: row.inbox,
      form: row.form,
      receivedAt: row.received_at.getTime(),
      askedBy: row.asked_by,
      askedAt: row.asked_at.getTime(),
      state: row.state,
      decidedAt: row.decided_at?.getTime() ?? null,
      decidedBy: row.decided_by ? (names.get(row.decided_by)?.name ?? "A person who is no longer here") : null,
      reason: row.reason,
      words: row.reason_text,
      sweptAt: row.swept_at?.getTime() ?? null,
    }));
  });

  app.get<InBody>("/api/bodies/:body/erasures/due", { config: { action: "erasure.list" } }, async (request) =>
    (await dueLetters(pool, chains, request.params.body, Date.now())).map((letter) => ({
      submission: letter.submission,
      reference: referenceOf(letter.submission),
      inbox: letter.inbox,
      receivedAt: letter.at,
      months: letter.months,
    })),
  );

  app.post<InBody>("/api/bodies/:body/erasures/due", { config: { action: "erasure.due" } }, async (request) => {
    const { submissions } = read.fields(request.body, { submissions: read.list(read.id, MOST_DUE) });
    await eraseDue(pool, chains, signedIn(request), request.params.body, submissions, config.backupDays);
    sayErased();
    return { ok: true };
  });

  app.get<OfErasure>(
    "/api/bodies/:body/erasures/:erasure/certificate",
    { config: { action: "erasure.certificate" } },
    async (request, reply) => {
      const row = (await erasuresOf(pool, request.params.body)).find(
        (one) => one.id === read.id(request.params.erasure),
      );
      if (!row?.event || row.state !== "granted") throw new Fault("ERASURE_UNKNOWN");
      const text = await certificateOf(pool, row.event);
      if (text === null) throw new Fault("LOG_NOT_SIGNED");
      return reply
        .type("text/plain; charset=utf-8")
        .header("content-disposition", `attachment; filename="${certificateName(row.submission)}"`)
        .send(text);
    },
  );

  app.post<OfErasure>(
    "/api/bodies/:body/erasures/:erasure/grant",
    { config: { action: "erasure.decide" } },
    async (request) => {
      const { reason } = read.fields(request.body, { reason: read.oneOf(...GRANT_REASONS) });
      await decideErasure(
        pool,
        signedIn(request),
        request.params.body,
        read.id(request.params.erasure),
        { grant: reason },
        config.backupDays,
      );
      sayErased();
      return { ok: true };
    },
  );

  app.post<OfErasure>(
    "/api/bodies/:body/erasures/:erasure/refuse",
    { config: { action: "erasure.decide" } },
    async (request) => {
      const { reason, words } = read.fields(request.body, {
        reason: read.oneOf(...REFUSE_REASONS),
        words: read.text(500),
      });
      await decideErasure(
        pool,
        signedIn(request),
        request.params.body,
        read.id(request.params.erasure),
        { refuse: reason, words },
        config.backupDays,
      );
      return { ok: true };
    },
  );
}
