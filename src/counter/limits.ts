/** Rate limits without storing addresses: an HMAC of the network under a key in memory, new each hour (T31). */
import { createHmac, randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";
import type { RateLimitPluginOptions } from "@fastify/rate-limit";
import { Fault } from "../domain/problem.ts";
import type { Config } from "./config.ts";

const HOUR = 3_600_000;

const QUIET = { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false, "retry-after": true };

/** The limiter's options; there is none that turns it off. */
export function limitsOf({ postsPerMinute }: Config, now: () => number): RateLimitPluginOptions {
  const bucket = bucketing(now);
  return { max: postsPerMinute, timeWindow: 60_000, cache: 20_000, keyGenerator: ({ ip }) => bucket(ip), errorResponseBuilder: () => new Fault("TOO_MANY"), addHeaders: QUIET, addHeadersOnExceeding: QUIET };
}

/** The bucket of an address: its /24 or /56, under a key that nobody keeps. */
export function bucketing(now: () => number): (address: string) => string {
  let key = randomBytes(32);
  let since = now();
  return (address) => {
    if (now() - since > HOUR) [key, since] = [randomBytes(32), now()];
    return createHmac("sha256", key).update(networkOf(address)).digest("base64url");
  };
}

/** The first three bytes of an IPv4 address, the first seven of an IPv6 one. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/i.exec(address);
  if (v4) return v4[1]!;
  if (!isIPv6(address)) return "unknown";
  const [before = "", after = ""] = address.split("%")[0]!.split("::");
  const left = before.split(":").filter(Boolean);
  const right = after.split(":").filter(Boolean);
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right].map((group) => group.padStart(4, "0"));
  return groups.join("").slice(0, 14);
}
