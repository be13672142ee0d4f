/** One visit of one person: what the screens share. It lives in this page's memory and ends with it. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Bytes } from "../domain/bytes.ts";
import { Fault } from "../domain/problem.ts";
import type { Api } from "./api.ts";
import type { Keyring } from "./keyring.ts";
import type { ListMemory } from "./list-memory.ts";
import type { Setup } from "./setup.ts";
import type { Me } from "./wire.ts";

export type Visit = {
  readonly setup: Setup;
  readonly api: Api;
  readonly keyring: Keyring;
  readonly me: Me;
  /** lists that were opened, per inbox; so that going back to a list is not another release */
  readonly lists: Map<string, ListMemory>;
  /** papers of incidents that were opened, by document; so that going back to one is not another release */
  readonly papers: Map<string, Bytes>;
  readonly go: (path: string) => void;
  /** one sentence for the next screen */
  readonly say: (text: string) => void;
  readonly said: () => string | null;
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
