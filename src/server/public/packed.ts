/**
 * A batch of letters as the function `receive` takes it (sql/000002.sql): one binary value, each letter as 228 bytes of
 * fixed width, then its sealed parts. Arrays of bytes would travel, and be read, as twice as many hex digits.
 */
import type { SealedSubmission } from "../../domain/seal/envelope.ts";
import type { Bytes } from "../../domain/bytes.ts";

export type Path = "browser" | "counter";

/** One letter to store. */
export type Received = {
  readonly submission: SealedSubmission;
  readonly body: string;
  readonly path: Path;
  /** of what came over the wire */
  readonly size: number;
  readonly digest: Bytes;
  /** 32 fresh random bytes */
  readonly nonce: Bytes;
};

export type Packed = {
  readonly bodies: readonly string[];
  readonly forms: readonly string[];
  /** where each letter begins, from 1 as SQL counts */
  readonly places: readonly number[];
  readonly bytes: Buffer;
};

const FIXED = 228;

/** At most 256 letters, so that a body and a form are one byte each. */
export function packLetters(letters: readonly Received[]): Packed {
  const [bodies, forms] = [new Names(), new Names()];
  const places: number[] = [];
  const bytes = Buffer.allocUnsafe(
    letters.reduce((sum, { submission: { slip, letter } }) => sum + FIXED + slip.length + letter.length, 0),
  );
  let at = 0;
  for (const { submission: s, body, path, size, digest, nonce } of letters) {
    places.push(at + 1);
    bytes.fill(0, at, at + FIXED);
    bytes[at] = bodies.of(body);
    bytes[at + 1] = forms.of(s.form);
    bytes[at + 2] = path === "browser" ? 0 : 1;
    bytes[at + 3] = s.first === null ? 0 : 1;
    bytes.writeInt32BE(s.epoch, at + 4);
    bytes.writeInt32BE(size, at + 8);
    bytes.writeInt32BE(s.slip.length, at + 12);
    bytes.writeInt32BE(s.letter.length, at + 16);
    bytes.write(s.submission, at + 20, 16, "hex");
    if (s.first !== null) bytes.write(s.first, at + 36, 16, "hex");
    bytes.write(s.inbox, at + 52, 16, "hex");
    bytes.write(s.formHash, at + 68, 32, "hex");
    bytes.set(digest, at + 100);
    bytes.write(s.receipt, at + 132, 32, "hex");
    bytes.write(s.commitment, at + 164, 32, "hex");
    bytes.set(nonce, at + 196);
    bytes.set(s.slip, at + FIXED);
    bytes.set(s.letter, at + FIXED + s.slip.length);
    at += FIXED + s.slip.length + s.letter.length;
  }
  return { bodies: bodies.all, forms: forms.all, places, bytes };
}

/** Each name once, and its place among them. */
class Names {
  readonly all: string[] = [];

  of(name: string): number {
    const at = this.all.indexOf(name);
    return at >= 0 ? at : this.all.push(name) - 1;
  }
}
