/** Rate limits without storing addresses: an HMAC of the network under a key in memory, new each hour (PROTOCOL, Processes and database; T31). */
import rateLimit from "@fastify/rate-limit";
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Fault } from "../../domain/problem.ts";

const HOUR = 3_600_000;
const newKey = () => createSecretKey(randomBytes(32));
let key = newKey();
let since = Date.now();

/** The /24 of an IPv4 address, the /56 of an IPv6 one. */
export function networkOf(address: string): string {
  const mapped = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (isIPv4(mapped)) return mapped.split(".").slice(0, 3).join(".");
  if (!isIPv6(address)) return "unknown";
  const [before = "", after] = address.split("%")[0]!.split("::");
  const left = before.split(":").filter(Boolean);
  const right = (after ?? "").split(":").filter(Boolean);
  const groups = after === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  const padded = groups.slice(0, 4).map((group) => group.padStart(4, "0"));
  return `${padded.slice(0, 3).join(":")}:${(padded[3] ?? "0000").slice(0, 2)}`;
}

function bucketOf(address: string): string {
  if (Date.now() - since > HOUR) {
    key = newKey();
    since = Date.now();
  }
  return createHmac("sha256", key).update(networkOf(address)).digest("base64url");
}

/** Registers the limiter; it is never off. A route narrows it by `config.rateLimit`. The counter, known by its credential, limits its own visitors. */
export async function limited(app: FastifyInstance, requestsPerMinute: number, limitedElsewhere: (request: FastifyRequest) => boolean = () => false): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    max: requestsPerMinute,
    timeWindow: 60_000,
    cache: 20_000,
    allowList: limitedElsewhere,
    keyGenerator: (request) => bucketOf(request.ip),
    errorResponseBuilder: () => new Fault("TOO_MANY"),
    addHeadersOnExceeding: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false, "retry-after": true },
  });
}
