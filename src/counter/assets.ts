/** The public style sheet under the counter's own path, so that its pages ask no other address for anything. */
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { join } from "node:path";

export async function serveAssets(app: FastifyInstance, dist: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(dist, "assets"),
    prefix: "/counter/assets/",
    index: false,
    preCompressed: true,
    cacheControl: false,
    decorateReply: false,
    allowedPath: (path) => /^\/?public-[\w-]+\.css$/.test(path),
    setHeaders: (reply) => void reply.header("cache-control", "public, max-age=31536000, immutable"),
  });
}
