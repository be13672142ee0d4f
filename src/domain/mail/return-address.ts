/**
 * The return address of one delivery: bounces come back to it. It holds the delivery's id and an HMAC, so that nobody
 * else can report a bounce, and nothing that tells a carrier what the message is about.
 */
import { encodeFields, equalBytes, fromHex, hmacSha256, tag, toHex, type Bytes } from "../bytes.ts";

/** Bytes of the HMAC that are kept: 96 bits, so that the local part stays under 64 octets. */
const KEPT = 12;
const SHAPE = /^r-([0-9a-f]{32})-([0-9a-f]{24})$/;

const mark = (key: Bytes, delivery: string): Bytes =>
  hmacSha256(key, encodeFields([tag("return-address"), fromHex(delivery)])).slice(0, KEPT);

export const returnAddress = (key: Bytes, delivery: string, domain: string): string =>
  `r-${delivery}-${toHex(mark(key, delivery))}@${domain}`;

/**
 * The delivery that an address is the return address of; null for any other address. Carriers may change case, so it
 * does not count.
 */
export function deliveryOf(key: Bytes, address: string, domain: string): string | null {
  const [local, host, ...rest] = address.toLowerCase().split("@");
  const [, delivery, given] = SHAPE.exec(local ?? "") ?? [];
  if (host !== domain.toLowerCase() || rest.length > 0 || delivery === undefined || given === undefined) return null;
  return equalBytes(mark(key, delivery), fromHex(given)) ? delivery : null;
}
