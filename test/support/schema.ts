/**
 * What the catalogue (`src/server/watch/store/catalogue.ts`) leaves out of a schema, as lines of text: the order of
 * columns, what they hold when nothing is said, what may stand in them, indexes, references, the text of functions, and
 * the rights of what is made later. Two databases with the same lines here and there are the same to every program.
 */
import type { Db } from "../../src/server/database/pool.ts";

const OURS = "= 'pillarbox'::regnamespace";

/** Each gives one column of lines. */
const LINES: readonly string[] = [
  `SELECT format('column %s %s %s: %s%s%s, kept %s%s', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
     CASE a.attidentity WHEN '' THEN '' ELSE concat(' numbered ', a.attidentity) END, a.attstorage, coalesce(', from ' || pg_get_expr(d.adbin, d.adrelid), ''))
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE c.relnamespace ${OURS} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`,
  `SELECT format('constraint %s %s: %s', coalesce(c.relname, t.typname), o.conname, pg_get_constraintdef(o.oid))
   FROM pg_constraint o LEFT JOIN pg_class c ON c.oid = o.conrelid LEFT JOIN pg_type t ON t.oid = o.contypid WHERE o.connamespace ${OURS}`,
  `SELECT format('index %s', pg_get_indexdef(c.oid)) FROM pg_class c WHERE c.relnamespace ${OURS} AND c.relkind = 'i'`,
  `SELECT format('type %s: %s %s', t.typname, t.typtype::text, format_type(t.typbasetype, t.typtypmod)) FROM pg_type t WHERE t.typnamespace ${OURS} AND t.typtype <> 'b'`,
  `SELECT format('function %s', pg_get_functiondef(p.oid)) FROM pg_proc p WHERE p.pronamespace ${OURS}`,
  `SELECT format('sequence %s: %s from %s by %s', c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement) FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relnamespace ${OURS}`,
  "SELECT format('made later: %s %s', defaclobjtype, defaclacl) FROM pg_default_acl",
  `SELECT format('remark %s: %s', d.objoid::regclass, d.description) FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass WHERE c.relnamespace ${OURS}`,
];

/** The lines, in order; asked by a login that may see all of it. */
export async function schemaOf(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(
    `SELECT line FROM (${LINES.join("\nUNION ALL\n")}) AS all_lines (line)`,
  );
  return rows.map((row) => row.line).sort();
}
