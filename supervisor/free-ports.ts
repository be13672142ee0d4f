/** Ports that nobody listens on. */
import { createServer, type AddressInfo, type Server } from "node:net";

/** Ports of this machine's own that nobody listens on at this moment. */
export async function freeLocalPorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, freePort));
  await Promise.all(held.map((one) => new Promise((done) => one.server.close(done))));
  return held.map((one) => one.port);
}

function freePort(): Promise<{ server: Server; port: number }> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen({ port: 0, host: "127.0.0.1" }, () => done({ server, port: (server.address() as AddressInfo).port }));
  });
}
