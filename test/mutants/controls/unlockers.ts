/** Unlockers: whose copy of the keys is whose, and who adds and takes away (sql/000001.sql, src/server/unlockers). */
import type { Control } from "../control.ts";

const sql = "sql/000001.sql";
const rows = ["test/attack/rows.test.ts"];

export const UNLOCKERS: readonly Control[] = [
  {
    control: "No login changes a sealed copy of somebody's keys",
    threat: ["T6", "T11"],
    file: sql,
    find: "GRANT UPDATE (used_at) ON unlocker TO pb_staff;",
    replace: "GRANT UPDATE ON unlocker TO pb_staff;",
    tests: rows,
  },
  {
    control: "An unlocker comes without an act only while its person waits",
    threat: ["T11"],
    file: sql,
    find: "WHERE a.id = unlocker.account AND a.state = 'waiting'));",
    replace: "WHERE a.id = unlocker.account));",
    tests: rows,
  },
  {
    control: "Whoever is nobody here any more has no copy",
    threat: ["T13"],
    file: sql,
    find: "USING (EXISTS (SELECT FROM account a WHERE a.id = unlocker.account));",
    replace: "USING (true);",
    tests: rows,
  },
];
