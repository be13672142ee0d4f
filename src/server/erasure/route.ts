/** Erasure, for owners who decide and auditors who look. The writer asks elsewhere, by receipt. */
import * as contract from "../../contract/erasure.ts";
import { certificateName } from "../../domain/log/erasure.ts";
import { Fault } from "../../domain/problem.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { certificateOf, decideErasure } from "./action.ts";
import { dueLetters, eraseDue } from "./retention.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { namesOf } from "../people/store/accounts.ts";
import { erasuresOf } from "./store/erasures.ts";

/** Whoever started us brings it out of the database's files. */
const sayErased = (): void => void process.send?.({ erased: true });

export async function erasureRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  serve(app, contract.listErasures, async ({ params }) => {
    const rows = await erasuresOf(pool, params.body);
    const names = await namesOf(
      pool,
      rows.flatMap((row) => row.decided_by ?? []),
    );
    return {
      erasures: rows.map((row) => ({
        erasure: row.id,
        submission: row.submission,
        additions: row.additions,
        reference: referenceOf(row.submission),
        inbox: row.inbox,
        receivedAt: row.received_at.getTime(),
        askedBy: row.asked_by,
        askedAt: row.asked_at.getTime(),
        state: row.state,
        decidedAt: row.decided_at?.getTime() ?? null,
        decidedBy: row.decided_by ? (names.get(row.decided_by)?.name ?? "A person who is no longer here") : null,
        reason: row.reason,
        words: row.reason_text,
        sweptAt: row.swept_at?.getTime() ?? null,
      })),
    };
  });

  serve(app, contract.listDue, async ({ params }) => ({
    due: (await dueLetters(pool, chains, params.body, Date.now(), config.zones)).map((letter) => ({
      submission: letter.submission,
      additions: letter.additions,
      reference: referenceOf(letter.submission),
      inbox: letter.inbox,
      receivedAt: letter.at,
      months: letter.months,
    })),
  }));

  serve(app, contract.eraseDue, async ({ params, content, request }) => {
    await eraseDue(pool, chains, signedIn(request), params.body, content.acts, config);
    sayErased();
  });

  serve(app, contract.readCertificate, async ({ params, reply }) => {
    const row = (await erasuresOf(pool, params.body)).find((one) => one.id === params.erasure);
    if (!row?.event || row.state !== "granted") throw new Fault("ERASURE_UNKNOWN");
    const { persons } = (await chains.need(pool, params.body)).state;
    const text = await certificateOf(pool, row.event, persons, config.zones);
    if (text === null) throw new Fault("LOG_NOT_SIGNED");
    reply.header("content-disposition", `attachment; filename="${certificateName(row.submission)}"`);
    return text;
  });

  serve(app, contract.grantErasure, async ({ params: { body, erasure }, content, request }) => {
    await decideErasure(pool, chains, signedIn(request), body, erasure, { grant: content.act }, config.backupDays);
    sayErased();
  });

  serve(app, contract.refuseErasure, async ({ params: { body, erasure }, content, request }) => {
    const { act: refuse, words, salt } = content;
    await decideErasure(pool, chains, signedIn(request), body, erasure, { refuse, words, salt }, config.backupDays);
  });
}
