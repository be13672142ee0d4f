/**
 * Sending. Sealing ends before the network begins; what is posted is made once and posted again as the same bytes, so
 * that a lost answer never makes two letters.
 */
import { codeIn } from "../contract/refusal.ts";
import type { Answers } from "../domain/form/answers.ts";
import { codeOf, Fault, type Code } from "../domain/problem.ts";
import type { Zone } from "../domain/time.ts";
import type { Page } from "./page.ts";
import type { Key } from "./sealing.ts";

export type Sealing = typeof import("./sealing.ts");

/** What the person gets in return. `reference` and `words` are computed here, never taken from the server. */
export type Receipt = {
  readonly kind: "received";
  readonly reference: string;
  readonly words: readonly string[];
  readonly at: Date;
  readonly zone: Zone;
  readonly bodyName: string;
};

export type Outcome =
  | Receipt
  | { readonly kind: "refused"; readonly code: Code; readonly doubts: Doubts }
  | { readonly kind: "unreachable"; readonly doubts: Doubts };

/** References of letters of this visit that may have arrived, though no answer did. */
export type Doubts = readonly string[];

/** `lost`: an answer about a letter of this number once got lost, whatever is known of it now. */
type Parcel = {
  readonly of: string;
  readonly submission: string;
  readonly receipt: Uint8Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lost: boolean;
};
type Answer =
  | { readonly kind: "received"; readonly answer: unknown }
  | { readonly kind: "refused"; readonly code: Code }
  | { readonly kind: "lost" };

/** How long to wait for an answer, milliseconds. */
const PATIENCE = 60_000;

const request: RequestInit = {
  cache: "no-store",
  credentials: "omit",
  redirect: "error",
  referrerPolicy: "no-referrer",
};

/** Says that no answer came: not ours to know why. */
class Unreachable extends Error {}

export type Sender = { readonly key: () => Promise<Key>; readonly send: (answers: Answers) => Promise<Outcome> };

/** Sends the letters of one visit to one form. */
export function createSender(page: Page, sealing: Promise<Sealing>): Sender {
  let known: Key | undefined;
  let parcel: Parcel | undefined;
  /** submission → reference: sent, and perhaps arrived */
  const doubtful = new Map<string, string>();
  const doubts = (): Doubts => [...doubtful.values()];

  const key = async (): Promise<Key> => {
    const answer = await fetchJson(page.setup.keyUrl);
    const { keyOf } = await sealing;
    return (known = keyOf(answer, page.form, page.setup, known));
  };
  const pack = async (
    answers: Answers,
    { submission, receipt, lost }: Pick<Parcel, "submission" | "receipt" | "lost">,
  ): Promise<Parcel> => {
    const { seal } = await sealing;
    return {
      of: JSON.stringify(answers),
      submission,
      receipt,
      bytes: await seal(page.form, answers, await key(), submission, receipt),
      lost,
    };
  };

  const send = async (answers: Answers): Promise<Outcome> => {
    const { newReceipt, newSubmissionId, receivedAt, referenceOf, SUBMISSION_TYPE, wordsOf } = await sealing;
    const deliver = async (): Promise<Answer> => {
      const answer = await post(page.setup.submissionsUrl, SUBMISSION_TYPE, parcel!.bytes);
      if (answer.kind === "lost") {
        parcel = { ...parcel!, lost: true };
        doubtful.set(parcel.submission, referenceOf(parcel.submission));
      }
      return answer;
    };
    // Changed answers are another letter: they never borrow the number of the first.
    if (parcel?.of !== JSON.stringify(answers)) parcel = undefined;
    parcel ??= await pack(answers, { submission: newSubmissionId(), receipt: newReceipt(), lost: false });
    let answer = await deliver();
    if (answer.kind === "refused" && answer.code === "EPOCH_ENDED") {
      // These very bytes would have been received once more if they had arrived before: only so do we know that they
      // had not.
      doubtful.delete(parcel.submission);
      parcel = await pack(answers, parcel);
      answer = await deliver();
    }
    if (answer.kind === "lost") return { kind: "unreachable", doubts: doubts() };
    // Only we know this number. If it is taken although our answer got lost before, then our letter took it.
    const before = answer.kind === "refused" && answer.code === "ID_TAKEN" && parcel.lost;
    if (answer.kind === "refused" && !before) return { ...answer, doubts: doubts() };
    const reference = referenceOf(parcel.submission);
    const words = wordsOf(parcel.receipt);
    parcel = undefined;
    return {
      kind: "received",
      reference,
      words,
      at: answer.kind === "received" ? receivedAt(answer.answer) : new Date(),
      zone: page.setup.zone,
      bodyName: known?.bodyName ?? "",
    };
  };

  return {
    key,
    send: (answers) =>
      send(answers).catch(
        (thrown: unknown): Outcome =>
          thrown instanceof Unreachable
            ? { kind: "unreachable", doubts: doubts() }
            : { kind: "refused", code: codeOf(thrown), doubts: doubts() },
      ),
  };
}

async function fetchJson(address: string): Promise<unknown> {
  const response = await answered(fetch(address, { ...request, signal: AbortSignal.timeout(PATIENCE) }));
  const body: unknown = await answered(response.json());
  if (response.ok) return body;
  const code = codeIn(body);
  throw code && response.status < 500 ? new Fault(code) : new Unreachable();
}

const answered = <T>(promise: Promise<T>): Promise<T> => promise.catch(() => Promise.reject(new Unreachable()));

async function post(address: string, type: string, body: Uint8Array<ArrayBuffer>): Promise<Answer> {
  try {
    const response = await fetch(address, {
      ...request,
      method: "POST",
      headers: { "content-type": type },
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
    const answer: unknown = await response.json();
    if (response.ok) return { kind: "received", answer };
    const code = codeIn(answer);
    return code && response.status < 500 ? { kind: "refused", code } : { kind: "lost" };
  } catch {
    return { kind: "lost" };
  }
}
