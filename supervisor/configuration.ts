/**
 * A real installation's own files, which `pillarbox init` writes once, and which tell it from a demonstration:
 * `configuration.json` holds what was answered and no secret; `body.json` is the body's record; `secrets/` has a file
 * for each secret that was answered. What Pillarbox made by itself stays in `installation.json` (decision 0066).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseBody } from "../src/domain/form/body.ts";
import { QUESTIONS, type Answers, type Before } from "./init/answers.ts";
import type { Installation } from "./installation.ts";
import type { MailSettings } from "./mail.ts";
import { readIfThere, writePrivately } from "./files.ts";
import { Refusal } from "./refusal.ts";

/** What `configuration.json` says. No secret is in it. */
export type Configuration = {
  readonly v: 1;
  /** the same as in `installation.json` */
  readonly installation: string;
  /** The one body of this installation, its slug. */
  readonly body: string;
  readonly publicOrigin: string;
  readonly staffOrigin: string;
  readonly counterOrigin: string;
  readonly proxies: readonly string[];
  /** The ports on this machine that the proxy leads to. */
  readonly ports: { readonly public: number; readonly staff: number; readonly counter: number };
  readonly database: "embedded" | "elsewhere";
  readonly mail: Pick<MailSettings, "from" | "bounce">;
  /** An address that is no mailbox of anybody's here, for whoever looks after the machine. */
  readonly alarm: string;
};

/** Whom the host invites, once: the first owner. Kept until the body's root is known. */
export type FirstOwner = {
  /** of the invitation, 32 hex characters */
  readonly invitation: string;
  readonly name: string;
  readonly email: string;
  /** hash of the link's secret, hex, where it was shown at `init`; null: the link goes by mail */
  readonly link: string | null;
  /** Whether the database has it: it forgets an invitation in time, and must not be given the same one again. */
  readonly entered?: true;
};

/** A real installation as its directory has it. */
export type Real = {
  readonly configuration: Configuration;
  readonly record: unknown;
  /** null once the body's root is known */
  readonly owner: FirstOwner | null;
  readonly smtpUrl: string;
  /** null for the embedded one */
  readonly databaseUrl: string | null;
};

/** Where each of them is. */
export const filesOf = (data: string) => ({
  configuration: join(data, "configuration.json"),
  record: join(data, "body.json"),
  owner: join(data, "first-owner.json"),
  secrets: join(data, "secrets"),
  smtpUrl: join(data, "secrets", "smtp-url"),
  databaseUrl: join(data, "secrets", "database-url"),
});

/** Variables that a demonstration is told things by; a real installation has its own answers. */
const ANSWERED = [
  /^DATABASE_URL$/,
  /^PILLARBOX_(?:PUBLIC|STAFF|COUNTER|MAIL)_PORT$/,
  /^PILLARBOX_(?:PUBLIC|STAFF|COUNTER)_ADDRESS$/,
  /^PILLARBOX_(?:PROXIES|SMTP_URL|MAIL_FROM|BOUNCE_PORT|BOUNCE_HOST|BOUNCE_DOMAIN)$/,
];

/** @throws Refusal where the environment says something that was answered at `init`. */
export function refuseAnswered(environment: NodeJS.ProcessEnv): void {
  const set = Object.keys(environment).find((name) => environment[name] && ANSWERED.some((one) => one.test(name)));
  if (set !== undefined)
    throw new Refusal(
      `${set} is set, and this installation was made by \`pillarbox init\`, which wrote its answers down: take it out of the environment.`,
    );
}

/**
 * What kind of directory this is, or a refusal: nothing is ever both.
 * @param found its `installation.json`; null where there is none
 * @returns null for a demonstration, and for a directory that is none yet
 * @throws Refusal where the files do not fit: half of them is another's, or gone
 */
export function readReal(data: string, found: Pick<Installation, "installation" | "demonstration" | "real"> | null) {
  const files = filesOf(data);
  const text = readIfThere(files.configuration);
  if (text === null) {
    if (found?.real === true || existsSync(files.secrets))
      throw new Refusal(
        `${files.configuration} is missing: this is a real installation and is never started as a demonstration. Restore the file from a backup.`,
      );
    return null;
  }
  if (found?.real !== true || found.demonstration || existsSync(join(data, "demonstration.json")))
    throw new Refusal(
      `${files.configuration} stands beside the files of another installation, or of a demonstration: nothing is started. Restore the whole directory from a backup.`,
    );
  const configuration = objectIn(files.configuration, text) as Configuration;
  if (configuration.v !== 1 || configuration.installation !== found.installation)
    throw new Refusal(`${files.configuration} is another installation's: restore the whole directory from a backup.`);
  return real(data, configuration);
}

function objectIn(path: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new Refusal(`${path} is not a JSON object: mend it, as an editor shows, or restore it from a backup.`);
}

