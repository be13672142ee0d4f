/**
 * The listener for what carriers bring back. It takes mail to a return address that we made and to no other, reduces it
 * to a code, and drops it. The carrier is told yes only once the code is written down; until then it keeps the mail and
 * comes again.
 */
import { SMTPServer } from "smtp-server";
import { deliveryOf } from "../domain/mail/return-address.ts";
import type { Bytes } from "../domain/bytes.ts";
import type { Bounce } from "../contract/mailroom.ts";
import { judge } from "./judging.ts";
import { note } from "./log.ts";

export type Bounces = {
  /** Those that nobody has written down yet; waits for one, at most `ms`. */
  readonly waiting: (ms: number) => Promise<readonly Bounce[]>;
  /** Written down: the carrier is told yes. */
  readonly taken: (deliveries: readonly string[]) => void;
  readonly close: () => void;
};

/** Of a mail that is taken; of it what is looked at. Milliseconds that a carrier is kept waiting for its yes. */
const SIZE = 25 * 1024 * 1024;
const LOOKED_AT = 256 * 1024;
const PATIENCE = 30_000;

const OUTCOMES = { bounce: "bounced", nothing: "automatic", look: "came back" } as const;

type Held = Bounce & { readonly done: (written: boolean) => void };

export async function listenForBounces(
  place: { readonly domain: string; readonly host: string; readonly port: number },
  key: Bytes,
): Promise<Bounces> {
  const held = new Set<Held>();
  let wake = (): void => {};

  const hold = (bounce: Bounce): Promise<boolean> =>
    new Promise((done) => {
      const one: Held = {
        ...bounce,
        done: (written) => {
          clearTimeout(late);
          held.delete(one);
          done(written);
        },
      };
      const late = setTimeout(() => one.done(false), PATIENCE);
      held.add(one);
      wake();
    });

  const server = new SMTPServer({
    name: place.domain,
    banner: "returns",
    disabledCommands: ["AUTH", "STARTTLS"],
    size: SIZE,
    authOptional: true,
    logger: false,
    maxClients: 50,
    socketTimeout: 60_000,
    closeTimeout: 500,
    disableReverseLookup: true,
    onRcptTo: ({ address }, session, done) => {
      if (session.envelope.rcptTo.length > 0) return done(reply(452, "One recipient at a time"));
      return done(deliveryOf(key, address, place.domain) === null ? reply(550, "No such address") : null);
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      let size = 0;
      stream.on("data", (part: Buffer) => {
        if (size < LOOKED_AT) parts.push(part.subarray(0, LOOKED_AT - size));
        size += part.length;
      });
      stream.on("error", () => {});
      stream.on("end", () => {
        const delivery = deliveryOf(key, session.envelope.rcptTo[0]?.address ?? "", place.domain);
        if (delivery === null) return done(null, "OK");
        void judge(Buffer.concat(parts.splice(0))).then(async (returned) => {
          const written = returned.is !== "bounce" || (await hold({ delivery, code: returned.code }));
          note({
            level: "info",
            outcome: OUTCOMES[returned.is],
            ...(returned.is === "bounce" && { code: returned.code }),
          });
          done(written ? null : reply(451, "Later, please"), "OK");
        });
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((listening, fail) => {
    server.once("error", fail);
    server.listen(place.port, place.host, listening);
  });

  return {
    waiting: async (ms) => {
      if (held.size === 0) {
        await new Promise<void>((woken) => {
          const late = setTimeout(woken, ms);
          wake = () => {
            clearTimeout(late);
            woken();
          };
        });
      }
      return [...held].map(({ delivery, code }) => ({ delivery, code }));
    },
    taken: (deliveries) => {
      for (const one of [...held]) if (deliveries.includes(one.delivery)) one.done(true);
    },
    close: () => server.close(),
  };
}

const reply = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });
