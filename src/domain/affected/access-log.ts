/**
 * Reading another system's access log: parts in any order, as bytes as they come, with memory that does not grow with
 * the log. Nothing is skipped silently: what could not be read is counted and shown, and so is everything that is not
 * listed. A part is what its first bytes say: text, packed, or something that is named and not read.
 * Ours and not a library's: those drop a line that they cannot read, and want Node; this runs beside keys in a browser.
 */
import { toUtf8, type Bytes } from "../bytes.ts";
import { HOUR } from "../time.ts";
import { isInside, isKnown, normaliseAddress } from "./address.ts";
import { byteString, mayHold } from "./exposed.ts";
import { LineScanner } from "./log-line.ts";
import { opened } from "./log-file.ts";
import { ShapeReader, timesIn } from "./log-shape.ts";
import type { LogQuestion } from "./question.ts";
import { requestIn, requestOf, type Outcome, type Request } from "./request.ts";

export type Visitor = {
  readonly address: string;
  readonly known: boolean;
  readonly requests: number;
  readonly first: number;
  readonly last: number;
  readonly agents: readonly string[];
};
export type LogPart = {
  readonly name: string;
  readonly bytes: number;
  readonly lines: number;
  readonly broken: number;
  readonly first: number | null;
  readonly last: number | null;
  /** it could not be unpacked or read to its end */
  readonly cut: boolean;
  /** what it is instead of a log, and what to do; null for a log */
  readonly other: string | null;
};
/** A line that could not be read, by its number in its part, from 1; its beginning alone. */
export type UnreadLine = { readonly part: string; readonly line: number; readonly text: string };

/** What stands in the place of a visitor and is most likely a proxy in front of the server. */
export type ProxySeen = { readonly address: string; readonly why: "no-address" | "inside" };

export type LogReading = {
  readonly question: LogQuestion;
  readonly parts: readonly LogPart[];
  /** names of parts that are the same, packed and unpacked for example: every request in them counts twice */
  readonly twice: readonly (readonly [string, string])[];
  /** requests for the exposed addresses inside the window, own monitors not among them */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** of those that reached: from addresses that were called known */
  readonly known: number;
  readonly own: number;
  readonly outside: number;
  readonly first: number | null;
  readonly last: number | null;
  /** who reached, the most requests first; `moreVisitors`: further requests whose addresses are not listed */
  readonly visitors: readonly Visitor[];
  readonly moreVisitors: number;
  /** null where visitors are told apart */
  readonly proxy: ProxySeen | null;
  /** the earliest by time of those kept; `moreRequests`: how many more there were */
  readonly requests: readonly Request[];
  readonly moreRequests: number;
  /**
   * lines that could not be read, may lie inside the window and could hold an exposed address, and the first of them;
   * the rest of the broken ones hold no address at all, or lie outside
   */
  readonly unread: number;
  readonly unreadLines: readonly UnreadLine[];
  /** hours since the epoch in which any line stands, ascending */
  readonly hours: readonly number[];
};

const MOST_REQUESTS = 10_000;
const MOST_VISITORS = 50_000;
const MOST_AGENTS = 5;
const MOST_UNREAD = 100;
const TEXT = 300;
/** Neither server writes lines longer than this; what has no line end for a megabyte is not a line. */
const LONGEST = 1 << 20;
const BRACE = 0x7b;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

type Span = { first: number | null; last: number | null };
type Tally = { address: string; known: boolean; requests: number; first: number; last: number; agents: string[] };