function real(data: string, configuration: Configuration): Real {
  const files = filesOf(data);
  const need = (path: string): string => {
    const text = readIfThere(path)?.trim();
    if (text) return text;
    throw new Refusal(`${path} is missing or empty: restore it from a backup.`);
  };
  const record = objectIn(files.record, need(files.record));
  const owner = readIfThere(files.owner);
  const smtpUrl = need(files.smtpUrl);
  const { database } = configuration;
  if (database !== "embedded" && database !== "elsewhere")
    throw new Refusal(`"database" in ${files.configuration} is neither "embedded" nor "elsewhere": write what it was.`);
  const databaseUrl = database === "embedded" ? null : need(files.databaseUrl);
  const held = whatHolds(data, configuration, smtpUrl, databaseUrl);
  const parsed = parseBody(record);
  if (!parsed.ok || parsed.body.id !== configuration.body)
    throw new Refusal(
      `${files.record} is not the record of ${configuration.body}: restore both files from one backup.`,
    );
  return {
    configuration: { ...configuration, ...held },
    record,
    owner: owner === null ? null : ownerIn(files.owner, owner),
    smtpUrl,
    databaseUrl,
  };
}

/** Whom a start invites: nobody where the body has a root, and nobody twice. */
export const yetToInvite = ({ configuration, owner }: Pick<Real, "configuration" | "owner">, roots: object) =>
  owner === null || owner.entered || Object.hasOwn(roots, configuration.body) ? null : owner;

/** Notes that the first owner's invitation is in the database; where they are confirmed by now, nothing is left to. */
export function noteEntered(data: string): void {
  const path = filesOf(data).owner;
  const text = readIfThere(path);
  if (text === null) return;
  const owner = ownerIn(path, text);
  if (!owner.entered) writePrivately(path, `${JSON.stringify({ ...owner, entered: true }, null, 2)}\n`);
}

type Held = Pick<Configuration, "publicOrigin" | "staffOrigin" | "counterOrigin" | "proxies" | "ports" | "mail">;

/** The file may have been changed by hand: the rules of `init` hold for it as they held for the answers. */
function whatHolds(data: string, from: Configuration, smtpUrl: string, databaseUrl: string | null): Held {
  const files = filesOf(data);
  const inFile = (name: string): string => `"${name}" in ${files.configuration}`;
  // It is what somebody typed: nothing of it is there for certain.
  const { ports, proxies, mail = {} } = from as { readonly [name: string]: unknown } & Partial<Configuration>;
  const { from: sender, bounce } = (mail ?? {}) as Partial<Configuration["mail"]>;
  const answers = read([
    ["publicAddress", from.publicOrigin, inFile("publicOrigin")],
    ["staffAddress", from.staffOrigin, inFile("staffOrigin")],
    ["counterAddress", from.counterOrigin, inFile("counterOrigin")],
    ["proxies", Array.isArray(proxies) ? proxies.join(",") : null, inFile("proxies")],
    ["ports", [ports?.public, ports?.staff, ports?.counter].join(","), inFile("ports")],
    ["database", databaseUrl ?? "embedded", files.databaseUrl],
    ["mailFrom", sender, inFile("mail.from")],
    ["mail", smtpUrl, files.smtpUrl],
    ["bounces", bouncesIn(bounce), inFile("mail.bounce")],
    ["alarm", from.alarm, inFile("alarm")],
  ]);
  return {
    publicOrigin: answers.publicAddress,
    staffOrigin: answers.staffAddress,
    counterOrigin: answers.counterAddress,
    proxies: answers.proxies.split(","),
    ports: answers.ports,
    mail: { from: answers.mailFrom, bounce: answers.bounces },
  };
}

const bouncesIn = (bounce: Configuration["mail"]["bounce"] | undefined): string => {
  if (bounce === null) return "nowhere";
  const { host = "", port = "", domain = "" }: Partial<Record<"host" | "port" | "domain", unknown>> = bounce ?? {};
  return `${host}:${port} ${domain}`;
};

function read(rows: readonly (readonly [key: keyof Answers, given: unknown, where: string])[]): Answers {
  let answers: Before = {};
  for (const [key, given, where] of rows) {
    const one = QUESTIONS.find((question) => question.key === key)!;
    try {
      answers = { ...answers, [key]: one.read(given, answers) };
    } catch (thrown) {
      throw thrown instanceof Refusal ? new Refusal(`${where}: ${thrown.message}`) : thrown;
    }
  }
  return answers as Answers;
}

function ownerIn(path: string, text: string): FirstOwner {
  const owner = objectIn(path, text) as FirstOwner;
  const { invitation, name, email, link } = owner;
  if (
    /^[0-9a-f]{32}$/.test(invitation) &&
    typeof name === "string" &&
    typeof email === "string" &&
    (link === null || /^[0-9a-f]{64}$/.test(link))
  )
    return owner;
  throw new Refusal(`${path} is not as \`pillarbox init\` wrote it: restore it from a backup.`);
}
