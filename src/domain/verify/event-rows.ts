/** The event rows of a database, one after the other: each is compared with what it speaks of, and each thing once. */
import { toHex } from "../bytes.ts";
import type { Entry } from "../log/event.ts";
import { HOST, mayStandIn, whoseEntry, type Whose } from "../log/names.ts";
import { statementHash } from "../grant/statement.ts";
import {
  compareReceived,
  compareReleased,
  compareRequested,
  compareStated,
  isRelease,
  type Received,
  type Released,
} from "./compare-rows.ts";
import { newAsideCheck } from "./aside.ts";
import type { ErasedCheck } from "./erased.ts";
import type { Judge } from "./judge.ts";
import type { LinkedCheck } from "./linked.ts";
import { entryOf } from "./look.ts";
import { number } from "./report.ts";
import { PAGE, type EventRow, type RequestRow, type Rows, type StatementRow } from "./rows.ts";

/** More leaves than any log has, so that the place of an event in all logs is one number. */
const PLACES = 2 ** 40;

/** An event that has its leaf, for people. */
export const nameOf = ({ whose }: { readonly whose: Whose }, leaf: number): string =>
  whose === HOST ? `event ${number(leaf)}` : `event ${number(leaf)} of ${whose}`;

/** What stands beside an entry says the same, and it stands in its own log. */
function compareColumns({ against }: Judge, leaf: string, entry: Entry, row: EventRow): void {
  if (entry.kind !== row.kind || entry.at !== row.at) against(leaf, "the columns beside its entry say something else");
  const [own, log] = [whoseEntry(entry) || "the host", row.whose || "the host"];
  if (row.leaf !== null && !mayStandIn(entry, row.whose))
    against(leaf, `it is of ${own}, and stands in the log of ${log}`);
}

export type EventRows = {
  readonly take: (found: readonly EventRow[]) => Promise<void>;
  /** Rows that no event spoke of are told. After the last event. */
  readonly end: () => Promise<void>;
  /** of each statement, the place of its event in all logs */
  readonly leaves: ReadonlyMap<string, number>;
  readonly counts: () => { readonly [what in "submissions" | "statements" | "requests" | "releases"]: number };
};

export function newEventRows(
  judge: Judge,
  rows: Rows,
  erasures: ErasedCheck,
  chains: readonly StatementRow[],
  asked: readonly RequestRow[],
  linked: LinkedCheck,
  look: (leaf: string, event: number, entry: Entry) => void,
): EventRows {
  const leaves = new Map<string, number>();
  const statements = new Map(chains.map((row) => [toHex(statementHash(new Uint8Array(row.bytes))), row]));
  const aside = newAsideCheck(judge);
  const requests = new Map(asked.map((row) => [row.id, row]));
  const seen = {
    submissions: new Set<string>(),
    statements: new Set<string>(),
    releases: new Set<string>(),
    requests: new Set<string>(),
  };

  /** Each id once: two events of one row would let one of them be invented. */
  function once(set: Set<string>, id: string, leaf: string, what: string): void {
    if (set.has(id)) judge.against(leaf, `another event speaks of ${what} ${id}, too`);
    set.add(id);
  }

  async function take(found: readonly EventRow[]): Promise<void> {
    const received: { leaf: string; entry: Received }[] = [];
    const released: { leaf: string; entry: Released; row: EventRow }[] = [];
    for (const row of found) {
      const leaf = row.leaf === null ? `the event ${row.id}, which has no leaf yet` : nameOf(row, row.leaf);
      if (row.leaf !== null) judge.place(leaf, row, row.leaf);
      if (row.aside !== null) {
        aside.row(row);
        continue;
      }
      const entry = entryOf(row.entry);
      if (entry === null) {
        judge.say("altered", `${leaf} cannot be read`);
        continue;
      }
      compareColumns(judge, leaf, entry, row);
      linked.take(leaf, row.id, entry);
      look(leaf, row.id, entry);
      if (entry.kind === "submission.received") {
        once(seen.submissions, entry.submission, leaf, "submission");
        received.push({ leaf, entry });
      } else if (isRelease(entry)) {
        once(seen.releases, entry.release, leaf, "release");
        released.push({ leaf, entry, row });
      } else if (entry.kind === "grant.requested") {
        once(seen.requests, entry.request, leaf, "request");
        compareRequested(judge, leaf, row.id, entry, requests.get(entry.request));
      } else if (entry.kind === "erasure.requested") {
        erasures.requested(leaf, entry);
      } else if (entry.kind === "log.set-aside") {
        aside.told(entry);
      } else if (entry.kind === "erasure.done" || entry.kind === "erasure.refused") {
        erasures.decided(leaf, row.id, entry);
      } else if ("statement" in entry) {
        once(seen.statements, entry.statement, leaf, "statement");
        if (row.leaf !== null) leaves.set(entry.statement, row.log * PLACES + row.leaf);
        compareStated(judge, leaf, entry, statements.get(entry.statement));
      }
    }
    await compareReceived({ ...judge, erasures }, rows, received);
    await compareReleased({ ...judge, erasures }, rows, released);
  }

  return {
    take,
    leaves,
    counts: () => countsOf(seen),
    async end() {
      linked.end(erasures.isErased);
      aside.end();
      for (const [hash, row] of statements)
        if (!seen.statements.has(hash))
          judge.say("contradicted", `no event speaks of statement ${row.seq} of ${row.body}`);
      for (const id of requests.keys())
        if (!seen.requests.has(id)) judge.say("contradicted", `no event speaks of the request ${id}`);
      await without(judge, "submission", rows.submissionIds, seen.submissions);
      await without(judge, "release", rows.releaseIds, seen.releases);
    },
  };
}

const countsOf = (seen: { readonly [what in keyof ReturnType<EventRows["counts"]>]: ReadonlySet<string> }) => ({
  submissions: seen.submissions.size,
  statements: seen.statements.size,
  requests: seen.requests.size,
  releases: seen.releases.size,
});

/** Rows of which no event speaks. */
async function without(
  judge: Judge,
  what: string,
  page: (after: string) => Promise<readonly string[]>,
  known: ReadonlySet<string>,
): Promise<void> {
  for (let ids = await page(""); ids.length > 0; ids = ids.length < PAGE ? [] : await page(ids.at(-1)!)) {
    for (const id of ids) if (!known.has(id)) judge.say("contradicted", `no event speaks of the ${what} ${id}`);
  }
}
