/**
 * Receipt words: 128 bits as twelve BIP39 words (docs/FORMAT.md, Receipt). Whoever has them can see what became of a
 * letter, read what is answered, and add to it. They are written down by hand and typed again, so reading them forgives what can be forgiven
 * without guessing.
 */
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Bytes } from "../bytes.ts";

export const RECEIPT_BYTES = 16;
const RECEIPT_WORDS = 12;

/** The twelve words of 128 bits; the last holds a checksum of 4 bits. */
export const wordsOf = (entropy: Bytes): readonly string[] => entropyToMnemonic(entropy, wordlist).split(" ");

export type ReadWords =
  | { readonly ok: true; readonly entropy: Bytes }
  | { readonly ok: false; readonly why: "count"; readonly found: number }
  | { readonly ok: false; readonly why: "unknown" /** from 1 */; readonly place: number }
  | { readonly ok: false; readonly why: "checksum" };

/**
 * What was typed, as 128 bits. Capitals, signs and line breaks do not matter. Numbers before the words, if each is
 * there once, give the order. The first four letters of a word are enough, and one wrong letter is mended where only
 * one word can be meant. What is left over is said, never guessed.
 */
export function readWords(typed: string): ReadWords {
  const words = inOrder(typed.normalize("NFKD").toLowerCase());
  if (words.length !== RECEIPT_WORDS) return { ok: false, why: "count", found: words.length };
  const known = words.map(meant);
  const place = known.indexOf(undefined);
  if (place >= 0) return { ok: false, why: "unknown", place: place + 1 };
  try {
    return { ok: true, entropy: mnemonicToEntropy(known.join(" "), wordlist) };
  } catch {
    return { ok: false, why: "checksum" };
  }
}

/** The sentence for somebody who typed them. */
export function wordsProblem(read: Exclude<ReadWords, { ok: true }>): string {
  if (read.why === "count")
    return read.found === 0
      ? "Enter your twelve receipt words"
      : `Enter twelve receipt words: there ${read.found === 1 ? "is" : "are"} ${read.found} here`;
  if (read.why === "unknown") return `Word ${read.place} is not a receipt word. Check its spelling`;
  return "These are receipt words, but not in this order, or one of them is another. Check each word and its place";
}

/** Words with numbers, copied from a list in columns, stand in the order of the numbers. */
function inOrder(text: string): string[] {
  const found = [...text.matchAll(/(?:(\d{1,2})[^a-z\d]*)?(\p{L}[\p{L}\p{M}]*)/gu)].map(([, number, word]) => ({
    number: Number(number ?? 0),
    word: word!.replaceAll(/\P{L}/gu, ""),
  }));
  const numbered =
    found.length === RECEIPT_WORDS &&
    new Set(found.map(({ number }) => number)).size === RECEIPT_WORDS &&
    found.every(({ number }) => number >= 1 && number <= RECEIPT_WORDS);
  return (numbered ? found.toSorted((a, b) => a.number - b.number) : found).map(({ word }) => word);
}

function meant(typed: string): string | undefined {
  if (wordlist.includes(typed)) return typed;
  // No two words of the list begin with the same four letters.
  const begun = typed.length < 4 ? undefined : wordlist.find((word) => word.slice(0, 4) === typed.slice(0, 4));
  if (begun?.startsWith(typed)) return begun;
  const near = wordlist.filter((word) => isNear(word, typed));
  if (near.length > 0) return near.length === 1 ? near[0] : undefined;
  return begun;
}

/** One letter other, one too many, one too few, or two neighbours exchanged. */
function isNear(word: string, typed: string): boolean {
  let start = 0;
  while (start < word.length && word[start] === typed[start]) start += 1;
  const [a, b] = [word.slice(start), typed.slice(start)];
  if (a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1)) return true;
  return a.length === b.length && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
}
