/**
 * Asking another organisation's website, with manners: one request a second, an honest name, its address resolved once
 * and then kept, and never a way into somebody's own network: private ranges and redirects off the host are refused
 * (T34).
 */
import { lookup } from "node:dns/promises";
import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { askOnce } from "../asker.ts";

export type Answer = {
  readonly status: number;
  readonly path: string;
  readonly type: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};
export type Ask = {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  readonly cookie?: string;
};

/** What whoever starts the watch has to change. */
export class Refusal extends Error {}

const MOST_REDIRECTS = 3;
/** Between two requests, milliseconds. */
export const PACE = 1000;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");
// A list of each family: to one list, an IPv4 address lies inside ::/96.
const inside = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  inside.ipv4.addSubnet(net, bits);
// Of IPv6 only what is routed in public, and of that not the two ranges that carry an IPv4 address within.
for (const [net, bits] of [
  ["::", 3],
  ["4000::", 2],
  ["8000::", 1],
  ["2001::", 32],
  ["2002::", 16],
] as const)
  inside.ipv6.addSubnet(net, bits, "ipv6");

/** Why an address is not asked, or null. `::ffff:10.0.0.1` and its like are what they carry. */
export function refusedAddress(address: string, dangerouslyAllowLoopback: boolean): string | null {
  const bare = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
  const family = isIPv6(bare) ? "ipv6" : "ipv4";
  if (loopback.check(bare, family)) return dangerouslyAllowLoopback ? null : "it is this machine itself";
  return inside[family].check(bare, family) ? "it is inside a private network" : null;
}

export type Visitor = {
  readonly agent: string;
  /** a site on this machine */
  readonly loopback: boolean;
  /** One request, redirects on the same host followed. @throws `NotLooked` */
  readonly ask: (ask: Ask) => Promise<Answer>;
};

export type Manners = {
  readonly agent: string;
  readonly dangerouslyAllowLoopback: boolean;
  /** milliseconds between requests; less than `PACE` only on loopback */
  readonly pace?: number;
};

/** Resolves the host once. @throws `Refusal` where it leads into a private network */
export async function visitorOf(origin: string, manners: Manners): Promise<Visitor> {
  const url = new URL(origin);
  const found = await lookup(url.hostname.replace(/^\[|\]$/g, ""), { all: true }).catch(() => {
    throw new Refusal(
      `The name ${url.hostname} could not be found. Check the address in the site file, and that this machine can ask for names.`,
    );
  });
  const [first] = found;
  for (const { address } of found) {
    const why = refusedAddress(address, manners.dangerouslyAllowLoopback);
    if (why)
      throw new Refusal(
        `${url.hostname} leads to ${address}, and that is not asked: ${why}. Only public websites are watched.`,
      );
  }
  if (!first) throw new Refusal(`The name ${url.hostname} has no address.`);
  const own = loopback.check(first.address, first.family === 6 ? "ipv6" : "ipv4");
  const pace = own ? (manners.pace ?? PACE) : PACE;
  let last: Promise<unknown> = Promise.resolve();
  const paced = (ask: Ask): Promise<Answer> => {
    const turn = last.then(() => once(url, first, manners.agent, ask));
    last = turn.catch(() => {}).then(() => sleep(pace));
    return turn;
  };
  return {
    agent: manners.agent,
    loopback: own,
    ask: async (ask) => {
      let answer = await paced(ask);
      for (
        let turn = 0;
        turn < MOST_REDIRECTS && answer.status >= 300 && answer.status < 400 && answer.headers.location !== undefined;
        turn++
      ) {
        const to = URL.parse(answer.headers.location, new URL(answer.path, url).href);
        if (!to || to.origin !== url.origin) break;
        answer = await paced({
          path: to.pathname + to.search,
          ...(ask.cookie !== undefined && { cookie: ask.cookie }),
        });
      }
      return answer;
    },
  };
}

async function once(
  url: URL,
  { address, family }: { address: string; family: number },
  agent: string,
  { method = "GET", path, body, cookie }: Ask,
): Promise<Answer> {
  const headers = {
    ...(cookie && { cookie }),
    ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
  };
  const reply = await askOnce(
    { method, origin: url, path, headers, body, called: path },
    {
      agent,
      // Asked for again, the name could lead elsewhere.
      lookup: (_name, options, found) =>
        options.all ? found(null, [{ address, family }]) : found(null, address, family),
      patience: "whole",
      asksToWait: (status) => status === 429 || status >= 500,
    },
  );
  const { status, headers: answered, bytes } = reply;
  return { status, path, type: answered["content-type"] ?? "", headers: answered, body: bytes };
}
