/**
 * Where a request comes from: the network that a rate limit may look at, never the whole address (T31), and the proxies
 * whose word about it is taken.
 */
import ipaddr from "ipaddr.js";
import { normaliseAddress } from "./affected/address.ts";
import { Fault } from "./problem.ts";

/** The /24 of an IPv4 address, the /56 of an IPv6 one, as text; `unknown` for anything else. A port is no part of it. */
export function networkOf(address: string): string {
  const one = normaliseAddress(address);
  if (one === null) return "unknown";
  if (!one.includes(":")) return one.slice(0, one.lastIndexOf("."));
  return ipaddr
    .parse(one)
    .toByteArray()
    .slice(0, 7)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** What a process of ours sends to another on this machine, where a proxy on this machine is one of ours, too. */
export const INSIDE = { "x-forwarded-for": "127.0.0.1" };

/** For the log of a process that is asked so. */
export const SILENT_PROXY = "the proxy does not say who asks: let it set X-Forwarded-For to the visitor's address";

/** Whether an address is that of a proxy of ours. */
export type IsProxy = (address: string | undefined) => boolean;

/**
 * The proxies whose word is taken for who asks: addresses, or networks as `10.0.0.0/8`. Of a list that several have
 * added to, only what the nearest one added counts: all before it could be the visitor's own words.
 * @throws `CONFIG_INVALID` naming what is neither
 */
export function proxiesOf(list: readonly string[]): IsProxy {
  const ranges = list.map((text) => {
    const six = text.includes(":");
    const whole = text.includes("/") ? text : `${text}/${six ? 128 : 32}`;
    if (!(six ? ipaddr.IPv6.isValidCIDR(whole) : ipaddr.IPv4.isValidCIDRFourPartDecimal(whole)))
      throw new Fault("CONFIG_INVALID", `${text} is no address and no network`);
    return ipaddr.parseCIDR(whole);
  });
  return (address) => {
    const one = address === undefined ? null : normaliseAddress(address);
    if (one === null) return false;
    const parsed = ipaddr.parse(one);
    return ranges.some(([base, bits]) => parsed.kind() === base.kind() && parsed.match(base, bits));
  };
}

/**
 * Who asks, as a proxy says it or as the connection says it; null where a proxy of ours does not say: then all who come
 * through it would count as one visitor.
 * @param addresses the other end of the connection, and behind it, where that is a proxy of ours, the last address of
 *   its header: as the web framework lists them, told to take one step
 */
export function visitorNamed(isProxy: IsProxy, addresses: readonly string[]): string | null {
  const [peer = ""] = addresses;
  if (!isProxy(peer)) return peer;
  const told = addresses.length > 1 ? addresses.at(-1)! : "";
  return normaliseAddress(told) === null ? null : told;
}
