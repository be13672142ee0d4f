/**
 * One line of an access log in the combined format of Apache and nginx, read as bytes: ten million of them have to be
 * looked at, and nearly all are of no interest.
 *
 *   203.0.113.9 - - [11/Nov/2022:09:12:01 +0000] "GET /results HTTP/1.1" 200 5120 "https://…" "Mozilla/5.0 …"
 */
import type { Bytes } from "../bytes.ts";
import { byteString, type Exposed } from "./exposed.ts";

/**
 * `broken`: no time, request and status in their places. `clear`: somebody asked for something else. `candidate`: must
 * be looked at as text.
 */
export type LineKind = "broken" | "clear" | "candidate";

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const [SPACE, QUOTE, BACKSLASH, SLASH, DOT, PERCENT, QUESTION, SEMICOLON, BRACKET, PLUS, MINUS] = [
  0x20, 0x22, 0x5c, 0x2f, 0x2e, 0x25, 0x3f, 0x3b, 0x5b, 0x2b, 0x2d,
] as const;
/** `[11/Nov/2022:09:12:01 +0000] "` */
const STAMP = 30;
const EARLIEST_YEAR = 1990;
const LATEST_YEAR = 2100;

const FNV_START = 0x811c9dc5;
const fnv = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);
const hashOf = (path: string): number =>
  [...path].reduce((hash, letter) => fnv(hash, letter.charCodeAt(0)), FNV_START) | 0;

const digit = (bytes: Bytes, at: number): number => {
  const value = bytes[at]! - 0x30;
  return value >= 0 && value <= 9 ? value : Number.NaN;
};
const two = (bytes: Bytes, at: number): number => digit(bytes, at) * 10 + digit(bytes, at + 1);

/** Reads lines one after the other; what it found stands in its fields until the next. */
export class LineScanner {
  readonly #exact = new Set<number>();
  readonly #trees = new Set<number>();
  /** the last minute and zone as bytes, and that minute's beginning */
  readonly #stamp = new Uint8Array(STAMP);
  #minute = Number.NaN;

  /** milliseconds since the epoch, whatever the zone */
  at = 0;
  /** where the request begins and its closing quote stands */
  request = 0;
  close = 0;
  status = 0;

  constructor(exposed: readonly Exposed[]) {
    for (const one of exposed) {
      this.#exact.add(hashOf(one.path));
      if (one.tree) this.#trees.add(hashOf(one.path));
    }
  }

  /** The line from `from` to before `to`, without its line end. */
  scan(bytes: Bytes, from: number, to: number): LineKind {
    const stamp = this.#findStamp(bytes, from, to);
    if (stamp < 0) return "broken";
    this.request = stamp + STAMP;
    const kind = this.#path(bytes, this.request, to);
    return this.#status(bytes, to) && !this.#again(bytes, to) ? kind : "broken";
  }

