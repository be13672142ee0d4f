/**
 * Acts of members: every event that has to be signed is signed, by the person and in the role that it says, under a key
 * of the body's verified statements or of the configuration.
 */
import type { BodyState } from "../grant/state.ts";
import { signersOf, faultOfAct, type PlainAct, type Signers } from "../log/act.ts";
import type { Entry } from "../log/event.ts";
import { isSignedKind } from "../person/signed.ts";
import type { Operators } from "./chains.ts";
import type { Judge } from "./judge.ts";
import type { Report } from "./report.ts";
import type { ActRow } from "./rows.ts";

export type ActCheck = {
  readonly take: (leaf: string, event: number, entry: Entry) => void;
  /**
   * @param states of the bodies whose statements hold
   * @param operators undefined where nobody has said who they are
   */
  readonly end: (report: Report, states: readonly BodyState[], operators: Operators | undefined) => void;
};

type Signed = { readonly leaf: string; readonly event: number; readonly said: PlainAct };

export function newActCheck(judge: Judge, rows: readonly ActRow[]): ActCheck {
  const found: Signed[] = [];
  const acts = new Map(rows.map((row) => [row.event, row]));
  return {
    take(leaf, event, entry) {
      if (isSignedKind(entry.kind)) found.push({ leaf, event, said: entry as unknown as PlainAct });
    },
    end(report, states, operators) {
      const signers = new Map<string, Signers>(
        states.map((state) => [state.body, signersOf(state, operators ?? new Map())]),
      );
      const unknown = new Set<string>();
      let byOperators = 0;
      for (const { leaf, event, said } of found) {
        const act = acts.get(event);
        acts.delete(event);
        const known = signers.get(said.body);
        if (!act) judge.missing(leaf, "nobody signed it");
        else if (!known) unknown.add(said.body);
        else if (said.role === "operator" && operators === undefined) byOperators += 1;
        else {
          const signature = new Uint8Array(act.signature);
          const why = faultOfAct(said, { person: act.person, signature, bySalt: null }, known);
          if (why !== null) judge.against(leaf, `it is no act of a member: ${why}`);
        }
      }
      for (const event of acts.keys())
        judge.say("contradicted", `an act is stored beside the event ${event}, which has none`);
      if (byOperators > 0)
        report.open.push(
          `Whether operators signed ${byOperators} requests: their keys are needed for that, --operator PERSON=KEY.`,
        );
      if (unknown.size > 0)
        report.open.push(
          `Whether members signed what they did at ${[...unknown].join(", ")}: the statements are needed for that, and must hold.`,
        );
      else if (found.length > 0)
        report.looked.push(`Into the acts of members: ${found.length}, each with its signature.`);
    },
  };
}
