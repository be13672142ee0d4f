/** The staff process: the app's shell and its interface. Order: origin, session, decision, action. */
import cookie from "@fastify/cookie";
import nunjucks from "nunjucks";
import { join } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { setup } from "../contract/setup.ts";
import { toHex, type Bytes } from "../domain/bytes.ts";
import { canonicalJson } from "../domain/canonical.ts";
import { sentence, type Code } from "../domain/problem.ts";
import { randomBytes } from "../domain/seal/random.ts";
import { startAlarms } from "./alerts/watching.ts";
import { startReminders } from "./alerts/reminders.ts";
import { Chains } from "./statements/chains.ts";
import type { Config } from "./config.ts";
import { createApp, sendProblem, type App } from "./http/app.ts";
import { readAssets, serveAssets } from "./http/assets.ts";
import { serveIcon } from "./http/icon.ts";
import { limited } from "./http/limits.ts";
import { checkOrigin, checkRole, signedInAs, whoIs, type Staff } from "./http/visitor.ts";
import type { Pool } from "./database/pool.ts";
import { caseRoutes } from "./cases/route.ts";
import { grantRoutes } from "./grants/route.ts";
import { peopleRoutes } from "./people/route.ts";
import { statementRoutes } from "./statements/route.ts";
import { erasureRoutes } from "./erasure/route.ts";
import { documentRoutes, incidentRoutes } from "./incidents/route.ts";
import { filingRoutes } from "./filings/route.ts";
import { messageRoutes } from "./messages/route.ts";
import { readingRoutes } from "./reading/route.ts";
import { sessionRoutes } from "./session/route.ts";
import { totpRoutes } from "./totp/route.ts";
import { unlockerRoutes } from "./unlockers/route.ts";
import { watcherOf, watchRoutes, type Credentials } from "./watch/route.ts";

const SHELL = { config: { action: "page.view" } } as const;
const SCREENS = [
  "/",
  ...[
    "inbox",
    "letter",
    "access",
    "requests",
    "erasures",
    "people",
    "log",
    "sign-in",
    "join",
    "sessions",
    "unlockers",
    "forms",
    "incidents",
    "findings",
    "register",
  ].flatMap((name) => [`/${name}`, `/${name}/*`]),
];
/** Built files of the staff app; the public process hands out none of them. */
export const servesToStaff = (name: string): boolean => /^(?:staff|chunk)[.-]/.test(name);
const BODY_LIMIT = 4 * 1024 * 1024;

export async function staffApp(
  config: Config,
  pool: Pool,
  credentials: Credentials = { monitor: "", inspect: "", site: "" },
  totpKey: Bytes = randomBytes(32),
): Promise<App> {
  const page = shellOf(config);
  // A person who mistypes an address sees the app, which says so; a program reads the code.
  const onError = (request: FastifyRequest, reply: FastifyReply, code: Code, status: number): FastifyReply =>
    request.method === "GET" && !request.url.startsWith("/api/") && (request.headers.accept ?? "").includes("text/html")
      ? reply.code(status).type("text/html; charset=utf-8").send(page)
      : sendProblem(reply, code, status, sentence(code));
  const app = await createApp({
    process: "staff",
    bodyLimit: BODY_LIMIT,
    https: config.staffOrigin.startsWith("https:"),
    isProxy: config.isProxy,
    csp: { "form-action": ["'none'"], "worker-src": ["'self'"], "trusted-types": ["pillarbox-worker"] },
    compressed: false,
    onError,
  });
  await limited(app, config.limits.requestsPerMinute, config.isProxy);
  await serveAssets(app, config.dist, servesToStaff);
  await app.register(cookie);
  app.decorateRequest("who", null as never);
  app.decorateRequest("account", null);
  const staff: Staff = { config, pool, chains: new Chains(config), totpKey };

  app.addHook("onRequest", async (request) => checkOrigin(config, request));
  app.addHook("preHandler", async (request) => {
    const watcher = watcherOf(credentials, request);
    const account = watcher ? undefined : await signedInAs(staff, request);
    request.account = account ?? null;
    request.who = watcher ? { kind: "watcher", watcher } : account ? await whoIs(staff, account) : { kind: "stranger" };
    const action = request.routeOptions.config.action;
    if (action) checkRole(request.who, action, request);
  });

  serveIcon(app, config.root);
  await sessionRoutes(app, staff);
  await unlockerRoutes(app, staff);
  await totpRoutes(app, staff);
  await peopleRoutes(app, staff);
  await statementRoutes(app, staff);
  await grantRoutes(app, staff);
  await readingRoutes(app, staff);
  await caseRoutes(app, staff);
  await erasureRoutes(app, staff);
  await incidentRoutes(app, staff);
  await documentRoutes(app, staff);
  const telling: (() => void)[] = [];
  app.addHook(
    "onListen",
    () => void telling.push(startReminders(pool, staff.chains, config), startAlarms(pool, staff.chains, config)),
  );
  app.addHook("onClose", async () => telling.forEach((stop) => stop()));
  await filingRoutes(app, staff);
  await messageRoutes(app, staff);
  await watchRoutes(app, staff);
  for (const screen of SCREENS)
    app.get(screen, SHELL, async (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
  return app;
}

/** The page that holds the app; it finds its own screen. */
function shellOf(config: Config): string {
  const assets = readAssets(config.dist).names;
  const views = new nunjucks.Environment(new nunjucks.FileSystemLoader([join(config.root, "views")]), {
    autoescape: true,
  });
  const shown = setup.encode({
    installation: config.installation,
    staffOrigin: config.staffOrigin,
    publicOrigin: config.publicOrigin,
    logKey: config.logKey,
    mailKey: toHex(config.mailKey),
    policy: config.policy ?? null,
    roots: Object.fromEntries([...config.roots].map(([body, root]) => [body, toHex(root)])),
    operators: Object.fromEntries([...config.operators].map(([person, key]) => [person, toHex(key)])),
    zones: Object.fromEntries(config.zones),
    sealing: config.sealing,
    monitorKey: toHex(config.watchers.monitor),
    demonstration: config.demonstration,
    demoPeople: config.demoPeople,
    lockAfterMs: null,
    assets: { "staff-worker.js": assets["staff-worker.js"] ?? "" },
  });
  return views.render("staff.njk", { assets, setup: canonicalJson(shown), demonstration: config.demonstration });
}
