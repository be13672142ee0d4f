/**
 * The listener for what carriers bring back. It takes mail to a return address that we made and to no other, reduces it
 * to a code, and drops it. The carrier is told yes only once the code is written down; until then it keeps the mail and
 * comes again.
 */
import { SMTPServer } from "smtp-server";
import { codeOfBounce } from "../domain/mail/carrier-code.ts";
import { deliveryOf } from "../domain/mail/return-address.ts";
import type { MailCode } from "../domain/mail/state.ts";
import type { Bytes } from "../domain/bytes.ts";
import type { Bounce } from "../contract/mailroom.ts";
import { note } from "./log.ts";

export type Bounces = {
  /** Those that nobody has written down yet; waits for one, at most `ms`. */
  readonly waiting: (ms: number) => Promise<readonly Bounce[]>;
  /** Written down: the carrier is told yes. */
  readonly taken: (deliveries: readonly string[]) => void;
  readonly close: () => void;
};

const SIZE = 512 * 1024;
/** Of a returned mail, where its report stands; milliseconds that a carrier is kept waiting for its yes. */
const LOOKED_AT = 128 * 1024;
const PATIENCE = 30_000;

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
      let text = "";
      stream.on("data", (part: Buffer) => {
        if (text.length < LOOKED_AT) text += part.toString("latin1");
      });
      stream.on("error", () => {});
      stream.on("end", () => {
        const delivery = deliveryOf(key, session.envelope.rcptTo[0]?.address ?? "", place.domain);
        const code = stream.sizeExceeded ? null : judge(text);
        text = "";
        if (delivery === null || code === null) return done(null, "OK");
        void hold({ delivery, code }).then((written) => {
          note({ level: "info", outcome: "bounced", code });
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

/**
 * Somebody's "out of office" is no bounce; a report that says "failed" is one, and so is a returned mail without a
 * report.
 */
function judge(text: string): MailCode | null {
  const [head = ""] = text.split(/\r?\n\r?\n/, 1);
  const isReport = /^status:/im.test(text) || /report-type=("?)delivery-status/i.test(head);
  if (!isReport && /^auto-submitted:\s*auto-replied/im.test(head)) return null;
  return codeOfBounce(text);
}
