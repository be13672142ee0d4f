/** Built files: hashed names, compressed at build time, the only thing that may be cached. */
import fastifyStatic from "@fastify/static";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { FastifyInstance } from "fastify";

export type Assets = { readonly names: { readonly [name: string]: string }; readonly preload: readonly string[] };

/** Names of built files → their addresses, and the modules that the form page's script needs first. */
export function readAssets(dist: string): Assets {
  const { preload, ...names } = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8")) as {
    [name: string]: string;
  } & { preload: { [name: string]: string[] } };
  return { names, preload: preload["form-page.js"] ?? [] };
}

/** Serves the built files whose names pass; the public process does not hand out the staff app. */
export async function serveAssets(app: FastifyInstance, dist: string, may: (name: string) => boolean): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(dist, "assets"),
    prefix: "/assets/",
    index: false,
    decorateReply: false,
    preCompressed: true,
    dotfiles: "ignore",
    cacheControl: false,
    // Its name is its hash: nobody asks whether it has changed, or for a part of it.
    etag: false,
    lastModified: false,
    acceptRanges: false,
    allowedPath: (name) => may(name.replace(/^\/+/, "")),
    setHeaders: (reply, path) => {
      reply.header("cache-control", "public, max-age=31536000, immutable");
      // A script or a style sheet is no document: opened as one it may do nothing, and what is said of windows says
      // nothing of it.
      for (const ofWindows of ["cross-origin-opener-policy", "origin-agent-cluster", "x-frame-options"])
        reply.removeHeader(ofWindows);
      reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
      // The worker that holds keys answers to its own policy: it can ask nobody for anything, so it can tell nobody
      // either.
      if (basename(path).startsWith("staff-worker"))
        reply.header(
          "content-security-policy",
          "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        );
    },
  });
}
