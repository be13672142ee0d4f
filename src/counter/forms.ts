/** The current state of each form: asked again after a second at most, verified again only when something changed. */
import { canonicalJson } from "../domain/canonical.ts";
import { toBase64 } from "../domain/bytes.ts";
import { Fault } from "../domain/problem.ts";
import type { Config } from "./config.ts";
import { verifyForm, type Described, type VerifiedForm } from "./verified-form.ts";
import type { KeyAnswer, Wire } from "./wire.ts";

/** How long an answer counts as current, milliseconds; the server refuses an ended epoch in any case. */
const FRESH = 1_000;
/** How long what was verified is kept without asking for the body's record again, milliseconds. */
const KEPT = 60_000;
/** More forms than any installation has; the names come from whoever asks. */
const MOST = 1_000;

type Known = {
  readonly at: number;
  /** when it was verified */
  readonly since: number;
  readonly mark: string;
  readonly verified: VerifiedForm;
};

export class Forms {
  readonly #wire: Wire;
  readonly #config: Config;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<VerifiedForm>>();

  constructor(wire: Wire, config: Config, now: () => number) {
    this.#wire = wire;
    this.#config = config;
    this.#now = now;
  }

  /** The verified form; with `anew` never an answer from before the call. */
  async current(id: string, anew: "anew" | "fresh" = "fresh"): Promise<VerifiedForm> {
    const known = this.#known.get(id);
    if (anew === "fresh" && known && this.#now() - known.at < FRESH) return known.verified;
    const asking = anew === "fresh" ? this.#asking.get(id) : undefined;
    return asking ?? this.#ask(id);
  }

  #ask(id: string): Promise<VerifiedForm> {
    const promise = this.#fetch(id).finally(() => {
      if (this.#asking.get(id) === promise) this.#asking.delete(id);
    });
    this.#asking.set(id, promise);
    return promise;
  }

  async #fetch(id: string): Promise<VerifiedForm> {
    const at = this.#now();
    const answer = await this.#wire.key(id);
    const mark = markOf(answer);
    const known = this.#known.get(id);
    const same = known !== undefined && known.mark === mark && at - known.since < KEPT;
    const verified = same ? known.verified : await this.#verify(id, answer);
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(id, { at, since: same ? known.since : at, mark, verified });
    return verified;
  }

  async #verify(id: string, answer: KeyAnswer): Promise<VerifiedForm> {
    try {
      return verifyForm(id, answer, await this.#describe(id, answer), this.#config);
    } catch (thrown) {
      // The form was published anew between our two questions.
      if (!(thrown instanceof Fault) || thrown.code !== "FORM_CHANGED") throw thrown;
      const again = await this.#wire.key(id);
      return verifyForm(id, again, await this.#describe(id, again), this.#config);
    }
  }

  async #describe(id: string, { body }: KeyAnswer): Promise<Described> {
    if (!this.#config.roots.has(body)) throw new Fault("CHAIN_BROKEN", "a body that this installation does not know");
    const [definition, record] = await Promise.all([this.#wire.definition(id), this.#wire.record(body)]);
    return { definition, record };
  }
}

/**
 * The same mark means the same statements: the last holds the hash of all before it, the rest stands in it whole. What
 * is handed out for a known mark is what was verified, never what came with it.
 */
function markOf({ body, statements, recipient }: KeyAnswer): string {
  const last = statements.at(-1);
  const head = last ? `${toBase64(last.bytes)} ${toBase64(last.signature)}` : "";
  return canonicalJson([body, statements.length, head, recipient]);
}
