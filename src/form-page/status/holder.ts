import type { Bytes } from "../../domain/bytes.ts";
import type { StatusSetup } from "../../domain/receipt/page.ts";
import type { KeyPair } from "../../domain/seal/identity.ts";

/** Whoever holds the words of a receipt, on the page of one installation. */
export type Holder = {
  readonly setup: StatusSetup;
  readonly entropy: Bytes;
  readonly signIn: Bytes /** what replies are sealed to, and opened with */;
  readonly replying: KeyPair;
};
