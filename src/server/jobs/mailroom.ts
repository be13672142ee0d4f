/**
 * The way from the jobs process to the mailroom: sealed bytes out, an outcome in. Each question is a connection of its
 * own, so that it is known whether it arrived.
 */
import { request } from "node:http";
import { fromBase64, type Bytes } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import { MAIL_CODES, type MailCode, type Outcome } from "../../domain/mail/state.ts";
import { Fault } from "../../domain/problem.ts";

export type Bounce = { readonly delivery: string; readonly code: MailCode };
export type Mailroom = {
  /** @throws `MAILROOM_AWAY` */
  readonly key: () => Promise<SignedMailroomKey>;
  /** Never throws: not to know is an outcome. */
  readonly send: (delivery: string, attempt: number, sealed: Bytes) => Promise<Outcome>;
  readonly bounces: () => Promise<readonly Bounce[]>;
  readonly bouncesTaken: (deliveries: readonly string[]) => Promise<void>;
};

const QUICK = 10_000;
/** Longer than the mailroom waits for a carrier at every step of a message. */
const LONG = 15 * 60_000;
const ANSWER_MAX = 1024 * 1024;

type Failed = Error & { readonly code?: string };

export function mailroomAt(port: number, credential: string): Mailroom {
  const ask = (method: "GET" | "POST", path: string, body: Bytes | null, patience: number): Promise<unknown> =>
    new Promise((done, fail) => {
      const out = request(
        {
          host: "127.0.0.1",
          port,
          method,
          path,
          agent: false,
          timeout: patience,
          headers: { authorization: `Pillarbox-Jobs ${credential}`, ...(body && { "content-length": body.length }) },
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part: string) => {
            text += part;
            if (text.length > ANSWER_MAX) out.destroy(new Error("too much"));
          });
          answer.on("error", fail);
          answer.on("end", () =>
            answer.statusCode === 200 && answer.complete ? done(parseJson(text)) : fail(new Error("no answer")),
          );
        },
      );
      out.on("timeout", () => out.destroy(new Error("no answer in time")));
      out.on("error", fail);
      out.end(body ?? undefined);
    });
  const away = (): never => {
    throw new Fault("MAILROOM_AWAY");
  };
  return {
    key: async () => keyIn(await ask("GET", "/key", null, QUICK).catch(away)),
    send: async (delivery, attempt, sealed) => {
      try {
        return outcomeIn(await ask("POST", `/messages/${delivery}/${attempt}`, sealed, LONG));
      } catch (thrown) {
        // Only a connection that never came about is a sure no.
        return (thrown as Failed).code === "ECONNREFUSED"
          ? { outcome: "put-off", code: "MAILROOM_LOST" }
          : { outcome: "lost", code: "MAILROOM_LOST" };
      }
    },
    bounces: async () => {
      const found = await ask("GET", "/bounces", null, 60_000).catch(away);
      return Array.isArray(found) ? found.map(bounceIn) : away();
    },
    bouncesTaken: async (deliveries) =>
      void (await ask("POST", "/bounces/taken", new TextEncoder().encode(deliveries.join(" ")), QUICK).catch(away)),
  };
}

type Raw = { readonly [field: string]: unknown };
const code = (value: unknown): MailCode => MAIL_CODES.find((known) => known === value) ?? "OTHER";

function outcomeIn(value: unknown): Outcome {
  const outcome = (["taken", "refused", "put-off", "lost", "key-gone"] as const).find(
    (known) => known === (value as Raw)["outcome"],
  );
  return outcome === undefined ? { outcome: "lost", code: "OTHER" } : { outcome, code: code((value as Raw)["code"]) };
}

function bounceIn(value: unknown): Bounce {
  const { delivery } = value as Raw;
  if (typeof delivery !== "string" || !/^[0-9a-f]{32}$/.test(delivery))
    throw new Fault("MAILROOM_AWAY", "a bounce of nothing");
  return { delivery, code: code((value as Raw)["code"]) };
}

function keyIn(value: unknown): SignedMailroomKey {
  const { start, at, recipient, signature } = value as Raw;
  if (
    typeof start !== "string" ||
    !/^[0-9a-f]{32}$/.test(start) ||
    !Number.isSafeInteger(at) ||
    typeof recipient !== "string" ||
    typeof signature !== "string"
  )
    throw new Fault("MAILROOM_AWAY", "not a key");
  return { start, at: at as number, recipient, signature: fromBase64(signature) };
}
