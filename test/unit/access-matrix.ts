/**
 * The whole table of who may do what, as lines of text: every action × everybody × own, other and no body × whatever a
 * decision looks at. `test/unit/access-matrix.txt` holds it, so that one right more shows as one line that changed.
 */
import { ACTIONS, decide, type Action, type Thing, type Who } from "../../src/domain/access/decide.ts";
import { ALLOWED, refused, type Decision } from "../../src/domain/problem.ts";

export const ME = "11111111111111111111111111111111";
const OTHER = "22222222222222222222222222222222";
const THIRD = "33333333333333333333333333333333";

/** Everybody there is, by the name that the table has for them. */
export const EVERYBODY: { readonly [name: string]: Who } = {
  stranger: { kind: "stranger" },
  operator: { kind: "operator", person: ME },
  waiting: { kind: "waiting", person: ME, body: "own" },
  owner: { kind: "member", person: ME, body: "own", role: "owner" },
  reader: { kind: "member", person: ME, body: "own", role: "reader" },
  auditor: { kind: "member", person: ME, body: "own", role: "auditor" },
  monitor: { kind: "watcher", watcher: "monitor" },
  inspect: { kind: "watcher", watcher: "inspect" },
  site: { kind: "watcher", watcher: "site" },
};

const READINGS: readonly Decision[] = [
  ALLOWED,
  refused("REFUSED_NO_GRANT"),
  refused("REFUSED_GRANT_ENDED"),
  refused("REFUSED_EPOCH"),
];
const PEOPLE: { readonly [name: string]: readonly string[] } = {
  nobody: [],
  another: [OTHER],
  me: [ME],
  "another-and-me": [OTHER, ME],
};
const KINDS = [[], ["person.confirmed"], ["grant.made"], ["grant.ended", "inbox.key"]] as const;

type Named = readonly [name: string, thing: Thing];

const REQUESTS: readonly Named[] = (["open", "confirmed", "declined", "withdrawn"] as const).flatMap((state) =>
  Object.entries({ me: ME, another: THIRD }).flatMap(([by, asker]) =>
    Object.entries(PEOPLE).map(
      ([whom, persons]): Named => [`request ${state}, by ${by}, for ${whom}`, { request: { asker, persons, state } }],
    ),
  ),
);

/** Those that an owner might confirm, if the statements let them. */
const OF_ANOTHER = REQUESTS.filter(([name]) => name.startsWith("request open, by another"));

/** What an action can be done to, each with its name. */
export const THINGS: readonly Named[] = [
  ["nothing", {}],
  ...READINGS.map((reading): Named => [`statements give ${told(reading)}`, { reading }]),
  ...(["open", "granted", "refused"] as const).map((state): Named => [`erasure ${state}`, { erasure: { state } }]),
  ...(["owner", "reader"] as const).flatMap((role): readonly Named[] => [
    [`invited as the first ${role}`, { invited: { role, first: true } }],
    [`invited as another ${role}`, { invited: { role, first: false } }],
  ]),
  ["released to me", { releasedTo: ME }],
  ["released to another", { releasedTo: OTHER }],
  ...REQUESTS,
  ...KINDS.flatMap((statements): readonly Named[] => {
    const name = `append ${statements.join("+") || "nothing"}`;
    return [
      [name, { statements }],
      ...REQUESTS.map(([of, thing]): Named => [`${name}, ${of}`, { ...thing, statements }]),
      ...(statements.some((kind) => kind === "grant.made") ? OF_ANOTHER : []).map(
        ([of, thing]): Named => [`${name}, ${of}, whom I did not bring`, { ...thing, statements, confirming: ALLOWED }],
      ),
    ];
  }),
];

/** Where: at one's own body, at another, or at none. */
export const BODIES = { own: { body: "own" }, other: { body: "other" }, none: {} } as const;
export type Where = keyof typeof BODIES;
const WHERE = Object.keys(BODIES) as Where[];

function told(decision: Decision): string {
  return decision.ok ? "allowed" : decision.code;
}

/**
 * One line for each action and person, with what is decided before a thing is looked at; below it a line for each thing
 * that is decided otherwise. Left out is what follows from a line above: another body as one's own, and two things
 * together as one of them alone.
 */
export function matrix(): string[] {
  return (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
    Object.entries(EVERYBODY).flatMap(([name, who]) => {
      const at = (where: Where, thing: Thing): string => told(decide(who, action, { ...BODIES[where], ...thing }));
      const bare = WHERE.map((where) => `${where} ${at(where, {})}`);
      const follows = (where: Where, { statements, request, ...rest }: Thing): string => {
        if (statements && request)
          return at(where, at(where, { statements }) === at(where, {}) ? { request } : { statements });
        if (where === "own" || at(where, {}) !== at("own", {})) return at(where, {});
        return at("own", { ...rest, ...(statements && { statements }), ...(request && { request }) });
      };
      const otherwise = WHERE.flatMap((where) =>
        THINGS.filter(([, thing]) => at(where, thing) !== follows(where, thing)).map(
          ([thing, value]) => `  ${where} body, ${thing}: ${at(where, value)}`,
        ),
      );
      return [`${action}, ${name}: ${bare.join(", ")}`, ...otherwise];
    }),
  );
}

/** What the pinned table says of an action before a thing is looked at. */
export function pinned(table: string, action: string, name: string, where: Where): string {
  const line = table.split("\n").find((one) => one.startsWith(`${action}, ${name}: `));
  const found = line && new RegExp(`\\b${where} ([A-Za-z_]+)`).exec(line.slice(`${action}, ${name}: `.length))?.[1];
  if (!found) throw new Error(`the table has no line for ${action}, ${name}`);
  return found;
}
