/**
 * Who asked, found by its shape: an internet address, wherever it stands in a line, in one spelling. What the visitor
 * itself can write (its user name, its user agent) is never taken for it.
 */
import ipaddr from "ipaddr.js";

const INSIDE = new Set(["private", "loopback", "linkLocal", "carrierGradeNat", "uniqueLocal", "unspecified"]);

/**
 * An internet address in one spelling: without port, brackets and zone, IPv6 as RFC 5952 writes it, IPv4 inside IPv6 as
 * IPv4. Null for anything else.
 */
export function normaliseAddress(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^for=/i, "")
    .replace(/^["']+|["',;]+$/g, "");
  const host = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(bare)?.[1] ?? bare.replace(/^(\d+(?:\.\d+){3}):\d{1,5}$/, "$1");
  if (ipaddr.IPv4.isValidFourPartDecimal(host)) return host;
  if (!host.includes(":") || !ipaddr.IPv6.isValid(host)) return null;
  const six = ipaddr.IPv6.parse(host.replace(/%.*$/, ""));
  return six.isIPv4MappedAddress() ? six.toIPv4Address().toString() : six.toRFC5952String();
}

/** Whether an address, in its one spelling, means somebody only inside one network. */
export const isInside = (address: string): boolean => INSIDE.has(ipaddr.parse(address).range());

/** Addresses that stand with commas between them, as proxies hand them on; [] where one of them is none. */
function listIn(text: string): readonly string[] {
  const found = text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "" && one !== "-" && one !== "unknown")
    .map(normaliseAddress);
  return found.every((one) => one !== null) ? found : [];
}

/** Of a list the last that is public: those before it are what the visitor said of itself. */
const publicIn = (list: readonly string[]): string | undefined => list.findLast((one) => !isInside(one));

/**
 * The visitor of a line.
 *
 * @param head what stands before the time
 * @param forwarded what stands behind the user agent, field by field
 * @returns an address, or the word that stands in its place
 */
export function visitorOf(head: string, forwarded: readonly string[]): string {
  const words = head
    .replace(/\u0000/g, "")
    .replace(/\s*,\s*/g, ",")
    .trim()
    .split(/\s+/);
  const lists = words.map(listIn);
  const places = lists.flatMap((list, place) => (list.length > 0 ? [place] : []));
  // The host stands before "- -"; a user name that looks like an address stands behind.
  const place =
    places.find((one) => words[one + 1] === "-") ?? places.findLast((one) => words.length - one > 2) ?? places.at(-1);
  if (place === undefined) {
    const dash = words.indexOf("-");
    return forwardedIn(forwarded) ?? words[Math.max(0, dash - 1)] ?? "";
  }
  return (
    publicIn(lists[place]!) ?? forwardedIn(forwarded) ?? publicIn(lists.slice(0, place).flat()) ?? lists[place]!.at(-1)!
  );
}

const forwardedIn = (fields: readonly string[]): string | undefined =>
  fields.map((field) => publicIn(listIn(field))).findLast((one) => one !== undefined);

/** Whether an address is one of those called known: `203.0.113.*` for all that begin so, or `203.0.113.0/24`. */
export function isKnown(known: readonly string[], address: string): boolean {
  return known.some((one) => {
    if (one.endsWith("*")) return address.startsWith(one.slice(0, -1).toLowerCase());
    if (one.includes("/")) return isWithin(one, address);
    return (normaliseAddress(one) ?? one) === address;
  });
}

function isWithin(network: string, address: string): boolean {
  const normal = normaliseAddress(address);
  if (normal === null || !ipaddr.isValidCIDR(network)) return false;
  const [base, bits] = ipaddr.parseCIDR(network);
  const one = ipaddr.parse(normal);
  return one.kind() === base.kind() && one.match(base, bits);
}
