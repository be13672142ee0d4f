/** What a process is told: one JSON value in its environment, checked once. */
import { Fault } from "../domain/problem.ts";
import { fromHex, type Bytes } from "../domain/bytes.ts";
import { parseCosignerKey, type CosignerKey } from "../domain/log/cosignature.ts";
import { proxiesOf, type IsProxy } from "../domain/network.ts";
import type { KeyKind } from "../domain/seal/age.ts";
import { zonesIn, type Zones } from "../domain/time.ts";
import type { Watcher } from "../domain/watch/finding.ts";

export type DemoPerson = {
  readonly name: string;
  readonly email: string;
  readonly passphrase: string;
  readonly role: string;
  readonly body: string;
  /** what the demonstration calls them */
  readonly part: string;
};

export type WitnessAddress = {
  readonly name: string;
  /** its submission prefix */
  readonly url: string;
  readonly key: CosignerKey;
};

export type Config = {
  readonly installation: string;
  readonly publicOrigin: string;
  readonly staffOrigin: string;
  readonly counterOrigin: string;
  readonly publicPort: number;
  readonly staffPort: number;
  readonly host: string;
  /** Where the staff process listens: for those on this machine. */
  readonly staffInside: string;
  /** the proxies in front, whose word about who asks is taken */
  readonly isProxy: IsProxy;
  readonly demonstration: boolean;
  readonly sealing: KeyKind;
  /** C2SP verifier key of the log */
  readonly logKey: string;
  /** those whom the log process asks to co-sign */
  readonly witnesses: readonly WitnessAddress[];
  /** the trust policy of whoever watches the log (c2sp.org/tlog-policy), as it was written; null without one */
  readonly policy: string | null;
  /** public half of the key that signs the mailroom's key of each start, 32 bytes */
  readonly mailKey: Bytes;
  /** body → SHA-256 of its first statement. Here and on the pages, never in the database. */
  readonly roots: ReadonlyMap<string, Bytes>;
  /** body → the time in its first statement, where the host has named the root and its owner has yet to sign */
  readonly founded: ReadonlyMap<string, number>;
  /** person → signing key of whoever runs the host, 32 bytes. Here and on the pages; no row makes an operator. */
  readonly operators: ReadonlyMap<string, Bytes>;
  /** body → where its clock hangs, of those that are not in London */
  readonly zones: Zones;
  /** how long a backup of this installation is kept, days: what an erasure's certificate says */
  readonly backupDays: number;
  /** built assets and the repository's own directory */
  readonly dist: string;
  readonly root: string;
  readonly limits: {
    readonly submissionsPerMinute: number;
    readonly signInsPerMinute: number;
    readonly requestsPerMinute: number;
    readonly receiptsPerMinute: number;
  };
  /** the keys by which monitor and inspector sign what they report */
  readonly watchers: { readonly [watcher in Watcher]: Bytes };
  /** milliseconds between the looks of the inspector */
  readonly watchEvery: number;
  readonly demoPeople: readonly DemoPerson[];
};

const BACKUP_DAYS = 35;
const LIMITS = { submissionsPerMinute: 120, signInsPerMinute: 20, requestsPerMinute: 1200, receiptsPerMinute: 30 };

type Raw = { [key: string]: unknown };
const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

function witness(value: unknown): WitnessAddress {
  const { name, url, vkey } = isRaw(value) ? value : {};
  if (
    typeof name !== "string" ||
    typeof url !== "string" ||
    typeof vkey !== "string" ||
    !/^https?:$/.test(URL.parse(url)?.protocol ?? "")
  )
    throw new Fault("CONFIG_INVALID", "a witness has a name, an address and a key");
  return { name, url, key: parseCosignerKey(vkey) };
}

/** @throws `CONFIG_INVALID` */
function watcherKeys(value: unknown): Config["watchers"] {
  const key = (watcher: Watcher): Bytes => {
    const hex = isRaw(value) ? value[watcher] : undefined;
    if (typeof hex !== "string" || !/^[0-9a-f]{64}$/.test(hex))
      throw new Fault("CONFIG_INVALID", `the key of ${watcher} is missing`);
    return fromHex(hex);
  };
  return { monitor: key("monitor"), inspect: key("inspect"), site: key("site") };
}

/** Parses `PB_CONFIG`. @throws `CONFIG_INVALID` naming what is missing */
export function parseConfig(text: string | undefined): Config {
  let raw: unknown;
  try {
    raw = JSON.parse(text ?? "");
  } catch {
    throw new Fault("CONFIG_INVALID", "PB_CONFIG is not JSON");
  }
  if (!isRaw(raw)) throw new Fault("CONFIG_INVALID", "PB_CONFIG is not an object");
  const given = raw;
  const need = <T>(key: string, is: (value: unknown) => value is T): T => {
    const value = given[key];
    if (!is(value)) throw new Fault("CONFIG_INVALID", `${key} is missing or of the wrong kind`);
    return value;
  };
  const text_ = (value: unknown): value is string => typeof value === "string" && value !== "";
  const days = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 3660;
  const port = (value: unknown): value is number => Number.isInteger(value);
  const kind = (value: unknown): value is KeyKind => value === "hybrid" || value === "x25519";
  const origin = (value: unknown): value is string => text_(value) && new URL(value).origin === value;
  const limits = isRaw(given["limits"]) ? given["limits"] : {};
  const demo =
    isRaw(given["demo"]) && Array.isArray(given["demo"]["people"]) ? (given["demo"]["people"] as DemoPerson[]) : [];
  const proxies = Array.isArray(given["proxies"]) ? given["proxies"].map(String) : [];
  return {
    installation: need("installation", text_),
    publicOrigin: need("publicOrigin", origin),
    staffOrigin: need("staffOrigin", origin),
    counterOrigin: need("counterOrigin", origin),
    publicPort: need("publicPort", port),
    staffPort: need("staffPort", port),
    host: need("host", text_),
    staffInside: `http://${need("host", text_)}:${need("staffPort", port)}`,
    isProxy: proxiesOf(proxies),
    demonstration: given["demonstration"] === true,
    sealing: need("sealing", kind),
    logKey: need("logKey", text_),
    mailKey: fromHex(need("mailKey", text_)),
    witnesses: Array.isArray(given["witnesses"]) ? given["witnesses"].map(witness) : [],
    policy: typeof given["policy"] === "string" ? given["policy"] : null,
    roots: new Map(
      Object.entries(isRaw(given["roots"]) ? given["roots"] : {}).map(([body, hex]) => [body, fromHex(String(hex))]),
    ),
    founded: new Map(
      Object.entries(isRaw(given["founded"]) ? given["founded"] : {}).map(([body, at]) => [body, Number(at)]),
    ),
    operators: new Map(
      Object.entries(isRaw(given["operators"]) ? given["operators"] : {}).map(([one, hex]) => [
        one,
        fromHex(String(hex)),
      ]),
    ),
    zones: zonesIn(given["zones"]),
    backupDays: given["backupDays"] === undefined ? BACKUP_DAYS : need("backupDays", days),
    dist: need("dist", text_),
    root: need("root", text_),
    limits: { ...LIMITS, ...(limits as Partial<typeof LIMITS>) },
    watchers: watcherKeys(given["watchers"]),
    watchEvery: isRaw(given["watch"]) && typeof given["watch"]["round"] === "number" ? given["watch"]["round"] : 20_000,
    demoPeople: demo,
  };
}
