/**
 * The rows that the log speaks of, as the login `pb_inspect` may read them: hashes of sealed bytes and never the bytes.
 * Asked for in this one place, by the verifier at a desk and by the inspector, each over a connection of its own.
 */
import type { Bytes } from "../bytes.ts";
import type { Whose } from "../log/names.ts";
import type { Of } from "./judge.ts";
import type { LinkedRow } from "./linked.ts";

export type EventRow = Of & {
  readonly leaf: number | null;
  readonly at: number;
  readonly kind: string;
  readonly entry: Bytes;
  readonly id: number;
  readonly login: string;
  /** why the log did not take it */
  readonly aside: string | null;
};
export type SubmissionRow = {
  readonly id: string;
  readonly body: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly formHash: string;
  readonly size: number;
  readonly path: string;
  readonly first: string | null;
  /** milliseconds since the epoch */
  readonly receivedAt: number;
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
  /** of its letter */
  readonly body: string;
  readonly submission: string;
  readonly askedBy: string;
  readonly state: string;
  readonly reason: string | null;
  readonly event: number | null;
};

/** A tree of one log. */
export type Sized = Of & { readonly size: number };

/** A signature that stands beside an event. */
export type ActRow = { readonly event: number; readonly person: string; readonly signature: Bytes };

/** Each answers by the rows as they stood at one moment. Pages are in order. */
export type Rows = {
  /** Whose logs there are. */
  readonly logs: () => Promise<readonly Whose[]>;
  /** And which of them, counted from 0, the oldest first. */
  readonly numbers: (whose: Whose) => Promise<readonly number[]>;
  /** Events of a log with a leaf in [from, to), by leaf. */
  readonly events: (of: Of, from: number, to: number) => Promise<readonly EventRow[]>;
  /** Events that none of these trees has, nor a log before it: a page after an id. */
  readonly laterEvents: (trees: readonly Sized[], after: number) => Promise<readonly EventRow[]>;
  readonly submissions: (ids: readonly string[]) => Promise<readonly SubmissionRow[]>;
  readonly releases: (ids: readonly string[]) => Promise<readonly ReleaseRow[]>;
  /** A page of ids after one. */
  readonly submissionIds: (after: string) => Promise<readonly string[]>;
  readonly releaseIds: (after: string) => Promise<readonly string[]>;
  readonly statements: () => Promise<readonly StatementRow[]>;
  readonly recipients: () => Promise<readonly RecipientRow[]>;
  readonly wraps: () => Promise<readonly WrapRow[]>;
  /** the entries that say that an older database was put in place */
  readonly restored: () => Promise<readonly (Of & { readonly entry: Bytes })[]>;
  readonly erasures: () => Promise<readonly ErasureRow[]>;
  readonly requests: () => Promise<readonly RequestRow[]>;
  readonly linked: () => Promise<readonly LinkedRow[]>;
  readonly acts: () => Promise<readonly ActRow[]>;
  /** whom a row calls an operator of the host */
  readonly operators: () => Promise<readonly string[]>;
};

export const PAGE = 5000;

/** Rows that name their event, and what they say of it. The digest of a document is asked for with the other bytes. */
const linkedBy = (digest: string): string => `
  SELECT 'receipt' AS what, submission::text AS id, event, 'submission.received' AS kind, jsonb_build_object('submission', submission) AS said FROM receipt
  UNION ALL SELECT 'document', d.id, d.event, CASE WHEN r.document IS NULL THEN 'incident.sealed' ELSE 'document.returned' END, jsonb_build_object('incident', d.incident, 'document', d.id, 'body', d.body, 'epoch', d.epoch) FROM incident_document d LEFT JOIN returned_mail r ON r.document = d.id
  UNION ALL SELECT 'returned mail', document, event, 'document.returned', jsonb_build_object('incident', incident, 'document', document, 'body', body, 'epoch', epoch, 'delivery', delivery, 'what', kind) FROM returned_mail
  UNION ALL SELECT 'act of incident', incident || ' ' || seq, event, 'incident.', jsonb_build_object('incident', incident, 'seq', seq, 'body', body) FROM incident_act
  UNION ALL SELECT 'act of case', submission || ' ' || seq, event, 'case.', jsonb_build_object('case', submission, 'seq', seq) FROM case_act
  UNION ALL SELECT 'reply', id, event, 'case.replied', jsonb_build_object('reply', id, 'submission', submission${digest}) FROM reply
  UNION ALL SELECT 'note', id, event, 'case.noted', jsonb_build_object('note', id, 'case', submission${digest}) FROM case_note
  UNION ALL SELECT 'fetching', f.reply, f.event, 'reply.fetched', jsonb_build_object('reply', f.reply, 'submission', r.submission) FROM reply_fetched f JOIN reply r ON r.id = f.reply
  UNION ALL SELECT 'report', incident || ' ' || version, event, 'incident.reported', jsonb_build_object('incident', incident, 'version', version, 'body', body) FROM incident_report
  UNION ALL SELECT 'notice', notice, event, 'incident.notice', jsonb_build_object('incident', incident, 'notice', notice, 'body', body, 'state', 'published') FROM public_notice
  UNION ALL SELECT 'pack', pack, event, 'incident.packed', jsonb_build_object('incident', incident, 'pack', pack, 'body', body) FROM incident_pack WHERE event IS NOT NULL
  UNION ALL SELECT 'marker', submission, event, 'marker.planted', jsonb_build_object('submission', submission, 'body', body, 'inbox', inbox, 'epoch', epoch, 'signature', encode(signature, 'hex')) FROM marker
  UNION ALL SELECT 'finding', id, opened_event, 'finding.opened', jsonb_build_object('finding', id, 'watcher', watcher, 'code', code, 'body', body, 'form', form) FROM finding
  UNION ALL SELECT 'end of finding', id, closed_event, 'finding.closed', jsonb_build_object('finding', id, 'watcher', watcher, 'body', body) FROM finding WHERE closed_event IS NOT NULL`;

