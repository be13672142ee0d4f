/** All randomness of the domain comes through here: the sealing library's own source. */
import { randomBytes as libraryRandomBytes } from "@noble/hashes/utils.js";
import { toHex, type Bytes } from "../bytes.ts";

export const randomBytes = (length: number): Bytes => libraryRandomBytes(length);

/** A new id: 128 random bits in hex. */
export const newId = (): string => toHex(randomBytes(16));
