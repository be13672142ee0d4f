/** Signing in and out. */
import * as contract from "../../contract/session.ts";
import { sha256 } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { endSession, type Account } from "../people/store/accounts.ts";
import { bodyById } from "../people/store/bodies.ts";
import { SESSION_HOURS, signIn } from "./action.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { cookieName, type Staff } from "../http/visitor.ts";

export async function sessionRoutes(app: App, { config, pool }: Staff): Promise<void> {
  const cookieOptions = {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: config.staffOrigin.startsWith("https:"),
  } as const;
  const rateLimit = { max: config.limits.signInsPerMinute };

  serve(
    app,
    contract.startSession,
    async ({ content, reply }) => {
      const { account, token } = await signIn(pool, config, content.account, content.signIn);
      reply.setCookie(cookieName(config), Buffer.from(token).toString("hex"), {
        ...cookieOptions,
        maxAge: SESSION_HOURS * 3600,
      });
      return { me: await present(account) };
    },
    { rateLimit },
  );

  serve(app, contract.endSession, async ({ request, reply }) => {
    const token = request.cookies[cookieName(config)];
    if (token) await endSession(pool, sha256(new Uint8Array(Buffer.from(token, "hex"))));
    reply.clearCookie(cookieName(config), cookieOptions);
  });

  serve(app, contract.ownAccount, async ({ request }) => {
    if (!request.account) throw new Fault("NOT_SIGNED_IN");
    return { me: await present(request.account) };
  });

  /** A person's own account; the sealed keys go to nobody else. */
  async function present(account: Account) {
    const body = account.body ? await bodyById(pool, account.body) : undefined;
    return {
      person: account.id,
      name: account.name,
      email: account.email,
      role: account.role,
      body: body ?? null,
      sealedIdentity: account.sealed_identity,
    };
  }
}
