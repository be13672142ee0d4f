/** What came back and is not written down yet. Its carrier waits for a yes, so nothing of it can be lost. */
import type { Bounce, ReturnedMail } from "../contract/mailroom.ts";
import type { Bytes } from "../domain/bytes.ts";

/** Milliseconds that a carrier is kept waiting for its yes. */
const PATIENCE = 30_000;

export type Waiting = { readonly bounces: readonly Bounce[]; readonly returned: readonly ReturnedMail[] };
/** It was written down; nobody did so in time; nobody will. */
export type Fate = "written" | "late" | "refused";
type What = { readonly bounce: Bounce } | { readonly returned: ReturnedMail; readonly content: Bytes };
type One = { readonly what: What; readonly done: (fate: Fate) => void };

export class Held {
  readonly #held = new Set<One>();
  #wake = (): void => {};

  /** Holds it until something becomes of it. */
  hold(what: What): Promise<Fate> {
    return new Promise((done) => {
      const one: One = {
        what,
        done: (fate) => {
          clearTimeout(late);
          this.#held.delete(one);
          done(fate);
        },
      };
      const late = setTimeout(() => one.done("late"), PATIENCE);
      this.#held.add(one);
      this.#wake();
    });
  }

  /** All of it; waits for something, at most `ms`. */
  async waiting(ms: number): Promise<Waiting> {
    if (this.#held.size === 0)
      await new Promise<void>((woken) => {
        const late = setTimeout(woken, ms);
        this.#wake = () => {
          clearTimeout(late);
          woken();
        };
      });
    const all = [...this.#held].map(({ what }) => what);
    return {
      bounces: all.flatMap((what) => ("bounce" in what ? [what.bounce] : [])),
      returned: all.flatMap((what) => ("returned" in what ? [what.returned] : [])),
    };
  }

  /** What is to be sealed under this id; null where it is not held any more. */
  content(document: string): Bytes | null {
    for (const { what } of this.#held)
      if ("returned" in what && what.returned.document === document) return what.content;
    return null;
  }

  /** Bounces of these deliveries and what became these documents are written down; nobody keeps the refused. */
  taken(deliveries: readonly string[], documents: readonly string[], refused: readonly string[]): void {
    for (const { what, done } of [...this.#held])
      if ("bounce" in what) {
        if (deliveries.includes(what.bounce.delivery)) done("written");
      } else if (documents.includes(what.returned.document)) done("written");
      else if (refused.includes(what.returned.document)) done("refused");
  }
}
