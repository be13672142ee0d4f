/** Signing in, out and joining. */
import { toBase64 } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { endSession, type Account } from "../people/store/accounts.ts";
import { bodyById } from "../people/store/bodies.ts";
import { invite, join, SESSION_HOURS, signIn } from "./action.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { sha256 } from "../../domain/bytes.ts";
import { cookieName, signedIn, type Staff } from "../http/visitor.ts";

const IDENTITY_MAX = 16 * 1024;

export async function sessionRoutes(app: App, { config, pool }: Staff): Promise<void> {
  const cookieOptions = {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: config.staffOrigin.startsWith("https:"),
  } as const;

  app.post(
    "/api/session",
    { config: { action: "session.start", rateLimit: { max: config.limits.signInsPerMinute } } },
    async (request, reply) => {
      const given = read.fields(request.body, { account: read.text(254), signIn: read.bytes(32) });
      const { account, token } = await signIn(pool, given.account, given.signIn);
      reply.setCookie(cookieName(config), Buffer.from(token).toString("hex"), {
        ...cookieOptions,
        maxAge: SESSION_HOURS * 3600,
      });
      return { me: await present(account) };
    },
  );

  app.delete("/api/session", { config: { action: "session.end" } }, async (request, reply) => {
    const token = request.cookies[cookieName(config)];
    if (token) await endSession(pool, sha256(new Uint8Array(Buffer.from(token, "hex"))));
    reply.clearCookie(cookieName(config), cookieOptions);
    return { ok: true };
  });

  app.get("/api/me", { config: { action: "me.view" } }, async (request) => {
    if (!request.account) throw new Fault("NOT_SIGNED_IN");
    return present(request.account);
  });

  app.post("/api/invitations", { config: { action: "invitation.make" } }, async (request) => {
    const who = signedIn(request);
    const one = read.fields(request.body, {
      body: read.slug,
      name: read.text(200),
      email: read.text(254),
      role: read.oneOf("owner", "reader", "auditor"),
    });
    if (who.kind !== "operator" && who.body !== one.body) throw new Fault("REFUSED_BODY");
    if (!/^[^\s@<>"']+@[^\s@<>"']+$/.test(one.email)) throw new Fault("BAD_REQUEST");
    return { token: await invite(pool, one) };
  });

  app.post(
    "/api/join",
    { config: { action: "join.accept", rateLimit: { max: config.limits.signInsPerMinute } } },
    async (request) => {
      const one = read.fields(request.body, {
        token: read.hex(32),
        person: read.id,
        recipient: read.text(4096),
        signingKey: read.bytes(32),
        sealedIdentity: read.bytes(IDENTITY_MAX),
        signInHash: read.bytes(32),
        detailsSalt: read.bytes(32),
      });
      await join(pool, one.token, {
        id: one.person,
        signInHash: one.signInHash,
        sealedIdentity: one.sealedIdentity,
        recipient: one.recipient,
        signingKey: one.signingKey,
        detailsSalt: one.detailsSalt,
      });
      return { person: one.person };
    },
  );

  /** A person's own account; the sealed keys go to nobody else. */
  async function present(account: Account) {
    const body = account.body ? await bodyById(pool, account.body) : undefined;
    return {
      person: account.id,
      name: account.name,
      email: account.email,
      role: account.role,
      state: account.state,
      body: body ? { id: body.id, name: body.name } : null,
      sealedIdentity: account.sealed_identity ? toBase64(account.sealed_identity) : null,
    };
  }
}
