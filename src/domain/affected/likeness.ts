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

/** Lower case, without marks and what cannot be seen: for doubts only, since a mark may tell two people apart. */
const folded = (text: string): string => (isAscii(text) ? text.toLowerCase() : foldedLetters(text));
const isAscii = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text);
const foldedLetters = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
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
/** Of these nobody makes two addresses; "apartment" and "flat" may be two. */
const EXACT_WORDS: Readonly<Record<string, string>> = { st: "street", rd: "road", ave: "avenue", ln: "lane" };
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

/** As somebody wrote it: only case, the length of spaces and the way in which Unicode composes a letter are put aside. */
const plain = (text: string): string =>
  (isAscii(text) ? text : text.normalize("NFC")).toLowerCase().replace(/\s+/g, " ").trim();

/**
 * A name that says all of who somebody is: two words at least that are more than an initial. "" for any other: two
 * people in one house are called "J Hartwell". Titles, marks, initials and the order of words all count.
 */
export function fullNameKey(name: string): string {
  const said = plain(name);
  const whole = said.split(" ").filter((word) => !TITLES.has(word.replace(/\./g, "")) && lettersIn(word) > 1);
  return whole.length > 1 ? said : "";
}
const lettersIn = (word: string): number => [...word.matchAll(/\p{L}/gu)].length;

/** Words of an address in their order, each figure in its place: "Flat 2, 10 High Street" is not "Flat 10, 2 …". */
function exactAddress(post: readonly string[] | null): string {
  const words = plain((post ?? []).join(" , "))
    .split(/[\s,;]+/)
    .map((word) => word.replace(/\.$/, ""))
    .filter((word) => word !== "")
    .map((word) => EXACT_WORDS[word] ?? word)
    .join(" ");
  return words.replace(POSTCODE, "$1$2");
}

/** A number that somebody could ring, with everything behind it: an extension is another telephone. */
const exactPhone = (phone: string | null): string => {
  const said = plain(phone ?? "");
  return /\d/.test(said) ? phoneKey(phone) || said.replace(/[^\p{L}\d]/gu, "") : said;
};

/** All that is compared of one person: what is exact joins by itself, what is alike raises a doubt. */
export type Keys = {
  readonly words: readonly string[];
  readonly name: string;
  readonly email: string;
  readonly mailbox: string;
  readonly address: string;
  readonly postcode: string;
  readonly phone: string;
  readonly record: string;
  readonly exact: Exact;
};
export type Exact = {
  /** "" unless it is a full name */
  readonly name: string;
  /** the name however short */
  readonly said: string;
  readonly email: string;
  readonly address: string;
  readonly phone: string;
  readonly born: string;
};

/** A row or a letter, with what may tell it from another and goes no further: it stands in no list. */
export type Entry = AffectedPerson & {
  /** a date of birth: of father and son nothing else may differ */
  readonly born?: string;
  /** an email address that cannot be written to */
  readonly unusable?: string;
};

export const keysOf = ({ name, email, post, phone, records, born = "", unusable = "" }: Entry): Keys => {
  const words = nameWords(name);
  return {
    words,
    name: words.join(" "),
    email: emailKey(email),
    mailbox: mailboxKey(email),
    address: addressKey(post),
    postcode: postcodeKey(post),
    phone: phoneKey(phone),
    record: records.join("\n").trim(),
    exact: {
      name: fullNameKey(name),
      said: plain(name),
      email: plain(email ?? unusable),
      address: exactAddress(post),
      phone: exactPhone(phone),
      born: plain(born),
    },
  };
};
