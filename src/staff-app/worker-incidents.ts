/** Incidents: verifying what was recorded, and signing what the visitor records. Worker only: it signs with the visitor's key. */
import { draftAct } from "../domain/incident/act.ts";
import { incidentOf } from "../domain/incident/state.ts";
import { verifyActs } from "../domain/incident/verify.ts";
import { codeOf, Fault } from "../domain/problem.ts";
import type { ReadIncident } from "./acts.ts";
import { checkpointOf } from "./worker-log.ts";
import { bodyIn, keysIn, type Hand, type Vault } from "./vault.ts";

export const incidentsOf = (vault: Vault): { [N in "readIncidents" | "signAct"]: Hand<N> } => ({
  readIncidents: ({ body, logKey, incidents }) => {
    const { persons } = bodyIn(vault, body).state;
    // One that does not hold must not hide the others; it is shown as what it is.
    return incidents.map(({ incident, acts: stored }): ReadIncident => {
      try {
        // A log that has changed its key: the audit said under which one this checkpoint was signed.
        const keyOf = (proof: string) => vault.proven.get(checkpointOf(proof)) ?? vault.log?.logKey;
        const { acts, head, waiting } = verifyActs(stored, { body, incident, persons, logKey, keyOf });
        if (acts.length === 0) throw new Fault("LOG_NOT_SIGNED");
        return { incident, held: { state: incidentOf(acts), head, waiting }, code: null };
      } catch (thrown) {
        return { incident, held: null, code: codeOf(thrown) };
      }
    });
  },

  signAct: ({ head, fields, texts }) => {
    const { person, signingSecret } = keysIn(vault);
    const role = bodyIn(vault, head.body).state.persons.get(person)?.role;
    if (!role) throw new Fault("PERSON_UNCONFIRMED");
    return draftAct(head, { person, role, signingSecret }, fields, texts);
  },
});
