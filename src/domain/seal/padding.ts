/** Sizes that tell little (T32): content is padded with zeros to few sizes. */
import { concat, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

const KIB = 1024;
const SMALLEST = 2 * KIB;
const STEP = 64 * KIB;
const HEAD = 4;

/**
 * The padded size for content of `size` bytes: the next power of two from 2 KiB to 64 KiB, then multiples of 64 KiB.
 */
export function paddedSize(size: number): number {
  if (size > STEP) return Math.ceil(size / STEP) * STEP;
  let padded = SMALLEST;
  while (padded < size) padded *= 2;
  return padded;
}

/** Content behind its length (unsigned 32-bit big-endian), then zeros. */
export function pad(content: Bytes): Bytes {
  const out = new Uint8Array(paddedSize(HEAD + content.length));
  new DataView(out.buffer).setUint32(0, content.length);
  out.set(content, HEAD);
  return out;
}

/** The content; `OPEN_PADDING` for a wrong size, a wrong length or padding that is not zero. */
export function unpad(padded: Bytes): Bytes {
  if (padded.length < HEAD || padded.length !== paddedSize(padded.length))
    throw new Fault("OPEN_PADDING", "not a padded size");
  const length = new DataView(padded.buffer, padded.byteOffset, HEAD).getUint32(0);
  const end = HEAD + length;
  // The smallest size that fits is the only one: otherwise a size could carry a message.
  if (end > padded.length || paddedSize(end) !== padded.length)
    throw new Fault("OPEN_PADDING", "length and size do not fit");
  if (padded.subarray(end).some((byte) => byte !== 0)) throw new Fault("OPEN_PADDING", "padding is not zero");
  return concat(padded.subarray(HEAD, end));
}
