/**
 * Words that people write where they have nothing to write. They are nobody's name, telephone, email or address: whoever
 * is in danger is never to be rung at "n/a".
 */

const WORDS = new Set([
  ...["n/a", "na", "n.a", "n.a.", "n a", "not applicable", "not available", "not given", "not provided"],
  ...["not supplied", "not stated", "not specified", "not recorded", "not known", "not sure", "not disclosed"],
  ...["none", "none given", "none known", "no", "nil", "null", "nan", "nothing", "blank", "empty", "undefined"],
  ...["unknown", "unk", "unkn", "u/k", "tbc", "tba", "tbd", "to be confirmed", "x", "xx", "xxx", "xxxx", "#n/a"],
  ...["withheld", "refused", "declined", "declined to give", "prefer not to say", "ex directory", "ex-directory"],
  ...["no phone", "no telephone", "no mobile", "no number", "no landline", "no email", "no e-mail", "no mail"],
  ...["no address", "no postcode", "no name", "no contact", "no contact details", "same", "as above", "see above"],
  ...["nfa", "n.f.a", "n.f.a.", "of no fixed abode", "no fixed abode", "no fixed address", "no fixed home", "homeless"],
]);
const NO_NAME = new Set(["anonymous", "anon", "anon.", "name withheld", "name unknown", "a n other", "a.n. other"]);
/** Short words, and these, are borne as names: Na, No, Nil, Blank, Null. */
const NAMES = new Set(["blank", "null", "same", "nothing", "homeless", "empty"]);
const NO_HOME = /\bno fixed (?:abode|address|home)\b/i;
/** Nobody reads these: `noreply@…`, and `none@none.com`. */
const UNREAD_MAILBOX = /^(?:no|not|donot|dont|do-not|do_not)[-_.]?(?:reply|response|answer)$/i;
const NO_MAILBOX = /^(?:no-?e?mail(?:address)?|none|unknown|nobody|anonymous|notgiven|notprovided)$/i;
const MADE_UP = /^(?:na|n\.a|none|no|noemail|no-email|nomail|unknown|test|xxx+|x|a|anon|anonymous|null|blank)$/i;

const bare = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\s*\/\s*/g, "/")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .replace(/^[("'[<]+|[)"'\]>]+$/g, "");

/** Not without a letter and a figure ("-", "…", "0", "000 000"), and not one figure many times ("99999 999999"). */
const says = (text: string): boolean =>
  /[\p{L}1-9]/u.test(text) && !/^(\d)\1{4,}$/.test(text.replace(/[^\p{L}\d]/gu, ""));

/** Whether somebody wrote a word for nothing. "" is not one: there nothing was written. */
export function isPlaceholder(text: string): boolean {
  const said = bare(text);
  return text.trim() !== "" && (!says(said) || WORDS.has(said) || WORDS.has(said.replace(/[.!?]+$/, "")));
}

/** "Anonymous" is nobody's name; "Na" and "No" are. */
export function isNoName(text: string): boolean {
  const said = bare(text);
  if (NO_NAME.has(said) || NAMES.has(said) || /^\p{L}{1,3}$/u.test(said)) return NO_NAME.has(said);
  return isPlaceholder(text);
}

export function isNoMail(text: string): boolean {
  const [local = "", domain = ""] = bare(text.replace(/^mailto:/i, "")).split("@");
  if (domain === "") return isPlaceholder(text);
  return (
    UNREAD_MAILBOX.test(local) || NO_MAILBOX.test(local) || (MADE_UP.test(local) && local === domain.split(".")[0])
  );
}

/** A number that somebody can ring holds figures that are not all the same. */
export const isNoPhone = (text: string): boolean => isPlaceholder(text);

/** Lines of an address that say where; [] for somebody without a home. */
export const homeLines = (lines: readonly string[]): readonly string[] =>
  lines.some((line) => NO_HOME.test(line)) ? [] : lines.filter((line) => !isPlaceholder(line));
