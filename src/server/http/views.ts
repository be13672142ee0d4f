/** Draws a view. Autoescape is on, and a value that is missing is an error, not an empty place. */
import nunjucks from "nunjucks";
import { join } from "node:path";
import type { FastifyReply } from "fastify";
import type { View } from "../../domain/form/page.ts";

export type Draw = (reply: FastifyReply, view: View, status?: number) => FastifyReply;

export function drawer(root: string): Draw {
  const environment = new nunjucks.Environment(
    new nunjucks.FileSystemLoader([join(root, "views"), join(root, "node_modules/govuk-frontend/dist")], {
      noCache: false,
    }),
    { autoescape: true, throwOnUndefined: true },
  );
  return (reply, { template, data }, status = 200) =>
    reply.code(status).type("text/html; charset=utf-8").send(environment.render(template, data));
}
