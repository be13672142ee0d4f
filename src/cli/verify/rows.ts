/**
 * The rows that the log speaks of, read by the login `pb_inspect` and nothing else. The one place outside the server
 * that imports the driver (docs/decisions/0010). One unmoving view of the database, of which nothing can be written.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Bytes } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { Refusal } from "../say.ts";
import { anything, anyText, hash, record } from "../../contract/shape.ts";

export type EventRow = {
  readonly log: number;
  readonly leaf: number | null;
  readonly at: number;
  readonly kind: string;
  readonly entry: Bytes;
  readonly id: number;
};
export type SubmissionRow = {
  readonly id: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly formHash: string;
  readonly size: number;
  readonly path: string;
  readonly first: string | null;
  readonly slip: string | null;
  readonly letter: string | null;
  readonly erased: boolean;
};
export type StatementRow = {
  readonly body: string;
  readonly seq: number;
  readonly bytes: Bytes;
  readonly signature: Bytes;
};
/** A public key to seal to. */
export type RecipientRow = {
  readonly body: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly recipient: string;
};
/** A wrapped key by its hash, hex. */
export type WrapRow = {
  readonly inbox: string;
  readonly epoch: number;
  readonly person: string;
  readonly digest: string;
};
export type RequestRow = {
  readonly id: string;
  readonly body: string;
  readonly inbox: string;
  readonly scope: string;
  readonly until: number;
  readonly purpose: string;
  readonly asker: string;
  readonly persons: readonly string[];
  readonly personsSalt: Bytes;
  readonly state: string;
  readonly event: number;
};
export type ReleaseRow = {
  readonly id: string;
  readonly event: number;
  readonly body: string;
  readonly inbox: string;
  readonly purpose: string;
  readonly part: string;
  /** of an incident, where a document was released */
  readonly document: string | null;
  /** null: erased with the letter */
  readonly idsSalt: Bytes | null;
  readonly submissions: readonly string[];
  /** what its submitters are told: when, which part, of which body, by which role, with how many */
  readonly told: string | null;
};

export type ErasureRow = {
  readonly id: string;
  readonly submission: string;
  readonly askedBy: string;
  readonly state: string;
  readonly reason: string | null;
  readonly event: number | null;
};

/** A signature that stands beside an event. */
export type ActRow = { readonly event: number; readonly person: string; readonly signature: Bytes };

/** Each answers by the rows as they stood at one moment. Pages are in order. */
export type Rows = {
  /** Events of a log with a leaf in [from, to), by leaf. */
  readonly events: (log: number, from: number, to: number) => Promise<readonly EventRow[]>;
  /** Events that neither the logs before nor a tree of this size has: a page after an id. */
  readonly laterEvents: (log: number, size: number, after: number) => Promise<readonly EventRow[]>;
  readonly submissions: (ids: readonly string[]) => Promise<readonly SubmissionRow[]>;
  readonly releases: (ids: readonly string[]) => Promise<readonly ReleaseRow[]>;
  /** A page of ids after one. */
  readonly submissionIds: (after: string) => Promise<readonly string[]>;
  readonly releaseIds: (after: string) => Promise<readonly string[]>;
  readonly statements: () => Promise<readonly StatementRow[]>;
  readonly recipients: () => Promise<readonly RecipientRow[]>;
  readonly wraps: () => Promise<readonly WrapRow[]>;
  /** the entries that say that an older database was put in place */
  readonly restored: () => Promise<readonly { readonly log: number; readonly entry: Bytes }[]>;
  readonly erasures: () => Promise<readonly ErasureRow[]>;
  readonly requests: () => Promise<readonly RequestRow[]>;
  readonly acts: () => Promise<readonly ActRow[]>;
  /** whom a row calls an operator of the host */
  readonly operators: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

export const PAGE = 5000;

/**
 * @param where an address that begins with postgres://, or the data directory of an installation on this machine.
 * @throws `Refusal`
 */
export async function openRows(where: string): Promise<Rows> {
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
  const all = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<readonly T[]> =>
    (await client.query<T>(sql, values)).rows;
  const idsAfter = async (table: "submission" | "release", after: string): Promise<readonly string[]> =>
    (await all<{ id: string }>(`SELECT id FROM ${table} WHERE id > $1 ORDER BY id LIMIT ${PAGE}`, [after])).map(
      (row) => row.id,
    );
  return {
    events: (log, from, to) =>
      all(
        "SELECT id, log, leaf, at, kind, entry FROM event WHERE log = $3 AND leaf >= $1 AND leaf < $2 ORDER BY leaf",
        [from, to, log],
      ),
    laterEvents: (log, size, after) =>
      all(
        `SELECT id, log, leaf, at, kind, entry FROM event WHERE (leaf IS NULL OR (log = $3 AND leaf >= $1) OR log > $3) AND id > $2 ORDER BY id LIMIT ${PAGE}`,
        [size, after, log],
      ),
    submissions: (ids) =>
      all(
        `SELECT s.id, s.inbox, s.epoch, encode(s.form_hash, 'hex') AS "formHash", s.size, s.path, s.first, s.erased_at IS NOT NULL AS erased,
           (SELECT encode(digest, 'hex') FROM sealed WHERE submission = s.id AND part = 'slip') AS slip,
           (SELECT encode(digest, 'hex') FROM sealed WHERE submission = s.id AND part = 'letter') AS letter
         FROM submission s WHERE s.id = ANY($1)`,
        [ids],
      ),
    releases: (ids) =>
      all(
        `SELECT id, event, body, inbox, purpose, part, document, ids_salt AS "idsSalt", ARRAY(SELECT submission::text FROM release_item WHERE release = release.id) AS submissions,
           (SELECT concat_ws(' ', at, part, body, role, count) FROM reading WHERE release = release.id) AS told
         FROM release WHERE id = ANY($1)`,
        [ids],
      ),
    submissionIds: (after) => idsAfter("submission", after),
    releaseIds: (after) => idsAfter("release", after),
    statements: () => all("SELECT body, seq, bytes, signature FROM statement ORDER BY body, seq"),
    recipients: () => all("SELECT body, inbox, epoch, recipient FROM epoch_key"),
    wraps: () => all("SELECT inbox, epoch, person, encode(digest, 'hex') AS digest FROM wrap"),
    restored: () => all("SELECT log, entry FROM event WHERE kind = 'database.restored' AND leaf IS NOT NULL"),
    erasures: () => all(`SELECT id, submission, asked_by AS "askedBy", state, reason, event FROM erasure`),
    requests: () =>
      all(
        `SELECT id, body, inbox, scope, until, purpose, asker, persons, persons_salt AS "personsSalt", state, event FROM request`,
      ),
    operators: async () =>
      (await all<{ id: string }>("SELECT id FROM account WHERE role = 'operator'")).map((row) => row.id),
    acts: () =>
      all("SELECT event, person, signature FROM act UNION ALL SELECT event, person, signature FROM incident_act"),
    close: () => client.end(),
  };
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
