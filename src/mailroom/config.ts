/** What the mailroom is given, checked once. It alone knows the carrier and its credentials. */
import { fromHex, hmacSha256, toUtf8, type Bytes } from "../domain/bytes.ts";
import { addressOf } from "../domain/form/email.ts";
import { Fault } from "../domain/problem.ts";
import type { KeyKind } from "../domain/seal/age.ts";
import { zonesIn, type Zones } from "../domain/time.ts";

export type Carrier = {
  readonly host: string;
  readonly port: number;
  /** from the first byte; otherwise by STARTTLS */
  readonly secure: boolean;
  /** refuses to go on without; off on this very machine only, or where the address says so */
  readonly mustEncrypt: boolean;
  readonly user: string | null;
  readonly password: string;
};

export type Config = {
  readonly installation: string;
  readonly sealing: KeyKind;
  /** where the pages are to which a notice leads */
  readonly staffOrigin: string;
  /** the clocks of the bodies, by which a notice says a time */
  readonly zones: Zones;
  /** body → SHA-256 of its first statement: from it is verified who may hand letters in, and an incident's key */
  readonly roots: ReadonlyMap<string, Bytes>;
  /** where the jobs process asks */
  readonly host: string;
  readonly port: number;
  readonly credential: string;
  /** signs the key of each start */
  readonly mailKey: Bytes;
  /** marks return addresses, so that they hold over a restart */
  readonly returnKey: Bytes;
  /** null while nobody has named a mail server: then nothing is sent, and nothing is lost */
  readonly carrier: Carrier | null;
  readonly from: string;
  readonly bounce: { readonly domain: string; readonly host: string; readonly port: number } | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

const broken = (what: string): never => {
  throw new Fault("CONFIG_INVALID", what);
};

/** @throws `CONFIG_INVALID` naming what is missing, never a value */
export function parseConfig(env: Environment): Config {
  const raw = objectOf(env["PB_CONFIG"]);
  const need = (name: string): string => env[name] || broken(`${name} is missing`);
  const port = (name: string): number =>
    /^\d{1,5}$/.test(env[name] ?? "") ? Number(env[name]) : broken(`${name} is not a port`);
  const sealing = raw["sealing"];
  if (sealing !== "hybrid" && sealing !== "x25519") return broken("sealing is hybrid or x25519");
  const mailKey = secretOf(need("PB_MAIL_KEY"));
  const smtp = env["PB_SMTP_URL"];
  const from = env["PB_MAIL_FROM"] ?? "";
  if (smtp && addressOf(from) !== from) return broken("PB_MAIL_FROM is not one address");
  return {
    installation: typeof raw["installation"] === "string" ? raw["installation"] : broken("installation is missing"),
    sealing,
    staffOrigin: typeof raw["staffOrigin"] === "string" ? raw["staffOrigin"] : broken("staffOrigin is missing"),
    zones: zonesIn(raw["zones"]),
    roots: new Map(Object.entries((raw["roots"] ?? {}) as object).map(([body, hex]) => [body, fromHex(String(hex))])),
    host: "127.0.0.1",
    port: port("PB_MAILROOM_PORT"),
    credential: need("PB_MAILROOM_CREDENTIAL"),
    mailKey,
    returnKey: hmacSha256(mailKey, toUtf8("return-address")),
    carrier: smtp ? carrierOf(smtp) : null,
    from,
    bounce: env["PB_BOUNCE_PORT"]
      ? {
          domain: env["PB_BOUNCE_DOMAIN"] || from.slice(from.lastIndexOf("@") + 1),
          host: env["PB_BOUNCE_HOST"] || "127.0.0.1",
          port: port("PB_BOUNCE_PORT"),
        }
      : null,
  };
}

function secretOf(hex: string): Bytes {
  return /^[0-9a-f]{64}$/.test(hex) ? fromHex(hex) : broken("PB_MAIL_KEY is not a key");
}

/**
 * `smtp://user:password@host:587` (encrypted by STARTTLS, and refused where the server has none), `smtps://…:465`
 * (encrypted from the start), `smtp://localhost:25` and `smtp://host:25?tls=no` (not encrypted: the server beside this
 * one, on this machine or on a line of your own).
 */
export function carrierOf(address: string): Carrier {
  const url = URL.parse(address);
  if (url === null || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "")
    return broken("PB_SMTP_URL is not the address of a mail server");
  const secure = url.protocol === "smtps:";
  const here = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    mustEncrypt: !here && url.searchParams.get("tls") !== "no",
    user: url.username === "" ? null : decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}

function objectOf(json: string | undefined): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(json ?? "");
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      return value as { readonly [key: string]: unknown };
  } catch {
    // told below
  }
  return broken("PB_CONFIG is not a JSON object");
}
