/**
 * Rows against the log: every event row is its leaf, every row that an event speaks of says the same, and no row is
 * without its event.
 */
import { equalBytes, type Bytes } from "../bytes.ts";
import type { Sha256 } from "../log/growth.ts";
import { hashesOf, TILE_WIDTH } from "../log/tile.ts";
import type { Entry } from "../log/event.ts";
import { newActCheck } from "./acts.ts";
import { newAskedCheck } from "./asked.ts";
import { checkChains, type Operators, type Roots } from "./chains.ts";
import { newErasedCheck, type ErasedCheck } from "./erased.ts";
import { HOST, type Whose } from "../log/names.ts";
import { nameOf, newEventRows, type EventRows } from "./event-rows.ts";
import { newLinkedCheck } from "./linked.ts";
import { newJudge, type Gap, type Judge } from "./judge.ts";
import { entryOf, leafHashOf } from "./look.ts";
import { newMismatches } from "./mismatch.ts";
import { number, type Report, type Wrong } from "./report.ts";
import { PAGE, type EventRow, type Rows, type Sized } from "./rows.ts";
import { instantText } from "../time.ts";

export type RowCheck = {
  /** The event rows of one tile, beside its hashes. */
  readonly tile: (index: number, hashes: Bytes) => Promise<void>;
  /** Around the tiles of each log, of one body's the oldest first: whose, its number, and the size that is signed. */
  readonly begin: (of: Sized) => void;
  readonly endLog: () => void;
  /** After the last of them. */
  readonly end: () => Promise<void>;
};

export async function newRowCheck(
  report: Report,
  rows: Rows,
  sha: Sha256,
  roots: Roots,
  operators: Operators | undefined,
): Promise<RowCheck> {
  let mismatches = newMismatches("event");
  let absent: number[] = [];
  let at: Sized = { whose: HOST, log: 0, size: 0 };
  /** the newest of each */
  const trees = new Map<Whose, Sized>();
  let looked = 0;
  const chains = await rows.statements();
  const gaps = await gapsOf(rows);
  const judge = newJudge(report, gaps);
  const erasures = await erasuresOf(rows, gaps, judge);
  const acts = newActCheck(judge, await rows.acts());
  const requests = await rows.requests();
  const asked = newAskedCheck(judge, requests);
  const take = (leaf: string, event: number, entry: Entry): void => {
    acts.take(leaf, event, entry);
    asked.take(leaf, entry);
  };
  const events = newEventRows(
    judge,
    rows,
    erasures,
    chains,
    requests,
    newLinkedCheck(await rows.linked(), judge),
    take,
  );

  return {
    begin(of) {
      at = of;
      trees.set(of.whose, of);
      absent = [];
      mismatches = newMismatches("event", of.whose === HOST ? "" : `the log of ${of.whose}: `);
    },
    endLog() {
      tellAbsent(absent, at, judge.say);
      mismatches.tell(report);
    },
    async tile(index, hashes) {
      const first = index * TILE_WIDTH;
      const wanted = hashesOf(hashes);
      const found = new Map((await rows.events(at, first, first + wanted.length)).map((row) => [row.leaf, row]));
      const there: EventRow[] = [];
      wanted.forEach((hash, i) => {
        const row = found.get(first + i);
        if (row === undefined) return void absent.push(first + i);
        const has = leafHashOf(row.entry, sha);
        if (!equalBytes(has, hash)) {
          judge.count();
          mismatches.add(first + i, hash, has);
        }
        there.push(row);
      });
      looked += there.length;
      await events.take(there);
    },
    async end() {
      const later = await takeLater(rows, [...trees.values()], events);
      await events.end();
      const states = await checkChains(report, judge.say, rows, chains, roots, events.leaves);
      acts.end(report, states, operators);
      asked.end(states, operators);
      checkOperators(report, judge, await rows.operators(), operators);
      tellTotals(report, { looked, ...erasures.end(), later, gaps, ...events.counts(), ...judge.result() });
    },
  };
}

const erasuresOf = async (rows: Rows, gaps: readonly Gap[], judge: Judge): Promise<ErasedCheck> =>
  newErasedCheck(
    await rows.erasures(),
    gaps.reduce((sum, gap) => sum + gap.releases, 0),
    judge.against,
    judge.missing,
    (what) => judge.say("contradicted", what),
  );

/** Whoever a row calls an operator must be named by the configuration. */
function checkOperators(report: Report, judge: Judge, rows: readonly string[], operators: Operators | undefined): void {
  if (operators === undefined && rows.length > 0)
    report.open.push("Whether who a row calls an operator is one: give each with --operator PERSON=KEY.");
  for (const person of rows)
    if (operators && !operators.has(person))
      judge.say("contradicted", `a row calls ${person} an operator, and the configuration does not`);
}

async function gapsOf(rows: Rows): Promise<readonly Gap[]> {
  return (await rows.restored()).flatMap(({ whose, log, entry: bytes }) => {
    const entry = entryOf(bytes);
    return entry?.kind === "database.restored" ? [{ ...entry, whose, log }] : [];
  });
}

/** Events that are newer than the checkpoints. @returns how many */
async function takeLater(rows: Rows, trees: readonly Sized[], events: EventRows): Promise<number> {
  let later = 0;
  for (
    let page = await rows.laterEvents(trees, 0);
    page.length > 0;
    page = page.length < PAGE ? [] : await rows.laterEvents(trees, page.at(-1)!.id)
  ) {
    later += page.length;
    await events.take(page);
  }
  return later;
}

type Totals = {
  readonly looked: number;
  readonly erased: number;
  readonly later: number;
  readonly gaps: readonly Gap[];
};

function tellTotals(
  report: Report,
  totals: Totals & ReturnType<EventRows["counts"]> & { wrong: number; lost: number },
) {
  const { looked, erased, later, gaps, wrong, lost } = totals;
  const rows = (["submissions", "statements", "requests", "releases"] as const).map(
    (what) => `${number(totals[what])} ${what}`,
  );
  report.looked.push(
    `Into the database: ${number(looked)} events beside the tree, ${rows.join(", ")}${erased === 0 ? "" : `, ${number(erased)} letters that were erased`}.`,
  );
  if (wrong === 0) report.holds.push("Every row of the database is what its event says, and every event has its row.");
  for (const { whose, from, to, at } of gaps)
    report.open.push(
      from === to
        ? `On ${instantText(at).slice(0, 10)} (UTC) a backup of the database was put in place at entry ${number(to)} of the log${whose === HOST ? "" : ` of ${whose}`}: what was received after it, and is in no log here, is not known.`
        : `On ${instantText(at).slice(0, 10)} (UTC) an older database was put in place: of entries ${number(from)} to ${number(to - 1)} the log${whose === HOST ? "" : ` of ${whose}`} is whole, and rows of ${number(lost)} events are lost.`,
    );
  if (later > 0)
    report.open.push(
      `${number(later)} events of the database are newer than the checkpoint: they agree with their rows as far as the line above says, but nothing signed covers them yet.`,
    );
}

/** What is missing to the very end was cut off; what is missing before was taken out. */
function tellAbsent(
  absent: readonly number[],
  { whose, size }: Sized,
  say: (wrong: Wrong, what: string) => void,
): void {
  let end = absent.length;
  while (end > 0 && absent[end - 1] === size - 1 - (absent.length - end)) end -= 1;
  for (const leaf of absent.slice(0, end)) say("missing", `${nameOf({ whose }, leaf)} was taken out of the database`);
  if (end < absent.length)
    say(
      "truncated",
      `from ${nameOf({ whose }, absent[end]!)} on the database has none, and ${number(size)} are signed`,
    );
}
