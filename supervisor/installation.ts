/** `installation.json`: what makes a data directory this installation, made once and read at every start. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fromHex, toHex } from "../src/domain/bytes.ts";
import { signingKeyOf } from "../src/domain/person/sign.ts";
import { readIfThere, writePrivately } from "./files.ts";
import { newLogKey, readLogKey, type LogKey } from "./log-key.ts";
import { Refusal } from "./refusal.ts";

/**
 * The logins of the servers, each given its own and no other; `pb_inspect` is for whoever verifies the log against the
 * rows.
 */
const LOGINS = ["pb_public", "pb_staff", "pb_log", "pb_inspect", "pb_jobs"] as const;
export type Login = (typeof LOGINS)[number];

/** What an installation is, kept in `installation.json` of its data directory, readable by its owner only. */
export type Installation = {
  readonly v: 1;
  /** 32 hex characters. */
  readonly installation: string;
  readonly demonstration: boolean;
  /** Made by `pillarbox init`: never a demonstration, and only ever started with its `configuration.json`. */
  readonly real?: true;
  readonly sealing: "hybrid" | "x25519";
  /** How long the operator keeps backups, days; what is erased is in the last of them until then. */
  readonly backupDays?: number;
  readonly superuser: string;
  readonly migrate: string;
  readonly logins: Readonly<Record<Login, string>>;
  /**
   * The secret keys of monitor, inspector and the watch of old websites, hex: they sign what is reported, and open
   * nothing. Kept, so that markers planted earlier are still known as theirs.
   */
  readonly watchers: Readonly<Record<"monitor" | "inspect" | "site", string>>;
  /** 64 hex characters: signs the mailroom's key of each start; only the mailroom is given it. */
  readonly mailKey: string;
  /** 64 hex characters: seals what codes beside passphrases are made of; only the staff process is given it. */
  readonly totpKey: string;
  /**
   * Body → hash (hex) of the first statement of its chain. Never in the database: who can write there must not choose
   * the root.
   */
  readonly roots: Readonly<Record<string, string>>;
  /** Body → the time in its first statement, milliseconds, where `pillarbox confirm-owner` named the root. */
  readonly founded?: Readonly<Record<string, number>>;
  /** Person → signing key (hex) of whoever runs the host. Never in the database, either. */
  readonly operators: Readonly<Record<string, string>>;
  /** Body → time zone (IANA), of those that are not in London. Left out, all are. */
  readonly zones?: Readonly<Record<string, string>>;
};

const secret = (): string => randomBytes(24).toString("hex");

const newLogins = (): Record<Login, string> => ({
  pb_public: secret(),
  pb_staff: secret(),
  pb_log: secret(),
  pb_inspect: secret(),
  pb_jobs: secret(),
});

const newWatchers = (): Installation["watchers"] => ({
  monitor: randomBytes(32).toString("hex"),
  inspect: randomBytes(32).toString("hex"),
  site: randomBytes(32).toString("hex"),
});

export const newInstallation = (demonstration: boolean, sealing: "hybrid" | "x25519"): Installation => ({
  v: 1,
  installation: randomBytes(16).toString("hex"),
  demonstration,
  sealing,
  superuser: secret(),
  migrate: secret(),
  logins: newLogins(),
  watchers: newWatchers(),
  mailKey: randomBytes(32).toString("hex"),
  totpKey: randomBytes(32).toString("hex"),
  roots: {},
  operators: {},
});

/** The public halves of the watchers' keys. */
export const watcherKeysOf = ({ watchers }: Installation): Installation["watchers"] => ({
  monitor: publicHalf(watchers.monitor),
  inspect: publicHalf(watchers.inspect),
  site: publicHalf(watchers.site),
});

const publicHalf = (secret: string): string => toHex(signingKeyOf(fromHex(secret)));

const fileOf = (data: string): string => join(data, "installation.json");

/** The installation of a data directory, or null where there is none yet. */
export function readInstallation(data: string): Installation | null {
  const text = readIfThere(fileOf(data));
  if (text === null) return null;
  const value = parse(text);
  if (
    typeof value === "object" &&
    value !== null &&
    "v" in value &&
    value.v === 1 &&
    "installation" in value &&
    "logins" in value
  )
    return withLogins(value as Installation);
  throw new Refusal(
    `${fileOf(data)} cannot be read by this Pillarbox: restore it from a backup, or choose another directory with PILLARBOX_DATA.`,
  );
}

/**
 * An installation of an earlier version gets the logins and keys that it has not yet; whoever starts it writes them
 * down.
 */
const withLogins = (found: Installation): Installation => ({
  ...found,
  logins: { ...newLogins(), ...found.logins },
  watchers: { ...newWatchers(), ...found.watchers },
  mailKey: found.mailKey ?? randomBytes(32).toString("hex"),
  totpKey: found.totpKey ?? randomBytes(32).toString("hex"),
  operators: found.operators ?? {},
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const writeInstallation = (data: string, installation: Installation): void =>
  writePrivately(fileOf(data), JSON.stringify(installation, null, 2) + "\n");

/** Makes the directories of an installation, for their owner only. */
export function makeDirectories(data: string): void {
  for (const directory of [data, join(data, "logs"), join(data, "log")]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
  }
}

/** The log process's own store of checkpoints. */
export const logStoreOf = (data: string): string => join(data, "log", "checkpoints");

/**
 * The key that signs the log, made on the first start together with the store of its checkpoints; only the log process
 * is given it. The store is never made for a key that is there: the log process takes the mark `init` as proof that
 * nothing was lost.
 */
export function logKeyOf(data: string, installation: string): LogKey {
  const path = join(data, "log", "key");
  const found = readIfThere(path);
  if (found !== null) {
    try {
      return readLogKey(found.split("\n")[0] ?? "");
    } catch {
      throw new Refusal(
        `The key of the log in ${path} is damaged: restore it from a backup, because a log cannot go on under another key.`,
      );
    }
  }
  const made = newLogKey(`localhost/pillarbox/${installation.slice(0, 8)}`);
  mkdirSync(logStoreOf(data), { recursive: true, mode: 0o700 });
  writePrivately(join(logStoreOf(data), "init"), `${made.verifier}\n`);
  writePrivately(path, `${made.signer}\n`);
  return made;
}
