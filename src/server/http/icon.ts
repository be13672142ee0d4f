/** The icon that a browser asks for by itself; without it every first visit would log an error. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";

export function serveIcon(app: FastifyInstance, root: string): void {
  const icon = readFileSync(join(root, "views", "icon.svg"));
  app.get("/favicon.ico", { config: { action: "page.view" } }, async (_request, reply) =>
    reply.header("cache-control", "public, max-age=86400").type("image/svg+xml").send(icon),
  );
}
