/** "Who can read this", recomputed from the verified statements: what the server wrote there is only a draft. */
import { readersSentence } from "../domain/form/who.ts";
import type { Key } from "./sealing.ts";

/** The sentence as it stands in the document now. */
export const readersText = (main: HTMLElement): string =>
  main.querySelector("[data-readers-sentence]")?.textContent?.trim() ?? "";

/** Puts the verified sentence in place of the one that came with the document. */
export function correctReaders(main: HTMLElement, { readers, bodyName }: Key): void {
  const sentence = readersSentence(readers, bodyName);
  for (const element of main.querySelectorAll<HTMLElement>("[data-readers-sentence]")) {
    if (element.textContent?.trim() !== sentence) element.textContent = sentence;
  }
  for (const section of main.querySelectorAll<HTMLElement>("[data-who-can-read]")) section.dataset["verified"] = "";
}
