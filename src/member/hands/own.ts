/** DANGEROUS: what a person types is sealed to their own key, and opened again for them. Worker only. */
import { openOwnText, sealOwnText } from "../../domain/person/own-text.ts";
import { keysIn, type Hand, type Vault } from "./vault.ts";

export const ownOf = (vault: Vault): { [N in "sealOwn" | "openOwn"]: Hand<N> } => ({
  sealOwn: ({ text }) => sealOwnText(keysIn(vault), text),
  openOwn: ({ sealed }) => openOwnText(keysIn(vault), sealed),
});
