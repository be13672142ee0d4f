/**
 * Rows against the log: every event row is its leaf, every row that an event speaks of says the same, and no row is
 * without its event.
 */
import { equalBytes, toHex, type Bytes } from "../../domain/bytes.ts";
import { canonicalJson } from "../../domain/canonical.ts";
import { parseStatement, statementHash } from "../../domain/grant/statement.ts";
import { idsRoot } from "../../domain/log/commit.ts";
import type { Entry } from "../../domain/log/event.ts";
import { eventOfStatement } from "../../domain/log/stated.ts";
import type { Sha256 } from "../../domain/log/growth.ts";
import { hashesOf, TILE_WIDTH } from "../../domain/log/tile.ts";
import { checkChains, type Roots } from "./chains.ts";
import { newErasedCheck } from "./erased.ts";
import { entryOf, leafHashOf } from "./look.ts";
import { newMismatches } from "./mismatch.ts";
import { find, number, type Report, type Wrong } from "./report.ts";
import {
  PAGE,
  type EventRow,
  type ReleaseRow,
  type RequestRow,
  type Rows,
  type StatementRow,
  type SubmissionRow,
} from "./rows.ts";

export type RowCheck = {
  /** The event rows of one tile, beside its hashes. */
  readonly tile: (index: number, hashes: Bytes) => Promise<void>;
  /** Around the tiles of each log, the oldest first: its number, and the size that is signed. */
  readonly begin: (log: number, size: number) => void;
  readonly endLog: () => void;
  /** After the last of them. */
  readonly end: () => Promise<void>;
};

/** More leaves than any log has, so that the place of an event in all logs is one number. */
const PLACES = 2 ** 40;

type Released = Extract<Entry, { readonly purpose: string; readonly release: string }>;
/** What each kind of release hands out. */
const PART = {
  "slips.released": "slip",
  "letter.released": "letter",
  "letters.released": "letter",
  "document.released": "document",
} as const satisfies { readonly [K in Released["kind"]]: string };
type Received = Extract<Entry, { kind: "submission.received" }>;
type Stated = Extract<Entry, { statement: string }>;
type Requested = Extract<Entry, { kind: "grant.requested" }>;

