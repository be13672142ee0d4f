/**
 * What the database says of itself: tables, rights, row security, policies, functions, logins, as lines of text.
 * `sql/catalogue.txt` holds the lines that the numbered files make. A test compares them with a new database, and
 * `inspect` with the one that runs: whatever somebody added, took away or loosened by hand is a line too many or too
 * few (T24).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Db } from "../../database/pool.ts";

// The owner and the first superuser have other names in somebody else's PostgreSQL.
const NAMED = `named AS (
  SELECT oid, CASE WHEN oid = 10 THEN 'the first superuser' WHEN oid = (SELECT nspowner FROM pg_namespace WHERE nspname = 'pillarbox') THEN 'the owner' ELSE rolname::text END AS name FROM pg_roles
  UNION ALL SELECT 0, 'PUBLIC')`;
const OURS = "n.nspname = 'pillarbox'";
const FOREIGN = "n.nspname NOT IN ('pillarbox', 'information_schema', 'pg_catalog') AND n.nspname NOT LIKE 'pg\\_%'";
const KINDS =
  "CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' END";

/** Each gives one column of lines. */
const LINES: readonly string[] = [
  `SELECT format('schema %s: %s has %s', n.nspname, w.name, a.privilege_type) FROM pg_namespace n, aclexplode(n.nspacl) a JOIN named w ON w.oid = a.grantee WHERE ${OURS} AND a.grantee <> n.nspowner`,
  `SELECT format('%s %s', ${KINDS}, c.relname) || CASE WHEN c.relkind IN ('r', 'p') THEN format(': row security %s', CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'on, not forced' ELSE 'off' END) ELSE '' END || CASE c.relpersistence WHEN 'p' THEN '' ELSE ', not kept' END
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
  `SELECT format('column %s.%s: %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) || coalesce(' ' || CASE a.attgenerated WHEN '' THEN NULL ELSE 'made of ' || pg_get_expr(d.adbin, d.adrelid) END, '')
     || CASE WHEN a.attnotnull THEN ', always' ELSE '' END || CASE a.attidentity WHEN '' THEN '' ELSE ', numbered' END || CASE WHEN a.attgenerated = '' THEN coalesce(', else ' || pg_get_expr(d.adbin, d.adrelid), '') ELSE '' END
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped`,
  `SELECT format('right %s: %s may %s', c.relname, w.name, x.privilege_type) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) x JOIN named w ON w.oid = x.grantee WHERE ${OURS} AND x.grantee <> c.relowner`,
  `SELECT format('right %s.%s: %s may %s', c.relname, a.attname, w.name, x.privilege_type) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(a.attacl) x JOIN named w ON w.oid = x.grantee
   WHERE ${OURS} AND x.grantee <> c.relowner AND NOT a.attisdropped`,
  `SELECT format('owner %s: %s', c.relname, w.name) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN named w ON w.oid = c.relowner WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND w.name <> 'the owner'`,
  `SELECT format('policy %s %s: %s %s to %s', c.relname, p.polname, CASE WHEN p.polpermissive THEN 'lets' ELSE 'restricts' END, CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'everything' END,
     (SELECT string_agg(w.name, ', ' ORDER BY w.name) FROM unnest(p.polroles) AS r (oid) JOIN named w ON w.oid = r.oid))
     || coalesce(' using ' || regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ', 'g'), '') || coalesce(' check ' || regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '\\s+', ' ', 'g'), '')
   FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid`,
  `SELECT format('constraint %s %s: %s', coalesce(c.relname, t.typname), o.conname, regexp_replace(pg_get_constraintdef(o.oid), '\\s+', ' ', 'g'))
   FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace LEFT JOIN pg_class c ON c.oid = o.conrelid LEFT JOIN pg_type t ON t.oid = o.contypid WHERE ${OURS} AND o.contype <> 'n'`,
  `SELECT format('index %s', regexp_replace(pg_get_indexdef(i.indexrelid), '^.* ON \\w+[.](\\w+) ', '\\1 only once: ')) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${OURS} AND i.indisunique AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid)`,
  // The whole of a function: its text, and what it is run with. Without its own search path it would find the tables
  // that its caller made; run as its caller it could do nothing, and as somebody else too much.
  `SELECT format('function %s(%s): %s %s, with %s, of %s, %s', p.proname, pg_get_function_identity_arguments(p.oid), l.lanname, CASE WHEN p.prosecdef THEN 'as its owner' ELSE 'as its caller' END, coalesce(array_to_string(p.proconfig, ', '), 'no settings of its own'), w.name,
     left(encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex'), 16))
   FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang JOIN named w ON w.oid = p.proowner WHERE ${OURS} AND p.prokind IN ('f', 'p')`,
  `SELECT format('function %s: counts many rows', p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS} AND p.prokind NOT IN ('f', 'p')`,
  `SELECT format('type %s: %s', t.typname, coalesce(format_type(nullif(t.typbasetype, 0), t.typtypmod), t.typtype::text)) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${OURS} AND t.typtype NOT IN ('c', 'b')`,
  // What would mean something else by the same sign.
  `SELECT format('operator %s of %s and %s', o.oprname, format_type(o.oprleft, NULL), format_type(o.oprright, NULL)) FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE ${OURS}`,
  "SELECT format('elsewhere: cast of %s to %s', format_type(castsource, NULL), format_type(casttarget, NULL)) FROM pg_cast WHERE oid >= 16384",
  `SELECT format('right %s(): %s may %s', p.proname, w.name, x.privilege_type) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x JOIN named w ON w.oid = x.grantee WHERE ${OURS} AND x.grantee <> p.proowner`,
  `SELECT format('trigger %s %s: %s', c.relname, t.tgname, regexp_replace(pg_get_triggerdef(t.oid), '\\s+', ' ', 'g')) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND NOT t.tgisinternal`,
  `SELECT format('trigger %s does not run', c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled <> 'O')`,
  `SELECT format('rule %s %s', c.relname, r.rulename) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind <> 'v'`,
  // Elsewhere in the same database: what could show ours to somebody.
  `SELECT format('elsewhere: view %s.%s', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${FOREIGN} AND c.relkind IN ('v', 'm', 'f')`,
  `SELECT format('elsewhere: function %s.%s as its owner', n.nspname, p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${FOREIGN} AND p.prosecdef`,
  "SELECT format('right database: %s may %s', w.name, x.privilege_type) FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x JOIN named w ON w.oid = x.grantee WHERE d.datname = current_database() AND x.privilege_type <> 'CONNECT' AND x.grantee <> d.datdba",
  "SELECT format('elsewhere: event trigger %s', evtname) FROM pg_event_trigger",
  "SELECT format('elsewhere: publication %s', pubname) FROM pg_publication",
  "SELECT format('elsewhere: extension %s', extname) FROM pg_extension",
  // Logins, and who may be more than one.
  `SELECT format('login %s:%s', rolname, concat(CASE WHEN rolcanlogin THEN ' enters' END, CASE WHEN rolsuper THEN ' superuser' END, CASE WHEN rolbypassrls THEN ' passes row security' END, CASE WHEN rolcreaterole THEN ' makes roles' END, CASE WHEN rolcreatedb THEN ' makes databases' END,
     CASE WHEN rolreplication THEN ' replicates' END, CASE WHEN rolinherit THEN ' inherits' END)) FROM pg_roles JOIN named USING (oid) WHERE rolname LIKE 'pb\\_%' AND name LIKE 'pb\\_%'`,
  "SELECT format('passes row security: %s', name) FROM pg_roles JOIN named USING (oid) WHERE rolsuper OR rolbypassrls",
  `SELECT format('member: %s of %s', m.name, r.name) FROM pg_auth_members a JOIN named m ON m.oid = a.member JOIN named r ON r.oid = a.roleid
   WHERE (m.name LIKE 'pb\\_%' OR r.name LIKE 'pb\\_%' OR r.name IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')) AND m.name <> 'the owner'`,
  "SELECT format('setting of %s: %s', w.name, array_to_string(s.setconfig, ', ')) FROM pg_db_role_setting s JOIN named w ON w.oid = s.setrole WHERE w.name LIKE 'pb\\_%' OR s.setrole = 0",
  "SELECT format('from now on in %s: %s may %s', n.nspname, w.name, x.privilege_type) FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) x JOIN named w ON w.oid = x.grantee WHERE w.name <> 'the owner'",
];

/** The catalogue as it is, in order. Any login may ask. */
export async function catalogueOf(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(
    `WITH ${NAMED} SELECT line FROM (${LINES.join("\nUNION ALL\n")}) AS all_lines (line)`,
  );
  return rows.map((row) => row.line).sort();
}

/** The catalogue as the numbered files make it. */
export const expectedCatalogue = (root: string): string[] =>
  readFileSync(join(root, "sql", "catalogue.txt"), "utf8")
    .trimEnd()
    .split("\n");

export type Difference = { readonly added: readonly string[]; readonly missing: readonly string[] };

/** Lines too many and too few. */
export function differenceOf(expected: readonly string[], found: readonly string[]): Difference {
  const [wanted, there] = [new Set(expected), new Set(found)];
  return { added: found.filter((line) => !wanted.has(line)), missing: expected.filter((line) => !there.has(line)) };
}
