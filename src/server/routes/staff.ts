/** The staff process: the app's shell and its interface. Order: origin, session, decision, action. */
import cookie from "@fastify/cookie";
import nunjucks from "nunjucks";
import { join } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { decide, type Action, type Who } from "../../domain/access/decide.ts";
import { sha256, toHex } from "../../domain/bytes.ts";
import { canonicalJson } from "../../domain/canonical.ts";
import { Fault, sentence, type Code } from "../../domain/problem.ts";
import { Chains } from "../actions/chains.ts";
import { IDLE_MINUTES } from "../actions/sign-in.ts";
import type { SignedIn } from "../actions/requests.ts";
import type { Config } from "../config.ts";
import { createApp, sendProblem, type App } from "../http/app.ts";
import { readAssets, serveAssets } from "../http/assets.ts";
import { limited } from "../http/limits.ts";
import { accountOfSession, type Account } from "../store/accounts.ts";
import type { Pool } from "../store/pool.ts";
import { accessRoutes } from "./access.ts";
import { readingRoutes } from "./reading.ts";
import { sessionRoutes } from "./session.ts";

declare module "fastify" {
  interface FastifyRequest {
    who: Who;
    account: Account | null;
  }
}

export type Staff = { readonly config: Config; readonly pool: Pool; readonly chains: Chains };

const SHELL = { config: { action: "page.view" } } as const;
const BODY_LIMIT = 4 * 1024 * 1024;

export const cookieName = (config: Config): string => (config.staffOrigin.startsWith("https:") ? "__Host-pillarbox" : "pillarbox-staff");

export async function staffApp(config: Config, pool: Pool): Promise<App> {
  const onError = (_request: FastifyRequest, reply: FastifyReply, code: Code, status: number): FastifyReply => sendProblem(reply, code, status, sentence(code));
  const app = await createApp({ process: "staff", bodyLimit: BODY_LIMIT, https: config.staffOrigin.startsWith("https:"), csp: { "form-action": ["'none'"], "worker-src": ["'self'"], "trusted-types": ["pillarbox-worker"] }, compressed: false, onError });
  await limited(app, config.limits.requestsPerMinute);
  await serveAssets(app, config.dist, (name) => /^(?:staff|chunk)[.-]/.test(name));
  await app.register(cookie);
  app.decorateRequest("who", null as never);
  app.decorateRequest("account", null);
  const staff: Staff = { config, pool, chains: new Chains(config) };

  app.addHook("onRequest", async (request) => checkOrigin(config, request));
  app.addHook("preHandler", async (request) => {
    const account = await signedInAs(staff, request);
    request.account = account ?? null;
    request.who = account ? await whoIs(staff, account) : { kind: "stranger" };
    const action = request.routeOptions.config.action;
    if (action) checkRole(request.who, action, request);
  });

  app.get("/health", SHELL, async () => ({ ok: (await pool.query("SELECT 1")).rowCount === 1 }));
  await sessionRoutes(app, staff);
  await accessRoutes(app, staff);
  await readingRoutes(app, staff);
  await shell(app, config);
  return app;
}

/** Cross-site requests change nothing (T36): every unsafe method names our origin, and a browser says that it comes from it. */
function checkOrigin(config: Config, request: FastifyRequest): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers["sec-fetch-site"];
  if (request.headers.origin !== config.staffOrigin || (site !== undefined && site !== "same-origin")) throw new Fault("WRONG_ORIGIN");
}

async function signedInAs({ config, pool }: Staff, request: FastifyRequest): Promise<Account | undefined> {
  const token = request.cookies[cookieName(config)];
  if (!token || !/^[0-9a-f]{64}$/.test(token)) return undefined;
  return accountOfSession(pool, sha256(new Uint8Array(Buffer.from(token, "hex"))), IDLE_MINUTES);
}

/** What an account is: its role is the one in the verified statements, never the one in the row (T11). */
async function whoIs({ pool, chains }: Staff, account: Account): Promise<Who> {
  if (account.role === "operator" && account.body === null) return { kind: "operator", person: account.id };
  const body = account.body ?? "";
  const person = (await chains.load(pool, body))?.state.persons.get(account.id);
  return person ? { kind: "member", person: account.id, body, role: person.role } : { kind: "waiting", person: account.id, body };
}

/** The first look: role and body. What depends on the thing itself is decided again beside the write. */
function checkRole(who: Who, action: Action, request: FastifyRequest): void {
  const body = (request.params as { body?: string } | undefined)?.body;
  const decision = decide(who, action, body === undefined ? {} : { body });
  const early: readonly Code[] = ["NOT_SIGNED_IN", "REFUSED_ROLE", "REFUSED_BODY"];
  if (!decision.ok && early.includes(decision.code) && !(action === "statement.append" && who.kind === "waiting")) throw new Fault(decision.code);
}

export function signedIn(request: FastifyRequest): SignedIn {
  if (request.who.kind === "stranger") throw new Fault("NOT_SIGNED_IN");
  return request.who;
}

/** Everything that is not the interface is the app; it finds its own screen. */
async function shell(app: App, config: Config): Promise<void> {
  const assets = readAssets(config.dist).names;
  const views = new nunjucks.Environment(new nunjucks.FileSystemLoader([join(config.root, "views")]), { autoescape: true });
  const setup = canonicalJson({
    installation: config.installation,
    staffOrigin: config.staffOrigin,
    publicOrigin: config.publicOrigin,
    logKey: config.logKey,
    roots: Object.fromEntries([...config.roots].map(([body, root]) => [body, toHex(root)])),
    sealing: config.sealing,
    demonstration: config.demonstration,
    demoPeople: config.demoPeople,
    assets,
  });
  const page = views.render("staff.njk", { assets, setup, demonstration: config.demonstration });
  const answer = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => reply.type("text/html; charset=utf-8").send(page);
  app.get("/", SHELL, answer);
  for (const screen of ["inbox", "letter", "access", "requests", "people", "log", "sign-in", "forms"]) {
    app.get(`/${screen}`, SHELL, answer);
    app.get(`/${screen}/*`, SHELL, answer);
  }
}

