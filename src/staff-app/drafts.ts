/**
 * What somebody has typed and not sent yet, so that a lock takes nothing away. In this page it is plain, as the fields
 * are; the browser is given it sealed to the person's own key only, for as long as the tab is open. Decision 0052.
 */
import { fromBase64, toBase64 } from "../domain/bytes.ts";
import type { Hands } from "../member/member.ts";

/** Milliseconds after the last key press until it is sealed. */
const PAUSE = 300;
/** Milliseconds that a visit which ends waits for the last of it. */
const LAST = 2_000;

/** place → field → value; a field is named `form/field` */
type All = { [place: string]: { [field: string]: unknown } };

export type Drafts = {
  /** Takes up what an earlier visit in this tab left. False where there was something that this key does not open. */
  readonly takeUp: () => Promise<boolean>;
  readonly read: (place: string, field: string) => unknown;
  readonly keep: (place: string, field: string, value: unknown) => void;
  /** What was typed into one form has been sent. */
  readonly forget: (place: string, form: string) => void;
  /** Whether what is typed outlives a lock: somebody without a key to seal to has only the page. */
  readonly outlives: () => boolean;
  /** Ends when the last key press is sealed, or cannot be. */
  readonly settle: () => Promise<void>;
};

/** Where the browser keeps it. @param name of one person at one installation */
export const tabStore = (installation: string, person: string) => {
  const name = `pillarbox-drafts/${installation}/${person}`;
  return {
    read: (): string | null => window.sessionStorage.getItem(name),
    write: (sealed: string): void => window.sessionStorage.setItem(name, sealed),
    remove: (): void => window.sessionStorage.removeItem(name),
  };
};

/** @param sealed whether this person has a key */
export function newDrafts(hands: Hands, store: ReturnType<typeof tabStore>, sealed: boolean): Drafts {
  let all: All = {};
  let works = sealed;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let busy = Promise.resolve();

  const seal = async (): Promise<void> => {
    timer = null;
    try {
      if (Object.keys(all).length === 0) return store.remove();
      const bytes = await hands.call("sealOwn", { text: JSON.stringify(all) });
      // Sent while it was being sealed: then nothing of it stays.
      if (Object.keys(all).length > 0) store.write(toBase64(bytes));
      works = sealed;
    } catch {
      // A browser that keeps nothing, or a lock in the middle: the lock's own words say what becomes of it.
      works = false;
    }
  };
  const now = (): Promise<void> => (busy = busy.then(seal));
  const changed = (): void => {
    if (!sealed) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(now, PAUSE);
  };

  return {
    async takeUp() {
      if (!sealed) return true;
      try {
        const found = store.read();
        if (found !== null) all = JSON.parse(await hands.call("openOwn", { sealed: fromBase64(found) })) as All;
        return true;
      } catch {
        store.remove();
        return false;
      }
    },
    read: (place, field) => all[place]?.[field],
    keep(place, field, value) {
      (all[place] ??= {})[field] = value;
      changed();
    },
    forget(place, form) {
      const fields = all[place];
      if (!fields) return;
      for (const field of Object.keys(fields)) if (field.startsWith(`${form}/`)) delete fields[field];
      if (Object.keys(fields).length === 0) delete all[place];
      changed();
    },
    outlives: () => works,
    settle() {
      if (timer === null) return busy;
      clearTimeout(timer);
      return Promise.race([now(), new Promise<void>((done) => setTimeout(done, LAST))]);
    },
  };
}
