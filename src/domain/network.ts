/** The part of an address that a rate limit may look at: never the whole of it (T31). */

/** The /24 of an IPv4 address, the /56 of an IPv6 one, as text; `unknown` for anything else. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
  if (v4) return v4[1]!;
  const bare = address.split("%")[0]!;
  if (!/^[0-9a-f:]{2,39}$/i.test(bare) || !bare.includes(":")) return "unknown";
  const [before = "", after] = bare.split("::");
  const left = before.split(":").filter(Boolean);
  const right = (after ?? "").split(":").filter(Boolean);
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return groups
    .map((group) => group.toLowerCase().padStart(4, "0"))
    .join("")
    .slice(0, 14);
}
