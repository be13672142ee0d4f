/** What the log set aside: its row says so, and so does an entry. */
import { sha256, toHex } from "../bytes.ts";
import type { Entry } from "../log/event.ts";
import type { Judge } from "./judge.ts";
import type { EventRow } from "./rows.ts";

type SetAside = Extract<Entry, { kind: "log.set-aside" }>;

export type AsideCheck = {
  readonly row: (row: EventRow) => void;
  readonly told: (entry: SetAside) => void;
  /** After the last event. */
  readonly end: () => void;
};

export function newAsideCheck({ say }: Judge): AsideCheck {
  const rows = new Map<number, EventRow>();
  const told = new Map<number, SetAside>();
  return {
    row: (row) => void rows.set(row.id, row),
    told: (entry) => void told.set(entry.event, entry),
    // Whoever owns the tables takes such a row away once it was looked at: then the log's entry is all there is.
    end() {
      for (const [id, { aside, entry, login }] of rows) {
        const said = told.get(id);
        if (said === undefined || said.why !== aside || said.digest !== toHex(sha256(new Uint8Array(entry))))
          say("contradicted", `the event ${id} is marked as set aside, and no entry says so`);
        else
          say(
            "set aside",
            `the event ${id}, written by ${login}: ${aside === "unreadable" ? "it is no entry" : "this login may not write it"}`,
          );
      }
    },
  };
}
