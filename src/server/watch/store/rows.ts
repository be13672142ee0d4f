/**
 * The rows and the log as the inspector reads them: by its own login, which sees no sealed byte. What is asked stands in
 * `src/domain/verify/rows.ts`, for it and for the verifier at a desk.
 */
import { rowsBy, type Rows } from "../../../domain/verify/rows.ts";
import type { LogSource } from "../../../domain/verify/source.ts";
import { inSnapshot, type Client, type Db, type Pool } from "../../database/pool.ts";
import { HOST, type Whose } from "../../../domain/log/names.ts";
import { pastLog } from "../../log/store/past-logs.ts";
import { beginning } from "../../log/store/proofs.ts";
import { publishedCheckpoint, signedTile } from "../../log/store/tiles.ts";

/** Works on one state of the database: rows and log are of the same moment. */
export const inRows = <T>(
  pool: Pool,
  how: { readonly bytes: boolean },
  work: (rows: Rows, source: LogSource) => Promise<T>,
): Promise<T> => inSnapshot(pool, (client) => work(rowsOf(client, how), logIn(client, HOST, 0)));

const rowsOf = (client: Client, how: { readonly bytes: boolean }): Rows =>
  rowsBy(async (sql, values = []) => (await client.query(sql, values)).rows, how);

/** The n-th log of the host or of a body. What it says is believed as far as it is signed, and no further. */
function logIn(db: Db, whose: Whose, log: number): LogSource {
  const checkpoint = async (): Promise<string | null> => (await publishedCheckpoint(db, whose, log))?.note ?? null;
  return {
    checkpoint,
    tile: (id, width) => signedTile(db, { whose, log }, id, width),
    // Entries are compared as rows.
    bundle: async () => null,
    next: async () => (await pastLog(db, { whose, log }))?.ended ?? null,
    first: async () => {
      const published = await publishedCheckpoint(db, whose, log);
      return log === 0 || published === null
        ? null
        : beginning(db, published, published.note, published.checkpoint.size);
    },
    at: (number) => logIn(db, whose, number),
    of: (body) => logIn(db, body, 0),
  };
}
