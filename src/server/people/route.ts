/** The bodies of this installation, their people, and how somebody joins. */
import * as contract from "../../contract/people.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { invite, join } from "./action.ts";
import { peopleOf } from "./store/accounts.ts";
import { allBodies } from "./store/bodies.ts";

const NONE = new Uint8Array();

export async function peopleRoutes(app: App, { config, pool }: Staff): Promise<void> {
  serve(app, contract.listBodies, async ({ request }) => {
    const who = signedIn(request);
    const bodies = await allBodies(pool);
    return { bodies: who.kind === "operator" ? bodies : bodies.filter((body) => body.id === who.body) };
  });

  serve(app, contract.listPeople, async ({ params }) => ({
    people: (await peopleOf(pool, params.body)).map((row) => ({
      person: row.id,
      name: row.name,
      email: row.email,
      role: row.role,
      recipient: row.recipient ?? "",
      signingKey: row.signing_key ?? NONE,
      detailsSalt: row.details_salt ?? NONE,
      state: row.state,
    })),
  }));

  serve(app, contract.invite, async ({ content, request }) => {
    const who = signedIn(request);
    if (who.kind !== "operator" && who.body !== content.body) throw new Fault("REFUSED_BODY");
    if (!/^[^\s@<>"']+@[^\s@<>"']+$/.test(content.email)) throw new Fault("BAD_REQUEST");
    return { token: await invite(pool, content) };
  });

  serve(
    app,
    contract.join,
    async ({ content: { token, person, ...keys } }) => join(pool, token, { id: person, ...keys }),
    { rateLimit: { max: config.limits.signInsPerMinute } },
  );
}