/** Asks the database. */
export type AskRows = <T extends object>(sql: string, values?: unknown[]) => Promise<readonly T[]>;

/**
 * @param bytes whether sealed bytes are hashed by the database while it answers; else only whether they are there is
 * asked, and their hash is the empty text
 */
export function rowsBy(all: AskRows, { bytes }: { readonly bytes: boolean }): Rows {
  const hashed = bytes ? "encode(digest, 'hex')" : "''";
  const idsAfter = async (table: "submission" | "release", after: string): Promise<readonly string[]> =>
    (await all<{ id: string }>(`SELECT id FROM ${table} WHERE id > $1 ORDER BY id LIMIT ${PAGE}`, [after])).map(
      (row) => row.id,
    );
  return {
    logs: async () => (await all<{ body: string }>("SELECT body FROM head")).map((row) => row.body),
    numbers: async (whose) =>
      (
        await all<{ log: number }>(
          "SELECT log FROM past_log WHERE body = $1 UNION SELECT log FROM head WHERE body = $1 ORDER BY log",
          [whose],
        )
      ).map((row) => row.log),
    events: ({ whose, log }, from, to) =>
      all(
        "SELECT id, body AS whose, log, leaf, at, kind, entry, login, aside FROM event WHERE body = $4 AND log = $3 AND leaf >= $1 AND leaf < $2 ORDER BY leaf",
        [from, to, log, whose],
      ),
    laterEvents: (trees, after) =>
      all(
        `SELECT e.id, e.body AS whose, e.log, e.leaf, e.at, e.kind, e.entry, e.login, e.aside FROM event e
         WHERE e.id > $1 AND (e.leaf IS NULL OR NOT EXISTS (
           SELECT FROM unnest($2::text[], $3::int[], $4::bigint[]) AS tree (body, log, size)
           WHERE tree.body = e.body AND (e.log < tree.log OR (e.log = tree.log AND e.leaf < tree.size))))
         ORDER BY e.id LIMIT ${PAGE}`,
        [after, trees.map(({ whose }) => whose), trees.map(({ log }) => log), trees.map(({ size }) => size)],
      ),
    submissions: (ids) =>
      all(
        `SELECT s.id, s.body, s.inbox, s.epoch, encode(s.form_hash, 'hex') AS "formHash", s.size, s.path, s.first, (extract(epoch FROM s.received_at) * 1000)::bigint AS "receivedAt", s.erased_at IS NOT NULL AS erased,
           (SELECT ${hashed} FROM sealed WHERE submission = s.id AND part = 'slip') AS slip,
           (SELECT ${hashed} FROM sealed WHERE submission = s.id AND part = 'letter') AS letter
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
    restored: () =>
      all("SELECT body AS whose, log, entry FROM event WHERE kind = 'database.restored' AND leaf IS NOT NULL"),
    erasures: () =>
      all(
        `SELECT e.id, s.body, e.submission, e.asked_by AS "askedBy", e.state, e.reason, e.event FROM erasure e JOIN submission s ON s.id = e.submission`,
      ),
    linked: () => all(linkedBy(bytes ? ", 'digest', encode(digest, 'hex')" : "")),
    requests: () =>
      all(
        `SELECT id, body, inbox, scope, until, purpose, asker, persons, persons_salt AS "personsSalt", state, event FROM request`,
      ),
    operators: async () =>
      (await all<{ id: string }>("SELECT id FROM account WHERE role = 'operator'")).map((row) => row.id),
    acts: () =>
      all("SELECT event, person, signature FROM act UNION ALL SELECT event, person, signature FROM incident_act"),
  };
}
