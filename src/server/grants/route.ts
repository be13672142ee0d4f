/** Asking that named people may read, and what became of it. */
import { askToRead, declineRequest, listRequests, withdrawRequest } from "../../contract/grants.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { namesOf } from "../people/store/accounts.ts";
import { releaseProof } from "../log/store/proofs.ts";
import { ask, closeRequest } from "./action.ts";
import { requestsOf } from "./store.ts";

const NONE = new Uint8Array();

export async function grantRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  serve(app, listRequests, async ({ params }) => {
    const rows = await requestsOf(pool, params.body);
    const names = await namesOf(
      pool,
      rows.flatMap((row) => [row.asker, ...(row.decided_by ? [row.decided_by] : [])]),
    );
    const proofs = new Map<number, string>();
    for (const { state, event } of rows) {
      const proved = state === "open" ? await releaseProof(pool, event) : null;
      if (proved) proofs.set(event, proved.proof);
    }
    return {
      requests: rows.map((row) => ({
        request: row.id,
        inbox: row.inbox,
        asker: { person: row.asker, ...(names.get(row.asker) ?? { name: "Unknown", role: "operator" as const }) },
        persons: row.persons,
        scope: row.scope,
        until: row.until,
        purpose: row.purpose,
        purposeText: row.purpose_text,
        purposeSalt: row.purpose_salt,
        act: {
          entry: row.entry ?? NONE,
          proof: proofs.get(row.event) ?? null,
          signature: row.signature ?? NONE,
          bySalt: row.by_salt ?? NONE,
          personsSalt: row.persons_salt,
        },
        state: row.state,
        askedAt: row.asked_at.getTime(),
        decidedAt: row.decided_at?.getTime() ?? null,
        decidedBy: row.decided_by ? (names.get(row.decided_by) ?? { name: "Unknown", role: "owner" }) : null,
        reason: row.reason,
      })),
    };
  });

  serve(app, askToRead, async ({ params, content, request }) =>
    ask(pool, chains, config, signedIn(request), params.body, content),
  );

  serve(app, declineRequest, async ({ params, content: { act, ...why }, request }) =>
    closeRequest(pool, chains, config, signedIn(request), params.body, params.request, { declined: act, ...why }),
  );

  serve(app, withdrawRequest, async ({ params, content, request }) =>
    closeRequest(pool, chains, config, signedIn(request), params.body, params.request, { withdrawn: content.act }),
  );
}
