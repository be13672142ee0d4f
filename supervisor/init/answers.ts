/**
 * The questions of `pillarbox init`, in their order: what is asked, what is taken where nothing is said, and what an
 * answer must look like. An answer that does not hold is one sentence: what is wrong, and what to do.
 */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { parseBody } from "../../src/domain/form/body.ts";
import { addressOf } from "../../src/domain/form/email.ts";
import { normaliseAccount } from "../../src/domain/person/passphrase.ts";
import { addressesFrom, type Addresses } from "../addresses.ts";
import { databaseFrom, dataUsable } from "../checks.ts";
import { mailFrom, type MailSettings } from "../mail.ts";
import { Refusal } from "../refusal.ts";

export const PROXIES = ["nginx", "caddy", "haproxy"] as const;
export type ProxyKind = (typeof PROXIES)[number];
/** How the link of the first owner gets to them. */
export const WAYS = ["mail", "show"] as const;

/** All answers, each in the form that it was found to have. */
export type Answers = {
  readonly data: string;
  readonly body: { readonly id: string; readonly name: string; readonly timeZone?: string };
  readonly publicAddress: string;
  readonly staffAddress: string;
  readonly counterAddress: string;
  readonly proxy: ProxyKind;
  readonly proxies: string;
  readonly ports: { readonly public: number; readonly staff: number; readonly counter: number };
  /** null: the embedded one */
  readonly database: string | null;
  readonly mail: string;
  readonly mailFrom: string;
  readonly bounces: MailSettings["bounce"];
  readonly alarm: string;
  readonly backupDays: number;
  readonly ownerName: string;
  readonly ownerEmail: string;
  readonly invitation: (typeof WAYS)[number];
};

/** What was answered before; a question may look at it. */
export type Before = Partial<Answers>;

export type Question<K extends keyof Answers = keyof Answers> = {
  readonly key: K;
  readonly ask: string;
  /** taken where nothing is said; without it there must be an answer */
  readonly usual?: string;
  /** @param given text from a terminal or file; `body` may be the record itself @throws Refusal */
  readonly read: (given: unknown, before: Before) => Answers[K];
};

const question = <K extends keyof Answers>(one: Question<K>): Question => one as unknown as Question;

const textOf = (given: unknown): string => {
  if (typeof given === "string" || typeof given === "number") return String(given).trim();
  throw new Refusal("it is not a text: write it in quotation marks.");
};

/** Control and direction characters, and what no character is yet: a terminal or a page would show another thing. */
const UNSEEN = /\p{C}/u;

/**
 * The directory is made beside its place and moved there: so what is above it is written too, and nothing but an empty
 * directory may stand there. @throws Refusal
 */
function placeUsable(data: string): void {
  asked(() => dataUsable(data));
  const there = lstatSync(data, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory())
    throw new Refusal(`${data} is a link to another place: name the directory that it leads to.`);
  const above = dirname(data);
  if (above === data || lstatSync(above).dev !== there.dev)
    throw new Refusal(`${data} is where a disk is mounted, and cannot be moved to: name a directory inside it.`);
  asked(() => dataUsable(above));
  if (readdirSync(data).length > 0)
    throw new Refusal(`${data} is not empty, and an installation is made once: name another directory.`);
}

const oneOf = <const T extends string>(given: unknown, all: readonly T[]): T => {
  const found = all.find((one) => one === textOf(given).toLowerCase());
  if (found === undefined) throw new Refusal(`"${textOf(given)}" is none of ${all.join(", ")}: name one of them.`);
  return found;
};

const mailbox = (given: unknown): string => {
  const text = textOf(given);
  if (addressOf(text) !== text)
    throw new Refusal(`"${text}" is not one e-mail address: write it as name@example.org, and nothing else.`);
  return text;
};

