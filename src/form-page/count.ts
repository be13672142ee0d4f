/** The library's counter of characters, counting what the check counts: code points, a line end as one, ends trimmed. */
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { cleanBlock, lengthOf } from "../domain/form/clean.ts";

/** What is counted of a long text, whatever line ends it was typed or pasted with. */
export const counted = (text: string): number => lengthOf(cleanBlock(text));

/** The library alone would count UTF-16 units, so that an emoji is two and somebody is told that too much was written. */
export class TextCount extends CharacterCount {
  protected override updateCount(): void {
    this.count = counted(this.$textarea.value);
  }
}
