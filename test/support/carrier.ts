/** A mail server for tests: a real one, with the manners of bad ones, by what an address begins with. */
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { SMTPServer } from "smtp-server";
import type { MailSettings } from "../../supervisor/mail.ts";
import { freeLocalPorts } from "../../supervisor/free-ports.ts";

export type Arrived = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

export type CarrierWorld = {
  readonly settings: MailSettings;
  readonly arrived: Arrived[];
  /** milliseconds before each yes */
  slow: number;
  /**
   * From the nth mail on it says neither yes nor no, until `letGo`: so a test does something while a mail is there,
   * however slow the machine is.
   */
  readonly keepFrom: (nth: number) => void;
  readonly letGo: () => void;
  /** How many mails wait for its answer. */
  readonly kept: () => number;
  /**
   * sends a report to a return address, as a carrier does that finds no mailbox after all; the code that it was
   * answered with
   */
  readonly bringBack: (to: string, report?: string) => Promise<number>;
  readonly close: () => void;
};

export const reportOf = (...fields: readonly string[]): string =>
  [
    "From: post@far.example",
    "Subject: Returned",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "About the mailbox of Ada Secretname.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; far.example",
    "",
    "Final-Recipient: rfc822; ada@people.example",
    ...fields,
    "--b--",
    "",
  ].join("\r\n");
export const FAILED = reportOf("Action: failed", "Status: 5.2.2");

/**
 * gone. → no such mailbox; later. → not now, twice; full. → refused after the text; cut. → the line is cut after the
 * text, without an answer; drop. → cut before
 */
export async function carrierWorld(): Promise<CarrierWorld> {
  const arrived: Arrived[] = [];
  const refusals = new Map<string, number>();
  const no = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });
  const sockets = new Map<string, { destroy: () => void }>();
  let from = Infinity;
  let going = Promise.withResolvers<void>();
  let keeping = 0;
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    authOptional: true,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 100,
    onRcptTo: ({ address }, session, done) => {
      if (/^gone\./.test(address)) return done(no(550, "5.1.1 There is no Ada Secretname here"));
      if (/^later\./.test(address)) {
        const times = (refusals.get(address) ?? 0) + 1;
        refusals.set(address, times);
        if (times < 2) return done(no(451, "4.7.1 Greylisted"));
      }
      if (/^drop\./.test(address)) return sockets.get(session.id)?.destroy();
      return done();
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => void parts.push(part));
      stream.on("error", () => {});
      stream.on(
        "end",
        () =>
          void (async () => {
            const to = session.envelope.rcptTo.map(({ address }) => address);
            if (/^full\./.test(to[0] ?? "")) return done(no(552, "5.2.2 Full"));
            arrived.push({
              from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
              to,
              raw: Buffer.concat(parts).toString("utf8"),
            });
            if (/^cut\./.test(to[0] ?? "")) return sockets.get(session.id)?.destroy();
            if (world.slow > 0) await wait(world.slow);
            if (arrived.length >= from) {
              keeping++;
              await going.promise;
              keeping--;
            }
            return done(null, "taken");
          })(),
      );
    },
  });
  server.on("error", () => {});
  const known = server.connect.bind(server);
  server.connect = (socket, options) => {
    known(socket, options);
    const connection = [...server.connections].at(-1);
    if (connection) sockets.set(connection.id, socket);
  };
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const [returns] = (await freeLocalPorts(1)) as [number];
  const world: CarrierWorld = {
    settings: {
      smtpUrl: `smtp://localhost:${(server.server.address() as AddressInfo).port}`,
      from: "letters@post.example",
      bounce: { host: "127.0.0.1", port: returns, domain: "returns.post.example" },
    },
    arrived,
    slow: 0,
    keepFrom: (nth) => void (from = nth),
    letGo: () => {
      from = Infinity;
      going.resolve();
      going = Promise.withResolvers();
    },
    kept: () => keeping,
    bringBack: (to, report = FAILED) =>
      new Promise((done) => {
        const line = new SMTPConnection({ host: "127.0.0.1", port: returns, ignoreTLS: true, logger: false });
        line.on("error", () => done(0));
        line.connect((fault) =>
          fault
            ? done(0)
            : line.send({ from: false, to: [to] }, report, (refused) => {
                line.quit();
                done(refused ? Number(refused.responseCode) : 250);
              }),
        );
      }),
    close: () => server.close(),
  };
  return world;
}
