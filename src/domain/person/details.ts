/** Name and address of a person, committed to without being told: the salt lives in the row and dies with it (T39). */
import { encodeFields, hmacSha256, tag, type Bytes } from "../bytes.ts";
import { randomBytes } from "../seal/random.ts";

export const newSalt = (): Bytes => randomBytes(32);

/** HMAC-SHA-256 under the row's salt over name and e-mail address. */
export const detailsCommitment = (salt: Bytes, name: string, email: string): Bytes =>
  hmacSha256(salt, encodeFields([tag("person-details"), name, email]));

/** HMAC-SHA-256 under the row's salt over any text that the log only commits to (a purpose, a reason). */
export const textCommitment = (salt: Bytes, text: string): Bytes => hmacSha256(salt, encodeFields([tag("text"), text]));
