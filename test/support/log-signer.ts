import { signerKey } from "../../src/domain/log/note-key.ts";

/** The key of the tests' log. */
export const signer = signerKey("example.com/log", new Uint8Array(32).fill(1));

/** And the one that it is rotated to. */
export const nextSigner = signerKey("example.com/log/1", new Uint8Array(32).fill(2));
