/**
 * The database as the verifier enters it, by the login `pb_inspect` and nothing else. The one place outside the server
 * that imports the driver (docs/decisions/0010). One unmoving view of the database, of which nothing can be written.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { parseJson } from "../../domain/canonical.ts";
import { rowsBy, type Rows } from "../../domain/verify/rows.ts";
import { Refusal } from "../say.ts";
import { anything, anyText, hash, record } from "../../contract/shape.ts";

/** The rows, until they are closed. */
export type OpenRows = Rows & { readonly close: () => Promise<void> };

/**
 * @param where an address that begins with postgres://, or the data directory of an installation on this machine.
 * @throws `Refusal`
 */
export async function openRows(where: string): Promise<OpenRows> {
  const client = new pg.Client({
    connectionString: /^postgres(?:ql)?:\/\//.test(where) ? where : addressIn(where),
    options: "-c search_path=pillarbox -c default_transaction_read_only=on",
    types: NUMBERS,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  } catch (thrown) {
    throw new Refusal(
      `The database could not be entered (${thrown instanceof Error ? thrown.message : "no reason given"}). Use the login pb_inspect.`,
    );
  }
  const rows = rowsBy(async (sql, values = []) => (await client.query(sql, values)).rows, { bytes: true });
  return { ...rows, close: () => client.end() };
}

const NUMBERS = {
  getTypeParser: ((type: number, format: "text" | "binary") =>
    type === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(type, format as "text")) as typeof pg.types.getTypeParser,
};

/**
 * The roots of an installation's bodies and its operators, where a data directory is given: its owner's own file, never
 * the database. Empty for an address.
 */
export const rootsIn = (where: string): ReadonlyMap<string, string> => keptIn(where, "roots");
export const operatorsIn = (where: string): ReadonlyMap<string, string> => keptIn(where, "operators");

function keptIn(where: string, what: "roots" | "operators"): ReadonlyMap<string, string> {
  try {
    const kept = record({ [what]: anything }).parse(parseJson(readFileSync(join(where, "installation.json"), "utf8")));
    return new Map(Object.entries(kept[what] as object).map(([name, value]) => [name, hash.parse(value)]));
  } catch {
    return new Map();
  }
}

/** The embedded database of an installation, by what its supervisor wrote down for its owner alone. */
function addressIn(data: string): string {
  try {
    const kept = record({ logins: record({ pb_inspect: anyText }) });
    const { logins } = kept.parse(parseJson(readFileSync(join(data, "installation.json"), "utf8")));
    const socket = readFileSync(join(data, "socket-directory"), "utf8");
    return `postgres://pb_inspect:${encodeURIComponent(logins.pb_inspect)}@localhost/pillarbox?host=${encodeURIComponent(socket)}`;
  } catch {
    throw new Refusal(
      `${data} is neither an address that begins with postgres:// nor the data directory of a running installation that you may read.`,
    );
  }
}
