/**
 * The counter's way to the public server: sealed bytes out, public keys and statements in. Nothing else is ever sent.
 */
import * as open from "../contract/public.ts";
import * as receipts from "../contract/receipts.ts";
import { answerOf, requestOf, type Route } from "../contract/route.ts";
import type { Fields, Values } from "../contract/shape.ts";
import type { Bytes } from "../domain/bytes.ts";
import { INSIDE } from "../domain/network.ts";
import { codeOf, Fault } from "../domain/problem.ts";
import { encodeSubmission, type SealedSubmission } from "../domain/seal/envelope.ts";
import { encodeAddition } from "../domain/receipt/adding.ts";
import { parseStatus, type Status } from "../domain/receipt/status.ts";
import type { Config } from "./config.ts";

/** What the server says about a form; nothing in it is believed before `verifyForm`. */
export type KeyAnswer = Pick<open.FormKey, "body" | "statements" | "recipient">;

export type Wire = {
  readonly key: (form: string) => Promise<KeyAnswer>;
  readonly definition: (form: string) => Promise<Bytes>;
  /** The body's record: names and contact details for the page, not signed. */
  readonly record: (body: string) => Promise<unknown>;
  /** What became of a letter; null where nothing belongs to this sign-in part. */
  readonly status: (signIn: Bytes) => Promise<Status | null>;
  readonly add: (signIn: Bytes, submission: SealedSubmission) => Promise<void>;
  readonly askErasure: (signIn: Bytes) => Promise<void>;
  readonly submit: (submission: SealedSubmission) => Promise<{ readonly receivedAt: number }>;
};

const PATIENCE = 15_000;
const ANSWER_MAX = 8 * 1024 * 1024;

/** @throws the server's own code, or `UNAVAILABLE` where it did not answer or not in our form */
export function wireTo({ publicInside, credential }: Config): Wire {
  const authorization = `Pillarbox-Counter ${credential}`;
  async function ask<P extends Fields, Q extends Fields, R, A>(
    route: Route<P, Q, R, A>,
    params: Values<P>,
    content: R,
  ): Promise<A> {
    const { method, path, type, body } = requestOf(route, params, content);
    let answer: Response;
    let bytes: Bytes;
    try {
      // A redirect could carry the credential elsewhere.
      answer = await fetch(`${publicInside}${path}`, {
        method,
        headers: { ...INSIDE, authorization, ...(type === null ? {} : { "content-type": type }) },
        ...(body === null ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      bytes = new Uint8Array(await answer.arrayBuffer());
    } catch {
      throw new Fault("UNAVAILABLE", "the public server did not answer");
    }
    if (bytes.length > ANSWER_MAX) throw new Fault("UNAVAILABLE", "the public server answered too much");
    try {
      return answerOf(route, answer.status, bytes);
    } catch (thrown) {
      if (codeOf(thrown) !== "MALFORMED") throw thrown;
      throw new Fault("UNAVAILABLE", "the public server did not answer in our form");
    }
  }
  return {
    key: (form) => ask(open.readKey, { form }, undefined),
    definition: (form) => ask(open.readDefinition, { form }, undefined),
    record: (body) => ask(open.readRecord, { body }, undefined),
    status: async (signIn) => parseStatus(await ask(receipts.findStatus, {}, { signIn })),
    add: async (signIn, submission) =>
      void (await ask(receipts.addToLetter, {}, encodeAddition(signIn, encodeSubmission(submission)))),
    askErasure: (signIn) => ask(receipts.askErasure, {}, { signIn }),
    submit: (submission) => ask(open.submit, {}, encodeSubmission(submission)),
  };
}
