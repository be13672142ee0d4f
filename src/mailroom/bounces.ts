/**
 * The listener for what carriers bring back. It takes mail to a return address that we made and to no other, has it
 * judged, and keeps nothing: the carrier is told yes only once the code, or the sealed mail, is written down; until then
 * it keeps the mail and comes again.
 */
import { SMTPServer } from "smtp-server";
import type { Bytes } from "../domain/bytes.ts";
import { deliveryOf } from "../domain/mail/return-address.ts";
import { encodeReturned, RETURNED_MAX } from "../domain/mail/returned-content.ts";
import { newId } from "../domain/seal/random.ts";
import { Held, type Fate } from "./held.ts";
import { judge } from "./judging.ts";
import { note } from "./log.ts";

export type Bounces = { readonly held: Held; readonly close: () => void };

/** Of a mail that is taken. */
const SIZE = 25 * 1024 * 1024;

export async function listenForBounces(
  place: { readonly domain: string; readonly host: string; readonly port: number },
  key: Bytes,
): Promise<Bounces> {
  const held = new Held();
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
        if (size < RETURNED_MAX) parts.push(part.subarray(0, RETURNED_MAX - size));
        size += part.length;
      });
      stream.on("error", () => {});
      stream.on("end", () => {
        const delivery = deliveryOf(key, session.envelope.rcptTo[0]?.address ?? "", place.domain);
        if (delivery === null) return done(null, "OK");
        void becomes(held, delivery, Buffer.concat(parts.splice(0)), size > RETURNED_MAX).then((fate) =>
          done(REPLIES[fate], "OK"),
        );
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((listening, fail) => {
    server.once("error", fail);
    server.listen(place.port, place.host, listening);
  });
  return { held, close: () => server.close() };
}

/** What becomes of one mail. @param cut whether it was longer than this */
async function becomes(held: Held, delivery: string, raw: Bytes, cut: boolean): Promise<Fate> {
  const mail = await judge(raw);
  note({ level: "info", outcome: OUTCOMES[mail.is], ...(mail.is === "bounce" && { code: mail.code }) });
  if (mail.is === "nothing") return "written";
  if (mail.is === "bounce") return held.hold({ bounce: { delivery, code: mail.code } });
  const { kind, from, subject, text } = mail;
  const content = encodeReturned({ kind, from, subject, text, cut, raw });
  return held.hold({ returned: { document: newId(), delivery, kind }, content });
}

const OUTCOMES = { bounce: "bounced", nothing: "automatic", look: "came back" } as const;

function reply(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}

const REPLIES: { readonly [fate in Fate]: Error | null } = {
  written: null,
  late: reply(451, "Later, please"),
  refused: reply(550, "Nobody reads what is written here"),
};
