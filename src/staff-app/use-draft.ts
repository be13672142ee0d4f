/** State of one field that outlives a lock: as `useState`, and what was typed comes back where it was typed. */
import { useState } from "preact/hooks";
import { useVisit } from "./visit.ts";

/** Where the visitor is: an address holds ids only, and stands in what is sealed. */
const here = (): string => window.location.pathname;

/** A form of an earlier version had other fields: then it begins anew. */
const alike = (one: unknown, other: unknown): boolean =>
  typeof one === typeof other && Array.isArray(one) === Array.isArray(other) && (one === null) === (other === null);

/** @param name `form/field`, one of its kind at one address; values are what JSON can say */
export function useDraft<T>(name: string, initial: T | (() => T)): [T, (next: T | ((before: T) => T)) => void] {
  const { drafts } = useVisit();
  const [place] = useState(here);
  const [value, setValue] = useState<T>(() => {
    const begun = typeof initial === "function" ? (initial as () => T)() : initial;
    const kept = drafts.read(place, name);
    return kept !== undefined && alike(kept, begun) ? (kept as T) : begun;
  });
  const set = (next: T | ((before: T) => T)): void =>
    setValue((before) => {
      const after = typeof next === "function" ? (next as (before: T) => T)(before) : next;
      drafts.keep(place, name, after);
      return after;
    });
  return [value, set];
}
