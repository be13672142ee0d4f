/**
 * Parts side by side in a plain tar (POSIX.1-2017, ustar), whole files of a few megabytes, one after the other: what a
 * backup holds under its seal, so that it can be looked at with `age` and `tar` alone. Read strictly: anything that we
 * never write is refused.
 */
import { toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

/** One file of the archive: a relative path, and all of its bytes. */
export type Part = { readonly name: string; readonly bytes: Bytes };

const BLOCK = 512;
const NAME_MAX = 100;
/** The largest part, bytes: nobody who reads holds more than one. */
export const MOST_PART_BYTES = 32 * 1024 * 1024;
/** A relative path that leads nowhere else. */
export const PART_NAME = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const END = new Uint8Array(2 * BLOCK);

const wrong = (detail: string): Fault => new Fault("RESTORE_REFUSED", detail);

function headerOf(name: string, size: number): Bytes {
  if (name.length > NAME_MAX || !PART_NAME.test(name) || size > MOST_PART_BYTES)
    throw new Fault("INTERNAL", `the part ${name} cannot be kept`);
  const header = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => header.set(toUtf8(text), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  put(0, name);
  put(100, "0000600\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${octal(size, 11)}\0`);
  put(136, `${octal(0, 11)}\0`);
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\0");
  put(263, "00");
  put(
    148,
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
  );
  return header;
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** The bytes of an archive, piece by piece. */
export async function* tarOf(parts: AsyncIterable<Part>): AsyncGenerator<Bytes> {
  for await (const { name, bytes } of parts) {
    yield headerOf(name, bytes.length);
    if (bytes.length > 0) yield bytes;
    if (padding(bytes.length) > 0) yield new Uint8Array(padding(bytes.length));
  }
  yield END;
}

/**
 * The parts of an archive, as they come; it ends as it must, and nothing stands behind.
 * @throws `RESTORE_REFUSED` for what is no archive of ours, or breaks off
 */
export async function* partsOf(chunks: AsyncIterable<Bytes>): AsyncGenerator<Part> {
  const { take, rest } = reader(chunks);
  for (;;) {
    const header = await take(BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const { name, size } = read(header);
    const bytes = await take(size);
    const behind = await take(padding(size));
    if (behind.some((byte) => byte !== 0)) throw wrong("something stands between two parts");
    yield { name, bytes };
  }
  if ((await take(BLOCK)).some((byte) => byte !== 0) || !(await rest())) throw wrong("something stands behind its end");
}

function read(header: Bytes): { readonly name: string; readonly size: number } {
  const text = (at: number, length: number): string =>
    String.fromCharCode(...header.subarray(at, at + length)).split("\0")[0] ?? "";
  const [name, octal] = [text(0, NAME_MAX), text(124, 11)];
  const size = /^[0-7]{11}$/.test(octal) ? Number.parseInt(octal, 8) : Number.NaN;
  if (!PART_NAME.test(name) || !(size <= MOST_PART_BYTES))
    throw wrong("a part has a name or a size that is never written");
  // Whatever else a tar may say (links, owners, modes) is not ours.
  if (headerOf(name, size).some((byte, i) => byte !== header[i]))
    throw wrong(`the head of the part ${name} is not ours`);
  return { name, size };
}

/** Exact numbers of bytes out of pieces of any length. */
function reader(chunks: AsyncIterable<Bytes>) {
  const source = chunks[Symbol.asyncIterator]();
  let held: Bytes[] = [];
  let length = 0;
  const more = async (): Promise<boolean> => {
    const { value, done } = await source.next();
    if (done) return false;
    held.push(value);
    length += value.length;
    return true;
  };
  return {
    async take(wanted: number): Promise<Bytes> {
      while (length < wanted) if (!(await more())) throw wrong("it breaks off");
      const taken = new Uint8Array(wanted);
      let at = 0;
      while (at < wanted) {
        const [first] = held as [Bytes];
        const piece = first.subarray(0, wanted - at);
        taken.set(piece, at);
        at += piece.length;
        held = piece.length === first.length ? held.slice(1) : [first.subarray(piece.length), ...held.slice(1)];
      }
      length -= wanted;
      return taken;
    },
    /** Whether there is nothing more. */
    async rest(): Promise<boolean> {
      while (length === 0) if (!(await more())) return true;
      return false;
    },
  };
}
