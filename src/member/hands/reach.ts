/**
 * DANGEROUS: who was affected. What could be reached comes from the verified log; who wrote it comes from opened
 * letters, after their proof. Worker only.
 */
import { checkOpened } from "../../domain/form/opened.ts";
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { IndexFill } from "../../domain/incident/log-index-fill.ts";
import { evidenceOf, looksAt, reachedIn, touching } from "../../domain/incident/reach.ts";
import { personOfLetter } from "../../domain/incident/own-people.ts";
import { Fault } from "../../domain/problem.ts";
import { openLetter } from "../../domain/seal/open.ts";
import { keysIn, type Hand, type Vault } from "./vault.ts";
import { contextOf, demandProof, formState, keyFor, unmarked, version } from "./opening.ts";

export const reachOf = (
  vault: Vault,
): { [N in "readEntries" | "entriesRead" | "whoWasReached" | "openPeople"]: Hand<N> } => ({
  readEntries: ({ start, bundles }) => {
    keysIn(vault);
    if (start || !vault.filling) vault.filling = new IndexFill();
    for (const bundle of bundles) vault.filling.add(bundle);
    return vault.filling.size;
  },

  entriesRead: () => {
    if (!vault.filling || !vault.log) throw new Fault("LOG_NOT_SIGNED");
    vault.index = vault.filling.done(vault.log.note, vault.log.logKey);
    vault.filling = null;
    return vault.index.coverage;
  },

  whoWasReached: ({ scope, from, rows, incident, acts }) => {
    const { index } = vault;
    if (!index) throw new Fault("LOG_NOT_SIGNED");
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
    demandProof(vault, ask, "affected");
    const published = formState(vault, ask);
    const people: AffectedPerson[] = [];
    // A letter that does not open must not be left out: whoever wrote it is affected all the same. So all open, or
    // none.
    for (const [done, item] of ask.items.entries()) {
      // What was added says nothing of how to reach its writer; their letter does.
      if (item.first !== null) continue;
      const form = version(published, ask, item);
      const { answers } = await openLetter(keyFor(vault, ask, item), item.bytes, contextOf(ask, published.form, item));
      // A letter of the monitor is nobody's, where its seal and the monitor's signature both say so.
      const { content, marker } = unmarked(ask, item, answers);
      if (!marker) people.push(personOfLetter(form, checkOpened(form, content), item.submission));
      tell(done + 1, ask.items.length);
    }
    return people;
  },
});
