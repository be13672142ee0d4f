/**
 * A hole on purpose, in a process of its own: at one ordinary place it serves one constant, at every other nothing. It
 * has no store, no login and no secret; the monitor starts it, looks at it as at any address, and ends it (decision
 * 0021).
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const { path, content } = JSON.parse(process.env["PB_HOLE"] ?? "{}") as {
  readonly path: string;
  readonly content: string;
};
const NOTHING = {
  "cache-control": "no-store",
  "x-robots-tag": "noindex",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

const server = createServer((request, response) => {
  const here = request.url === path;
  response.writeHead(here ? 200 : 404, { ...NOTHING, "content-type": "text/plain" }).end(here ? content : "");
});
// Nobody but the machine it stands on.
server.listen(0, process.env["PB_HOLE_HOST"] ?? "localhost", () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
process.once("disconnect", () => process.exit(0));
