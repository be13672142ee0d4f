/** Asking that named people may read, and what became of it. */
import { askToRead, declineRequest, listRequests, withdrawRequest } from "../../contract/grants.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { namesOf } from "../people/store/accounts.ts";
import { ask, closeRequest } from "./action.ts";
import { requestsOf } from "./store.ts";

export async function grantRoutes(app: App, { pool, chains }: Staff): Promise<void> {
  serve(app, listRequests, async ({ params }) => {
    const rows = await requestsOf(pool, params.body);
    const names = await namesOf(
      pool,
      rows.flatMap((row) => [row.asker, ...(row.decided_by ? [row.decided_by] : [])]),
    );
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
        state: row.state,
        askedAt: row.asked_at.getTime(),
        decidedAt: row.decided_at?.getTime() ?? null,
        decidedBy: row.decided_by ? (names.get(row.decided_by) ?? { name: "Unknown", role: "owner" }) : null,
        reason: row.reason,
      })),
    };
  });

  serve(app, askToRead, async ({ params, content, request }) => ({
    request: await ask(pool, chains, signedIn(request), { body: params.body, ...content }),
  }));

  serve(app, declineRequest, async ({ params, content, request }) =>
    closeRequest(pool, signedIn(request), params.body, params.request, "declined", content.reason),
  );

  serve(app, withdrawRequest, async ({ params, request }) =>
    closeRequest(pool, signedIn(request), params.body, params.request, "withdrawn", ""),
  );
}
