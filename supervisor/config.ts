/** `PB_CONFIG`: what every process of an installation is told; secrets come beside it, to those who need them. */
import { join } from "node:path";
import { fromHex, toHex } from "../src/domain/bytes.ts";
import { signingKeyOf } from "../src/domain/person/sign.ts";
import type { Ports } from "./checks.ts";
import { watcherKeysOf, type Installation } from "./installation.ts";
import { NO_POLICY, type LogPolicy, type WitnessSetting } from "./witnesses.ts";

/** One invented person of the demonstration, as its start page and the staff sign-in page show them. */
export type DemoPerson = {
  readonly name: string;
  readonly email: string;
  readonly passphrase: string;
  readonly role: string;
  readonly body: string;
  /** what the demonstration calls them */
  readonly part: string;
};

export type Limits = {
  readonly submissionsPerMinute: number;
  readonly signInsPerMinute?: number;
  readonly requestsPerMinute: number;
  readonly receiptsPerMinute?: number;
};

/**
 * The demonstration's letters all come from this machine, within seconds. How often somebody may try to sign in, or look
 * for a letter, stays as it is everywhere: its people are invented, and what holds guessing up is what it shows.
 */
export const ON_LOOPBACK: Limits = { submissionsPerMinute: 30_000, requestsPerMinute: 60_000 };

/** What every process is told (`PB_CONFIG`). It holds no secret, except that `demo` goes to `staff` alone. */
export type Config = {
  readonly installation: string;
  readonly publicOrigin: string;
  readonly staffOrigin: string;
  readonly counterOrigin: string;
  readonly publicPort: number;
  readonly staffPort: number;
  readonly counterPort: number;
  /** The name of this machine on which the servers listen, and are asked by each other. */
  readonly host: string;
  /** Proxies in front, whose word about who asks is taken: addresses, or networks as `10.0.0.0/8`. None if left out. */
  readonly proxies?: readonly string[];
  readonly demonstration: boolean;
  readonly sealing: "hybrid" | "x25519";
  readonly logKey: string;
  readonly witnesses: readonly WitnessSetting[];
  /** How long the operator keeps backups, days. Left out, the servers' own number holds. */
  readonly backupDays?: number;
  /** Public half of the key that signs the mailroom's key of each start, hex. */
  readonly mailKey: string;
  /** Where the demonstration's post office shows its mail. */
  readonly mailOrigin: string;
  /** The text of `log/policy`, for those who look at the log; null without one. */
  readonly policy: string | null;
  readonly roots: Readonly<Record<string, string>>;
  /** Body → the time in its first statement, milliseconds: the root is of bytes that its owner has yet to sign. */
  readonly founded?: Readonly<Record<string, number>>;
  /** Person → signing key, hex, of whoever runs the host: nobody else is an operator, whatever a row says. */
  readonly operators: Readonly<Record<string, string>>;
  /** Body → time zone, of those that are not in London. */
  readonly zones: Readonly<Record<string, string>>;
  readonly kdf: Record<string, never>;
  readonly dist: string;
  readonly root: string;
  /** Requests a minute from one network. Never off; left out, the servers' own numbers hold. */
  readonly limits?: Limits;
  /** The keys by which what the watchers report is verified, hex. */
  readonly watchers: Readonly<Record<"monitor" | "inspect" | "site", string>>;
  /** How often the watchers look, milliseconds; left out, their own numbers hold. */
  readonly watch?: Readonly<Partial<Record<"round" | "matrix" | "proof" | "apart", number>>>;
  readonly demo?: { readonly people: readonly DemoPerson[] };
};

/** The configuration of an installation on this machine, on loopback. `root` is the repository, absolute. */
export function configOf(
  root: string,
  installation: Installation,
  ports: Ports,
  logKey: string,
  limits: Limits | null = null,
  policy: LogPolicy = NO_POLICY,
): Config {
  const host = "localhost";
  const origin = (port: number): string => `http://${host}:${port}`;
  return {
    installation: installation.installation,
    publicOrigin: origin(ports.public),
    staffOrigin: origin(ports.staff),
    counterOrigin: origin(ports.counter),
    publicPort: ports.public,
    staffPort: ports.staff,
    counterPort: ports.counter,
    host,
    demonstration: installation.demonstration,
    sealing: installation.sealing,
    logKey,
    mailKey: toHex(signingKeyOf(fromHex(installation.mailKey))),
    mailOrigin: origin(ports.mail),
    witnesses: policy.witnesses,
    policy: policy.text,
    roots: installation.roots,
    ...(installation.founded && { founded: installation.founded }),
    operators: installation.operators,
    zones: installation.zones ?? {},
    kdf: {},
    watchers: watcherKeysOf(installation),
    dist: join(root, "dist"),
    root,
    ...(installation.backupDays !== undefined && { backupDays: installation.backupDays }),
    ...(limits ? { limits } : installation.demonstration ? { limits: ON_LOOPBACK } : {}),
  };
}