export class AccessLog {
  readonly #question: LogQuestion;
  readonly #scanner: LineScanner;
  readonly #parts: LogPart[] = [];
  readonly #marks = new Map<string, string>();
  readonly #twice: (readonly [string, string])[] = [];
  readonly #hours = new Set<number>();
  readonly #outcomes: Record<Outcome, number> = {
    reached: 0,
    unclear: 0,
    headers: 0,
    elsewhere: 0,
    refused: 0,
    failed: 0,
  };
  readonly #visitors = new Map<string, Tally>();
  readonly #requests: Request[] = [];
  readonly #unreadLines: UnreadLine[] = [];
  #unread = 0;
  #hour = Number.NaN;
  #known = 0;
  #own = 0;
  #outside = 0;
  #moreVisitors = 0;
  #first: number | null = null;
  #last: number | null = null;

  constructor(question: LogQuestion) {
    this.#question = question;
    this.#scanner = new LineScanner(question.exposed);
  }

  /**
   * A part of the log, to be pushed in pieces of any size, as its file holds them, and then ended; `cut` where more
   * should have come.
   */
  part(name: string): { readonly push: (piece: Bytes) => void; readonly end: (cut?: boolean) => void } {
    const lines = this.#lines(name);
    const reader = opened(lines.push);
    return {
      push: reader.push,
      end: (cut = false) => {
        const { whole, other } = reader.end();
        lines.end(cut || !whole, other);
      },
    };
  }

  #lines(name: string) {
    let [rest, skipping, total, lines, number, broken] = [new Uint8Array(0), false, 0, 0, 0, 0];
    const span: Span = { first: null, last: null };
    let [head, tail] = ["", ""];
    const shapes = new ShapeReader();

    const unread = (text: string): void => {
      broken++;
      this.#missed(name, number, text);
    };
    const line = (bytes: Bytes, from: number, to: number): void => {
      number++;
      const end = to > from && bytes[to - 1] === RETURN ? to - 1 : to;
      if (end === from) return;
      // Line ends as old Macs wrote them.
      const inner = bytes.indexOf(RETURN, from);
      if (inner >= 0 && inner < end) {
        number--;
        line(bytes, from, inner + 1);
        return line(bytes, inner + 1, to);
      }
      lines++;
      if (lines === 1) head = byteString(bytes, from, Math.min(end, from + 512));
      const scanner = this.#scanner;
      const kind = bytes[from] === BRACE ? "broken" : scanner.scan(bytes, from, end);
      if (kind !== "broken") {
        const found = kind === "candidate" ? requestOf(this.#question.exposed, scanner, bytes, from, end) : null;
        if (found === "unread") return unread(byteString(bytes, from, end));
        this.#stands(span, scanner.at);
        return found ? this.#count(found) : undefined;
      }
      const read = shapes.read(bytes.subarray(from, end));
      if (read === null) return unread(byteString(bytes, from, end));
      if (read === "nothing") return;
      this.#stands(span, read.at);
      const found = requestIn(this.#question.exposed, read);
      if (found) this.#count(found);
    };

    const push = (piece: Bytes): void => {
      total += piece.length;
      if (piece.length > 0) tail = byteString(piece, Math.max(0, piece.length - 512));
      let from = 0;
      if (rest.length > 0 || skipping) {
        const end = piece.indexOf(LINE_FEED);
        const whole = end < 0 ? piece.length : end;
        if (!skipping) rest = joined(rest, piece.subarray(0, whole));
        if (end < 0) return overlong();
        if (!skipping) line(rest, 0, rest.length);
        [rest, skipping, from] = [new Uint8Array(0), false, end + 1];
      }
      for (let end = piece.indexOf(LINE_FEED, from); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
        line(piece, from, end);
        from = end + 1;
      }
      rest = piece.slice(from);
      overlong();
    };
    const overlong = (): void => {
      if (rest.length <= LONGEST) return;
      lines++;
      number++;
      broken++;
      this.#unreadOf({ part: name, line: number, text: byteString(rest, 0, TEXT) });
      [rest, skipping] = [new Uint8Array(0), true];
    };

    const end = (cut: boolean, other: string | null): void => {
      if (rest.length > 0) line(rest, 0, rest.length);
      if (lines > 0) this.#once(name, `${total} ${lines} ${head} ${tail}`);
      this.#parts.push({ name, bytes: total, lines, broken, ...span, cut, other });
    };
    return { push, end };
  }

  #stands(span: Span, at: number): void {
    if (span.first === null || at < span.first) span.first = at;
    if (span.last === null || at > span.last) span.last = at;
    const hour = Math.floor(at / HOUR);
    if (hour !== this.#hour) this.#hours.add((this.#hour = hour));
  }

  /** A line that could not be read: whether it matters, by its times and by what it could hold. */
  #missed(part: string, line: number, text: string): void {
    const { window, exposed } = this.#question;
    const times = timesIn(text);
    const outside = (at: number): boolean =>
      (window.from !== null && at < window.from) || (window.to !== null && at > window.to);
    if (times.length > 0 && times.every(outside)) return;
    if (mayHold(exposed, text)) this.#unreadOf({ part, line, text: text.slice(0, TEXT) });
  }

  #unreadOf(line: UnreadLine): void {
    this.#unread++;
    if (this.#unreadLines.length < MOST_UNREAD) this.#unreadLines.push(line);
  }

  #once(name: string, mark: string): void {
    const other = this.#marks.get(mark);
    if (other !== undefined) this.#twice.push([other, name]);
    this.#marks.set(mark, name);
  }

  #count(request: Request): void {
    if (isOwn(this.#question.own, request)) return void this.#own++;
    const { window } = this.#question;
    if ((window.from !== null && request.at < window.from) || (window.to !== null && request.at > window.to))
      return void this.#outside++;
    this.#outcomes[request.outcome]++;
    if (request.outcome !== "reached") return;
    if (this.#first === null || request.at < this.#first) this.#first = request.at;
    if (this.#last === null || request.at > this.#last) this.#last = request.at;
    const known = isKnown(this.#question.known, request.address);
    if (known) this.#known++;
    if (this.#requests.length < MOST_REQUESTS) this.#requests.push(request);
    this.#tally(request, known);
  }

  #tally({ address, at, agent }: Request, known: boolean): void {
    const tally = this.#visitors.get(address);
    if (!tally) {
      if (this.#visitors.size < MOST_VISITORS)
        this.#visitors.set(address, {
          address,
          known,
          requests: 1,
          first: at,
          last: at,
          agents: [agent.slice(0, 300)],
        });
      else this.#moreVisitors++;
      return;
    }
    tally.requests++;
    if (at < tally.first) tally.first = at;
    if (at > tally.last) tally.last = at;
    if (tally.agents.length < MOST_AGENTS && !tally.agents.includes(agent.slice(0, 300)))
      tally.agents.push(agent.slice(0, 300));
  }

  /** What was found in all parts that were ended. */
  reading(): LogReading {
    return {
      question: this.#question,
      parts: [...this.#parts].sort((a, b) => (a.first ?? 0) - (b.first ?? 0)),
      twice: this.#twice,
      outcomes: { ...this.#outcomes },
      known: this.#known,
      own: this.#own,
      outside: this.#outside,
      first: this.#first,
      last: this.#last,
      visitors: [...this.#visitors.values()].sort((a, b) => b.requests - a.requests || a.first - b.first),
      moreVisitors: this.#moreVisitors,
      proxy: proxyOf([...this.#visitors.values()]),
      requests: [...this.#requests].sort((a, b) => a.at - b.at),
      moreRequests: this.#outcomes.reached - this.#requests.length,
      unread: this.#unread,
      unreadLines: this.#unreadLines,
      hours: [...this.#hours].sort((a, b) => a - b),
    };
  }
}

/** One address of the inside throughout, or a visitor that is no address, is whatever stands in front of the server. */
function proxyOf(visitors: readonly Visitor[]): ProxySeen | null {
  const nobody = visitors.find(({ address }) => normaliseAddress(address) === null);
  if (nobody) return { address: nobody.address, why: "no-address" };
  const [one] = visitors;
  return one && visitors.every(({ address }) => isInside(address)) ? { address: one.address, why: "inside" } : null;
}

function joined(one: Bytes, other: Bytes): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** The token stands in the agent that the monitor sends. */
const isOwn = (own: LogQuestion["own"], { agent, address }: Request): boolean =>
  own.some(
    (one) =>
      agent.includes(byteString(toUtf8(one.agent))) &&
      (one.address === null ? agent.includes(one.token) : (normaliseAddress(one.address) ?? one.address) === address),
  );
