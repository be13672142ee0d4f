/**
 * Incidents: verifying what was recorded, and signing what the visitor records. Worker only: it signs with the
 * visitor's key.
 */
import { encodeFields, sha256, toHex } from "../../domain/bytes.ts";
import { canonicalJson } from "../../domain/canonical.ts";
import { draftAct } from "../../domain/incident/act.ts";
import { incidentOf } from "../../domain/incident/state.ts";
import { verifyActs, type StoredAct } from "../../domain/incident/verify.ts";
import { cosignaturesOf } from "../../domain/log/cosignature.ts";
import { parsePolicy, type PolicyWitness } from "../../domain/log/policy.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import type { HeldIncident, ReadIncident } from "./tasks.ts";
import { checkpointOf } from "./log.ts";
import { bodyIn, keysIn, watchedIn, type Hand, type Vault } from "./vault.ts";

/** Everything that the verification looks at, as one hash. */
const fingerprint = (stored: readonly StoredAct[]): string =>
  toHex(
    sha256(
      encodeFields(
        stored.map(({ entry, signature, person, bySalt, texts, salt, proof, signedAt }) => [
          entry,
          signature,
          person,
          bySalt,
          texts === null ? "" : canonicalJson(texts),
          salt ?? "",
          proof ?? "",
          signedAt ?? 0,
        ]),
      ),
    ),
  );

/** The earliest of each act's witnesses. One that did not co-sign, or not truly, says nothing. */
function witnessedBy(stored: readonly StoredAct[], witnesses: readonly PolicyWitness[]): HeldIncident["witnessed"] {
  const found = stored.flatMap(({ proof }, seq): [number, { name: string; at: number }][] => {
    if (proof === null || witnesses.length === 0) return [];
    const times = witnesses.flatMap(({ name, key }) => {
      try {
        return cosignaturesOf(checkpointOf(proof), [key]).map(({ time }) => ({ name, at: time * 1000 }));
      } catch {
        return [];
      }
    });
    const first = times.toSorted((a, b) => a.at - b.at)[0];
    return first ? [[seq, first]] : [];
  });
  return new Map(found);
}

export const incidentsOf = (vault: Vault): { [N in "readIncidents" | "signAct"]: Hand<N> } => ({
  readIncidents: ({ body, logKey, policy, incidents }) => {
    const { persons } = bodyIn(vault, body).state;
    const witnesses = policy === null ? [] : parsePolicy(policy).witnesses;
    // One that does not hold must not hide the others; it is shown as what it is.
    return incidents.map(({ incident, acts: stored }): ReadIncident => {
      const made = fingerprint(stored);
      const before = vault.incidents.get(made);
      if (before) return { incident, held: before, code: null };
      try {
        const { acts, head, waiting } = verifyActs(stored, {
          body,
          incident,
          persons,
          logKey,
          logs: watchedIn(vault, body).logs,
        });
        if (acts.length === 0) throw new Fault("LOG_NOT_SIGNED");
        const held: HeldIncident = {
          state: incidentOf(acts),
          head,
          waiting,
          witnessed: witnessedBy(stored, witnesses),
        };
        vault.incidents.set(made, held);
        return { incident, held, code: null };
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
