/**
 * A proxy in front of one address, as an installation has; it can be made to serve anything in place of what stands
 * behind it.
 */
import { createServer, request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type Passed = { status: number; headers: IncomingHttpHeaders; body: Buffer };
/** What is done to one answer; undefined: it passes as it is. */
export type Hole = (asked: { readonly method: string; readonly path: string }, passed: Passed) => Passed | undefined;

export type Front = { readonly origin: string; readonly holes: Map<string, Hole>; readonly stop: () => Promise<void> };

export async function front(port: number): Promise<Front> {
  const holes = new Map<string, Hole>();
  const server = createServer((asked, answer) => {
    const behind = request(
      {
        host: "localhost",
        port,
        method: asked.method,
        path: asked.url,
        headers: { ...asked.headers, "accept-encoding": "identity" },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        // Where what stands behind it ends in the middle, whoever asked hears of that, and does not wait for ever.
        response.on("close", () => response.complete || answer.destroy());
        response.on("end", () => {
          let passed: Passed = {
            status: response.statusCode ?? 502,
            headers: { ...response.headers },
            body: Buffer.concat(parts),
          };
          for (const hole of holes.values())
            passed = hole({ method: asked.method ?? "", path: asked.url ?? "" }, passed) ?? passed;
          const headers = Object.fromEntries(
            Object.entries(passed.headers).filter(
              ([name]) => !["content-length", "transfer-encoding", "connection"].includes(name),
            ),
          );
          answer
            .writeHead(passed.status, {
              ...headers,
              "content-length":
                asked.method === "HEAD" ? (passed.headers["content-length"] ?? "0") : String(passed.body.length),
            })
            .end(asked.method === "HEAD" ? undefined : passed.body);
        });
      },
    );
    behind.on("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
    asked.pipe(behind);
  });
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    holes,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
