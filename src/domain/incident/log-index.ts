/**
 * What the log says of letters and of who read them, in one pass over its entries. Whoever fills it has verified that
 * these are the entries that the log signed:
 * then nothing here is anybody's word, except the server's clock.
 */
import type { Entry, Role } from "../log/event.ts";

/** Letters of one inbox, side by side: a million of them are three columns, not a million objects. */
export type Received = {
  readonly ids: string[];
  readonly epochs: number[];
  readonly at: number[];
  /** of what a writer added later: the letter that it belongs to */
  readonly first: (string | null)[];
};

/** A reading as it stands in the log. `released` is the most that was read, `opened` the least. */
export type LoggedReading = {
  readonly release: string;
  readonly leaf: number;
  readonly at: number;
  readonly inbox: string;
  readonly role: Role;
  readonly reader: string;
  readonly purpose: "list" | "open" | "affected";
  readonly count: number;
  readonly ids: string;
  /** when the reader's app first said so */
  readonly opened: number | null;
};

/** Which time and how many entries the records cover. */
export type Coverage = { readonly from: number; readonly until: number; readonly entries: number };

const NONE: Received = { ids: [], epochs: [], at: [], first: [] };

export class LogIndex {
  readonly #received = new Map<string, Received>();
  readonly #readings = new Map<string, LoggedReading>();
  readonly #byInbox = new Map<string, string[]>();
  readonly #erased = new Set<string>();
  readonly #acts = new Map<string, number>();
  #from = Infinity;
  #until = 0;
  #entries = 0;

  /** The next entry, in the order of the log. */
  add(entry: Entry): void {
    const leaf = this.#entries++;
    if (entry.at < this.#from) this.#from = entry.at;
    if (entry.at > this.#until) this.#until = entry.at;
    switch (entry.kind) {
      case "submission.received": {
        let found = this.#received.get(entry.inbox);
        if (!found) this.#received.set(entry.inbox, (found = { ids: [], epochs: [], at: [], first: [] }));
        found.ids.push(entry.submission);
        found.epochs.push(entry.epoch);
        found.at.push(entry.at);
        found.first.push(entry.first ?? null);
        break;
      }
      case "slips.released":
      case "letter.released":
      case "letters.released": {
        const { release, at, inbox, role, reader, purpose, count, ids } = entry;
        this.#readings.set(release, { release, leaf, at, inbox, role, reader, purpose, count, ids, opened: null });
        const before = this.#byInbox.get(inbox);
        if (before) before.push(release);
        else this.#byInbox.set(inbox, [release]);
        break;
      }
      case "letter.opened": {
        const reading = this.#readings.get(entry.release);
        if (reading && reading.opened === null) this.#readings.set(entry.release, { ...reading, opened: entry.at });
        break;
      }
      case "erasure.done":
        for (const id of [entry.submission, ...entry.additions]) this.#erased.add(id);
        break;
      default:
        if ("prev" in entry) this.#acts.set(entry.incident, (this.#acts.get(entry.incident) ?? 0) + 1);
    }
  }

  get coverage(): Coverage {
    return { from: this.#entries === 0 ? 0 : this.#from, until: this.#until, entries: this.#entries };
  }
  received(inbox: string): Received {
    return this.#received.get(inbox) ?? NONE;
  }
  readings(inbox: string): readonly LoggedReading[] {
    return (this.#byInbox.get(inbox) ?? []).map((release) => this.#readings.get(release)!);
  }
  isErased(submission: string): boolean {
    return this.#erased.has(submission);
  }
  /** How many acts of an incident the log holds: rows that show fewer have been shortened. */
  actsOf(incident: string): number {
    return this.#acts.get(incident) ?? 0;
  }
}
