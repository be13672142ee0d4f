/**
 * Receiving: the next batch is whatever arrived while the last one was committing (adaptive group commit). A row, its
 * sealed bytes and its event commit together or not at all; nothing is acknowledged before.
 */
import { hash, randomBytes } from "node:crypto";
import { equalBytes, toHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { SealedSubmission } from "../../domain/seal/envelope.ts";
import { currentEpoch } from "../../domain/grant/state.ts";
import type { Config } from "../config.ts";
import type { Pool } from "../database/pool.ts";
import type { Path, Received } from "./packed.ts";
import { receiveLetters, takenSubmissions, type Known } from "./store.ts";
import type { Chains } from "../statements/chains.ts";

export type Receipt = { readonly receivedAt: number };

type Waiting = {
  readonly submission: SealedSubmission;
  readonly path: Path;
  readonly body: string;
  readonly size: number;
  readonly digest: Uint8Array;
  readonly done: (receipt: Receipt) => void;
  readonly failed: (thrown: unknown) => void;
};

const BATCH = 128;
/** Batches under way at once: one writes to disk while the next is being made. */
const LANES = 2;
/** Beyond this many waiting, saying no at once is kinder than letting everyone time out. */
const MOST_WAITING = 4096;

export class Receiver {
  readonly #pool: Pool;
  readonly #chains: Chains;
  readonly #config: Config;
  readonly #waiting: Waiting[] = [];
  #lanes = 0;

  constructor(pool: Pool, chains: Chains, config: Config) {
    this.#pool = pool;
    this.#chains = chains;
    this.#config = config;
  }

  /**
   * Stores one parsed submission durably; `wire` is what it was parsed from, byte for byte.
   * @throws `EPOCH_ENDED`, `EPOCH_UNKNOWN`, `INBOX_UNKNOWN`, `FORM_*`, `COUNTER_REFUSED`, `ID_TAKEN`, `UNAVAILABLE`
   */
  receive(submission: SealedSubmission, path: Path, wire: Bytes): Promise<Receipt> {
    if (this.#waiting.length >= MOST_WAITING)
      return Promise.reject(new Fault("UNAVAILABLE", "too many submissions wait"));
    const body = this.#bodyOf(submission.form);
    if (!body) return Promise.reject(new Fault("FORM_UNKNOWN"));
    return new Promise((done, failed) => {
      this.#waiting.push({
        submission,
        path,
        body,
        size: wire.length,
        digest: hash("sha256", wire, "buffer"),
        done,
        failed,
      });
      this.#start();
    });
  }

  /**
   * The body that has published a form. Forms are few; a form that this process has not seen is looked for by the route
   * first.
   */
  #bodyOf(form: string): string | undefined {
    const found = [...this.#config.roots.keys()].filter((body) => this.#chains.known(body)?.state.forms.has(form));
    return found.length === 1 ? found[0] : undefined;
  }

  #start(): void {
    if (this.#lanes >= LANES || this.#waiting.length === 0) return;
    this.#lanes += 1;
    const batch = this.#take();
    void this.#commit(batch).finally(() => {
      this.#lanes -= 1;
      this.#start();
    });
  }

  /** The next batch; the same id twice in one statement would store its parts twice, so the second waits. */
  #take(): Waiting[] {
    const ids = new Set<string>();
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    for (const one of this.#waiting.splice(0, BATCH)) {
      if (ids.has(one.submission.submission)) later.push(one);
      else batch.push(one);
      ids.add(one.submission.submission);
    }
    this.#waiting.unshift(...later);
    return batch;
  }

  async #commit(batch: Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#store(batch);
      for (const [one, outcome] of outcomes) outcome instanceof Fault ? one.failed(outcome) : one.done(outcome);
    } catch (thrown) {
      // One bad row fails its whole statement: each is tried alone, so that only the bad one fails.
      if (batch.length === 1) batch[0]!.failed(thrown);
      else for (const one of batch) await this.#commit([one]);
    }
  }

  async #store(batch: readonly Waiting[]): Promise<Map<Waiting, Receipt | Fault>> {
    for (let looked = false; ; looked = true) {
      // A refusal that rests on statements of a while ago could be wrong by now. What is let in is held against the
      // newest beside the write.
      if (looked) for (const body of new Set(batch.map((one) => one.body))) await this.#chains.load(this.#pool, body);
      const refusals = new Map<Waiting, Fault>();
      for (const one of batch) {
        const refusal = this.#decide(one);
        if (refusal) refusals.set(one, refusal);
      }
      if (refusals.size > 0 && !looked) continue;
      const open = batch.filter((one) => !refusals.has(one));
      const now = Date.now();
      const left = await receiveLetters(this.#pool, open.map(toReceived), (body) => this.#headOf(body), now);
      if (left === null) continue;
      const outcomes = new Map<Waiting, Receipt | Fault>();
      for (const [nth, one] of open.entries()) {
        const known = left.get(nth);
        if (known === null) outcomes.set(one, new Fault("INTERNAL", "the database refuses a letter that was let in"));
        else outcomes.set(one, known ? repeated(one, known, new Fault("ID_TAKEN")) : { receivedAt: now });
      }
      const taken = await takenSubmissions(
        this.#pool,
        [...refusals.keys()].map((one) => one.submission.submission),
      );
      for (const [one, refusal] of refusals)
        outcomes.set(one, repeated(one, taken.get(one.submission.submission) ?? null, refusal));
      return outcomes;
    }
  }

  #headOf(body: string): number {
    return this.#chains.known(body)?.state.head.seq ?? -1;
  }

  /** What the verified statements say about this envelope. */
  #decide({ submission: s, path, body }: Waiting): Fault | undefined {
    // What adds to a letter comes by its own way, with the words of that letter.
    if (s.first !== null) return new Fault("ENVELOPE_MALFORMED", "an addition");
    const state = this.#chains.known(body)?.state;
    const form = state?.forms.get(s.form);
    if (!state || !form) return new Fault("FORM_UNKNOWN");
    if (form.inbox !== s.inbox) return new Fault("INBOX_UNKNOWN");
    if (form.state !== "open") return new Fault("FORM_CLOSED");
    if (path === "counter" && form.browserOnly) return new Fault("COUNTER_REFUSED");
    const current = currentEpoch(state.inboxes.get(form.inbox)!).epoch;
    if (s.epoch !== current) return new Fault(s.epoch < current ? "EPOCH_ENDED" : "EPOCH_UNKNOWN");
    if (toHex(form.formHash) !== s.formHash) return new Fault("FORM_CHANGED");
    return undefined;
  }
}

/**
 * Same id and same bytes again: the same answer, also when the form was closed or re-keyed in between; otherwise
 * somebody whose answer was lost would be told that nothing was sent. Same id, other bytes: refused.
 */
function repeated(one: Pick<Waiting, "digest">, before: Known, refusal: Fault): Receipt | Fault {
  return before && equalBytes(before.digest, one.digest) ? { receivedAt: before.receivedAt } : refusal;
}

/** A letter as it is stored, under a nonce of its own. */
export const toReceived = ({
  submission,
  body,
  path,
  size,
  digest,
}: Pick<Waiting, "submission" | "path" | "body" | "size" | "digest">): Received => ({
  submission,
  body,
  path,
  size,
  digest,
  nonce: randomBytes(32),
});
