/** Spellings of one name, one address, one number: made comparable, never changed for good. */
import type { AffectedPerson } from "./person.ts";

const LETTERS: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** Lower case, without accents; other scripts stay as they are. */
const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[øłßæœđðþı]/g, (letter) => LETTERS[letter]!);

const TITLES = new Set([
  "mr",
  "mrs",
  "ms",
  "miss",
  "mx",
  "dr",
  "prof",
  "professor",
  "sir",
  "dame",
  "lady",
  "lord",
  "rev",
  "revd",
  "reverend",
  "cllr",
  "councillor",
  "the",
  "hon",
  "esq",
  "obe",
  "mbe",
  "cbe",
]);

/** The words of a name without titles, in one order: "MARSDEN, Joanna (Mrs)" is "joanna marsden". */
export function nameWords(name: string): readonly string[] {
  const words = folded(name)
    .replace(/['’‘`.]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !TITLES.has(word));
  return words.sort();
}

/** "" where there is none. */
const emailKey = (email: string | null): string => (email ?? "").normalize("NFKC").trim().toLowerCase();

/** The mailbox behind a "+" that its owner put in. */
const mailboxKey = (email: string | null): string => emailKey(email).replace(/\+[^@]*@/, "@");

/** Digits of a telephone number as dialled within the country; "" for what is too short to be one. */
export function phoneKey(phone: string | null): string {
  const digits = (phone ?? "")
    .replace(/\(0\)/g, "")
    .replace(/\D/g, "")
    .replace(/^(?:00)?44(?=\d{9,10}$)/, "0");
  return digits.length >= 9 ? digits : "";
}

const WORDS: Readonly<Record<string, string>> = {
  st: "street",
  rd: "road",
  ave: "avenue",
  av: "avenue",
  ln: "lane",
  cl: "close",
  ct: "court",
  dr: "drive",
  gdns: "gardens",
  sq: "square",
  cres: "crescent",
  ter: "terrace",
  terr: "terrace",
  pl: "place",
  apt: "flat",
  apartment: "flat",
  hse: "house",
};
const POSTCODE = /\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b/;

const street = (text: string): string =>
  text
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => WORDS[word] ?? word)
    .join(" ");

/** "" where there is none that is British. */
function postcodeKey(post: readonly string[] | null): string {
  const found = POSTCODE.exec(folded((post ?? []).join(", ")));
  return found ? found[1]! + found[2]! : "";
}

/**
 * One spelling of an address: with a postcode its numbers are enough (a house and a flat), without numbers its first
 * line; else all of it. "" where there is none.
 */
export function addressKey(post: readonly string[] | null): string {
  const lines = (post ?? []).map((line) => folded(line).replace(/['’.]/g, ""));
  const whole = lines.join(", ");
  const postcode = postcodeKey(post);
  if (postcode === "") return street(whole);
  const rest = whole.replace(POSTCODE, " ");
  const numbers = rest.match(/\b\d+[a-z]?\b/g);
  return `${postcode} ${numbers ? numbers.sort().join(" ") : street(lines[0]!.replace(POSTCODE, " "))}`;
}

/** Steps from one word to the other (insert, leave out, exchange), as far as `most`. */
function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  if (one === other) return 0;
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length]!;
}

function wordsAlike(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length === 1) return long.startsWith(short);
  if (short.length >= 3 && long.startsWith(short)) return true;
  return short.length >= 4 && distance(short, long, 2) <= (short.length >= 7 ? 2 : 1);
}

/**
 * Whether two names, as `nameWords` takes them apart, may be two spellings of one: every word of the shorter has its
 * like in the longer, and not all of them are initials.
 */
export function wordsAlikeAll(one: readonly string[], other: readonly string[]): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length === 0) return false;
  const left = [...long];
  let whole = 0;
  // Long words choose first, so that an initial does not take the word that another needs.
  for (const word of [...short].sort((a, b) => b.length - a.length)) {
    const at = left.includes(word) ? left.indexOf(word) : left.findIndex((candidate) => wordsAlike(word, candidate));
    if (at < 0) return false;
    if (word.length > 1 && left[at]!.length > 1) whole++;
    left.splice(at, 1);
  }
  return whole > 0;
}

/** All that is compared of one person. */
export type Keys = {
  readonly words: readonly string[];
  readonly name: string;
  readonly email: string;
  readonly mailbox: string;
  readonly address: string;
  readonly postcode: string;
  readonly phone: string;
};
export const keysOf = ({ name, email, post, phone }: AffectedPerson): Keys => {
  const words = nameWords(name);
  return {
    words,
    name: words.join(" "),
    email: emailKey(email),
    mailbox: mailboxKey(email),
    address: addressKey(post),
    postcode: postcodeKey(post),
    phone: phoneKey(phone),
  };
};
