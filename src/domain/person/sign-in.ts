/** What a server keeps of the part of a passphrase that signs in. */
import { sha256, type Bytes } from "../bytes.ts";

/** The key is 256 bits, so a plain hash is enough. */
export const signInHash = (signIn: Bytes): Bytes => sha256(signIn);
