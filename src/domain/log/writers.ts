/**
 * Who may write which events: decided by the log on the entry as it is read, never on a column beside it. The
 * database's own rule (sql/000002.sql) says the same once more, and sooner.
 */
import { parseEntry, type Entry } from "./event.ts";
import { HOST, whoseEntry, type Whose } from "./names.ts";

type SetAside = Extract<Entry, { kind: "log.set-aside" }>;
/** Why an event was set aside: it cannot be read, or it is of a kind that its login may not write. */
export type Aside = SetAside["why"];
/** Who wrote what was set aside; `owner` is any other login, at a desk. */
type Writer = SetAside["writer"];

const WRITERS = ["public", "staff", "jobs", "log"] as const satisfies readonly Writer[];

export const writerOf = (login: string): Writer => WRITERS.find((one) => login === `pb_${one}`) ?? "owner";

const JOBS: readonly Entry["kind"][] = ["mailroom.started", "delivery.ended", "document.returned"];
const NOT_OF_STAFF: readonly Entry["kind"][] = [
  "submission.received",
  "reply.fetched",
  "mailroom.started",
  "document.returned",
  "database.restored",
];

const MAY: { readonly [writer in Writer]: (entry: Entry) => boolean } = {
  public: (entry) =>
    entry.kind === "submission.received" ||
    entry.kind === "reply.fetched" ||
    (entry.kind === "erasure.requested" && entry.askedBy === "submitter"),
  jobs: ({ kind }) => JOBS.includes(kind),
  log: ({ kind }) => kind.startsWith("log."),
  // Where a log begins, which key goes on, and what was set aside is said by the log itself: put in by anybody else, a
  // signature over it would hand the log over.
  staff: (entry) =>
    !entry.kind.startsWith("log.") &&
    !NOT_OF_STAFF.includes(entry.kind) &&
    !(entry.kind === "erasure.requested" && entry.askedBy === "submitter"),
  owner: ({ kind }) => !kind.startsWith("log."),
};

/**
 * In whose log an event that waits belongs, and why it is not signed; `aside` is null for one that is. What is signed
 * stays for ever, so what nobody could read later is not: one such entry, and every reader of the whole log would stop
 * at it.
 */
export function readAs(login: string, bytes: Uint8Array): { readonly whose: Whose; readonly aside: Aside | null } {
  let entry: Entry;
  try {
    entry = parseEntry(bytes);
  } catch {
    return { whose: HOST, aside: "unreadable" };
  }
  return { whose: whoseEntry(entry), aside: MAY[writerOf(login)](entry) ? null : "not-theirs" };
}
