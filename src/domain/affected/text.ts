/**
 * Bytes of a table that somebody exported, as text: UTF-8, UTF-16 or Windows-1252, which is what spreadsheets write.
 */
import { fromUtf8, type Bytes } from "../bytes.ts";
import { byteString } from "./exposed.ts";
import { fileKind, HEAD, kindWords } from "./file-kind.ts";

export type Encoding = "UTF-8" | "UTF-16" | "Windows-1252";
/** Where the encoding was not certain: a line and what of it may have come out wrong. */
export type TextLine = { readonly line: number; readonly text: string };
/** `certain`: a mark says it, the bytes allow nothing else, or they are all ASCII. */
export type Decoded =
  | { readonly ok: true; readonly text: string; readonly encoding: Encoding; readonly certain: boolean }
  | { readonly ok: false; readonly problem: string };

/** Windows-1252 from 0x80 on (encoding.spec.whatwg.org); five of its bytes mean nothing. */
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
/** Text that went through a wrong encoding before: "ZoÃ«", a letter that was lost, a question mark inside a word. */
const BROKEN = /[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac|\ufffd|\p{L}\?\p{L}/u;
const MEANINGLESS = /[\u0081\u008d\u008f\u0090\u009d]/;

/**
 * By its byte order mark; else UTF-8 if it is that whole; else UTF-16 if it looks so; else Windows-1252. What fits none
 * is refused, never guessed at.
 */
export function decodeText(bytes: Bytes): Decoded {
  const [one, two, three] = bytes;
  const kind = fileKind(bytes.subarray(0, HEAD));
  if (kind.kind === "other") return { ok: false, problem: `${kindWords(kind)} Nothing was read.` };
  if (kind.kind === "gzip")
    return { ok: false, problem: "This is a file packed with gzip. Nothing was read. Unpack it first." };
  const marked = one === 0xef && two === 0xbb && three === 0xbf;
  if (kind.kind !== "text")
    return utf16(bytes.subarray(two === 0xfe || two === 0xff ? 2 : 0), kind.kind === "utf-16-le");
  if (/^\s*[[{]\s*["{[]/.test(byteString(bytes, marked ? 3 : 0, Math.min(bytes.length, HEAD))))
    return { ok: false, problem: "This is JSON and not a table. Nothing was read. Export the people as CSV." };
  try {
    return found(fromUtf8(marked ? bytes.subarray(3) : bytes), "UTF-8");
  } catch {
    return marked ? unreadable("The file says that it is UTF-8, but holds bytes that are not.") : windows(bytes);
  }
}

const found = (text: string, encoding: Encoding): Decoded =>
  text.includes("\u0000")
    ? unreadable("The file holds empty bytes, so it is not a table of text.")
    : { ok: true, text, encoding, certain: encoding !== "Windows-1252" && !BROKEN.test(text) };
const unreadable = (what: string): Decoded => ({
  ok: false,
  problem: `${what} Nothing was read. Open it in the program that it came from, and save it as “CSV UTF-8”.`,
});

function utf16(bytes: Bytes, little: boolean): Decoded {
  if (bytes.length % 2 !== 0) return unreadable("The file looks like UTF-16 but ends in the middle of a character.");
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    const units: number[] = [];
    for (let i = at; i < Math.min(at + 8192, bytes.length); i += 2)
      units.push(little ? bytes[i]! | (bytes[i + 1]! << 8) : (bytes[i]! << 8) | bytes[i + 1]!);
    text += String.fromCharCode(...units);
  }
  return text.isWellFormed()
    ? found(text, "UTF-16")
    : unreadable("The file looks like UTF-16 but holds half characters.");
}

function windows(bytes: Bytes): Decoded {
  const text = byteString(bytes).replace(/[\u0080-\u009f]/g, (letter) => HIGH[letter.charCodeAt(0) - 0x80]!);
  return MEANINGLESS.test(text)
    ? unreadable("The file is neither UTF-8 nor UTF-16 nor Windows-1252.")
    : found(text, "Windows-1252");
}
