/** What the counter is told: one JSON value in its environment, and one credential that its door was given; checked once. */
import { fromHex, type Bytes } from "../domain/bytes.ts";
import { proxiesOf, type IsProxy } from "../domain/network.ts";
import { Fault } from "../domain/problem.ts";
import type { KeyKind } from "../domain/seal/age.ts";

export type Config = {
  readonly installation: string;
  readonly publicOrigin: string;
  readonly staffOrigin: string;
  readonly counterOrigin: string;
  readonly counterPort: number;
  /** Where the public process listens, for those on this machine. */
  readonly publicInside: string;
  /** the proxies in front, whose word about who asks is taken */
  readonly isProxy: IsProxy;
  readonly host: string;
  readonly demonstration: boolean;
  readonly sealing: KeyKind;
  /** body → SHA-256 of its first statement: what every key is verified from. */
  readonly roots: ReadonlyMap<string, Bytes>;
  /** the log's verifier key: what became of a letter is held against it */
  readonly logKey: string;
  readonly dist: string;
  readonly root: string;
  readonly postsPerMinute: number;
  readonly credential: string;
};

type Raw = { readonly [key: string]: unknown };

/** @throws `CONFIG_INVALID` naming what is missing, never a value */
export function parseConfig(json: string | undefined, credential: string | undefined): Config {
  const raw = objectOf(json);
  const text = (key: string): string => {
    const value = raw[key];
    if (typeof value !== "string" || value === "") throw new Fault("CONFIG_INVALID", `${key} is missing`);
    return value;
  };
  const sealing = text("sealing");
  if (sealing !== "hybrid" && sealing !== "x25519") throw new Fault("CONFIG_INVALID", "sealing is hybrid or x25519");
  const port = raw["counterPort"];
  if (!Number.isInteger(port)) throw new Fault("CONFIG_INVALID", "counterPort is missing");
  const behind = raw["publicPort"];
  if (!Number.isInteger(behind)) throw new Fault("CONFIG_INVALID", "publicPort is missing");
  if (!credential) throw new Fault("CONFIG_INVALID", "PB_COUNTER_CREDENTIAL is missing");
  const limit = (raw["limits"] as Raw | undefined)?.["submissionsPerMinute"];
  return {
    installation: text("installation"),
    publicOrigin: text("publicOrigin"),
    staffOrigin: text("staffOrigin"),
    counterOrigin: text("counterOrigin"),
    counterPort: port as number,
    publicInside: `http://${text("host")}:${behind as number}`,
    isProxy: proxiesOf(Array.isArray(raw["proxies"]) ? raw["proxies"].map(String) : []),
    host: text("host"),
    demonstration: raw["demonstration"] === true,
    sealing,
    roots: new Map(Object.entries((raw["roots"] ?? {}) as Raw).map(([body, hex]) => [body, fromHex(String(hex))])),
    logKey: text("logKey"),
    dist: text("dist"),
    root: text("root"),
    // One letter takes a few requests: answers, changes, send.
    postsPerMinute: typeof limit === "number" ? limit * 5 : 600,
    credential,
  };
}

function objectOf(json: string | undefined): Raw {
  try {
    const value: unknown = JSON.parse(json ?? "");
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Raw;
  } catch {
    // told below
  }
  throw new Fault("CONFIG_INVALID", "PB_CONFIG is not a JSON object");
}