export async function newRowCheck(report: Report, rows: Rows, sha: Sha256, roots: Roots): Promise<RowCheck> {
  let mismatches = newMismatches("event");
  let absent: number[] = [];
  let at = { log: 0, size: 0 };
  const chains = await rows.statements();
  const leaves = new Map<string, number>();
  const statements = new Map(chains.map((row) => [toHex(statementHash(new Uint8Array(row.bytes))), row]));
  const requests = new Map((await rows.requests()).map((row) => [row.id, row]));
  const seen = {
    submissions: new Set<string>(),
    statements: new Set<string>(),
    releases: new Set<string>(),
    requests: new Set<string>(),
  };
  let looked = 0;
  let wrong = 0;
  const say = (kind: Wrong, what: string): void => {
    wrong += 1;
    find(report, kind, what);
  };
  const against = (leaf: string, what: string): void => say("contradicted", `${leaf}: ${what}`);

  const gaps = (await rows.restored()).flatMap(({ log, entry: bytes }) => {
    const entry = entryOf(bytes);
    return entry?.kind === "database.restored" ? [{ ...entry, log }] : [];
  });
  /** events whose rows went with a database that was put back, as the log itself says */
  const inGap = new Set<string>();
  let lost = 0;
  const missing = (leaf: string, what: string): boolean => {
    if (!inGap.has(leaf)) against(leaf, what);
    else lost += 1;
    return inGap.has(leaf);
  };

  const erasures = newErasedCheck(
    await rows.erasures(),
    gaps.reduce((sum, gap) => sum + gap.releases, 0),
    against,
    missing,
    (what) => say("contradicted", what),
  );

  /** Each id once: two events of one row would let one of them be invented. */
  function once(set: Set<string>, id: string, leaf: string, what: string): void {
    if (set.has(id)) against(leaf, `another event speaks of ${what} ${id}, too`);
    set.add(id);
  }

  async function events(found: readonly EventRow[]): Promise<void> {
    const received: { leaf: string; entry: Received }[] = [];
    const released: { leaf: string; entry: Released; row: EventRow }[] = [];
    for (const row of found) {
      const leaf = row.leaf === null ? `the event ${row.id}, which has no leaf yet` : `event ${number(row.leaf)}`;
      const place = row.leaf;
      if (place !== null && gaps.some(({ log, from, to }) => log === row.log && from <= place && place < to))
        inGap.add(leaf);
      const entry = entryOf(row.entry);
      if (entry === null) {
        say("altered", `${leaf} cannot be read`);
        continue;
      }
      if (entry.kind !== row.kind || entry.at !== row.at)
        against(leaf, "the columns beside its entry say something else");
      if (entry.kind === "submission.received") {
        once(seen.submissions, entry.submission, leaf, "submission");
        received.push({ leaf, entry });
      } else if (isRelease(entry)) {
        once(seen.releases, entry.release, leaf, "release");
        released.push({ leaf, entry, row });
      } else if (entry.kind === "grant.requested") {
        once(seen.requests, entry.request, leaf, "request");
        asked(leaf, entry, requests.get(entry.request));
      } else if (entry.kind === "erasure.requested") {
        erasures.requested(leaf, entry);
      } else if (entry.kind === "erasure.done" || entry.kind === "erasure.refused") {
        erasures.decided(leaf, row.id, entry);
      } else if ("statement" in entry) {
        once(seen.statements, entry.statement, leaf, "statement");
        if (row.leaf !== null) leaves.set(entry.statement, row.log * PLACES + row.leaf);
        stated(leaf, entry, statements.get(entry.statement));
      }
    }
    await compareReceived(received);
    await compareReleased(released);
  }

  function stated(leaf: string, entry: Stated, row: StatementRow | undefined): void {
    if (row === undefined) missing(leaf, `there is no statement of ${entry.body} with the hash ${entry.statement}`);
    else if (row.body !== entry.body)
      against(leaf, `its statement is of ${row.body}, and the event says ${entry.body}`);
    else if (!isEventOf(entry, row)) against(leaf, `it says something else than statement ${row.seq} of ${row.body}`);
  }

  function asked(leaf: string, entry: Requested, row: RequestRow | undefined): void {
    if (row === undefined) missing(leaf, `there is no request ${entry.request}`);
    else if (
      row.body !== entry.body ||
      row.inbox !== entry.inbox ||
      row.scope !== entry.scope ||
      row.until !== entry.until ||
      row.purpose !== entry.purpose
    )
      against(leaf, `the row of request ${row.id} says something else`);
  }

  async function compareReceived(received: readonly { leaf: string; entry: Received }[]): Promise<void> {
    if (received.length === 0) return;
    const found = new Map(
      (await rows.submissions(received.map(({ entry }) => entry.submission))).map((row) => [row.id, row]),
    );
    for (const { leaf, entry } of received) {
      const row = found.get(entry.submission);
      if (row !== undefined) erasures.letter(row.id, row.erased, row.slip !== null || row.letter !== null);
      if (row === undefined) {
        if (missing(leaf, `the submission ${entry.submission} that it speaks of is not there`))
          erasures.lost({ letter: entry.submission });
      } else if (!isSame(entry, row)) against(leaf, `the row of submission ${row.id} says something else`);
      // Whether it may be, and that nothing of it is there, is asked at the end.
      else if (row.erased) continue;
      else if (row.slip === null || row.letter === null)
        against(leaf, `sealed bytes of submission ${row.id} are not there`);
      else if (row.slip !== entry.slip || row.letter !== entry.letter)
        against(leaf, `the sealed bytes of submission ${row.id} are not those that were received`);
    }
  }

  async function compareReleased(released: readonly { leaf: string; entry: Released; row: EventRow }[]): Promise<void> {
    if (released.length === 0) return;
    const found = new Map(
      (await rows.releases(released.map(({ entry }) => entry.release))).map((row) => [row.id, row]),
    );
    for (const { leaf, entry, row } of released) {
      const release = found.get(entry.release);
      if (release === undefined) {
        if (
          missing(leaf, `the release ${entry.release} that it speaks of is not there`) &&
          entry.kind === "letter.released"
        )
          erasures.lost({ readingIn: entry.inbox });
      } else if (entry.kind === "document.released") {
        if (
          release.event !== row.id ||
          !isAbout(entry, release) ||
          release.document !== entry.document ||
          release.submissions.length > 0
        )
          against(leaf, `the row of release ${release.id} says something else`);
      } else if (release.event !== row.id || !(isForgotten(entry, release) || tells(entry, release)))
        against(leaf, `the row of release ${release.id}, or the submissions in it, say something else`);
      else if (release.told !== [entry.at, release.part, entry.body, entry.role, entry.count].join(" "))
        against(leaf, `its submitters are told something else of the release ${release.id}`);
      else if (release.idsSalt === null) erasures.cut(release.inbox);
    }
  }

  /** Rows that no event speaks of. */
  async function without(
    what: string,
    page: (after: string) => Promise<readonly string[]>,
    known: ReadonlySet<string>,
  ): Promise<void> {
    for (let ids = await page(""); ids.length > 0; ids = ids.length < PAGE ? [] : await page(ids.at(-1)!)) {
      for (const id of ids) if (!known.has(id)) say("contradicted", `no event speaks of the ${what} ${id}`);
    }
  }

  return {
    begin(log, size) {
      at = { log, size };
      absent = [];
      mismatches = newMismatches("event");
    },
    endLog() {
      tellAbsent(absent, at.size, say);
      mismatches.tell(report);
    },
    async tile(index, hashes) {
      const first = index * TILE_WIDTH;
      const wanted = hashesOf(hashes);
      const found = new Map((await rows.events(at.log, first, first + wanted.length)).map((row) => [row.leaf, row]));
      const sound: EventRow[] = [];
      wanted.forEach((hash, i) => {
        const row = found.get(first + i);
        if (row === undefined) return void absent.push(first + i);
        looked += 1;
        const has = leafHashOf(row.entry, sha);
        if (equalBytes(has, hash)) sound.push(row);
        else {
          wrong += 1;
          mismatches.add(first + i, hash, has);
          sound.push(row);
        }
      });
      await events(sound);
    },
    async end() {
      let later = 0;
      for (
        let page = await rows.laterEvents(at.log, at.size, 0);
        page.length > 0;
        page = page.length < PAGE ? [] : await rows.laterEvents(at.log, at.size, page.at(-1)!.id)
      ) {
        later += page.length;
        await events(page);
      }
      for (const [hash, row] of statements)
        if (!seen.statements.has(hash)) say("contradicted", `no event speaks of statement ${row.seq} of ${row.body}`);
      for (const id of requests.keys())
        if (!seen.requests.has(id)) say("contradicted", `no event speaks of the request ${id}`);
      await without("submission", rows.submissionIds, seen.submissions);
      await without("release", rows.releaseIds, seen.releases);
      await checkChains(report, say, rows, chains, roots, leaves);
      const { erased } = erasures.end();
      report.looked.push(
        `Into the database: ${number(looked)} events beside the tree, ${number(seen.submissions.size)} submissions, ${number(seen.statements.size)} statements, ${number(seen.requests.size)} requests, ${number(seen.releases.size)} releases${erased === 0 ? "" : `, ${number(erased)} letters that were erased`}.`,
      );
      if (wrong === 0)
        report.holds.push("Every row of the database is what its event says, and every event has its row.");
      for (const { from, to, at } of gaps)
        report.open.push(
          `On ${new Date(at).toISOString().slice(0, 10)} an older database was put in place: of entries ${number(from)} to ${number(to - 1)} the log is whole, and rows of ${number(lost)} events are lost.`,
        );
      if (later > 0)
        report.open.push(
          `${number(later)} events of the database are newer than the checkpoint: they agree with their rows as far as the line above says, but nothing signed covers them yet.`,
        );
    },
  };
}