  /** Whether a second time stands behind the request: two requests on one line, of which one would go unread. */
  #again(bytes: Bytes, to: number): boolean {
    for (let at = bytes.indexOf(BRACKET, this.close); at >= 0 && at + 13 < to; at = bytes.indexOf(BRACKET, at + 1))
      if (
        bytes[at + 3] === SLASH &&
        bytes[at + 7] === SLASH &&
        bytes[at + 12] === 0x3a &&
        !Number.isNaN(two(bytes, at + 1))
      )
        return true;
    return false;
  }

  /**
   * Nobody can put a quotation mark into the fields before it: both servers escape it. So the first `] "` behind a time
   * is the real one.
   */
  #findStamp(bytes: Bytes, from: number, to: number): number {
    for (let at = from; at + STAMP < to; at++) {
      if (bytes[at] !== BRACKET) continue;
      if (bytes[at + 27] === 0x5d && bytes[at + 28] === SPACE && bytes[at + 29] === QUOTE && this.#time(bytes, at))
        return at;
    }
    return -1;
  }

  #time(bytes: Bytes, at: number): boolean {
    const known = this.#stamp;
    let same = true;
    for (let i = 1; i < 18 && same; i++) same = bytes[at + i] === known[i];
    for (let i = 22; i < 27 && same; i++) same = bytes[at + i] === known[i];
    if (!same && !this.#newMinute(bytes, at)) return false;
    const second = two(bytes, at + 19);
    if (!(second <= 60) || bytes[at + 18] !== 0x3a || bytes[at + 21] !== SPACE) return false;
    this.at = this.#minute + second * 1000;
    return true;
  }

  #newMinute(bytes: Bytes, at: number): boolean {
    const month = MONTHS.indexOf(byteString(bytes, at + 4, at + 7)) / 3;
    const [day, year, hour, minute] = [
      two(bytes, at + 1),
      two(bytes, at + 8) * 100 + two(bytes, at + 10),
      two(bytes, at + 13),
      two(bytes, at + 16),
    ];
    const sign = bytes[at + 22] === PLUS ? 1 : bytes[at + 22] === MINUS ? -1 : Number.NaN;
    const zone = sign * (two(bytes, at + 23) * 60 + two(bytes, at + 25));
    const shaped =
      bytes[at + 3] === SLASH && bytes[at + 7] === SLASH && bytes[at + 12] === 0x3a && bytes[at + 15] === 0x3a;
    if (
      !shaped ||
      !Number.isInteger(month) ||
      month < 0 ||
      !(year >= EARLIEST_YEAR && year < LATEST_YEAR && hour < 24 && minute < 60 && Math.abs(zone) <= 14 * 60)
    )
      return false;
    const start = Date.UTC(year, month, day, hour, minute);
    // The 31st of a month that has 30 days would become the 1st of the next.
    if (!(day >= 1 && new Date(start).getUTCDate() === day)) return false;
    this.#minute = start - zone * 60_000;
    this.#stamp.set(bytes.subarray(at, at + STAMP));
    return true;
  }

  /**
   * Sets the closing quote. Anything but a plain path is a candidate: the variants of an address are sorted out as
   * text.
   */
  #path(bytes: Bytes, from: number, to: number): LineKind {
    let at = from;
    while (at < to && bytes[at] !== SPACE && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
    if (bytes[at] === BACKSLASH) return this.#closed(bytes, at, to, "candidate");
    if (bytes[at] !== SPACE) return this.#closed(bytes, at, to, "clear");
    at++;
    if (bytes[at] !== SLASH) return this.#closed(bytes, at, to, "candidate");
    let hash = FNV_START;
    let before = 0;
    for (; at < to; at++) {
      let byte = bytes[at]!;
      if (byte === SPACE || byte === QUOTE || byte === QUESTION) break;
      if (byte >= 0x80 || byte === PERCENT || byte === BACKSLASH || byte === SEMICOLON)
        return this.#closed(bytes, at, to, "candidate");
      if (byte === SLASH) {
        if (this.#trees.has(hash | 0)) return this.#closed(bytes, at, to, "candidate");
        before = hash;
        const next = bytes[at + 1];
        if (next === SLASH || next === DOT) return this.#closed(bytes, at, to, "candidate");
      } else if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
      hash = fnv(hash, byte);
    }
    const end = bytes[at - 1] === SLASH ? before : hash;
    if (this.#exact.has(end | 0)) return this.#closed(bytes, at, to, "candidate");
    const plain = bytes[at] !== SPACE || (bytes[at + 9] === QUOTE && bytes[at + 5] === SLASH);
    return this.#closed(bytes, at, to, plain ? "clear" : "candidate");
  }

  #closed(bytes: Bytes, from: number, to: number, kind: LineKind): LineKind {
    let at = from;
    while (at < to && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.close = at;
    return kind;
  }

  #status(bytes: Bytes, to: number): boolean {
    const at = this.close + 2;
    if (at + 3 > to || bytes[at - 1] !== SPACE || (at + 3 < to && bytes[at + 3] !== SPACE)) return false;
    this.status = digit(bytes, at) * 100 + two(bytes, at + 1);
    return !Number.isNaN(this.status);
  }
}
