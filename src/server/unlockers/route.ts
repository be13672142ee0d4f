/** One's own unlockers, and signing in with a passkey. */
import * as contract from "../../contract/unlockers.ts";
import { sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { sessionOf, signedIn, type Staff } from "../http/visitor.ts";
import { presenting, signingIn } from "../session/route.ts";
import { addPasskey, removeUnlocker, renewPassphrase, signInByPasskey, type Acted } from "./action.ts";
import type { Asked } from "./ceremony.ts";
import { newChallenges } from "./challenges.ts";
import { unlockersOf } from "./store.ts";
import type { FastifyRequest } from "fastify";

/** Whoever signs in is nobody yet. */
const NOBODY = "";

export async function unlockerRoutes(app: App, staff: Staff): Promise<void> {
  const { config, pool } = staff;
  const [adding, entering] = [newChallenges(), newChallenges()];
  const session = (request: FastifyRequest): Bytes => sha256(sessionOf(config, request) ?? new Uint8Array());
  const acted = (request: FastifyRequest): Acted => {
    if (!request.account) throw new Fault("NOT_SIGNED_IN");
    return { who: signedIn(request), account: request.account, session: session(request) };
  };
  const { staffOrigin } = config;

  serve(app, contract.ownUnlockers, async ({ request }) => ({
    unlockers: (await unlockersOf(pool, signedIn(request).person)).map((one) => ({
      unlocker: one.id,
      kind: one.kind,
      label: one.label,
      recipientHash: one.recipient_hash,
      madeAt: one.made_at.getTime(),
      usedAt: one.used_at?.getTime() ?? null,
    })),
  }));

  serve(app, contract.beginPasskey, async ({ request }) => ({
    challenge: adding.make(toHex(session(request))),
    others: (await unlockersOf(pool, signedIn(request).person)).flatMap(({ credential }) => credential ?? []),
  }));

  serve(app, contract.addPasskey, async ({ request, content }) => {
    const asked: Asked = { staffOrigin, isOpen: (challenge) => adding.take(challenge, toHex(session(request))) };
    await addPasskey(staff, acted(request), asked, content);
  });

  serve(app, contract.renewPassphrase, async ({ request, content }) => renewPassphrase(staff, acted(request), content));

  serve(app, contract.removeUnlocker, async ({ request, params, content }) =>
    removeUnlocker(staff, acted(request), params.unlocker, content.act),
  );

  const rateLimit = { max: config.limits.signInsPerMinute };
  serve(app, contract.beginPasskeySignIn, async () => ({ challenge: entering.make(NOBODY) }), { rateLimit });

  serve(
    app,
    contract.signInByPasskey,
    async ({ content, reply }) => {
      const asked: Asked = { staffOrigin, isOpen: (challenge) => entering.take(challenge, NOBODY) };
      const { account, token, sealedKeys } = await signInByPasskey(pool, config, asked, content);
      signingIn(config, reply, token);
      return { me: await presenting(staff, account), sealedKeys };
    },
    { rateLimit },
  );
}