export const QUESTIONS: readonly Question[] = [
  question({
    key: "data",
    ask: "Directory for the installation's data (it must not be there yet, or be empty)",
    read: (given) => {
      const path = textOf(given);
      if (UNSEEN.test(path)) throw new Refusal("there is a character in it that nobody sees: write the path again.");
      if (!isAbsolute(path)) throw new Refusal(`"${path}" is no whole path: begin it with "/".`);
      const data = resolve(path);
      placeUsable(data);
      return data;
    },
  }),
  question({
    key: "body",
    ask: "File with the record of the public body (docs/INSTALL.md says what is in it)",
    read: (given) => {
      const found = parseBody(typeof given === "string" ? fileOf(given) : given);
      const [first] = found.ok ? [] : found.problems;
      if (!found.ok)
        throw new Refusal(`the record does not hold at ${first?.where || "its top"}: ${first?.text ?? ""}`);
      return found.body as Answers["body"];
    },
  }),
  question({
    key: "publicAddress",
    ask: "Address of the public pages, as https://forms.example.org",
    read: (given) => addresses(textOf(given), "https://staff.invalid").publicOrigin,
  }),
  question({
    key: "staffAddress",
    ask: "Address of the staff pages, with a host name of its own",
    read: (given, { publicAddress = "" }) => addresses(publicAddress, textOf(given)).staffOrigin,
  }),
  question({
    key: "counterAddress",
    ask: "Address of the counter, if it has one of its own",
    usual: "a path of the public pages",
    read: (given, { publicAddress = "", staffAddress = "" }) =>
      textOf(given) === "a path of the public pages"
        ? publicAddress
        : addresses(publicAddress, staffAddress, textOf(given)).counterOrigin,
  }),
  question({
    key: "proxy",
    ask: `Proxy in front (${PROXIES.join(", ")})`,
    usual: "nginx",
    read: (given) => oneOf(given, PROXIES),
  }),
  question({
    key: "proxies",
    ask: "Addresses or networks from which the proxy comes",
    usual: "127.0.0.1",
    read: (given) => addresses("https://forms.invalid", "https://staff.invalid", "", textOf(given)).proxies.join(","),
  }),
  question({
    key: "ports",
    ask: "Ports of this machine for public pages, staff pages and counter",
    usual: "3000,3001,3002",
    read: (given) => {
      const texts = textOf(given).split(/[\s,]+/);
      const ports = texts.map(Number);
      const [open, staff, counter] = ports as [number, number, number];
      const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65536;
      if (ports.length !== 3 || !texts.every(isPort) || new Set(ports).size < 3)
        throw new Refusal(`"${textOf(given)}" are not three ports: write three different ones, as 3000,3001,3002.`);
      return { public: open, staff, counter };
    },
  }),
  question({
    key: "database",
    ask: "Database: embedded, or the address of a PostgreSQL (postgres://…)",
    usual: "embedded",
    read: (given) => (textOf(given) === "embedded" ? null : asked(() => databaseFrom({ DATABASE_URL: textOf(given) }))),
  }),
  question({
    key: "mailFrom",
    ask: "Sender of all mail, an address that says nothing of what is in it",
    read: mailbox,
  }),
  question({
    key: "mail",
    ask: "Mail server, as smtps://user:password@host or smtp://user:password@host:587",
    read: (given, { mailFrom: from = "" }) => {
      const found = asked(() => mailFrom({ PILLARBOX_SMTP_URL: textOf(given), PILLARBOX_MAIL_FROM: from }));
      if (found === null) throw new Refusal("there is none: invitations and alerts go by mail, so name a mail server.");
      return found.smtpUrl;
    },
  }),
  question({
    key: "bounces",
    ask: "Where returned mail is listened for, as 127.0.0.1:2525 returns.example.org",
    usual: "nowhere",
    read: (given) => bouncesOf(textOf(given)),
  }),
  question({
    key: "alarm",
    ask: "Address for alarms, outside this installation",
    read: (given, { mailFrom: from }) => {
      const address = mailbox(given);
      if (address === from) throw new Refusal("it is the sender of all mail: name a mailbox that somebody reads.");
      return address;
    },
  }),
  question({
    key: "backupDays",
    ask: "How many days backups are kept",
    usual: "35",
    read: (given) => {
      const days = textOf(given);
      if (!/^\d{1,4}$/.test(days) || Number(days) > 3660)
        throw new Refusal(`"${days}" is no number of days: write one from 0 to 3660.`);
      return Number(days);
    },
  }),
  question({
    key: "ownerName",
    ask: "Full name of the body's first owner",
    read: (given) => {
      const name = textOf(given).replace(/\s+/g, " ");
      if (name === "" || name.length > 200)
        throw new Refusal("there is no name: write it as their colleagues know it.");
      if (UNSEEN.test(name)) throw new Refusal("there is a character in it that nobody sees: write the name again.");
      return name;
    },
  }),
  question({
    key: "ownerEmail",
    ask: "E-mail address of the first owner",
    read: (given, { alarm }) => {
      const address = normaliseAccount(mailbox(given));
      if (alarm !== undefined && normaliseAccount(alarm) === address)
        throw new Refusal("it is the address for alarms: one of the two must be outside this installation.");
      return address;
    },
  }),
  question({
    key: "invitation",
    ask: "Their invitation: mail (sent at the first start), or show (a link, shown here once)",
    usual: "mail",
    read: (given) => oneOf(given, WAYS),
  }),
];

function fileOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(resolve(path), "utf8");
  } catch {
    throw new Refusal(`${resolve(path)} cannot be read: name a file that is there.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal(`${resolve(path)} is not JSON: mend it, as an editor shows.`);
  }
}

function bouncesOf(text: string): MailSettings["bounce"] {
  if (text === "nowhere") return null;
  const [, host = "", port = "", domain = ""] = /^(\S+):(\d{1,5})\s+([a-z0-9.-]+)$/i.exec(text) ?? [];
  if (host === "" || Number(port) < 1 || Number(port) > 65535)
    throw new Refusal(`"${text}" does not say where: write it as 127.0.0.1:2525 returns.example.org, or nowhere.`);
  return { host, port: Number(port), domain: domain.toLowerCase() };
}

type Whole = Required<Addresses>;

const addresses = (forms: string, staff: string, counter = "", proxies = "127.0.0.1"): Whole =>
  asked(
    () =>
      addressesFrom({
        PILLARBOX_PUBLIC_ADDRESS: forms || "none",
        PILLARBOX_STAFF_ADDRESS: staff || "none",
        PILLARBOX_PROXIES: proxies || "none",
        PILLARBOX_COUNTER_ADDRESS: counter,
      }) as Whole,
  );

const WORDS: { readonly [name: string]: string } = {
  PILLARBOX_PUBLIC_ADDRESS: "the address of the public pages",
  PILLARBOX_STAFF_ADDRESS: "the address of the staff pages",
  PILLARBOX_COUNTER_ADDRESS: "the address of the counter",
  PILLARBOX_PROXIES: "the list of proxies",
  PILLARBOX_SMTP_URL: "it",
  DATABASE_URL: "it",
};

/** The rules are those of the variables; only the names in their sentences are others. */
function asked<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const own = thrown.message.replace("choose another directory with PILLARBOX_DATA", "name another directory");
    throw new Refusal(own.replace(/PILLARBOX_[A-Z_]+|DATABASE_URL/g, (name) => WORDS[name] ?? name));
  }
}
