/**
 * DANGEROUS: what only hands at a desk do: people are confirmed as a program names them, inboxes and forms signed. A
 * browser confirms nobody without six words (`joining.ts`).
 */
import { appendStatement } from "../../domain/grant/chain.ts";
import { confirmedPerson } from "../../domain/grant/confirmed.ts";
import { draftForm, draftInbox, draftPerson, draftRoot } from "../../domain/grant/drafts.ts";
import type { SignedStatement } from "../../domain/grant/statement.ts";
import { kindOfRecipient } from "../../domain/seal/age.ts";
import type { DeskTasks } from "./tasks.ts";
import { bodyIn, keysIn, type Vault } from "./vault.ts";

type DeskHand<N extends keyof DeskTasks> = (
  ask: DeskTasks[N]["ask"],
) => Promise<DeskTasks[N]["answer"]> | DeskTasks[N]["answer"];

export const deskOf = (vault: Vault): { [N in keyof DeskTasks]: DeskHand<N> } => ({
  draftRoot: ({ installation, body, owner, now }) => draftRoot({ installation, body }, owner, keysIn(vault), now),

  draftPeople: ({ body, people, now }) => {
    let { state } = bodyIn(vault, body);
    const statements: SignedStatement[] = [];
    for (const person of people.filter((one) => !state.persons.has(one.person))) {
      const draft = draftPerson(state, keysIn(vault), person, now);
      state = draft.statements.reduce(appendStatement, state);
      statements.push(...draft.statements);
    }
    return { statements, wraps: [], recipients: [] };
  },

  draftInbox: ({ body, holders, now }) => {
    const { state } = bodyIn(vault, body);
    const keys = keysIn(vault);
    return draftInbox(
      state,
      keys,
      holders.map((row) => confirmedPerson(state, row)),
      kindOfRecipient(keys.recipient),
      now,
    );
  },

  draftForm: ({ body, form, now }) => draftForm(bodyIn(vault, body).state, keysIn(vault), form, now),
});
