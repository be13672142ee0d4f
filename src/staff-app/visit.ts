/** One visit of one person: what the screens share. It lives in this page's memory and ends with it. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Fault } from "../domain/problem.ts";
import type { Member } from "../member/member.ts";
import type { Drafts } from "./drafts.ts";
import type { ListMemory } from "./list-memory.ts";

export type Visit = Member & {
  /** what was typed and not sent */
  readonly drafts: Drafts;
  /** lists that were opened, per inbox; so that going back to a list is not another release */
  readonly lists: Map<string, ListMemory>;
  readonly go: (path: string) => void;
  /** one sentence for the next screen */
  readonly say: (text: string) => void;
  readonly said: () => string | null;
  /** a form at this address was sent: what was typed into it is forgotten, and the next screen says that it was done */
  readonly done: (form: string, text: string) => void;
  /** ends the visit when a failure means that it must end; says whether it did */
  readonly endsWith: (thrown: unknown) => boolean;
};

export const VisitContext = createContext<Visit | null>(null);

export function useVisit(): Visit {
  const visit = useContext(VisitContext);
  if (!visit) throw new Fault("INTERNAL", "a screen outside a visit");
  return visit;
}

export const useGo = (): ((path: string) => void) => useVisit().go;
