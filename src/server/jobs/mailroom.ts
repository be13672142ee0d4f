/**
 * The way from the jobs process to the mailroom: sealed bytes out, an outcome in. Each question is a connection of its
 * own, so that it is known whether it arrived.
 */
import { request } from "node:http";
import {
  bouncesTaken,
  readBounces,
  readKey,
  sealReturned,
  sendAlert,
  sendLetter,
  type Bounce,
  type Letter,
  type ReturnedMail,
  type SealedAlert,
} from "../../contract/mailroom.ts";
import { answerOf, requestOf, type Route } from "../../contract/route.ts";
import type { Fields, Values } from "../../contract/shape.ts";
import type { Bytes } from "../../domain/bytes.ts";
import type { SignedStatement } from "../../domain/grant/statement.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import type { Outcome } from "../../domain/mail/state.ts";
import { Fault } from "../../domain/problem.ts";

/** To which incident a mail belongs, and what says to whom it is sealed. */
export type Place = {
  readonly body: string;
  readonly incident: string;
  readonly statements: readonly SignedStatement[];
  readonly recipient: string;
};

/** A letter with what shows that it may go out, or a notice with what it is made of. */
export type ToSend = { readonly letter: Letter } | { readonly alert: SealedAlert };

export type Mailroom = {
  /** @throws `MAILROOM_AWAY` */
  readonly key: () => Promise<SignedMailroomKey>;
  /** Never throws: not to know is an outcome. */
  readonly send: (delivery: string, attempt: number, what: ToSend) => Promise<Outcome>;
  readonly bounces: () => Promise<{ readonly bounces: readonly Bounce[]; readonly returned: readonly ReturnedMail[] }>;
  /** @throws `MAILROOM_AWAY` where it was not sealed, for whatever reason: the mailroom's own log says which */
  readonly seal: (document: string, place: Place) => Promise<{ readonly epoch: number; readonly bytes: Bytes }>;
  readonly bouncesTaken: (
    deliveries: readonly string[],
    documents: readonly string[],
    refused: readonly string[],
  ) => Promise<void>;
};

const QUICK = 10_000;
/** Longer than the mailroom waits for a carrier at every step of a message. */
const LONG = 15 * 60_000;
const ANSWER_MAX = 1024 * 1024;

type Failed = Error & { readonly code?: string };

export function mailroomAt(port: number, credential: string): Mailroom {
  /** @throws `MAILROOM_AWAY` for what is no answer of ours, else as the connection failed */
  async function ask<P extends Fields, Q extends Fields, R, A>(
    route: Route<P, Q, R, A>,
    params: Values<P>,
    content: R,
    patience: number,
  ): Promise<A> {
    const { method, path, type, body } = requestOf(route, params, content);
    const bytes = body === null ? null : Buffer.from(body);
    const answer = await new Promise<Bytes>((done, fail) => {
      const out = request(
        {
          host: "127.0.0.1",
          port,
          method,
          path,
          agent: false,
          timeout: patience,
          headers: {
            authorization: `Pillarbox-Jobs ${credential}`,
            ...(bytes && { "content-length": bytes.length, "content-type": type ?? "" }),
          },
        },
        (found) => {
          const parts: Buffer[] = [];
          let size = 0;
          found.on("data", (part: Buffer) => {
            parts.push(part);
            size += part.length;
            if (size > ANSWER_MAX) out.destroy(new Error("too much"));
          });
          found.on("error", fail);
          found.on("end", () =>
            found.statusCode === 200 && found.complete
              ? done(new Uint8Array(Buffer.concat(parts)))
              : fail(new Error("no answer")),
          );
        },
      );
      out.on("timeout", () => out.destroy(new Error("no answer in time")));
      out.on("error", fail);
      out.end(bytes ?? undefined);
    });
    return answerOf(route, 200, answer);
  }
  const away = (): never => {
    throw new Fault("MAILROOM_AWAY");
  };
  return {
    key: () => ask(readKey, {}, undefined, QUICK).catch(away),
    send: async (delivery, attempt, what) => {
      const turn = { delivery, attempt: String(attempt) };
      try {
        return await ("letter" in what
          ? ask(sendLetter, turn, what.letter, LONG)
          : ask(sendAlert, turn, what.alert, LONG));
      } catch (thrown) {
        // It did answer, in no way that we know: what became of the message nobody can say.
        if (thrown instanceof Fault) return { outcome: "lost", code: "OTHER" };
        // Only a connection that never came about is a sure no.
        return (thrown as Failed).code === "ECONNREFUSED"
          ? { outcome: "put-off", code: "MAILROOM_LOST" }
          : { outcome: "lost", code: "MAILROOM_LOST" };
      }
    },
    bounces: () => ask(readBounces, {}, undefined, 60_000).catch(away),
    seal: (document, place) => ask(sealReturned, { document }, place, QUICK).catch(away),
    bouncesTaken: (deliveries, documents, refused) =>
      ask(bouncesTaken, {}, { deliveries, documents, refused }, QUICK).catch(away),
  };
}
