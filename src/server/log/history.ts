/** The log as a readable history of one body: who asked, who confirmed, what was released to whom, when. */
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { isTo } from "../../domain/case/by.ts";
import { Fault } from "../../domain/problem.ts";
import { parseStatement, statementHash, type Statement } from "../../domain/grant/statement.ts";
import { EVENT_KINDS, EVENTS, type EventKind } from "../../domain/log/event-kinds.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { whoseEntry } from "../../domain/log/names.ts";
import { namesOf } from "../people/store/accounts.ts";
import { eventsBefore, secretsOf, signedHead } from "./store/events.ts";
import type { Pool } from "../database/pool.ts";
import type { Chain } from "../statements/chains.ts";

const PAGE = 50;
/** Entries of the host's log that concern nobody here are passed over; a page looks at this many at most, so that it always ends. */
const LOOK = 2000;

/** What people may choose to see, and the kinds of event behind each. */
const HISTORY_KINDS: ReadonlyMap<string | null, readonly EventKind[]> = Map.groupBy(
  EVENT_KINDS.filter((kind) => EVENTS[kind].history !== null),
  (kind) => EVENTS[kind].history,
);

export type Named = { readonly person: string; readonly name: string; readonly role: string };
export type HistoryItem = {
  readonly leaf: number;
  readonly at: number;
  readonly kind: string;
  readonly event: Entry;
  readonly who: Named | null;
  readonly about: { readonly people: readonly Named[]; readonly reason?: string };
};

/** One page of history, newest first. @throws `BAD_REQUEST` for an unknown kind */
export async function history(pool: Pool, body: string, chain: Chain, before: number, kind: string | undefined) {
  const kinds = kind === undefined ? undefined : HISTORY_KINDS.get(kind);
  if (kind && !kinds) throw new Fault("BAD_REQUEST");
  const statements = new Map(chain.statements.map((s) => [toHex(statementHash(s.bytes)), parseStatement(s.bytes)]));
  const rows = await eventsBefore(pool, body, before, kinds ?? [...HISTORY_KINDS.values()].flat(), LOOK);
  const parsed = rows.map((row) => ({ ...row, event: parseEntry(new Uint8Array(row.entry)) }));
  const read = parsed.filter(({ event }) => isOf(event, body));
  const page = read.slice(0, PAGE);
  const secrets = await secretsOf(
    pool,
    page.map((row) => row.id),
  );
  const people = page.flatMap(({ event }) => peopleIn(event, statements));
  const names = await namesOf(pool, [...secrets.map((one) => one.person), ...people]);
  const named = (person: string): Named => ({
    person,
    ...(names.get(person) ?? { name: "A person who is no longer here", role: "unknown" }),
  });
  const items = page.map(({ id, leaf, event }): HistoryItem => {
    const meant = secrets.filter((one) => one.event === id);
    const actor = meant.find((one) => isActor(event, one))?.person ?? actorIn(event, statements);
    const statement = "statement" in event ? statements.get(event.statement) : undefined;
    return {
      leaf,
      at: event.at,
      kind: event.kind,
      event,
      who: actor ? named(actor) : null,
      about: {
        people: [
          ...peopleIn(event, statements),
          ...meant.filter((one) => "to" in event && isTo(String(event.to), one)).map(({ person }) => person),
        ].map(named),
        ...(statement?.kind === "grant.ended" ? { reason: statement.reason } : {}),
      },
    };
  });
  const next = read.length > PAGE ? page.at(-1)!.id : rows.length === LOOK ? rows.at(-1)!.id : null;
  return { checkpoint: await signedHead(pool, body), items, next };
}

/** Of the host's log, what concerns every body. */
const isOf = (event: Entry, body: string): boolean =>
  whoseEntry(event) === body ||
  event.kind === "database.restored" ||
  event.kind === "watch.proved" ||
  event.kind === "finding.opened" ||
  event.kind === "finding.closed";

/** An entry that says who did it may commit to somebody else, too; of every other there is one. */
const isActor = (event: Entry, meant: { readonly person: string; readonly salt: Bytes }): boolean =>
  !("by" in event) || isTo(event.by, meant);

const actorIn = (event: Entry, statements: ReadonlyMap<string, Statement>): string | undefined =>
  "statement" in event ? statements.get(event.statement)?.actor : undefined;

function peopleIn(event: Entry, statements: ReadonlyMap<string, Statement>): string[] {
  const statement = "statement" in event ? statements.get(event.statement) : undefined;
  if (statement?.kind === "grant.made") return [...statement.persons];
  if (statement?.kind === "grant.ended" || statement?.kind === "person.confirmed" || statement?.kind === "person.ended")
    return [statement.person];
  if (statement?.kind === "inbox.key") return statement.holders.map((holder) => holder.person);
  return [];
}
