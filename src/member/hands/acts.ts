/** DANGEROUS: signs with the visitor's key what they decide or ask for. Worker only. */
import { draftSigned, type PlainKind } from "../../domain/log/act.ts";
import { bodyIn, keysIn, type Hand, type Vault } from "./vault.ts";

export const actsOf = (vault: Vault): { [N in "sign"]: Hand<N> } => ({
  sign: ({ fields }) => {
    const { person, signingSecret } = keysIn(vault);
    // Whoever stands in no statement of the body is at its host; whether that is so, others look up.
    const role = bodyIn(vault, fields.body).state.persons.get(person)?.role ?? "operator";
    return draftSigned<PlainKind>({ person, role, signingSecret }, fields);
  },
});
