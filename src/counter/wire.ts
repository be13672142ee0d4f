/**
 * The counter's way to the public server: sealed bytes out, public keys and statements in. Nothing else is ever sent.
 */
import type { Bytes } from "../domain/bytes.ts";
import { fromBase64, toHex } from "../domain/bytes.ts";
import { parseJson } from "../domain/canonical.ts";
import type { SignedStatement } from "../domain/grant/statement.ts";
import { Fault, SENTENCES, type Code } from "../domain/problem.ts";
import { encodeSubmission, SUBMISSION_TYPE, type SealedSubmission } from "../domain/seal/envelope.ts";
import { ADDITION_TYPE, encodeAddition } from "../domain/receipt/adding.ts";
import { parseStatus, type Status } from "../domain/receipt/status.ts";
import type { Config } from "./config.ts";

/** What the server says about a form; nothing in it is believed before `verifyForm`. */
export type KeyAnswer = {
  readonly body: string;
  readonly statements: readonly SignedStatement[];
  readonly recipient: string;
};

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
export function wireTo({ publicOrigin, credential }: Config): Wire {
  const authorization = `Pillarbox-Counter ${credential}`;
  async function ask(path: string, init: RequestInit = {}): Promise<Bytes> {
    let answer: Response;
    let bytes: Bytes;
    try {
      // A redirect could carry the credential elsewhere.
      answer = await fetch(`${publicOrigin}${path}`, {
        ...init,
        headers: { ...init.headers, authorization },
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      bytes = new Uint8Array(await answer.arrayBuffer());
    } catch {
      throw new Fault("UNAVAILABLE", "the public server did not answer");
    }
    if (bytes.length > ANSWER_MAX) throw new Fault("UNAVAILABLE", "the public server answered too much");
    if (!answer.ok) throw new Fault(codeIn(bytes), `the public server answered ${answer.status}`);
    return bytes;
  }
  return {
    key: async (form) => readKey(await ask(`/forms/${form}/key`)),
    definition: (form) => ask(`/forms/${form}/definition`),
    record: async (body) => objectIn(await ask(`/bodies/${body}/record`)),
    status: async (signIn) => parseStatus(await ask("/status/find", json({ signIn: toHex(signIn) }))),
    add: async (signIn, submission) =>
      void (await ask("/status/additions", {
        method: "POST",
        headers: { "content-type": ADDITION_TYPE },
        body: encodeAddition(signIn, encodeSubmission(submission)) as Uint8Array<ArrayBuffer>,
      })),
    askErasure: async (signIn) => void (await ask("/status/erasure", json({ signIn: toHex(signIn) }))),
    submit: async (submission) => {
      const body = encodeSubmission(submission) as Uint8Array<ArrayBuffer>;
      const { receivedAt } = objectIn(
        await ask("/submissions", { method: "POST", headers: { "content-type": SUBMISSION_TYPE }, body }),
      );
      if (typeof receivedAt !== "number") throw new Fault("UNAVAILABLE", "the receipt has no time");
      return { receivedAt };
    },
  };
}

const json = (value: object): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

function objectIn(bytes: Bytes): { readonly [key: string]: unknown } {
  const value = parseJson(new TextDecoder().decode(bytes));
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Fault("UNAVAILABLE", "not an object");
  return value as { readonly [key: string]: unknown };
}

function codeIn(bytes: Bytes): Code {
  try {
    const { code } = objectIn(bytes);
    return typeof code === "string" && Object.hasOwn(SENTENCES, code) ? (code as Code) : "UNAVAILABLE";
  } catch {
    return "UNAVAILABLE";
  }
}

function readKey(bytes: Bytes): KeyAnswer {
  const { body, statements, recipient } = objectIn(bytes);
  if (
    typeof body !== "string" ||
    !/^[a-z0-9-]{1,64}$/.test(body) ||
    typeof recipient !== "string" ||
    !Array.isArray(statements)
  )
    throw new Fault("UNAVAILABLE", "the key answer is not complete");
  const signed = statements.map((one: unknown) => {
    const { bytes: text, signature } = (one ?? {}) as { bytes?: unknown; signature?: unknown };
    if (typeof text !== "string" || typeof signature !== "string")
      throw new Fault("CHAIN_BROKEN", "a statement without bytes or signature");
    return { bytes: fromBase64(text), signature: fromBase64(signature) };
  });
  return { body, statements: signed, recipient };
}
