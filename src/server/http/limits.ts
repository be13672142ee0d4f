/** Rate limits without storing addresses: an HMAC of the network under a key in memory, new each hour (T31). */
import rateLimit from "@fastify/rate-limit";
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { newCount } from "../../domain/counting.ts";
import { networkOf, SILENT_PROXY, visitorNamed, type IsProxy } from "../../domain/network.ts";
import { Fault } from "../../domain/problem.ts";

const HOUR = 3_600_000;
const newKey = () => createSecretKey(randomBytes(32));
let key = newKey();
let since = Date.now();

function bucketOf(address: string): string {
  if (Date.now() - since > HOUR) {
    key = newKey();
    since = Date.now();
  }
  return createHmac("sha256", key).update(networkOf(address)).digest("base64url");
}

/** How many seconds somebody at this address has to wait; 0: they may, and it is counted. */
export type Limit = (address: string) => number;

const MINUTE = 60_000;

/** A limit of one address alone, counted as the others are: so many a minute from a network. */
export function newLimit(most: number, now = Date.now): Limit {
  const count = newCount();
  return (address) => {
    const { current, ttl } = count(bucketOf(address), MINUTE, now());
    return current > most ? Math.ceil(ttl / 1000) : 0;
  };
}

/** Proxies ask it by themselves, for nobody. */
const HEALTH = "/health";

/**
 * The address whose network is counted.
 * @throws `UNAVAILABLE` where a proxy of ours does not say who asks: all would be counted as one, and one could so
 *   close the pages to all
 */
export function visitorOf(isProxy: IsProxy, { ips = [], ip, routeOptions }: FastifyRequest): string {
  const visitor = visitorNamed(isProxy, ips);
  if (visitor === null && routeOptions.url !== HEALTH) throw new Fault("UNAVAILABLE", SILENT_PROXY);
  return visitor ?? ip;
}

/**
 * Registers the limiter; it is never off. A route narrows it by `config.rateLimit`. The counter, known by its
 * credential, limits its own visitors.
 */
export async function limited(
  app: FastifyInstance,
  requestsPerMinute: number,
  isProxy: IsProxy,
  limitedElsewhere: (request: FastifyRequest) => boolean = () => false,
): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    max: requestsPerMinute,
    timeWindow: 60_000,
    cache: 20_000,
    allowList: limitedElsewhere,
    keyGenerator: (request) => bucketOf(visitorOf(isProxy, request)),
    errorResponseBuilder: () => new Fault("TOO_MANY"),
    addHeadersOnExceeding: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    addHeaders: {
      "x-ratelimit-limit": false,
      "x-ratelimit-remaining": false,
      "x-ratelimit-reset": false,
      "retry-after": true,
    },
  });
}
