/** Recording one act from a form: then the same page again, which says that it was done. */
import type { ActFields, Texts } from "../domain/incident/act.ts";
import { record, type Incident } from "../member/flows/incidents.ts";
import { useAct, type Act } from "./use-load.ts";
import { useVisit } from "./visit.ts";

export type Recording = Act & { readonly send: (fields: ActFields, texts: Texts, said: string) => void };

/** @param form whose drafts end with what is recorded */
export function useRecord(incident: Incident, form: string): Recording {
  const visit = useVisit();
  const act = useAct();
  return {
    ...act,
    send: (fields, texts, said) =>
      act.run(async () => {
        await record(visit, incident, fields, texts);
        visit.done(form, said);
        visit.go(window.location.pathname);
      }),
  };
}
