/** What each page of the letters to the people affected is given. */
import type { LetterWorld } from "../../../member/flows/messages.ts";

export type LetterProps = { readonly world: LetterWorld };
