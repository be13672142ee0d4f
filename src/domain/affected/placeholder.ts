/**
 * Words that people write where they have nothing to write. They are nobody's name, telephone, email or address: whoever
 * is in danger is never to be rung at "n/a".
 */

const WORDS = new Set([
  ...[
    "n/a",
    "na",
    "n.a",
    "n.a.",
    "n a",
    "n-a",
    "#n/a",
    "none",
    "no",
    "nil",
    "null",
    "nan",
    "nothing",
    "blank",
    "empty",
  ],
  ...["undefined", "unknown", "unk", "unkn", "u/k", "tbc", "tba", "tbd", "to be confirmed", "to be advised", "x"],
  ...["withheld", "refused", "declined", "declined to give", "prefer not to say", "ex directory", "ex-directory"],
  ...["same", "same as above", "as above", "as before", "see above", "see below", "see notes", "see note", "see file"],
  ...["see letter", "see attached", "ditto", "c/o above", "deceased", "[object object]"],
  ...["nfa", "n.f.a", "n.f.a.", "of no fixed abode", "no fixed abode", "no fixed address", "no fixed home", "homeless"],
]);
/** What people say in the languages in which forms are most often filled in. Some are names, too: never asked of a name. */
const ELSEWHERE = new Set([
  ...["dim", "dim ar gael", "dim e-bost", "dim ff\u00f4n", "ddim yn berthnasol", "anhysbys", "heb ei roi"],
  ...[
    "keine",
    "kein",
    "keins",
    "keine angabe",
    "k.a.",
    "ohne",
    "unbekannt",
    "nicht bekannt",
    "nicht vorhanden",
    "entf\u00e4llt",
  ],
  ...[
    "aucun",
    "aucune",
    "sans",
    "n\u00e9ant",
    "inconnu",
    "inconnue",
    "non applicable",
    "non communiqu\u00e9",
    "s/o",
    "pas de t\u00e9l\u00e9phone",
  ],
  ...[
    "ninguno",
    "ninguna",
    "nada",
    "desconocido",
    "desconocida",
    "no tengo",
    "no aplica",
    "sin correo",
    "sin tel\u00e9fono",
  ],
  ...["nessuno", "nessuna", "sconosciuto", "nenhum", "nenhuma", "desconhecido", "geen", "n.v.t.", "nvt", "onbekend"],
  ...[
    "brak",
    "nieznany",
    "nie dotyczy",
    "nu am",
    "niciunul",
    "nuk ka",
    "yok",
    "bilinmiyor",
    "\u043d\u0435\u0442",
    "\u043d\u0435\u043c\u0430\u0454",
  ],
  ...[
    "\u043d\u0435\u0438\u0437\u0432\u0435\u0441\u0442\u043d\u043e",
    "\u0644\u0627 \u064a\u0648\u062c\u062f",
    "\u063a\u064a\u0631 \u0645\u0639\u0631\u0648\u0641",
    "\u0646\u062f\u0627\u0631\u062f",
  ],
  ...[
    "\u0646\u06c1\u06cc\u06ba",
    "\u7121",
    "\u65e0",
    "\u306a\u3057",
    "\u4e0d\u660e",
    "\u6ca1\u6709",
    "\u6c92\u6709",
    "\u0a28\u0a39\u0a40\u0a02",
    "\u09a8\u09be\u0987",
    "\u0928\u0939\u0940\u0902",
  ],
]);
const THING =
  "(?:e-?mails?|phones?|telephones?|mobiles?|landlines?|numbers?|address(?:es)?|post ?codes?|names?|contacts?|details?|information|data|records?)";
const GIVEN =
  "(?:given|provided|supplied|known|stated|specified|recorded|available|applicable|disclosed|held|on file|on record|sure|found|listed|required|needed|obtained|collected|shared|set)";
