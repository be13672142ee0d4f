/** Looking for words where they must not be: in what was sent, in every file that the servers wrote, in every row. */
import { readdirSync, statSync } from "node:fs";
import { readIfThere } from "./files.ts";
import { join } from "node:path";
import type pg from "pg";
import type { BrowserContext } from "playwright-core";

/** A word that stands nowhere else: letters only, so that no form refuses it. */
export const markerWord = (): string =>
  `zq${Array.from({ length: 14 }, () => "abcdefghijkmnpqrstuvwxyz"[Math.floor(Math.random() * 24)]).join("")}`;

/** Fewer letters of base64 stand by chance among bytes that are random. */
const LETTERS = 8;

/** The spellings under which a word could be written by mistake. */
function spellings(word: string): Buffer[] {
  const base64 = [0, 1, 2]
    .map((shift) =>
      Buffer.from(" ".repeat(shift) + word)
        .toString("base64")
        .slice(shift === 0 ? 0 : 4, -4),
    )
    .filter((part) => part.length >= LETTERS);
  const texts = [
    word,
    word.toUpperCase(),
    Buffer.from(word).toString("hex"),
    Buffer.from(word).toString("hex").toUpperCase(),
    ...base64,
    [...word].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(""),
  ];
  return [
    ...texts.map((text) => Buffer.from(text)),
    Buffer.from(word, "utf16le"),
    Buffer.from([...word].reverse().join("")),
  ];
}

const holds = (bytes: Buffer, words: readonly string[]): string | undefined =>
  words.find((word) => spellings(word).some((one) => bytes.includes(one)));

/** Records everything that a browser sends: addresses, headers and bodies. */
export function recorder(context: BrowserContext): {
  readonly count: () => number;
  readonly find: (words: readonly string[]) => string[];
} {
  const sent: { address: string; bytes: Buffer }[] = [];
  context.on("request", (request) => {
    sent.push({
      address: `${request.method()} ${new URL(request.url()).pathname}`,
      bytes: Buffer.concat([
        Buffer.from(`${request.url()}\n${JSON.stringify(request.headers())}\n`),
        request.postDataBuffer() ?? Buffer.alloc(0),
      ]),
    });
  });
  return {
    count: () => sent.length,
    find: (words) => sent.filter(({ bytes }) => holds(bytes, words)).map(({ address }) => address),
  };
}

/** Files under a directory that hold one of the words in any spelling. */
export function filesWith(directory: string, words: readonly string[]): { files: number; found: string[] } {
  const found: string[] = [];
  let files = 0;
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const path = join(directory, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    const bytes = readIfThere(path);
    if (bytes === null) continue;
    files += 1;
    if (holds(bytes, words)) found.push(path);
  }
  return { files, found };
}

/**
 * Tables with a row that holds one of the words; a database may compress what it writes, so files alone would not tell.
 */
export async function tablesWith(
  database: pg.Client,
  words: readonly string[],
): Promise<{ tables: number; found: string[] }> {
  const { rows } = await database.query<{ table: string }>(
    "SELECT c.oid::regclass::text AS table FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pillarbox' AND c.relkind = 'r'",
  );
  const found: string[] = [];
  for (const { table } of rows) {
    const { rows: lines } = await database.query<{ line: string; bytes: Buffer[] | null }>(
      `SELECT t::text AS line FROM ${table} t`,
    );
    for (const { line } of lines) {
      const binary = [...line.matchAll(/\\\\?x([0-9a-f]{2,})/g)].map(([, hex]) => Buffer.from(hex!, "hex"));
      if (holds(Buffer.concat([Buffer.from(line), ...binary]), words)) found.push(table);
    }
  }
  return { tables: rows.length, found: [...new Set(found)] };
}
