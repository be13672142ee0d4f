/**
 * The public process: pages, the key to seal to, and the slot that takes sealed bytes. Nothing here can read anything.
 */
import { timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import * as contract from "../../contract/public.ts";
import { addressOf } from "../../contract/route.ts";
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { completeBodyOf, withClock, parseBody, type Body, type CompleteBody } from "../../domain/form/body.ts";
import { homeView, type Announced } from "../../domain/form/home.ts";
import { INFO_PAGES, infoView, type InfoPage } from "../../domain/form/info.ts";
import { closedView, errorView, formView, type Site } from "../../domain/form/page.ts";
import { noticeView } from "../../domain/incident/notice-view.ts";
import { Fault, sentence, type Code } from "../../domain/problem.ts";
import { publicReaders } from "../../domain/grant/readers.ts";
import { parseSubmission, SUBMISSION_MAX, SUBMISSION_TYPE } from "../../domain/seal/envelope.ts";
import { zoneOf } from "../../domain/time.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { Chains } from "../statements/chains.ts";
import { currentRecipient, openForms, publishedForm } from "../statements/forms.ts";
import { publicNotices } from "../filings/notice.ts";
import { Receiver } from "./receive.ts";
import { Slot, type Taken } from "./slot.ts";
import type { Config } from "../config.ts";
import { createApp, sendProblem, type App } from "../http/app.ts";
import { readAssets, serveAssets } from "../http/assets.ts";
import { serveIcon } from "../http/icon.ts";
import { limited, newLimit, visitorOf } from "../http/limits.ts";
import { serve } from "../http/serve.ts";
import { bodyName } from "../http/visitor.ts";
import { drawer } from "../http/views.ts";
import { allBodies, bodyById } from "../people/store/bodies.ts";
import type { Pool } from "../database/pool.ts";
import { lastCleanRound } from "../watch/store/findings.ts";
import { publicLog } from "../log/route.ts";
import { receiptRoutes } from "../receipts/route.ts";

const PAGE = { config: { action: "page.view" } } as const;
const READ = { config: { action: "form.read" } } as const;

/** Built files of the public pages. */
export const servesPublicly = (name: string): boolean => /^(?:form-page|status-page|public|chunk|seal)[.-]/.test(name);

const HEADINGS: { readonly [code in Code]?: string } = {
  NOT_FOUND: "Page not found",
  FORM_UNKNOWN: "Page not found",
  BODY_UNKNOWN: "Page not found",
  TOO_MANY: "Too many requests",
  UNAVAILABLE: "Sorry, the service is unavailable",
};

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the order of everything that the public process answers.
export async function publicApp(config: Config, pool: Pool, credential: string): Promise<App> {
  const assets = readAssets(config.dist);
  const draw = drawer(config.root);
  const site: Site = {
    base: "",
    counterOrigin: config.counterOrigin,
    staffOrigin: config.staffOrigin,
    demonstration: config.demonstration,
    assets: assets.names,
    preload: assets.preload,
    bodies: () => bodies,
  };
  let bodies: readonly Body[] = [];
  const findBodies = async (): Promise<readonly Body[]> =>
    (await allBodies(pool)).flatMap((row) => {
      const body = parseBody(row.record);
      return body.ok ? [withClock(body.body, config.zones)] : [];
    });
  const completeOf = (row: { readonly record: unknown } | undefined): CompleteBody =>
    withClock(completeBodyOf(row?.record), config.zones);
  const chains = new Chains(config);
  const receiver = new Receiver(pool, chains, config);

  const onError = (request: FastifyRequest, reply: FastifyReply, code: Code, status: number): FastifyReply => {
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    if (!wantsPage) return sendProblem(reply, code, status, sentence(code));
    return draw(
      reply,
      errorView(site, null, HEADINGS[code] ?? "Sorry, there is a problem with the service", sentence(code), [
        { text: "Go to the list of forms", href: "/" },
      ]),
      status,
    );
  };

  const byCounter = counterCheck(credential);
  const limit = newLimit(config.limits.submissionsPerMinute);
  const take = async (content: Bytes, fromCounter: boolean): Promise<Taken> => {
    const submission = parseSubmission(content, config.sealing);
    // A form that this process has not seen yet may have been published a moment ago.
    if (![...config.roots.keys()].some((body) => chains.known(body)?.state.forms.has(submission.form)))
      await publishedForm(pool, chains, submission.form);
    const { receivedAt } = await receiver.receive(submission, fromCounter ? "counter" : "browser", content);
    return { reference: referenceOf(submission.submission), receivedAt };
  };
  const slot = new Slot({ take, limit, isProxy: config.isProxy, byCounter });

  const app = await createApp({
    process: "public",
    before: (request, response) => slot.take(request, response),
    bodyLimit: SUBMISSION_MAX,
    https: config.publicOrigin.startsWith("https:"),
    isProxy: config.isProxy,
    csp: { "form-action": ["'self'", config.counterOrigin], "trusted-types": ["'none'"] },
    compressed: true,
    onError,
  });
  app.addHook("preClose", async () => slot.close());
  // Every page has the links of its body, an error of this process's first moment too.
  app.addHook("onRequest", async () => {
    if (bodies.length === 0) bodies = await findBodies().catch(() => []);
  });
  await limited(app, config.limits.requestsPerMinute, config.isProxy, byCounter);
  await serveAssets(app, config.dist, servesPublicly);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(SUBMISSION_TYPE, { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  serve(app, contract.health, async () => ({ ok: (await pool.query("SELECT 1")).rowCount === 1 }));

  serveIcon(app, config.root);

  // A fault is a fault: a page without a notice that was published would say that there is none.
  const announced = async (bodies: readonly Body[]): Promise<Announced[]> => {
    const notices = await publicNotices(pool, chains);
    return bodies.flatMap((body) => (notices.get(body.id) ?? []).map(({ title, notice }) => ({ body, title, notice })));
  };

  app.get("/", PAGE, async (_request, reply) => {
    const [{ open }, bodies] = [await openForms(pool, chains), await allBodies(pool)];
    const groups = bodies.flatMap((row) => {
      const body = parseBody(row.record);
      return body.ok
        ? [
            {
              body: withClock(body.body, config.zones),
              forms: open.filter((one) => one.body === row.id).map((one) => one.form),
            },
          ]
        : [];
    });
    const closed = bodies.filter(({ id }) => !config.roots.has(id)).map(({ name }) => name);
    return draw(reply, homeView(site, groups, await announced(groups.map(({ body }) => body)), closed));
  });

  app.get<{ Params: { form: string } }>("/forms/:form", READ, async (request, reply) => {
    const found = await publishedForm(pool, chains, request.params.form);
    const body = completeOf(await bodyById(pool, found.body));
    if (found.published.state === "closed") return draw(reply, closedView(site, found.form, body, "closed"));
    const setup = {
      installation: config.installation,
      body: found.body,
      root: toHex(config.roots.get(found.body)!),
      zone: zoneOf(config.zones, found.body),
      publicOrigin: config.publicOrigin,
      formHash: toHex(found.published.formHash),
      keyUrl: addressOf(contract.readKey, { form: found.form.id }),
      submissionsUrl: addressOf(contract.submit, {}),
    };
    return draw(
      reply,
      formView({
        site,
        form: found.form,
        body,
        readers: publicReaders(found.chain.state, found.published.inbox),
        lookedAt: await lastCleanRound(pool),
        setup,
      }),
    );
  });

  serve(app, contract.readKey, async ({ params }) => {
    const found = await publishedForm(pool, chains, params.form);
    const { epoch, recipient } = await currentRecipient(pool, found);
    const { inbox, formHash } = found.published;
    return {
      body: found.body,
      bodyName: (await bodyById(pool, found.body))?.name ?? "",
      statements: found.chain.statements,
      inbox,
      epoch,
      recipient,
      formHash: toHex(formHash),
    };
  });

  serve(
    app,
    contract.readDefinition,
    async ({ params }) => (await publishedForm(pool, chains, params.form)).definition,
  );

  serve(app, contract.readRecord, async ({ params }) =>
    withClock(bodyOf(await bodyById(pool, params.body)), config.zones),
  );

  for (const page of INFO_PAGES) {
    app.get<{ Params: { body: string } }>(`/bodies/:body/${page}`, PAGE, async (request, reply) => {
      const row = await bodyById(pool, bodyName(request.params.body));
      if (!row) throw new Fault("BODY_UNKNOWN");
      return draw(reply, infoView(site, completeOf(row), page satisfies InfoPage));
    });
  }

  app.get<{ Params: { body: string; notice: string } }>(
    "/bodies/:body/notices/:notice",
    PAGE,
    async (request, reply) => {
      const { body, notice } = request.params;
      const row = await bodyById(pool, bodyName(body));
      if (!row) throw new Fault("BODY_UNKNOWN");
      const found = (await publicNotices(pool, chains, body)).get(body)?.find((one) => one.notice === notice);
      if (!found) throw new Fault("NOT_FOUND");
      return draw(reply, noticeView(site, completeOf(row), found));
    },
  );

  publicLog(app, pool);
  // A scope of its own: what kinds of content it takes, no other address takes.
  await app.register(async (scope) => receiptRoutes(scope as App, { config, pool, chains, site, draw, byCounter }));

  serve(
    app,
    contract.submit,
    async ({ content, request, reply }) => {
      slot.learn(reply.getHeaders());
      return take(content, byCounter(request));
    },
    {
      rateLimit: (request, reply) => {
        const wait = byCounter(request) ? 0 : limit(visitorOf(config.isProxy, request));
        if (wait === 0) return;
        reply.header("retry-after", wait);
        throw new Fault("TOO_MANY");
      },
    },
  );
  return app;
}

function bodyOf(row: { record: unknown } | undefined): Body {
  const parsed = parseBody(row?.record);
  if (!parsed.ok) throw new Fault("BODY_UNKNOWN");
  return parsed.body;
}

/** Whether a request bears the counter's own credential. The counter limits its own visitors. */
function counterCheck(credential: string): (request: Pick<FastifyRequest, "headers">) => boolean {
  const expected = Buffer.from(`Pillarbox-Counter ${credential}`);
  return (request) => {
    const given = Buffer.from(request.headers.authorization ?? "");
    return credential !== "" && given.length === expected.length && timingSafeEqual(given, expected);
  };
}
