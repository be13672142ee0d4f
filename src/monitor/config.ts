/**
 * What the monitor is told when it starts: the addresses that everybody has, the roots, its own key, and the table of
 * routes made from the real one.
 */
import { fromHex, type Bytes } from "../domain/bytes.ts";
import { Fault } from "../domain/problem.ts";
import type { KeyKind } from "../domain/seal/age.ts";

export type ServerName = "public" | "staff" | "counter" | "hole";
/** `open`: everybody may; what it answers is looked at all the same. */
export type Route = {
  readonly server: ServerName;
  readonly method: string;
  readonly url: string;
  readonly open: boolean;
};
export type Asset = {
  readonly server: ServerName;
  readonly path: string;
  /** SHA-256 of the built file, hex */
  readonly hash: string;
};

export type Surface = {
  readonly routes: readonly Route[];
  readonly assets: readonly Asset[];
  /** the scripts that the form page and the staff pages load, and no others */
  readonly scripts: { readonly form: readonly string[]; readonly staff: readonly string[] };
};

export type Config = {
  readonly installation: string;
  readonly origins: { readonly [server in ServerName]?: string };
  readonly https: boolean;
  readonly sealing: KeyKind;
  readonly roots: ReadonlyMap<string, Bytes>;
  readonly surface: Surface;
  readonly secret: Bytes;
  readonly credential: string;
  /** milliseconds */
  readonly pace: { readonly round: number; readonly matrix: number; readonly proof: number; readonly apart: number };
};

/** A round every 20 s, the whole matrix hourly at five addresses a second, the proof daily. */
const PACE = { round: 20_000, matrix: 3_600_000, proof: 86_400_000, apart: 200 };

type Raw = { readonly [key: string]: unknown };

function json(name: string, text: string | undefined): Raw {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Raw;
  } catch {
    // told below
  }
  throw new Fault("CONFIG_INVALID", `${name} is not a JSON object`);
}

/** @throws `CONFIG_INVALID` naming what is missing, never a value */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const raw = json("PB_CONFIG", env["PB_CONFIG"]);
  const surface = json("PB_SURFACE", env["PB_SURFACE"]) as unknown as Surface;
  const text = (key: string): string => {
    const value = raw[key];
    if (typeof value !== "string" || value === "") throw new Fault("CONFIG_INVALID", `${key} is missing`);
    return value;
  };
  if (!Array.isArray(surface.routes) || surface.routes.length === 0)
    throw new Fault("CONFIG_INVALID", "the table of routes is missing");
  const key = env["PB_WATCH_KEY"] ?? "";
  if (!/^[0-9a-f]{64}$/.test(key) || !env["PB_WATCH_CREDENTIAL"])
    throw new Fault("CONFIG_INVALID", "PB_WATCH_KEY or PB_WATCH_CREDENTIAL is missing");
  const sealing = text("sealing");
  if (sealing !== "hybrid" && sealing !== "x25519") throw new Fault("CONFIG_INVALID", "sealing is hybrid or x25519");
  return {
    installation: text("installation"),
    origins: { public: text("publicOrigin"), staff: text("staffOrigin"), counter: text("counterOrigin") },
    https: text("publicOrigin").startsWith("https:"),
    sealing,
    roots: new Map(Object.entries((raw["roots"] ?? {}) as Raw).map(([body, hex]) => [body, fromHex(String(hex))])),
    surface,
    secret: fromHex(key),
    credential: env["PB_WATCH_CREDENTIAL"],
    pace: { ...PACE, ...((raw["watch"] ?? {}) as Partial<typeof PACE>) },
  };
}
