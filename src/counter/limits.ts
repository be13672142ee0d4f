/** Rate limits without storing addresses: an HMAC of the network under a key in memory, new each hour (T31). */
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { RateLimitPluginOptions } from "@fastify/rate-limit";
import { newCount, type Counted } from "../domain/counting.ts";
import { networkOf, SILENT_PROXY, visitorNamed } from "../domain/network.ts";
import { codeOf, Fault } from "../domain/problem.ts";
import type { Config } from "./config.ts";

const HOUR = 3_600_000;

const QUIET = {
  "x-ratelimit-limit": false,
  "x-ratelimit-remaining": false,
  "x-ratelimit-reset": false,
  "retry-after": true,
};

/** Counts one request of a network, the /24 or /56 of an address, within a window of milliseconds. */
export type Count = (route: string, network: string, window: number) => Promise<Counted>;

/** Counts in this process; no network is kept as it is. */
export function countHere(now: () => number): Count {
  const bucket = bucketing(now);
  const count = newCount();
  return async (route, network, window) => count(`${route} ${bucket(network)}`, window, now());
}

/** The limiter's options; there is none that turns it off. */
export function limitsOf({ postsPerMinute, isProxy }: Config, count: Count): RateLimitPluginOptions {
  return {
    max: postsPerMinute,
    timeWindow: 60_000,
    store: storeOf(count),
    keyGenerator: ({ ips = [] }) => {
      const visitor = visitorNamed(isProxy, ips);
      if (visitor === null) throw new Fault("UNAVAILABLE", SILENT_PROXY);
      return networkOf(visitor);
    },
    errorResponseBuilder: () => new Fault("TOO_MANY"),
    addHeaders: QUIET,
    addHeadersOnExceeding: QUIET,
  };
}

type Told = (fault: Error | null, counted?: Counted) => void;

/** Routes with a limit of their own count for themselves, by their order, which is the same in every worker. */
function storeOf(count: Count) {
  let routes = 0;
  return class Store {
    readonly #route = String(routes++);

    /** Called by the limiter. Whoever cannot be counted is not let in. */
    incr(network: string, told: Told, window: number): void {
      count(this.#route, network, window).then(
        (counted) => told(null, counted),
        (thrown: unknown) => told(new Fault(codeOf(thrown))),
      );
    }

    child(): Store {
      return new Store();
    }
  };
}

/** The bucket of a network, under a key that nobody keeps. */
function bucketing(now: () => number): (network: string) => string {
  let key = createSecretKey(randomBytes(32));
  let since = now();
  return (network) => {
    if (now() - since > HOUR) [key, since] = [createSecretKey(randomBytes(32)), now()];
    return createHmac("sha256", key).update(network).digest("base64url");
  };
}
