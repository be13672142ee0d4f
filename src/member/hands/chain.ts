/**
 * A body's statements, replayed and verified in this browser from the root that the page brought. A chain that is not
 * the one seen before in this visit, or that lacks the visitor's own key, is an alarm (T1, T2).
 */
import { equalBytes, fromHex } from "../../domain/bytes.ts";
import type { PersonKeys } from "../../domain/person/keys.ts";
import { Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { appendStatement, verifyChain } from "../../domain/grant/chain.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import type { SignedStatement } from "../../domain/grant/statement.ts";

export type Known = { readonly state: BodyState; readonly statements: readonly SignedStatement[] };

const same = (a: SignedStatement, b: SignedStatement | undefined): boolean =>
  b !== undefined && equalBytes(a.bytes, b.bytes) && equalBytes(a.signature, b.signature);

/**
 * Verifies what is new; what was verified before must still stand there unchanged.
 * @param known what this visit has verified, if anything
 * @throws `CHAIN_BROKEN`
 */
export function replay(
  known: Known | undefined,
  statements: readonly SignedStatement[],
  expected: { readonly installation: string; readonly body: string; readonly root: string },
): Known {
  if (!known) return { statements, state: verifyChain(statements, { ...expected, root: fromHex(expected.root) }) };
  const changed = known.statements.findIndex((one, index) => !same(one, statements[index]));
  if (changed >= 0) throw new Fault("CHAIN_BROKEN", `statement ${changed}: it is not the one seen before`);
  return { statements, state: statements.slice(known.statements.length).reduce(appendStatement, known.state) };
}

/** The visitor's own key must stand in the chain: once, and unchanged. @throws `CHAIN_BROKEN` */
export function checkOwn(state: BodyState, keys: PersonKeys): void {
  const mine = state.persons.get(keys.person);
  const hash = recipientHash(keys.recipient);
  if (!mine) throw new Fault("CHAIN_BROKEN", "your own key is not in the signed statements");
  if (!equalBytes(mine.signingKey, keys.signingKey) || !equalBytes(mine.recipientHash, hash))
    throw new Fault("CHAIN_BROKEN", "the signed statements name another key as yours");
  const doubled = [...state.persons.values()].some(
    (p) => p.person !== keys.person && (equalBytes(p.signingKey, keys.signingKey) || equalBytes(p.recipientHash, hash)),
  );
  if (doubled) throw new Fault("CHAIN_BROKEN", "the signed statements name your key as somebody else's too");
}
