/**
 * A gzip file, in pieces, to its last byte: every member of a joined one, each held against its own checksum. A browser's
 * own unpacking stops behind the first member, and Node's passes over what follows the last
 * (docs/decisions/0048-one-reader-of-files.md).
 */
import { Z_NO_FLUSH, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2, zlibInflateReset } from "pako";
import type { Bytes } from "../bytes.ts";

/** 15 bits of window, and the gzip wrapper alone. */
const GZIP_ONLY = 31;
const PIECE = 1 << 16;
const Z_BUF_ERROR = -5;

export class GzipUnpack {
  readonly #stream = new ZStream();
  readonly #to: (piece: Bytes) => void;
  /** where in it: nothing was read, inside a member, behind one, or it is broken */
  #at: "begin" | "inside" | "behind" | "broken" = "begin";

  constructor(to: (piece: Bytes) => void) {
    this.#to = to;
    zlibInflateInit2(this.#stream, GZIP_ONLY);
  }

  push(piece: Bytes): void {
    let at = 0;
    while (at < piece.length && this.#at !== "broken") {
      if (this.#at === "behind") {
        // Tapes and some programs fill up with zeros.
        while (at < piece.length && piece[at] === 0) at++;
        if (at === piece.length) return;
        zlibInflateReset(this.#stream);
      }
      this.#at = "inside";
      at = this.#member(piece, at);
    }
  }

  /** @returns how far the piece was read */
  #member(piece: Bytes, from: number): number {
    const stream = this.#stream;
    [stream.input, stream.next_in, stream.avail_in] = [piece, from, piece.length - from];
    for (;;) {
      [stream.output, stream.next_out, stream.avail_out] = [new Uint8Array(PIECE), 0, PIECE];
      const said = zlibInflate(stream, Z_NO_FLUSH);
      if (stream.next_out > 0) this.#to(stream.output.subarray(0, stream.next_out));
      if (said === Z_STREAM_END) {
        this.#at = "behind";
        return stream.next_in;
      }
      if (said !== 0 && said !== Z_BUF_ERROR) {
        this.#at = "broken";
        return piece.length;
      }
      if (stream.avail_in === 0 && stream.avail_out > 0) return piece.length;
      if (said === Z_BUF_ERROR && stream.avail_out > 0) return piece.length;
    }
  }

  /** Whether every byte was read, to the end of a member. */
  whole(): boolean {
    return this.#at === "behind";
  }
}