/** What is missing to the very end was cut off; what is missing before was taken out. */
function tellAbsent(absent: readonly number[], size: number, say: (wrong: Wrong, what: string) => void): void {
  let end = absent.length;
  while (end > 0 && absent[end - 1] === size - 1 - (absent.length - end)) end -= 1;
  for (const leaf of absent.slice(0, end)) say("missing", `event ${number(leaf)} was taken out of the database`);
  if (end < absent.length)
    say("truncated", `from event ${number(absent[end]!)} on the database has none, and ${number(size)} are signed`);
}

/** Whether an event is the one that this statement has, but for its time and nonce. */
function isEventOf({ v: _v, at: _at, nonce: _nonce, ...said }: Stated, row: StatementRow): boolean {
  const signed = { bytes: new Uint8Array(row.bytes), signature: new Uint8Array(row.signature) };
  try {
    return canonicalJson(said) === canonicalJson(eventOfStatement(parseStatement(signed.bytes), signed));
  } catch {
    return false;
  }
}

const isSame = (entry: Received, row: SubmissionRow): boolean =>
  row.inbox === entry.inbox &&
  row.epoch === entry.epoch &&
  row.formHash === entry.formHash &&
  row.size === entry.size &&
  row.path === entry.path &&
  row.first === (entry.first ?? null);

const isAbout = (entry: Released, release: ReleaseRow): boolean =>
  release.body === entry.body &&
  release.inbox === entry.inbox &&
  release.purpose === entry.purpose &&
  release.part === PART[entry.kind];

const isRelease = (entry: Entry): entry is Released => Object.hasOwn(PART, entry.kind);

/** A reading whose letter was erased: nothing is left that says which one it was. How many there may be is counted. */
const isForgotten = (entry: Released, release: ReleaseRow): boolean =>
  release.idsSalt === null &&
  isAbout(entry, release) &&
  entry.kind === "letter.released" &&
  release.submissions.length === 0;

function tells(entry: Exclude<Released, { kind: "document.released" }>, release: ReleaseRow): boolean {
  return (
    isAbout(entry, release) &&
    release.idsSalt !== null &&
    release.submissions.length === entry.count &&
    idsRoot(new Uint8Array(release.idsSalt), release.submissions) === entry.ids
  );
}
