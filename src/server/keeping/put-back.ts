/**
 * A snapshot put into empty tables, all of it or nothing. The parts come on standard input, opened and compared with the
 * manifest by whoever has the identity; here rows are counted again.
 */
import { fromUtf8, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { KeptTable, Snapshot } from "../../domain/keeping/manifest.ts";
import { partsOf, type Part } from "../../domain/keeping/tar.ts";
import { inTransaction, openPool } from "../database/pool.ts";
import { emptied, putRows, putSequences } from "./store.ts";
import { SNAPSHOT_PART } from "./take.ts";

const wrong = (detail: string): Fault => new Fault("RESTORE_REFUSED", detail);

/**
 * @param chunks an archive: first what the snapshot says of itself, then the pieces of its tables in its order
 * @throws `RESTORE_REFUSED`; then nothing is in the database
 */
export async function putBack(url: string, chunks: AsyncIterable<Bytes>): Promise<void> {
  const pool = openPool(url, 1);
  try {
    await inTransaction(pool, async (client) => {
      const parts = ahead(partsOf(chunks));
      const first = await parts.next();
      if (first?.name !== SNAPSHOT_PART) throw wrong("it does not begin with its snapshot");
      const { tables, sequences } = JSON.parse(fromUtf8(first.bytes)) as Snapshot;
      await emptied(client, tables);
      for (const table of tables) {
        const rows = await putRows(client, table, piecesOf(parts, table));
        if (rows !== table.rows)
          throw wrong(`the table ${table.name} has ${rows} rows, and the manifest ${table.rows}`);
      }
      if ((await parts.peek()) !== null) throw wrong("a part is of no table");
      await putSequences(client, sequences);
    });
  } finally {
    await pool.end();
  }
}

type Ahead = { readonly peek: () => Promise<Part | null>; readonly next: () => Promise<Part | null> };

/** Parts, of which the next can be looked at before it is taken. */
function ahead(parts: AsyncGenerator<Part>): Ahead {
  let held: Part | null | undefined;
  const peek = async (): Promise<Part | null> => {
    if (held === undefined) {
      const { value, done } = await parts.next();
      held = done ? null : value;
    }
    return held;
  };
  return {
    peek,
    async next() {
      const part = await peek();
      held = part === null ? null : undefined;
      return part;
    },
  };
}

async function* piecesOf(parts: Ahead, { name }: KeptTable): AsyncGenerator<Bytes> {
  while ((await parts.peek())?.name.startsWith(`tables/${name}/`)) yield (await parts.next())!.bytes;
}
