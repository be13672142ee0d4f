/** Rows that were changed by hand, and what a login leaves behind: who names them (`src/domain/verify`, `src/server/watch`). */
import type { Control } from "../control.ts";

const byHand = ["test/attack/rows-by-hand.test.ts"];
const rows = ["test/attack/rows.test.ts"];
const OWN = ["no login makes large objects or temporary tables"];

export const ROWS: readonly Control[] = [
  {
    control: "The time of a letter's row is the entry's, or it is named",
    threat: ["T9"],
    file: "src/domain/verify/compare-rows.ts",
    find: "  row.receivedAt === entry.at &&\n",
    replace: "",
    tests: byHand,
  },
  {
    control: "A row that names another's event is named",
    threat: ["T7"],
    file: "src/domain/verify/linked.ts",
    find: "if (!isOfKind || Object.entries(said).some(([field, value]) => (fields[field] ?? null) !== value))",
    replace: "if (there.length === 0)",
    tests: byHand,
  },
  {
    control: "Columns beside an entry that say something else are named",
    threat: ["T7"],
    file: "src/domain/verify/event-rows.ts",
    find: "if (entry.kind !== row.kind || entry.at !== row.at)",
    replace: "if (row.kind === '')",
    tests: byHand,
  },
  {
    control: "What the log set aside is named",
    threat: ["T7"],
    file: "src/domain/verify/aside.ts",
    find: `          say(
            "set aside",`,
    replace: `          void String(
            "set aside",`,
    tests: byHand,
  },
  {
    control: "Rows are compared with the log again and again, without anybody asking",
    threat: ["T7", "T34"],
    file: "src/server/watch/inspect.ts",
    find: `    { kind: "rows", codes: ROW_CODES, every: every * ROWS_EVERY, look: () => lookAtRows(pool, config) },\n`,
    replace: "",
    tests: byHand,
  },
  {
    control: "Every sealed byte is compared with the log again and again",
    threat: ["T6", "T34"],
    file: "src/server/watch/inspect.ts",
    find: `    { kind: "bytes", codes: BYTE_CODES, every: every * BYTES_EVERY, look: () => lookAtBytes(pool, stopped) },\n`,
    replace: "",
    tests: byHand,
  },
  {
    control: "What a login leaves behind is found",
    threat: ["T24"],
    file: "src/server/watch/strays.ts",
    find: "return [...Map.groupBy(told, ",
    replace: "return [...Map.groupBy(told.slice(0, 0), ",
    tests: rows,
    pattern: ["a large object, a temporary table and a lock that lasts"],
  },
  {
    control: "No login makes a temporary table",
    threat: ["T24"],
    file: "src/server/database/migrate.ts",
    find: "if (here?.owned) await",
    replace: "if (here === undefined) await",
    tests: rows,
    pattern: OWN,
  },
  {
    control: "No login makes a large object, or takes a lock that is not its own",
    threat: ["T24", "T31"],
    file: "supervisor/cluster.ts",
    find: "      NO_LARGE_OBJECTS_AND_LOCKS,\n",
    replace: "",
    tests: rows,
    pattern: OWN,
  },
  {
    control: "The whole of a function stands in the pinned catalogue, and not its text alone",
    threat: ["T24"],
    file: "src/server/watch/store/catalogue.ts",
    find: "convert_to(pg_get_functiondef(p.oid), 'UTF8')",
    replace: "convert_to(p.prosrc, 'UTF8')",
    tests: ["test/store/catalogue.test.ts"],
    pattern: ["the catalogue is the pinned one"],
  },
  {
    control: "What was erased leaves the database's files, though nobody tells of it",
    threat: ["T39"],
    file: "supervisor/sweeper.ts",
    find: "watch: (every = LOOK) => void look(every).catch(() => {}),",
    replace: "watch: (every = LOOK) => void (every < 0 && look(every)),",
    tests: rows,
    pattern: ["what was erased leaves the files"],
  },
  {
    control: "The inspector looks itself for whom only a row calls an operator",
    threat: ["T11", "T34"],
    file: "src/server/watch/inspect.ts",
    find: "    ...(await operators(inspector)),\n",
    replace: "",
    tests: ["test/attack/rows-by-hand.test.ts"],
  },
  {
    control: "Of many wrapped keys for one place the signed one is given",
    threat: ["T2", "T15"],
    file: "src/server/statements/store.ts",
    find: "ORDER BY w.epoch, (w.digest = signed.digest) DESC NULLS LAST",
    replace: "ORDER BY w.epoch",
    tests: ["test/attack/rows.test.ts"],
    pattern: ["a wrapped key is the one that a statement names"],
  },
  {
    control: "An event's row stands in the log of the body that its entry names, or it is named",
    threat: ["T7", "T43"],
    file: "src/domain/verify/event-rows.ts",
    find: "if (row.leaf !== null && !mayStandIn(entry, row.whose))",
    replace: "if (row.id < 0)",
    tests: ["test/unit/verify-rows.test.ts"],
  },
];
