/**
 * DANGEROUS: who was affected. What could be reached comes from the verified log; who wrote it comes from opened
 * letters, after their proof. Worker only.
 */
import { checkOpened } from "../../domain/form/opened.ts";
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { evidenceOf, looksAt, reachedIn, touching } from "../../domain/incident/reach.ts";
import { personOfLetter } from "../../domain/incident/own-people.ts";
import { openLetter } from "../../domain/seal/open.ts";
import { wholeIndexIn } from "./entries.ts";
import type { Hand, Vault } from "./vault.ts";
import { contextOf, demandNone, demandProof, demandReceived, formState, keyFor, unmarked, version } from "./opening.ts";

export const reachOf = (vault: Vault): { [N in "whoWasReached" | "openPeople"]: Hand<N> } => ({
  whoWasReached: ({ body, scope, from, rows, incident, acts }) => {
    const index = wholeIndexIn(vault, body);
    const { letters, erased } = reachedIn(index, scope);
    const looks = touching(looksAt(index, scope.inbox, from, scope.until, rows), letters);
    return {
      letters,
      erased,
      looks,
      evidence: evidenceOf(looks, { from, until: scope.until }, index.coverage),
      coverage: index.coverage,
      hidden: Math.max(0, index.actsOf(incident) - acts),
    };
  },

  openPeople: async (ask, tell) => {
    const index = wholeIndexIn(vault, ask.body);
    demandProof(vault, ask, "affected", { these: ask.submissions });
    const said = demandReceived(index, ask, "letter");
    // What was added says nothing of how to reach its writer; their letter does, and only letters are asked for.
    demandNone(ask.submissions.filter((submission) => said.get(submission)?.first !== null));
    const published = formState(vault, ask);
    const people: AffectedPerson[] = [];
    const markers: string[] = [];
    // A letter that does not open must not be left out: whoever wrote it is affected all the same. So all open, or
    // none.
    for (const [done, item] of ask.items.entries()) {
      const { submission } = item;
      const form = version(published, ask, item);
      const opened = await openLetter(keyFor(vault, ask, item), item.bytes, contextOf(ask, published.form, item));
      if (opened.commitment !== said.get(submission)!.commitment) demandNone([submission]);
      // A letter of the monitor is nobody's, where its seal and the monitor's signature both say so.
      const { content, marker } = unmarked(ask, item, opened.answers, index);
      if (marker) markers.push(submission);
      else people.push(personOfLetter(form, checkOpened(form, content), submission));
      tell(done + 1, ask.items.length);
    }
    return { people, markers };
  },
});
