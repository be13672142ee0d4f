/** Erasure, for owners who decide and auditors who look. The writer asks elsewhere, by receipt. */
import { GRANT_REASONS, REFUSE_REASONS } from "../../domain/log/erasure.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { decideErasure } from "../actions/erasure.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { namesOf } from "../store/accounts.ts";
import { erasuresOf } from "../store/erasures.ts";

type InBody = { Params: { body: string } };
type OfErasure = { Params: { body: string; erasure: string } };

export async function erasureRoutes(app: App, { config, pool }: Staff): Promise<void> {
  app.get<InBody>("/api/bodies/:body/erasures", { config: { action: "erasure.list" } }, async (request) => {
    const rows = await erasuresOf(pool, request.params.body);
    const names = await namesOf(pool, rows.flatMap((row) => row.decided_by ?? []));
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
    }));
  });

  app.post<OfErasure>("/api/bodies/:body/erasures/:erasure/grant", { config: { action: "erasure.decide" } }, async (request) => {
    const { reason } = read.fields(request.body, { reason: read.oneOf(...GRANT_REASONS) });
    await decideErasure(pool, signedIn(request), request.params.body, read.id(request.params.erasure), { grant: reason }, config.backupDays);
    return { ok: true };
  });

  app.post<OfErasure>("/api/bodies/:body/erasures/:erasure/refuse", { config: { action: "erasure.decide" } }, async (request) => {
    const { reason, words } = read.fields(request.body, { reason: read.oneOf(...REFUSE_REASONS), words: read.text(500) });
    await decideErasure(pool, signedIn(request), request.params.body, read.id(request.params.erasure), { refuse: reason, words }, config.backupDays);
    return { ok: true };
  });
}