/** "Not given", "phone number not known", "no e-mail address", "none provided", "does not have one". */
const PHRASES = [
  new RegExp(
    `^(?:${THING} )*(?:is |was |are |were )?(?:not|no longer|never) (?:currently |yet )?${GIVEN}(?: yet| here)?$`,
  ),
  new RegExp(`^no (?:current |known |other |valid )?${THING}(?: ${THING})*(?: ${GIVEN})?$`),
  new RegExp(`^(?:none|nothing|nil) ${GIVEN}$`),
  /^(?:i |they |he |she |client )?(?:does ?n['o]?t|do ?n['o]?t|doesnt|dont|has ?n['o]?t|have ?n['o]?t|did ?n['o]?t|hasnt|havent) (?:have|got|give|provide|use|know)\b[^\d@]{0,30}$/,
  // What a spreadsheet shows where it could not work something out.
  /^#(?:ref!?|value!?|name\??|null!?|div\/0!?|num!?|error!?|n\/a)$/,
];
const NO_NAME = new Set([
  ...[
    "anonymous",
    "anon",
    "anon.",
    "name withheld",
    "name unknown",
    "a n other",
    "a.n. other",
    "a.n.other",
    "an other",
  ],
  ...["anonym", "anonyme", "an\u00f3nimo", "an\u00f3nima", "anonimo", "dienw", "unknown unknown", "unknown person"],
]);
const TITLED = /^(?:mr|mrs|ms|miss|mx|dr)\.? (?=(?:anonymous|anon\.?|unknown|not known|not given|n\/a)$)/;
/** Short words, and these, are borne as names: Na, No, Nil, Blank, Null. */
const NAMES = new Set(["blank", "null", "same", "nothing", "homeless", "empty", "ditto", "deceased"]);
const NO_HOME =
  /\bno (?:fixed )?(?:abode|fixed (?:addr(?:ess)?\.?|home|residence))\b|^n\.?f\.?a\b|sans domicile fixe|ohne festen wohnsitz|sin domicilio fijo|senza fissa dimora|heb gartref sefydlog|^digartref$/i;
/** Nobody reads these: `noreply@\u2026`, and `none@none.com`. */
const UNREAD_MAILBOX = /^(?:no|not|donot|dont|do-not|do_not)[-_.]?(?:reply|response|answer)$/i;
const NO_MAILBOX =
  /^(?:no[-_.]?(?:e-?)?mail[-_.]?(?:address)?|no[-_.]?address|none|unknown|nobody|anonymous|not[-_.]?(?:given|provided|known|supplied)|n\/a)$/i;
const NO_DOMAIN = /^(?:none|no-?e?mail|no-?address|nowhere|not-?given|not-?provided|n\/a)\.(?:com|net|org|co\.uk)$/i;
const MADE_UP =
  /^(?:na|n\.a|n\/a|none|no|nil|noemail|no-email|nomail|unknown|test|xxx+|x|a|anon|anonymous|null|blank|declined|refused|nothing|email)$/i;

const bare = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/\s*[/\\]\s*/g, "/")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .replace(/^["'<]+|["'>]+$/g, "")
    .replace(/^\(([^()]*)\)$|^\[(?!object)([^[\]]*)\]$/, "$1$2");

/** Not without a letter and a figure ("-", "\u2026", "0", "000 000"), and not one figure many times ("99999 999999"). */
const says = (text: string): boolean =>
  /\p{L}|(?![0\u0660\u06f0\u0966])\p{Nd}/u.test(text) && !/^(\d)\1{4,}$/.test(text.replace(/[^\p{L}\d]/gu, ""));

/** "t.b.c." is "tbc"; a sign at the end says nothing. */
const forms = (said: string): readonly string[] => {
  const ended = said.replace(/[\s.!?*:;,-]+$/, "");
  return [said, ended, /^(?:\p{L}\.)+\p{L}?$/u.test(ended) ? ended.replaceAll(".", "") : ended];
};

function isWord(said: string, languages: boolean): boolean {
  if (!says(said) || /^x{2,}(?:[ /-]?x{2,})*$/.test(said)) return true;
  return forms(said).some(
    (form) => WORDS.has(form) || (languages && ELSEWHERE.has(form)) || PHRASES.some((phrase) => phrase.test(form)),
  );
}

function saysNothing(text: string, languages: boolean): boolean {
  const said = bare(text);
  if (text.trim() === "") return false;
  if (isWord(said, languages)) return true;
  // "N/A - see notes", "none / unknown", "n/a (deceased)": as long as nothing in it could reach anybody.
  if (/[\p{Nd}@]/u.test(said)) return false;
  const parts = said.split(/\s+-+\s+|[/;,()]+|:\s/).map((part) => part.trim());
  const written = parts.filter((part) => part !== "");
  return (
    /^n\/?a(?:\s*[-(;,:.]|\s+-)/.test(said) || (written.length > 1 && written.every((part) => isWord(part, languages)))
  );
}

/** Whether somebody wrote a word for nothing. "" is not one: there nothing was written. */
export const isPlaceholder = (text: string): boolean => saysNothing(text, true);

/** "Anonymous" is nobody's name; "Na" and "No" are. */
export function isNoName(text: string): boolean {
  const said = bare(text).replace(TITLED, "");
  if (NO_NAME.has(said) || NAMES.has(said) || /^\p{L}{1,3}$/u.test(said)) return NO_NAME.has(said);
  return saysNothing(said, false);
}

export function isNoMail(text: string): boolean {
  const said = bare(text.replace(/^mailto:/i, ""));
  const at = said.lastIndexOf("@");
  const [local, domain] = at < 0 ? [said, ""] : [said.slice(0, at), said.slice(at + 1)];
  if (domain === "") return isPlaceholder(text);
  const first = domain.split(".")[0]!;
  return (
    UNREAD_MAILBOX.test(local) ||
    NO_MAILBOX.test(local) ||
    NO_DOMAIN.test(domain) ||
    (MADE_UP.test(local) && (local === first || domain.startsWith(`${local}.`))) ||
    (/^(?:no|none|na|nil)$/.test(local) && /^e?mail$/.test(first))
  );
}

/**
 * A number that somebody can ring has at least three figures, and they are neither all the same (behind a 0, or behind
 * the first two) nor those that are next to each other on the keys.
 */
export function isNoPhone(text: string): boolean {
  const figures = text.normalize("NFKC").replace(/\P{Nd}/gu, "");
  return (
    isPlaceholder(text) ||
    (text.trim() !== "" && figures.length < 3) ||
    /^0?(\d)\1{6,}$/.test(figures) ||
    /^(?:0|44)?[17]0{6,}$/.test(figures) ||
    /^0?1234567(?:8(?:90?)?)?$/.test(figures)
  );
}

/** Lines of an address that say where; [] for somebody without a home. */
export const homeLines = (lines: readonly string[]): readonly string[] =>
  lines.some((line) => NO_HOME.test(line)) ? [] : lines.filter((line) => !isPlaceholder(line));
