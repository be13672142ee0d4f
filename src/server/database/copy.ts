/**
 * COPY over the driver's own door for such statements (`submit`, as its cursors use it): rows leave and come in as the
 * database writes them, in pieces, and no faster than the other side takes them.
 */
import { once } from "node:events";
import type { Writable } from "node:stream";
import type pg from "pg";
import type { Bytes } from "../../domain/bytes.ts";
import type { Client } from "./pool.ts";

/** What the driver hands to a statement of ours. */
type Connection = {
  readonly stream: Writable & { pause(): void; resume(): void };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
};

const AHEAD = 1024 * 1024;
const rowsIn = (tag: string): number => Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? Number.NaN);

/** What both directions have in common: a statement that ends, with a number of rows or a fault. */
function statement(text: string, on: object) {
  let rows = Number.NaN;
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  // Whoever reads the rows hears of it, too.
  ended.catch(() => {});
  return {
    ended,
    submittable: {
      submit: (connection: Connection): void => connection.query(text),
      handleCommandComplete: ({ text: tag }: { readonly text: string }): void => void (rows = rowsIn(tag)),
      handleReadyForQuery: (): void => resolve(rows),
      handleError: (fault: Error): void => reject(fault),
      handleRowDescription: (): void => {},
      handleDataRow: (): void => {},
      handleEmptyQuery: (): void => {},
      handlePortalSuspended: (): void => {},
      ...on,
    },
  };
}

const submit = (client: Client, one: object): void => void client.query(one as pg.Submittable);

/** Runs `COPY … TO STDOUT`: the pieces as they come, and in the end the number of rows. */
export async function* copyOut(client: Client, text: string): AsyncGenerator<Bytes, number> {
  let held: Bytes[] = [];
  let bytes = 0;
  let over = false;
  let from: Connection | null = null;
  let wake = (): void => {};
  const { ended, submittable } = statement(text, {
    handleCopyData({ chunk }: { readonly chunk: Bytes }, connection: Connection): void {
      // The driver writes over what it read.
      held.push(Uint8Array.from(chunk));
      bytes += chunk.length;
      from = connection;
      if (bytes > AHEAD) connection.stream.pause();
      wake();
    },
  });
  const end = (): void => {
    over = true;
    wake();
  };
  ended.then(end, end);
  submit(client, submittable);
  for (;;) {
    const pieces = held;
    [held, bytes] = [[], 0];
    (from as Connection | null)?.stream.resume();
    // Rows may be small, and each piece costs its turn.
    if (pieces.length > 0) yield Buffer.concat(pieces);
    if (held.length > 0) continue;
    if (over) return await ended;
    await new Promise<void>((done) => (wake = done));
  }
}

/** Runs `COPY … FROM STDIN` with these pieces. @returns the number of rows @throws what `pieces` throws; then no row is in */
export async function copyIn(client: Client, text: string, pieces: AsyncIterable<Bytes>): Promise<number> {
  let why: unknown = null;
  const { ended, submittable } = statement(text, {
    handleCopyInResponse(connection: Connection): void {
      void feed(connection).catch((thrown: unknown) => {
        why = thrown;
        connection.sendCopyFail("broken off");
      });
    },
  });
  const feed = async (connection: Connection): Promise<void> => {
    for await (const piece of pieces) {
      connection.sendCopyFromChunk(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      // Refused meanwhile, or the connection is gone: nothing drains any more.
      if (connection.stream.writableNeedDrain) await Promise.race([once(connection.stream, "drain"), ended]);
    }
    connection.endCopyFrom();
  };
  submit(client, submittable);
  try {
    return await ended;
  } catch (thrown) {
    throw why ?? thrown;
  }
}
