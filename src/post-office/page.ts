/** The page of the post office: what arrived in whose mailbox. It says what it is. */
import { LONDON, timeWords } from "../domain/time.ts";
import fastifyStatic from "@fastify/static";
import helmet from "@fastify/helmet";
import Fastify, { type FastifyInstance } from "fastify";
import nunjucks from "nunjucks";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mailboxes } from "./mailboxes.ts";

export type Page = {
  readonly root: string;
  readonly dist: string;
  readonly publicOrigin: string;
  readonly staffOrigin: string;
};

export async function postOfficePage(config: Page, mailboxes: Mailboxes): Promise<FastifyInstance> {
  const views = new nunjucks.Environment(
    new nunjucks.FileSystemLoader([join(config.root, "views"), join(config.root, "node_modules/govuk-frontend/dist")]),
    { autoescape: true, throwOnUndefined: true },
  );
  const { "post-office.css": sheet } = JSON.parse(readFileSync(join(config.dist, "manifest.json"), "utf8")) as {
    readonly [name: string]: string;
  };
  const app = Fastify({ logger: false });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
      },
    },
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
  });
  app.addHook(
    "onRequest",
    async (_request, reply) =>
      void reply.header("cache-control", "no-store").header("x-robots-tag", "noindex, nofollow, noarchive"),
  );
  await app.register(fastifyStatic, {
    root: join(config.dist, "assets"),
    prefix: "/assets/",
    index: false,
    preCompressed: true,
    allowedPath: (path) => /^\/?post-office-[\w-]+\.css$/.test(path),
  });
  app.get("/health", async () => ({ ok: true }));

  const draw = (title: string, data: object): string =>
    views.render("post-office.njk", {
      layout: {
        title: `${title} - Demonstration post office`,
        service: "Demonstration post office",
        home: "/",
        demonstration: true,
        assets: { "public.css": sheet ?? "" },
        footer: [],
      },
      publicOrigin: config.publicOrigin,
      staffOrigin: config.staffOrigin,
      ...data,
    });
  const when = (at: number): string => timeWords(at, LONDON);

  app.get("/", async (_request, reply) => {
    const boxes = mailboxes.addresses().map(({ address, count, at }) => ({
      address,
      href: `/mailbox/${encodeURIComponent(address)}`,
      count,
      at: when(at),
    }));
    return reply.type("text/html; charset=utf-8").send(draw("Mailboxes", { boxes, mailbox: null, mails: [] }));
  });

  app.get<{ Params: { address: string } }>("/mailbox/:address", async (request, reply) => {
    const { address } = request.params;
    const mails = mailboxes.of(address).map(({ from, subject, text, at }) => ({ from, subject, text, at: when(at) }));
    return reply
      .code(mails.length === 0 ? 404 : 200)
      .type("text/html; charset=utf-8")
      .send(draw("Mailbox", { boxes: [], mailbox: address, mails }));
  });
  return app;
}
