/** Every route, for whoever must see them all: tests, and whoever compares them with what is served. */
import * as cases from "./cases.ts";
import * as erasure from "./erasure.ts";
import * as filings from "./filings.ts";
import * as grants from "./grants.ts";
import * as incidents from "./incidents.ts";
import * as log from "./log.ts";
import * as mailroom from "./mailroom.ts";
import * as messages from "./messages.ts";
import * as people from "./people.ts";
import * as open from "./public.ts";
import * as reading from "./reading.ts";
import * as receipts from "./receipts.ts";
import type { AnyRoute } from "./route.ts";
import * as session from "./session.ts";
import * as statements from "./statements.ts";
import * as totp from "./totp.ts";
import * as unlockers from "./unlockers.ts";
import * as watch from "./watch.ts";

const MATTERS = {
  session,
  unlockers,
  totp,
  people,
  statements,
  grants,
  reading,
  cases,
  erasure,
  incidents,
  filings,
  messages,
  log,
  watch,
  public: open,
  receipts,
  mailroom,
};

const isRoute = (value: unknown): value is AnyRoute =>
  typeof value === "object" && value !== null && "method" in value && "path" in value && "answer" in value;

/** Each with the name that it has in its file: `grants.askToRead`. */
export const ROUTES: readonly (readonly [name: string, route: AnyRoute])[] = Object.entries(MATTERS).flatMap(
  ([matter, file]) =>
    Object.entries(file).flatMap(([name, value]): [string, AnyRoute][] =>
      isRoute(value) ? [[`${matter}.${name}`, value]] : [],
    ),
);
