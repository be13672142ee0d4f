/** Signing in and out. */
import * as contract from "../../contract/session.ts";
import type { Me } from "../../contract/session.ts";
import type { FastifyReply } from "fastify";
import { sha256, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { endSession, endSessionOf, sessionsOf, type Account } from "../people/store/accounts.ts";
import { bodyById } from "../people/store/bodies.ts";
import { IDLE_MINUTES, SESSION_HOURS, signIn } from "./action.ts";
import type { Config } from "../config.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { cookieName, signedIn, whoIs, type Staff } from "../http/visitor.ts";

export async function sessionRoutes(app: App, staff: Staff): Promise<void> {
  const { config, pool, totpKey } = staff;
  const rateLimit = { max: config.limits.signInsPerMinute };

  serve(
    app,
    contract.startSession,
    async ({ content, reply }) => {
      const { account, token, sealedKeys } = await signIn(pool, config, totpKey, content);
      signingIn(config, reply, token);
      return { me: await presenting(staff, account), sealedKeys };
    },
    { rateLimit },
  );

  serve(app, contract.endSession, async ({ request, reply }) => {
    const token = request.cookies[cookieName(config)];
    if (token) await endSession(pool, sha256(new Uint8Array(Buffer.from(token, "hex"))));
    reply.clearCookie(cookieName(config), cookieOptions(config));
  });

  serve(app, contract.ownSessions, async ({ request }) => {
    const token = request.cookies[cookieName(config)] ?? "";
    const hash = sha256(new Uint8Array(Buffer.from(token, "hex")));
    const found = await sessionsOf(pool, signedIn(request).person, hash, IDLE_MINUTES);
    return {
      sessions: found.map(({ session, here, ...at }) => ({
        session,
        startedAt: at.started_at.getTime(),
        seenAt: at.seen_at.getTime(),
        endsAt: at.expires_at.getTime(),
        here,
      })),
    };
  });

  serve(app, contract.endOwnSession, async ({ request, params }) =>
    endSessionOf(pool, signedIn(request).person, params.session),
  );

  serve(app, contract.ownAccount, async ({ request }) => {
    if (!request.account) throw new Fault("NOT_SIGNED_IN");
    return { me: await presenting(staff, request.account) };
  });
}

const cookieOptions = ({ staffOrigin }: Config) =>
  ({ path: "/", httpOnly: true, sameSite: "strict", secure: staffOrigin.startsWith("https:") }) as const;

/** The cookie of a session that was just started. */
export const signingIn = (config: Config, reply: FastifyReply, token: Bytes): FastifyReply =>
  reply.setCookie(cookieName(config), Buffer.from(token).toString("hex"), {
    ...cookieOptions(config),
    maxAge: SESSION_HOURS * 3600,
  });

/** Where the statements do not hold nobody can tell; the pages find out by themselves, and lock. */
const isConfirmed = (staff: Staff, account: Account): Promise<boolean> =>
  whoIs(staff, account).then(
    ({ kind }) => kind !== "waiting",
    () => true,
  );

/** A person's own account, without any copy of their keys: that is handed over once, to whoever signs in. */
export async function presenting(staff: Staff, account: Account): Promise<Me> {
  const body = account.body ? await bodyById(staff.pool, account.body) : undefined;
  return {
    person: account.id,
    name: account.name,
    email: account.email,
    role: account.role,
    body: body ?? null,
    confirmed: await isConfirmed(staff, account),
  };
}
