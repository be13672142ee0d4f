/**
 * Rows that name the event by which they came to be: it is the event of this very row, and says the same of it. A row
 * whose event was exchanged would show somebody the event of something else, and count as what it is not.
 */
import { canonicalBytes } from "../canonical.ts";
import { caseOfActs, isCaseAct, withAct, type CaseState } from "../case/fold.ts";
import type { Entry } from "../log/event.ts";
import { Fault } from "../problem.ts";
import type { Judge } from "./judge.ts";

export type LinkedRow = {
  /** what it is, for people: "receipt", "marker" */
  readonly what: string;
  readonly id: string;
  readonly event: number;
  /** the kind of its event, or how its kinds begin: "incident." */
  readonly kind: string;
  /** fields of its event, as the row has them */
  readonly said: { readonly [field: string]: string | number | null };
};

export type LinkedCheck = {
  readonly take: (leaf: string, event: number, entry: Entry) => void;
  /** After the last event. @param isErased whether an event says that a letter was erased */
  readonly end: (isErased: (submission: string) => boolean) => void;
};

/** What each event must have: the kinds of row that are written with it, and with nothing else. */
const NEEDS: { readonly [kind in Entry["kind"]]?: string } = {
  "submission.received": "receipt",
  "incident.sealed": "document",
  "document.returned": "returned mail",
  "incident.reported": "report",
  "marker.planted": "marker",
  "finding.opened": "finding",
  "finding.closed": "end of finding",
};

/** What goes with an erased letter. */
const ERASED_WITH: { readonly [kind in Entry["kind"]]?: string } = {
  "case.replied": "reply",
  "case.noted": "note",
  "reply.fetched": "fetching",
};

const needOf = (entry: Entry): string | undefined =>
  // Letters from before receipt words have none.
  entry.kind === "submission.received" && entry.commitment === undefined ? undefined : NEEDS[entry.kind];

export function newLinkedCheck(rows: readonly LinkedRow[], { against, missing, say }: Judge): LinkedCheck {
  const byEvent = Map.groupBy(rows, (row) => row.event);
  const seen = new Set<number>();
  const going: { leaf: string; submission: string; what: string; there: boolean }[] = [];
  const cases = new Map<string, CaseState>();
  return {
    take(leaf, event, entry) {
      seen.add(event);
      const there = byEvent.get(event) ?? [];
      for (const { what, id, kind, said } of there) {
        const isOfKind = kind.endsWith(".") ? entry.kind.startsWith(kind) : entry.kind === kind;
        const fields: { readonly [field: string]: unknown } = entry;
        if (!isOfKind || Object.entries(said).some(([field, value]) => (fields[field] ?? null) !== value))
          against(leaf, `the row of ${what} ${id} says something else`);
      }
      const need = needOf(entry);
      if (need !== undefined && !there.some(({ what }) => what === need))
        missing(leaf, `its row of ${need} is not there`);
      const goes = ERASED_WITH[entry.kind];
      const letter = "submission" in entry ? entry.submission : "case" in entry ? entry.case : undefined;
      if (goes !== undefined && letter !== undefined)
        going.push({ leaf, submission: letter, what: goes, there: there.some(({ what }) => what === goes) });
      const act = "prev" in entry ? ("incident" in entry ? "act of incident" : "act of case") : undefined;
      const lost =
        act !== undefined && !there.some(({ what }) => what === act) && missing(leaf, `its row of ${act} is not there`);
      // What went with an older database has no place any more: the next act follows what was left.
      if (isCaseAct(entry) && !lost) {
        const before = cases.get(entry.case);
        const bytes = canonicalBytes(entry);
        try {
          // That the first names its letter is asked by whoever opens that letter.
          cases.set(entry.case, before ? withAct(before, bytes) : caseOfActs([bytes]));
        } catch (thrown) {
          if (!(thrown instanceof Fault)) throw thrown;
          against(leaf, "it does not follow the act before in its case");
        }
      }
    },
    end(isErased) {
      for (const { leaf, submission, what, there } of going)
        if (!there && !isErased(submission)) missing(leaf, `its row of ${what} is not there`);
        else if (there && isErased(submission)) against(leaf, `its letter was erased, and its row of ${what} is there`);
      // A receipt whose event is gone is told of with its submission.
      for (const [event, there] of byEvent)
        if (!seen.has(event))
          for (const { what, id } of there.filter((row) => row.what !== "receipt"))
            say("contradicted", `the ${what} ${id} names the event ${event}, which is not there`);
    },
  };
}
