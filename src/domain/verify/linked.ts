/**
 * Rows that name the event by which they came to be: it is the event of this very row, and says the same of it. A row
 * whose event was exchanged would show somebody the event of something else, and count as what it is not.
 */
import type { Entry } from "../log/event.ts";
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
  /** After the last event. */
  readonly end: () => void;
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

const needOf = (entry: Entry): string | undefined =>
  // Letters from before receipt words have none.
  entry.kind === "submission.received" && entry.commitment === undefined ? undefined : NEEDS[entry.kind];

export function newLinkedCheck(rows: readonly LinkedRow[], { against, missing, say }: Judge): LinkedCheck {
  const byEvent = Map.groupBy(rows, (row) => row.event);
  const seen = new Set<number>();
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
      if ("prev" in entry && !there.some(({ what }) => what === "act of incident"))
        missing(leaf, "its row of act of incident is not there");
    },
    end() {
      // A receipt whose event is gone is told of with its submission.
      for (const [event, there] of byEvent)
        if (!seen.has(event))
          for (const { what, id } of there.filter((row) => row.what !== "receipt"))
            say("contradicted", `the ${what} ${id} names the event ${event}, which is not there`);
    },
  };
}
