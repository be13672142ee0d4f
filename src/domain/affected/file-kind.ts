/**
 * What a file is, by its first bytes and not by its name: a log or a table is text; what is something else is called by
 * its name, with what to do.
 */
import type { Bytes } from "../bytes.ts";
import { byteString } from "./exposed.ts";

export type FileKind =
  | { readonly kind: "text" | "gzip" | "utf-16-le" | "utf-16-be" }
  | { readonly kind: "other"; readonly what: string; readonly todo: string };

/** So many bytes tell it. */
export const HEAD = 512;

const UNPACK = "Unpack it first, and choose the files that were in it.";
const FORMATS: readonly (readonly [begins: string, what: string, todo: string])[] = [
  ["\xfd7zXZ\x00", "a file packed with xz", UNPACK],
  ["BZh", "a file packed with bzip2", UNPACK],
  ["\x28\xb5\x2f\xfd", "a file packed with zstd", UNPACK],
  ["\x04\x22\x4d\x18", "a file packed with lz4", UNPACK],
  ["\x1f\x9d", "a file packed with compress", UNPACK],
  ["\x1f\xa0", "a file packed with compress", UNPACK],
  ["LZIP", "a file packed with lzip", UNPACK],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK],
  ["Rar!", "a RAR archive", UNPACK],
  ["!<arch>", "an archive of ar", UNPACK],
  [
    "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "an old Excel or Office file",
    "Open it in Excel, and save the sheet as “CSV UTF-8”.",
  ],
  ["%PDF", "a PDF", "Ask for the file as the system itself writes it: a PDF holds pages, not rows."],
  ["{\\rtf", "a file of a word processor (RTF)", "Ask for the file as the system itself writes it."],
  ["SQLite format 3\x00", "an SQLite database", "Export the table from it as CSV."],
  ["ElfFile\x00", "an event log of Windows", "That is not an access log. Ask for the access log of the web server."],
  ["\x89PNG", "a picture", "Ask for the file as the system itself writes it."],
  ["\xff\xd8\xff", "a picture", "Ask for the file as the system itself writes it."],
  ["\xff\xfe\x00\x00", "text in UTF-32", "Save it as UTF-8."],
  ["\x00\x00\xfe\xff", "text in UTF-32", "Save it as UTF-8."],
];
const EXCEL = "Open it in Excel, and save the sheet as “CSV UTF-8”.";

/** @param head the first bytes: `HEAD` of them, or all where the file is shorter */
export function fileKind(head: Bytes): FileKind {
  const text = byteString(head, 0, Math.min(head.length, HEAD));
  if (text.startsWith("\x1f\x8b")) return { kind: "gzip" };
  const other = (what: string, todo: string): FileKind => ({ kind: "other", what, todo });
  if (/^PK(?:\x03\x04|\x05\x06|\x07\x08)/.test(text)) {
    if (/\[Content_Types\]\.xml|xl\/|_rels\//.test(text)) return other("an Excel file", EXCEL);
    if (text.includes("opendocument.spreadsheet"))
      return other("a LibreOffice sheet", "Open it there, and save it as CSV in UTF-8.");
    return other("a zip archive", UNPACK);
  }
  const found = FORMATS.find(([begins]) => text.startsWith(begins));
  if (found) return other(found[1], found[2]);
  if (text.slice(257, 262) === "ustar") return other("a tar archive", UNPACK);
  if (text.startsWith("\xff\xfe")) return { kind: "utf-16-le" };
  if (text.startsWith("\xfe\xff")) return { kind: "utf-16-be" };
  const bare = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^<(?:!doctype\s+html|html|head|body|table|meta)\b/i.test(bare))
    return other("a web page (HTML)", "Ask for the file as the system itself writes it, or for a table as CSV.");
  if (/^<\?xml|^<(?:Workbook|Events|Event)\b/.test(bare))
    return other("an XML file", "Ask for the file as the system itself writes it, or for a table as CSV.");
  // Without a mark: every other byte of Latin letters is empty.
  if (head.length > 3 && (head[0] === 0) !== (head[1] === 0))
    return { kind: head[1] === 0 ? "utf-16-le" : "utf-16-be" };
  return { kind: "text" };
}

/** A sentence for whoever chose the file. */
export const kindWords = ({ what, todo }: Extract<FileKind, { kind: "other" }>): string => `This is ${what}. ${todo}`;
