/**
 * The statements of each body, verified from its root. What this start of the mailroom has seen once it never sees less
 * of: otherwise somebody who was let out would be a member again by an older list.
 */
import { equalBytes, type Bytes } from "../domain/bytes.ts";
import { verifyChain } from "../domain/grant/chain.ts";
import type { BodyState } from "../domain/grant/state.ts";
import type { SignedStatement } from "../domain/grant/statement.ts";
import { Fault } from "../domain/problem.ts";
import type { Config } from "./config.ts";

/** @throws `CHAIN_BROKEN`; also for fewer statements, or others, than were seen before */
export type StateOf = (body: string, statements: readonly SignedStatement[]) => BodyState;

type Seen = { readonly count: number; readonly last: Bytes; readonly state: BodyState };

export function statementsFrom({ installation, roots }: Pick<Config, "installation" | "roots">): StateOf {
  const seen = new Map<string, Seen>();
  return (body, statements) => {
    const root = roots.get(body);
    if (!root) throw new Fault("CHAIN_BROKEN", "a body that this installation does not know");
    const before = seen.get(body);
    // Each names the one before it by its hash: where the last one seen stands, those before it stand.
    const there = before && statements[before.count - 1];
    if (before && (!there || !equalBytes(there.bytes, before.last)))
      throw new Fault("CHAIN_BROKEN", "fewer or other statements than before");
    if (before?.count === statements.length) return before.state;
    const state = verifyChain(statements, { installation, body, root });
    seen.set(body, { count: statements.length, last: statements.at(-1)!.bytes, state });
    return state;
  };
}
