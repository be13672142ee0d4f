/**
 * What the administrator of 2022 could try on Pillarbox to let everybody read: by what the product offers, by its
 * settings, and as the owner of its database. Each is really done. What is refused says so; what is not refused is
 * undone again afterwards.
 */
import pg from "pg";
import { askFor } from "../src/member/flows/asking.ts";
import { stateOf } from "../src/member/flows/world.ts";
import { fromUtf8 } from "../src/domain/bytes.ts";
import { codeOf, Fault, type Code } from "../src/domain/problem.ts";
import type { Desk } from "../src/cli/desk/desk.ts";
import { BODY, type Place } from "./place.ts";

export type Attempt = {
  readonly by: "product" | "settings" | "database";
  readonly what: string;
  /** @returns what became of it, in a few words; a refusal is a code */
  readonly attempt: () => Promise<string>;
  readonly undo?: () => Promise<unknown>;
  /** the inspector looks at the database's own rules: it must find this by itself before it is undone */
  readonly isFound?: true;
};

const YEAR = 365 * 86_400_000;

/** Everything that can be written where a grant names its people. */
const EVERYBODY = [
  "anonymous",
  "public",
  "everyone",
  "*",
  "",
  "authenticated",
  "0".repeat(32),
  "f".repeat(32),
  "all-staff",
];

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one list: each way to let everybody read, with what undoes it.
export async function attempts(
  place: Place,
  operator: Desk,
  inbox: string,
  form: string,
): Promise<{ readonly all: readonly Attempt[]; readonly end: () => Promise<void> }> {
  const database = new pg.Client({
    connectionString: place.world.databaseUrl("pb_superuser"),
    options: "-c search_path=pillarbox",
  });
  await database.connect();
  const refused = async (work: () => Promise<unknown>): Promise<string> => {
    try {
      await work();
      return "taken";
    } catch (thrown) {
      return codeOf(thrown);
    }
  };
  const asking = (persons: readonly string[]) => () =>
    askFor(operator, BODY, {
      inbox,
      persons,
      scope: "all",
      until: Date.now() + YEAR,
      purpose: "other",
      purposeText: "So that everybody can see it.",
    });
  const post = (path: string, content: object) => async (): Promise<void> => {
    const body = JSON.stringify(content);
    const { status, bytes } = await operator.send({ method: "POST", path: `/api/bodies/${BODY}/${path}`, body });
    if (status >= 300) throw new Fault((JSON.parse(fromUtf8(bytes)) as { readonly code: Code }).code);
  };
  const sql =
    (...statements: readonly string[]) =>
    async (): Promise<string> => {
      for (const statement of statements) await insist(() => database.query(statement));
      return "done";
    };
  const http = (what: string, path: string, init: RequestInit) => async (): Promise<string> =>
    `${(await fetch(place.world.staffOrigin + path, { ...init, redirect: "manual" })).status}${what}`;
  const officer = place.person("colleague without a grant");

  const product: readonly Attempt[] = [
    ...EVERYBODY.map(
      (who): Attempt => ({ by: "product", what: `ask for “${who}” to read`, attempt: () => refused(asking([who])) }),
    ),
    { by: "product", what: "ask for nobody in particular", attempt: () => refused(asking([])) },
    { by: "product", what: "ask for themselves", attempt: () => refused(asking([operator.me.person])) },
    {
      by: "product",
      what: "read as the administrator",
      attempt: () => refused(post("releases", { release: "1".repeat(32), inbox, purpose: "list" })),
    },
    {
      by: "product",
      what: "sign a grant as the administrator",
      attempt: () => refused(post("statements", { statements: [], wraps: [], recipients: [] })),
    },
    {
      by: "product",
      what: "publish another version of the form",
      attempt: () => refused(post("forms", { id: form, body: BODY, results: "public", view_any: ["anonymous"] })),
    },
    {
      by: "product",
      what: "open an address of the staff without signing in",
      attempt: http("", `/api/bodies/${BODY}/inboxes`, {}),
    },
    {
      by: "product",
      what: "say in headers to be somebody",
      attempt: http("", `/api/bodies/${BODY}/inboxes`, {
        headers: {
          "x-forwarded-user": officer.email,
          "x-original-url": "/health",
          authorization: "Basic YWRtaW46YWRtaW4=",
        },
      }),
    },
  ];
  // What a start takes is a closed list (supervisor/servers.ts); these are the settings by which others are opened. The
  // place is started with them set.
  const settings: readonly Attempt[] = Object.entries({
    PILLARBOX_PUBLIC_RESULTS: "true",
    PILLARBOX_ANONYMOUS: "read",
    PB_VIEW_ANY: "anonymous",
    NODE_ENV: "development",
    DEBUG: "*",
    AUTH_DISABLED: "1",
  }).map(([name, value]) => ({
    by: "settings",
    what: `${name}=${value}`,
    attempt: async () => {
      process.env[name] = value;
      for (const server of ["public", "staff"] as const) {
        const before = place.world.pid(server);
        place.world.kill(server);
        while (place.world.pid(server) === before || place.world.pid(server) === 0)
          await new Promise((later) => setTimeout(later, 50));
        const origin = server === "public" ? place.world.publicOrigin : place.world.staffOrigin;
        while (
          !(await fetch(`${origin}/health`).then(
            (answer) => answer.ok,
            () => false,
          ))
        )
          await new Promise((later) => setTimeout(later, 50));
      }
      return "started again with it";
    },
    undo: async () => void delete process.env[name],
  }));
  const everyTable =
    "DO $$ DECLARE t text; BEGIN FOR t IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pillarbox' AND c.relkind = 'r' LOOP EXECUTE format('%s', replace($q$ALTER TABLE pillarbox.% ACTION$q$, '%', quote_ident(t))); END LOOP; END $$";
  const forEach = (action: string): string => everyTable.replace("ACTION", action);
  const state = await stateOf(await place.visit(place.person("owner")), BODY);
  const epoch = state.inboxes.get(inbox)!.epochs.length;
  const databaseAttempts: readonly Attempt[] = [
    {
      by: "database",
      what: "a policy that shows every sealed part to the staff process",
      attempt: sql("CREATE POLICY everybody ON sealed FOR SELECT TO pb_staff USING (true)"),
      undo: sql("DROP POLICY everybody ON sealed"),
      isFound: true,
    },
    {
      by: "database",
      what: "sealed parts readable by the public process",
      attempt: sql(
        "GRANT SELECT ON sealed TO pb_public",
        "CREATE POLICY everybody ON sealed FOR SELECT TO pb_public USING (true)",
      ),
      undo: sql("DROP POLICY everybody ON sealed", "REVOKE SELECT ON sealed FROM pb_public"),
    },
    {
      by: "database",
      what: "row security off everywhere",
      attempt: sql(forEach("DISABLE ROW LEVEL SECURITY")),
      undo: sql(forEach("ENABLE ROW LEVEL SECURITY")),
    },
    {
      by: "database",
      what: "every table readable by everybody who connects",
      attempt: sql("GRANT SELECT ON ALL TABLES IN SCHEMA pillarbox TO PUBLIC"),
      undo: sql("REVOKE SELECT ON ALL TABLES IN SCHEMA pillarbox FROM PUBLIC"),
    },
    {
      by: "database",
      what: "a colleague written in as a reader",
      attempt: sql(
        `INSERT INTO wrap (inbox, epoch, person, bytes) SELECT inbox, epoch, '${officer.person}', bytes FROM wrap WHERE inbox = '${inbox}' AND epoch = ${epoch} LIMIT 1`,
      ),
      undo: sql(`DELETE FROM wrap WHERE person = '${officer.person}'`),
    },
    {
      by: "database",
      what: "everybody made an owner",
      attempt: sql("UPDATE account SET role = 'owner' WHERE role <> 'operator'"),
      undo: () => restoreRoles(database, place),
    },
    {
      by: "database",
      what: "every waiting request confirmed",
      attempt: sql("UPDATE request SET state = 'confirmed', decided_at = now() WHERE state = 'open'"),
    },
  ];
  return { all: [...product, ...settings, ...databaseAttempts], end: () => database.end() };
}

const DEADLOCK = "40P01";

/** The servers go on working meanwhile: of two who wait for each other the database turns one away. */
async function insist(work: () => Promise<unknown>, turns = 10): Promise<void> {
  for (let turn = 1; ; turn++) {
    try {
      await work();
      return;
    } catch (thrown) {
      if ((thrown as { readonly code?: string }).code !== DEADLOCK || turn === turns) throw thrown;
    }
  }
}

async function restoreRoles(database: pg.Client, place: Place): Promise<void> {
  for (const part of ["owner", "deputy owner", "case officer", "colleague without a grant", "auditor"]) {
    for (let nth = 0; ; nth++) {
      try {
        const { person, role } = place.person(part, nth);
        await database.query("UPDATE account SET role = $1 WHERE id = $2", [role, person]);
      } catch {
        break;
      }
    }
  }
}
