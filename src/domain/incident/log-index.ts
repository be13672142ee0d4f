/**
 * What the log says of letters and of who read them, in one pass over its entries. Whoever fills it has verified that
 * these are the entries that the log signed:
 * then nothing here is anybody's word, except the server's clock.
 */
import { concat, fromHex, toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { isCaseAct } from "../case/fold.ts";
import type { Entry, Role } from "../log/event.ts";
import type { Marker, SignedMarker } from "../watch/marker.ts";

/** Letters of one inbox, side by side: a million of them are three columns, not a million objects. */
export type Received = {
  readonly ids: string[];
  readonly epochs: number[];
  readonly at: number[];
  /** of what a writer added later: the letter that it belongs to */
  readonly first: (string | null)[];
  /** where each entry stands, counted over all logs that were read, from 0 */
  readonly nth: number[];
  readonly leaf: number[];
  readonly formHash: string[];
  readonly path: Path[];
  /** slip, letter and commitment of each, one after the other */
  readonly hashes: Hashes;
};

/** What one entry `submission.received` says. */
export type LoggedLetter = {
  readonly submission: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly at: number;
  readonly first: string | null;
  readonly nth: number;
  readonly leaf: number;
  readonly formHash: string;
  readonly path: Path;
  /** hashes of the sealed bytes, hex */
  readonly slip: string;
  readonly letter: string;
  /** null in entries from before receipt words */
  readonly commitment: string | null;
};
type Path = "browser" | "counter";

const HASH = 32;
const PER_LETTER = 3 * HASH;
const NO_HASH = new Uint8Array(HASH);

/** Hashes of many letters in one block: as texts they would take twice the room, and an object for each. */
class Hashes {
  #bytes = new Uint8Array(PER_LETTER * 64);
  #used = 0;

  push({ slip, letter, commitment }: Pick<LoggedLetter, "slip" | "letter" | "commitment">): void {
    if (this.#used === this.#bytes.length) {
      const more = new Uint8Array(this.#bytes.length * 2);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    const three = [slip, letter].map(fromHex);
    this.#bytes.set(concat(...three, commitment === null ? NO_HASH : fromHex(commitment)), this.#used);
    this.#used += PER_LETTER;
  }
  at(i: number): Pick<LoggedLetter, "slip" | "letter" | "commitment"> {
    const part = (nth: number): Bytes =>
      this.#bytes.subarray(i * PER_LETTER + nth * HASH, i * PER_LETTER + (nth + 1) * HASH);
    const commitment = part(2);
    return {
      slip: toHex(part(0)),
      letter: toHex(part(1)),
      commitment: commitment.every((byte) => byte === 0) ? null : toHex(commitment),
    };
  }
}

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

/** An answer to a letter, sealed to an epoch of its own. */
export type LoggedReply = { readonly submission: string; readonly epoch: number; readonly at: number };

/**
 * An act of a case, and where it stands, counted over all logs that were read, from 0. `lost`: an older database was put
 * in place later, and this act is from the time whose rows went with that.
 */
export type CaseEntry = { readonly nth: number; readonly entry: Bytes; readonly lost: boolean };

/** Which time and how many entries the records cover. */
export type Coverage = { readonly from: number; readonly until: number; readonly entries: number };

const newReceived = (): Received => ({
  ids: [],
  epochs: [],
  at: [],
  first: [],
  nth: [],
  leaf: [],
  formHash: [],
  path: [],
  hashes: new Hashes(),
});

function pushTo(received: Received, one: LoggedLetter): void {
  received.ids.push(one.submission);
  received.epochs.push(one.epoch);
  received.at.push(one.at);
  received.first.push(one.first);
  received.nth.push(one.nth);
  received.leaf.push(one.leaf);
  received.formHash.push(one.formHash);
  received.path.push(one.path);
  received.hashes.push(one);
}

const inOrder = <T extends { readonly nth: number }>(all: readonly T[]): T[] => all.toSorted((a, b) => a.nth - b.nth);

export class LogIndex {
  readonly #received = new Map<string, Received>();
  readonly #readings = new Map<string, LoggedReading>();
  readonly #byInbox = new Map<string, string[]>();
  readonly #replies = new Map<string, LoggedReply[]>();
  readonly #cases = new Map<string, CaseEntry[]>();
  readonly #erased = new Set<string>();
  readonly #acts = new Map<string, number>();
  #from = Infinity;
  #until = 0;
  #entries = 0;
  #withheld = 0;
  readonly #markers = new Map<string, SignedMarker>();
  /** one text for each hash of a form, however many letters name it */
  readonly #forms = new Map<string, string>();

  /** An entry of which only the leaf was shown: nothing is known of it but that it is there. */
  withhold(): void {
    this.#entries += 1;
    this.#withheld += 1;
  }

  /** The next entry, in the order of the log. @param leaf its place, where other logs were read before it */
  add(entry: Entry, leaf = this.#entries): void {
    const nth = this.#entries++;
    if (entry.at < this.#from) this.#from = entry.at;
    if (entry.at > this.#until) this.#until = entry.at;
    if (isCaseAct(entry)) {
      const before = this.#cases.get(entry.case);
      const one = { nth, entry: canonicalBytes(entry), lost: false };
      if (before) before.push(one);
      else this.#cases.set(entry.case, [one]);
    }
    switch (entry.kind) {
      case "submission.received": {
        let found = this.#received.get(entry.inbox);
        if (!found) this.#received.set(entry.inbox, (found = newReceived()));
        const { first = null, commitment = null } = entry;
        const path = entry.path === "browser" ? "browser" : "counter";
        pushTo(found, { ...entry, first, nth, leaf, formHash: this.#form(entry.formHash), path, commitment });
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
      case "case.replied": {
        const { inbox, submission, epoch, at } = entry;
        const before = this.#replies.get(inbox);
        if (before) before.push({ submission, epoch, at });
        else this.#replies.set(inbox, [{ submission, epoch, at }]);
        break;
      }
      case "database.restored":
        // Places are those of its own log, which may have begun behind others.
        this.#lose(nth - leaf + entry.from, nth - leaf + entry.to);
        break;
      case "marker.planted": {
        const { body, inbox, epoch, submission, signature } = entry;
        this.#markers.set(submission, { body, inbox, epoch, submission, signature: fromHex(signature) });
        break;
      }
      case "erasure.done":
        for (const id of [entry.submission, ...entry.additions]) this.#erased.add(id);
        break;
      default:
        if ("prev" in entry && "incident" in entry)
          this.#acts.set(entry.incident, (this.#acts.get(entry.incident) ?? 0) + 1);
    }
  }

  get coverage(): Coverage {
    return { from: this.#entries === 0 ? 0 : this.#from, until: this.#until, entries: this.#entries };
  }
  /** How many entries were not shown. Where it is 0 this is all that the log says. */
  get withheld(): number {
    return this.#withheld;
  }
  /** What the log says that the monitor planted; whoever believes it verifies the signature. */
  markerOf({ submission, inbox, epoch }: Omit<Marker, "body">): SignedMarker | undefined {
    const found = this.#markers.get(submission);
    return found?.inbox === inbox && found.epoch === epoch ? found : undefined;
  }
  received(inbox: string): Received {
    return this.#received.get(inbox) ?? newReceived();
  }
  /**
   * The letters of an inbox by their ids. Where two entries name one id, the first counts: nobody can say later that
   * something else was received.
   */
  letters(inbox: string): ReadonlyMap<string, LoggedLetter> {
    const found = new Map<string, LoggedLetter>();
    for (const one of this.#rows(inbox)) if (!found.has(one.submission)) found.set(one.submission, one);
    return found;
  }
  *#rows(inbox: string): Generator<LoggedLetter> {
    const { ids, epochs, at, first, nth, leaf, formHash, path, hashes } = this.received(inbox);
    for (const [i, submission] of ids.entries())
      yield {
        submission,
        inbox,
        epoch: epochs[i]!,
        at: at[i]!,
        first: first[i]!,
        nth: nth[i]!,
        leaf: leaf[i]!,
        formHash: formHash[i]!,
        path: path[i]!,
        ...hashes.at(i),
      };
  }
  readings(inbox: string): readonly LoggedReading[] {
    return (this.#byInbox.get(inbox) ?? []).map((release) => this.#readings.get(release)!);
  }
  /** What was answered to letters of an inbox. */
  replies(inbox: string): readonly LoggedReply[] {
    return this.#replies.get(inbox) ?? [];
  }
  /**
   * What the log says was done about a letter, in its order. Acts that may have gone with an older database are among
   * them only where they are shown: what was done since follows those that were left.
   */
  done(letter: string, isShown: (entry: Bytes) => boolean): readonly CaseEntry[] {
    return (this.#cases.get(letter) ?? []).filter(({ lost, entry }) => !lost || isShown(entry));
  }
  isErased(submission: string): boolean {
    return this.#erased.has(submission);
  }
  /** How many acts of an incident the log holds: rows that show fewer have been shortened. */
  actsOf(incident: string): number {
    return this.#acts.get(incident) ?? 0;
  }
  /**
   * Takes over what an index of the same log, read before, was shown of letters and this one was not: whoever reads again
   * forgets nothing, whatever is withheld from them the second time.
   */
  keep(before: LogIndex): void {
    for (const inbox of before.#received.keys()) {
      const known = new Set(this.received(inbox).nth);
      const more = [...before.#rows(inbox)].filter(({ nth }) => !known.has(nth));
      if (more.length === 0) continue;
      const all = newReceived();
      for (const one of inOrder([...this.#rows(inbox), ...more])) pushTo(all, one);
      this.#received.set(inbox, all);
      this.#withheld -= more.length;
    }
    for (const [letter, acts] of before.#cases) {
      const here = this.#cases.get(letter) ?? [];
      const known = new Set(here.map(({ nth }) => nth));
      const more = acts.filter(({ nth }) => !known.has(nth));
      if (more.length === 0) continue;
      this.#cases.set(letter, inOrder([...here, ...more]));
      this.#withheld -= more.length;
    }
    for (const id of before.#erased) this.#erased.add(id);
    for (const [id, marker] of before.#markers) if (!this.#markers.has(id)) this.#markers.set(id, marker);
  }
  #lose(from: number, to: number): void {
    for (const [letter, acts] of this.#cases)
      this.#cases.set(
        letter,
        acts.map((act) => (act.nth >= from && act.nth < to ? { ...act, lost: true } : act)),
      );
  }
  #form(hash: string): string {
    const known = this.#forms.get(hash);
    if (known === undefined) this.#forms.set(hash, hash);
    return known ?? hash;
  }
}
