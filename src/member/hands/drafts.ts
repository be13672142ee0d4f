/** DANGEROUS: the acts that let people in or end their grant, signed with the owner's key. Worker only. */
import { toHex } from "../../domain/bytes.ts";
import { signersOf } from "../../domain/log/act.ts";
import { checkAsked, plainEvent } from "../../domain/log/asked.ts";
import { textCommitment } from "../../domain/person/details.ts";
import { confirmedPerson, type ConfirmedPerson } from "../../domain/grant/confirmed.ts";
import { draftEnd, draftGrant, draftLeave } from "../../domain/grant/drafts.ts";
import { kindOfRecipient } from "../../domain/seal/age.ts";
import { bodyIn, keysIn, watchedIn, type Hand, type Vault } from "./vault.ts";

/** A body keeps the kind of key that its people have: never both kinds in one file. */
const kindOf = (vault: Vault) => kindOfRecipient(keysIn(vault).recipient);

export const draftsOf = (vault: Vault): { [N in "draftGrant" | "draftEnd" | "draftLeave"]: Hand<N> } => ({
  draftGrant: async (ask, tell) => {
    const { state } = bodyIn(vault, ask.body);
    const keys = keysIn(vault);
    const { inbox, request, asker, scope, until, purpose } = ask;
    const persons = ask.people.map(({ person }) => person);
    const purposeCommitment = textCommitment(ask.purposeSalt, ask.purposeText);
    const wanted = { inbox, request, asker, scope, until, purpose };
    // Whoever is let in was asked for: by the asker's signature and the log's proof, whatever the server's row says.
    const signers = signersOf(state, ask.operators);
    const { act, logKey } = ask;
    checkAsked({ ...wanted, body: ask.body, persons, purposeCommitment: toHex(purposeCommitment) }, act, signers, {
      logKey,
      logs: watchedIn(vault, ask.body).logs,
    });
    const asked = {
      ...wanted,
      purposeCommitment,
      asked: plainEvent(act.entry),
      askedSignature: act.signature,
      askerKey: signers.get(asker)!.signingKey,
      personsSalt: act.personsSalt,
    };
    const people = ask.people.map((row) => confirmedPerson(state, row));
    const remaining = ask.remaining.map((row) => confirmedPerson(state, row));
    const held = [...(vault.inboxKeys.get(inbox)?.values() ?? [])];
    // Progress in people, because that is what the owner decides about.
    const onWrapped = (done: number, total: number) => tell(Math.ceil((done * people.length) / total), people.length);
    return draftGrant(state, keys, asked, {
      people,
      keys: held,
      remaining,
      counted: ask.counted,
      now: ask.now,
      kind: kindOf(vault),
      onWrapped,
    });
  },

  draftEnd: async ({ body, grant, person, reason, remaining, now }) => {
    const { state } = bodyIn(vault, body);
    return draftEnd(state, keysIn(vault), {
      grant,
      person,
      reason,
      remaining: remaining.map((row) => confirmedPerson(state, row)),
      now,
      kind: kindOf(vault),
    });
  },

  draftLeave: async ({ body, person, reason, people, now }) => {
    const { state } = bodyIn(vault, body);
    // Only who is needed must fit: a stranger's row, or one that was changed, hinders nobody else from being let out.
    const confirmed = people.flatMap((row): [string, ConfirmedPerson][] => {
      try {
        return [[row.person, confirmedPerson(state, row)]];
      } catch {
        return [];
      }
    });
    return draftLeave(state, keysIn(vault), {
      person,
      reason,
      people: new Map(confirmed),
      now,
      kind: kindOf(vault),
    });
  },
});
