/**
 * A file of a log, as its bytes come: text as it is, gzip unpacked, UTF-16 as UTF-8, and what is something else named and
 * not read. The same in a browser and at a desk.
 */
import type { Bytes } from "../bytes.ts";
import { fileKind, HEAD, kindWords } from "./file-kind.ts";
import { GzipUnpack } from "./gunzip.ts";

export type Opened = {
  readonly push: (piece: Bytes) => void;
  /** whether all of it was read, and what it is instead of a log */
  readonly end: () => { readonly whole: boolean; readonly other: string | null };
};

/** @param to takes the log's own bytes @param packed whether this came out of a packed file */
export function opened(to: (piece: Bytes) => void, packed = false): Opened {
  let head: Bytes = new Uint8Array(0);
  let inner: Opened | null = null;
  const decide = (): Opened => {
    inner = openedAs(head, to, packed);
    if (head.length > 0) inner.push(head);
    return inner;
  };
  return {
    push: (piece) => {
      if (inner) return inner.push(piece);
      const both = new Uint8Array(head.length + piece.length);
      both.set(head);
      both.set(piece, head.length);
      head = both;
      if (head.length >= HEAD) decide();
    },
    end: () => (inner ?? decide()).end(),
  };
}

function openedAs(head: Bytes, to: (piece: Bytes) => void, packed: boolean): Opened {
  const kind = fileKind(head);
  switch (kind.kind) {
    case "text":
      return { push: withoutMark(to), end: () => ({ whole: true, other: null }) };
    case "utf-16-le":
    case "utf-16-be":
      return fromWide(to, kind.kind === "utf-16-le");
    case "other":
      return { push: () => {}, end: () => ({ whole: false, other: kindWords(kind) }) };
    case "gzip": {
      if (packed)
        return { push: () => {}, end: () => ({ whole: false, other: "This was packed twice. Unpack it first." }) };
      const inside = opened(to, true);
      const gzip = new GzipUnpack(inside.push);
      return {
        push: (piece) => gzip.push(piece),
        end: () => {
          const { whole, other } = inside.end();
          return { whole: whole && gzip.whole(), other };
        },
      };
    }
  }
}

/** The mark that some editors put in front of UTF-8 belongs to no line. */
function withoutMark(to: (piece: Bytes) => void): (piece: Bytes) => void {
  let first = true;
  return (piece) => {
    const marked = first && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf;
    first = false;
    to(marked ? piece.subarray(3) : piece);
  };
}

/** UTF-16 as UTF-8; a half character at the end means that more should have come. */
function fromWide(to: (piece: Bytes) => void, little: boolean): Opened {
  let [odd, high, first]: [number, number, boolean] = [-1, -1, true];
  return {
    push: (piece) => {
      const out: number[] = [];
      const put = (code: number): void => {
        if (code < 0x80) out.push(code);
        else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
        else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
        else out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      };
      for (const byte of piece) {
        if (odd < 0) {
          odd = byte;
          continue;
        }
        const unit = little ? odd | (byte << 8) : (odd << 8) | byte;
        odd = -1;
        const begins = first;
        first = false;
        if (begins && unit === 0xfeff) continue;
        const low = unit >= 0xdc00 && unit < 0xe000;
        // A half without its other half stays what it is: a byte that no address has.
        if (high >= 0 && !low) put(high);
        if (unit >= 0xd800 && unit < 0xdc00) {
          high = unit;
          continue;
        }
        put(high >= 0 && low ? 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00) : unit);
        high = -1;
      }
      to(Uint8Array.from(out));
    },
    end: () => ({ whole: odd < 0 && high < 0, other: null }),
  };
}
