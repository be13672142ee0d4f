/** Rate limits without storing addresses: an HMAC of the network under a key in memory, new each hour (T31). */
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { RateLimitPluginOptions } from "@fastify/rate-limit";
import { networkOf } from "../domain/network.ts";
import { Fault } from "../domain/problem.ts";
import type { Config } from "./config.ts";

const HOUR = 3_600_000;

const QUIET = {
  "x-ratelimit-limit": false,
  "x-ratelimit-remaining": false,
  "x-ratelimit-reset": false,
  "retry-after": true,
};

/** The limiter's options; there is none that turns it off. */
export function limitsOf({ postsPerMinute }: Config, now: () => number): RateLimitPluginOptions {
  const bucket = bucketing(now);
  return {
    max: postsPerMinute,
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: ({ ip }) => bucket(ip),
    errorResponseBuilder: () => new Fault("TOO_MANY"),
    addHeaders: QUIET,
    addHeadersOnExceeding: QUIET,
  };
}

/** The bucket of an address: its /24 or /56, under a key that nobody keeps. */
function bucketing(now: () => number): (address: string) => string {
  let key = createSecretKey(randomBytes(32));
  let since = now();
  return (address) => {
    if (now() - since > HOUR) [key, since] = [createSecretKey(randomBytes(32)), now()];
    return createHmac("sha256", key).update(networkOf(address)).digest("base64url");
  };
}
