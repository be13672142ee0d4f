/**
 * Requests for access: whoever was let in was asked for, by the same person, with the same people, form and end; and a
 * request that is over is over by an act.
 */
import { equalBytes } from "../bytes.ts";
import type { BodyState, GrantState } from "../grant/state.ts";
import { personsCommitment } from "../grant/asked.ts";
import type { Entry } from "../log/event.ts";
import type { Operators } from "./chains.ts";
import type { Judge } from "./judge.ts";
import type { RequestRow } from "./rows.ts";

type Of<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;

export type AskedCheck = {
  readonly take: (leaf: string, entry: Entry) => void;
  readonly end: (states: readonly BodyState[], operators: Operators | undefined) => void;
};

export function newAskedCheck(judge: Judge, rows: readonly RequestRow[]): AskedCheck {
  const requests = new Map(rows.map((row) => [row.id, row]));
  const asked = new Map<string, { readonly leaf: string; readonly entry: Of<"grant.requested"> }>();
  const over = new Map<string, string>();

  /** What an owner granted, and what was asked. */
  function compare(body: string, grant: GrantState): void {
    const found = asked.get(grant.request);
    const row = requests.get(grant.request);
    if (!found)
      return judge.say("contradicted", `the grant ${grant.grant} is for request ${grant.request}, which nobody made`);
    const { leaf, entry } = found;
    const persons = grant.persons.map(({ person }) => person);
    const same =
      entry.body === body &&
      entry.inbox === grant.inbox &&
      entry.scope === grant.scope &&
      entry.until === grant.until &&
      entry.purpose === grant.purpose &&
      entry.count === persons.length &&
      // Without its row the people of a request cannot be told; that the row is missing is said elsewhere.
      (!row ||
        (row.asker === grant.asker && entry.persons === personsCommitment(new Uint8Array(row.personsSalt), persons)));
    if (!same) judge.against(leaf, `the grant ${grant.grant} lets in something else than was asked for`);
  }

  return {
    take(leaf, entry) {
      if (entry.kind === "grant.requested") asked.set(entry.request, { leaf, entry });
      if (entry.kind === "request.declined" || entry.kind === "request.withdrawn")
        over.set(entry.request, entry.kind === "request.declined" ? "declined" : "withdrawn");
      if (entry.kind === "grant.made" && entry.request !== undefined) over.set(entry.request, "confirmed");
    },
    end(states, operators) {
      for (const { id, state } of rows)
        if (state !== (over.get(id) ?? "open"))
          judge.say("contradicted", `the request ${id} is ${state}, and its events say ${over.get(id) ?? "open"}`);
      for (const { body, grants } of states) for (const grant of grants.values()) compare(body, grant);
      for (const { grants, persons } of operators === undefined ? [] : states)
        for (const { grant, asker, askerKey } of grants.values()) {
          const key = persons.has(asker) ? askerKey : operators?.get(asker);
          if (!key || !equalBytes(key, askerKey))
            judge.say("contradicted", `the grant ${grant} was asked for by ${asker}, who is no operator of this key`);
        }
    },
  };
}
