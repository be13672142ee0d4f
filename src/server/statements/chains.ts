/**
 * The verified statements of each body, as this process knows them. Everything that depends on who may read asks here,
 * so a row written into the database by hand is refused before it is used.
 */
import { Fault } from "../../domain/problem.ts";
import { appendStatement, verifyChain } from "../../domain/grant/chain.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import type { Bytes } from "../../domain/bytes.ts";
import type { SignedStatement } from "../../domain/grant/statement.ts";
import type { Config } from "../config.ts";
import type { Db } from "../database/pool.ts";
import { statementsAfter, statementsAfterEach } from "./store.ts";

export type Chain = { readonly state: BodyState; readonly statements: readonly SignedStatement[] };

export class Chains {
  readonly #config: Config;
  readonly #known = new Map<string, Chain>();

  constructor(config: Config) {
    this.#config = config;
  }

  /** The chain as last verified, without asking the database. */
  known(body: string): Chain | undefined {
    return this.#known.get(body);
  }

  /**
   * The chain as it stands, verified from the configured root; what was verified before is not read again.
   * @returns undefined while the body has no statement
   * @throws `CHAIN_BROKEN`, `BODY_UNKNOWN` when the configuration has no root for it
   */
  async load(db: Db, body: string): Promise<Chain | undefined> {
    const root = this.#config.roots.get(body);
    if (!root) throw new Fault("BODY_UNKNOWN", body);
    const known = this.#known.get(body);
    return this.#extended(body, root, known, await statementsAfter(db, body, known?.state.head.seq ?? -1));
  }

  /**
   * The chains of all bodies that have one, by one question to the database.
   * @throws `CHAIN_BROKEN` where one of them does not hold
   */
  async loadAll(db: Db): Promise<ReadonlyMap<string, Chain>> {
    const { roots } = this.#config;
    const known = new Map(this.#known);
    const added = await statementsAfterEach(
      db,
      new Map([...roots.keys()].map((body) => [body, known.get(body)?.state.head.seq ?? -1])),
    );
    const all = new Map<string, Chain>();
    for (const [body, root] of roots) {
      const chain = this.#extended(body, root, known.get(body), added.get(body) ?? []);
      if (chain) all.set(body, chain);
    }
    return all;
  }

  /** What was known of a body when it was asked for, with what was read behind that. */
  #extended(body: string, root: Bytes, known: Chain | undefined, added: readonly SignedStatement[]): Chain | undefined {
    if (added.length === 0) return known;
    const state = known
      ? added.reduce(appendStatement, known.state)
      : verifyChain(added, { installation: this.#config.installation, body, root });
    const chain = { state, statements: [...(known?.statements ?? []), ...added] };
    // Two loads may have read the same rows: the longer stays.
    if ((this.#known.get(body)?.state.head.seq ?? -1) < state.head.seq) this.#known.set(body, chain);
    return chain;
  }

  /** As `load`; a body without statements has no readers, no forms and nothing to do here (`BODY_UNKNOWN`). */
  async need(db: Db, body: string): Promise<Chain> {
    const chain = await this.load(db, body);
    if (!chain) throw new Fault("BODY_UNKNOWN", body);
    return chain;
  }
}
