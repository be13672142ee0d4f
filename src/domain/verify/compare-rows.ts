/** An event beside the rows that it speaks of: each comparison says what differs, and nothing else. */
import { canonicalJson } from "../canonical.ts";
import { parseStatement } from "../grant/statement.ts";
import { asksFor } from "../grant/asked.ts";
import { idsRoot } from "../log/commit.ts";
import type { Entry } from "../log/event.ts";
import { eventOfStatement } from "../log/stated.ts";
import type { ErasedCheck } from "./erased.ts";
import type { Judge } from "./judge.ts";
import type { EventRow, ReleaseRow, RequestRow, Rows, StatementRow, SubmissionRow } from "./rows.ts";

export type Released = Extract<Entry, { readonly purpose: string; readonly release: string }>;
/** What each kind of release hands out. */
const PART = {
  "slips.released": "slip",
  "letter.released": "letter",
  "letters.released": "letter",
  "document.released": "document",
} as const satisfies { readonly [K in Released["kind"]]: string };
export type Received = Extract<Entry, { kind: "submission.received" }>;
export type Stated = Extract<Entry, { statement: string }>;
export type Requested = Extract<Entry, { kind: "grant.requested" }>;

type Erasures<K extends keyof ErasedCheck> = { readonly erasures: Pick<ErasedCheck, K> };

/** A statement and the event of it. */
export function compareStated(
  { against, missing }: Judge,
  leaf: string,
  entry: Stated,
  row: StatementRow | undefined,
): void {
  if (row === undefined) missing(leaf, `there is no statement of ${entry.body} with the hash ${entry.statement}`);
  else if (row.body !== entry.body) against(leaf, `its statement is of ${row.body}, and the event says ${entry.body}`);
  else if (!isEventOf(entry, row)) against(leaf, `it says something else than statement ${row.seq} of ${row.body}`);
}

/** A request for a grant and the event of it. */
export function compareRequested(
  { against, missing }: Judge,
  leaf: string,
  event: number,
  entry: Requested,
  row: RequestRow | undefined,
): void {
  if (row === undefined) missing(leaf, `there is no request ${entry.request}`);
  else if (row.event !== event || !asksFor(entry, { ...row, request: row.id }, new Uint8Array(row.personsSalt)))
    against(leaf, `the row of request ${row.id} says something else`);
}

/** Letters that were received, and their rows and sealed bytes. */
export async function compareReceived(
  { against, missing, erasures }: Judge & Erasures<"letter" | "lost">,
  rows: Rows,
  received: readonly { leaf: string; entry: Received }[],
): Promise<void> {
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
    else if (isOther(row.slip, entry.slip) || isOther(row.letter, entry.letter))
      against(leaf, `the sealed bytes of submission ${row.id} are not those that were received`);
  }
}

/** What was released, and the rows of it. */
export async function compareReleased(
  { against, missing, erasures }: Judge & Erasures<"cut" | "lost">,
  rows: Rows,
  released: readonly { leaf: string; entry: Released; row: EventRow }[],
): Promise<void> {
  if (released.length === 0) return;
  const found = new Map((await rows.releases(released.map(({ entry }) => entry.release))).map((row) => [row.id, row]));
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
  row.body === entry.body &&
  row.inbox === entry.inbox &&
  row.epoch === entry.epoch &&
  row.formHash === entry.formHash &&
  row.size === entry.size &&
  row.path === entry.path &&
  row.receivedAt === entry.at &&
  row.first === (entry.first ?? null);

/** The empty text: it is there, and was not hashed this time. */
const isOther = (found: string, said: string): boolean => found !== "" && found !== said;

const isAbout = (entry: Released, release: ReleaseRow): boolean =>
  release.body === entry.body &&
  release.inbox === entry.inbox &&
  release.purpose === entry.purpose &&
  release.part === PART[entry.kind];

export const isRelease = (entry: Entry): entry is Released => Object.hasOwn(PART, entry.kind);

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
