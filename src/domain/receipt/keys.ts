/** What is derived from the receipt words' 128 bits; none of it tells anything about another (HKDF, RFC 5869). */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { fromHex, sha256, tag, toUtf8, type Bytes } from "../bytes.ts";

/** 32 bytes for one use of the words. */
export const derive = (entropy: Bytes, part: string, salt?: Bytes): Bytes =>
  hkdf(nobleSha256, entropy, salt, toUtf8(tag(`receipt/${part}`)), 32);

/** What is sent to see the status. The server keeps its hash and finds by it; the words cannot be computed from it. */
export const receiptSignIn = (entropy: Bytes): Bytes => derive(entropy, "sign-in");

/** What the server keeps. The sign-in part is 256 bits of a hash of 128 random bits, so a plain hash is enough. */
export const receiptHash = (signIn: Bytes): Bytes => sha256(signIn);

/**
 * The nonce of the answers' commitment, one for each submission under the same words. Readers get it inside the letter.
 */
export const answersNonce = (entropy: Bytes, submission: string): Bytes =>
  derive(entropy, "answers", fromHex(submission));
