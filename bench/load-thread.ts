/**
 * The thread of load.ts. Plain sockets, kept alive, and no HTTP library: on a small machine the client's own work would
 * otherwise be a large part of what is measured.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import type { Load, Told } from "./load.ts";
import type { Template } from "./letters.ts";

const { port, path, type, templates, connections, warm, counted, expected } = workerData as Load & {
  readonly expected: number;
};
const messages = templates.map(prepare);
const latencies: number[] = [];
const other: { [status: string]: number } = {};
let accepted = 0;
let turn = 0;
const from = performance.now() + warm;
const to = from + counted;

type Message = { readonly bytes: Buffer; readonly at: number; readonly length: number; readonly as: Template["as"] };

function prepare({ bytes, at, length, as }: Template): Message {
  const head = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
  );
  return { bytes: Buffer.concat([head, bytes]), at: head.length + at, length, as };
}

function next(): Buffer {
  const { bytes, at, length, as } = messages[turn++ % messages.length]!;
  const copy = Buffer.from(bytes);
  if (as === "bytes") randomBytes(length).copy(copy, at);
  else copy.write(randomBytes(length / 2).toString("hex"), at, "latin1");
  return copy;
}

/** One connection until the time is over. */
function visit(): Promise<void> {
  return new Promise((done, fail) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let held: Buffer = Buffer.alloc(0);
    let sent = 0;
    const send = (): void => {
      sent = performance.now();
      socket.write(next());
    };
    socket.once("connect", send);
    socket.on("data", (part) => {
      held = held.length === 0 ? part : Buffer.concat([held, part]);
      const status = answered(held);
      if (status === null) return;
      held = Buffer.alloc(0);
      const now = performance.now();
      if (status === expected) accepted++;
      else other[status] = (other[status] ?? 0) + 1;
      if (now >= from && now < to && status === expected) latencies.push(now - sent);
      if (now < to) send();
      else socket.end();
    });
    socket.once("close", () => done());
    socket.once("error", fail);
  });
}

/** The status of a whole answer, else null. */
function answered(bytes: Buffer): number | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = bytes.toString("latin1", 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? NaN);
  if (Number.isNaN(length)) throw new Error("an answer without its length");
  return bytes.length >= end + 4 + length ? Number(head.slice(9, 12)) : null;
}

const before = process.threadCpuUsage();
await Promise.all(Array.from({ length: connections }, visit));
const own = process.threadCpuUsage(before);
parentPort!.postMessage({
  accepted,
  other,
  latencies: Float64Array.from(latencies),
  own: own.user + own.system,
} satisfies Told);
