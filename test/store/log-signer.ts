import { signerKey } from "../../src/domain/log/note-key.ts";

/** The key of the tests' log. */
export const signer = signerKey("example.com/log", new Uint8Array(32).fill(1));
