/**
 * Findings in words for people who are not engineers: what can be seen, and what to do now. The same on the page and in
 * an e-mail.
 */
import type { FindingCode } from "./finding.ts";

export type Words = {
  readonly title: string;
  /** what a stranger can see, or what is wrong */
  readonly seen: string;
  /** what to do now, in this order */
  readonly now: readonly string[];
};

const WAIT =
  "Leave the finding as it is: the next look closes it by itself when the hole is gone, and only then. Looks are seconds apart.";
const HOST = "Tell the organisation that runs this website now, by telephone, and read them the evidence below.";
const KEEP =
  "Keep the access logs of the web server, from the earliest time named here until now: they show who looked.";
const LETTERS =
  "The letters themselves are sealed, and nobody outside holds a key. Still treat this as a breach until you know more.";
const CLOSE_FORM = "Close the form until this is understood: letters that are sent now may not be safe.";
const DATABASE =
  "Ask the organisation that runs this website who changed the database and why. Nobody does that by hand in normal work.";

const WORDS: { readonly [code in FindingCode]: Words } = {
  "route-open": {
    title: "A staff address answers to anybody",
    seen: "Somebody who is not signed in gets an answer at an address that is for staff only.",
    now: [HOST, KEEP, WAIT],
  },
  "denial-differs": {
    title: "A stranger can tell what exists",
    seen: "An address for staff says no in different ways, so that somebody outside can find out which things exist. Nothing that was sent can be read by this.",
    now: [HOST, WAIT],
  },
  "sealed-bytes": {
    title: "Sealed letters can be downloaded by anybody",
    seen: "An address gives sealed letters to somebody who is not signed in. They cannot be read without a key.",
    now: [HOST, KEEP, LETTERS, WAIT],
  },
  "marker-seen": {
    title: "What is sent can be seen by anybody",
    seen: "The monitor found, as a stranger, traces of a letter that it had sent itself. Where its letter can be seen, other letters may be seen.",
    now: [
      CLOSE_FORM,
      HOST,
      KEEP,
      "Treat this as a breach: the clock of 72 hours runs from when you learned of it.",
      WAIT,
    ],
  },
  "file-exposed": {
    title: "A file can be downloaded that belongs to nobody outside",
    seen: "An address gives anybody a file of the kind that is left behind by mistake: a copy of the database, a configuration, the history of the program.",
    now: [HOST, KEEP, LETTERS, WAIT],
  },
  "header-missing": {
    title: "A page tells browsers and search engines too little",
    seen: "A page lacks an instruction that keeps it out of caches, search engines or other people’s pages.",
    now: [HOST, WAIT],
  },
  "from-cache": {
    title: "A page comes from a store of copies",
    seen: "Something between this website and its visitors keeps copies of pages that must not be kept. One visitor could be shown what was meant for another.",
    now: [HOST, WAIT],
  },
  "third-party": {
    title: "A page loads something from elsewhere",
    seen: "A page makes the visitor’s browser fetch something from another organisation, which then knows who visits, and could read what is typed.",
    now: [CLOSE_FORM, HOST, WAIT],
  },
  "script-altered": {
    title: "A page’s program is not the one that was built",
    seen: "The program in the page that seals letters is not the one that belongs to this version. It could read what is typed.",
    now: [CLOSE_FORM, HOST, KEEP, WAIT],
  },
  "key-differs": {
    title: "A form seals to a key that no owner signed",
    seen: "The page offers a key that no owner of the body has signed. Browsers refuse it, so nothing is sent; somebody may be trying to read letters.",
    now: [CLOSE_FORM, HOST, WAIT],
  },
  "statements-broken": {
    title: "The signed statements of a body do not hold",
    seen: "The website shows statements about who may read that do not fit the signatures of the owners. Browsers refuse them, so nothing is sent.",
    now: [CLOSE_FORM, HOST, WAIT],
  },
  "detector-broken": {
    title: "The monitor does not find what was put there to be found",
    seen: "The monitor opens a harmless hole for itself and looks for it. It did not find it, so that it reports nothing else proves nothing.",
    now: [HOST, "Until this is over, do not say to anybody that there was no sign of exposure.", WAIT],
  },
  "row-differs": {
    title: "The database says something else than the log",
    seen: "Rows of the database were changed, added or taken away by hand: they are not what the signed log says of them. Each is named below.",
    now: [DATABASE, LETTERS, WAIT],
  },
  "bytes-differ": {
    title: "A sealed letter is not the one that was received",
    seen: "Sealed bytes in the database were exchanged or changed: they are not those of which the log has the hash. Whoever opens such a letter is told so.",
    now: [DATABASE, WAIT],
  },
  "log-differs": {
    title: "The log in the database does not hold",
    seen: "Entries or hashes of the log, as the database has them, are not those that were signed.",
    now: [DATABASE, HOST, WAIT],
  },
  "event-aside": {
    title: "Something was put among the events that the log does not take",
    seen: "A login of the database wrote an event that nobody can read, or that it may not write. The log set it aside, said so, and goes on.",
    now: [DATABASE, HOST, WAIT],
  },
  "login-strays": {
    title: "A login of the database does what its program never does",
    seen: "The login of one of the programs made something of its own in the database, or holds a lock there. Nobody can read a letter by it, and it may stop letters from being received.",
    now: [DATABASE, WAIT],
  },
  "catalogue-added": {
    title: "The database allows something that the program did not ask for",
    seen: "A right, a rule or a table was added to the database by hand. It may let somebody see sealed letters or names of staff without a trace.",
    now: [DATABASE, LETTERS, WAIT],
  },
  "catalogue-missing": {
    title: "A protection of the database was taken away",
    seen: "A rule or a table that the program counts on is not in the database any more.",
    now: [DATABASE, LETTERS, WAIT],
  },
  "wrap-unstated": {
    title: "A key stands ready for somebody whom no owner let in",
    seen: "The database holds a form’s key, wrapped to a person or in a way that no owner’s signed statement names. The staff pages refuse to use it.",
    now: [DATABASE, "Look at who can read the form, and end what you do not know.", WAIT],
  },
  "recipient-unstated": {
    title: "The database holds a key for a form that no owner signed",
    seen: "Letters are sealed to the key that an owner signed. Another one stands in the database in its place. Browsers refuse it, so nothing is sent.",
    now: [DATABASE, CLOSE_FORM, WAIT],
  },
  "site-open": {
    title: "What was sent to an old website can be seen by anybody",
    seen: "A marked letter was sent through the form of a website elsewhere, and a stranger can see it at the address below, with the other letters there.",
    now: [
      HOST,
      KEEP,
      "Treat this as a breach: the clock of 72 hours runs from when you learned of it.",
      "Have the form taken down, or closed to strangers with all its exports: a link that is removed closes nothing.",
      WAIT,
    ],
  },
  "site-answers": {
    title: "A page for staff of an old website answers to anybody",
    seen: "An address that was named as one for staff lists entries to somebody who is not signed in. The marked letter is not among those shown.",
    now: [HOST, KEEP, "Look at it yourself, without signing in, before you decide whether it is a breach.", WAIT],
  },
  "chain-broken": {
    title: "The statements in the database do not hold",
    seen: "The statements about who may read, as they stand in the database, do not fit the signatures of the owners.",
    now: [DATABASE, CLOSE_FORM, WAIT],
  },
  "operator-unnamed": {
    title: "A row calls somebody an operator whom the configuration does not name",
    seen: "A row of the database calls somebody an operator of the host. The configuration names no such person, so they are let into nothing. Somebody wrote that row by hand.",
    now: [DATABASE, WAIT],
  },
};

export const wordsOf = (code: FindingCode): Words => WORDS[code];

/** The title of a code that a later version may have written. */
export const titleOf = (code: string): string =>
  Object.hasOwn(WORDS, code) ? WORDS[code as FindingCode].title : "Something that this version has no words for";
