/** One's own code beside the passphrase: whether it is on, turning it on and off. */
import * as contract from "../../contract/totp.ts";
import { sha256, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { sessionOf, signedIn, type Staff } from "../http/visitor.ts";
import type { Acted } from "../unlockers/action.ts";
import type { FastifyRequest } from "fastify";
import { turnOff, turnOn } from "./action.ts";
import { newPending } from "./pending.ts";
import { totpOf } from "./store.ts";

export async function totpRoutes(app: App, staff: Staff): Promise<void> {
  const { config, pool } = staff;
  const pending = newPending();
  const session = (request: FastifyRequest): Bytes => sha256(sessionOf(config, request) ?? new Uint8Array());
  const acted = (request: FastifyRequest): Acted => {
    if (!request.account) throw new Fault("NOT_SIGNED_IN");
    return { who: signedIn(request), account: request.account, session: session(request) };
  };
  // As often as anybody may try to sign in.
  const rateLimit = { max: config.limits.signInsPerMinute };

  serve(app, contract.ownTotp, async ({ request }) => {
    const row = await totpOf(pool, signedIn(request).person);
    return { totp: row ? { totp: row.id, since: row.made_at.getTime(), left: row.left } : null };
  });
  serve(app, contract.beginTotp, async ({ request }) => pending.begin(session(request)));
  serve(
    app,
    contract.turnTotpOn,
    async ({ request, content }) => {
      const begun = pending.find(session(request));
      if (!begun) throw new Fault("TOTP_OVER");
      const recovery = await turnOn(staff, acted(request), begun, content);
      pending.end(session(request));
      return { recovery: [...recovery] };
    },
    { rateLimit },
  );
  serve(app, contract.turnTotpOff, async ({ request, content }) => turnOff(staff, acted(request), content), {
    rateLimit,
  });
}
