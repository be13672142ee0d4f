/**
 * A real mail server for invented people, on this machine alone. Like the real ones it does not take everything: an
 * address that begins with "gone." does not exist, what is sent to one that begins with "moved." is taken and comes
 * back, and somebody reads what is sent to one that begins with "answers." and answers.
 */
import { SMTPServer } from "smtp-server";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Mailboxes } from "./mailboxes.ts";
import { readMail } from "./read.ts";

const SIZE = 1024 * 1024;

export async function receiveMail(
  port: number,
  returnsPort: number,
  mailboxes: Mailboxes,
  now: () => number,
): Promise<SMTPServer> {
  const server = new SMTPServer({
    name: "post.example",
    banner: "demonstration post office",
    disabledCommands: ["AUTH", "STARTTLS"],
    authOptional: true,
    size: SIZE,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 500,
    onRcptTo: ({ address }, _session, done) =>
      done(/^gone\./i.test(address) ? Object.assign(new Error("5.1.1 No such mailbox"), { responseCode: 550 }) : null),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => void parts.push(part));
      stream.on("error", () => {});
      stream.on("end", () => {
        const sender = session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address;
        const mail = readMail(Buffer.concat(parts));
        for (const { address } of session.envelope.rcptTo) {
          if (/^moved\./i.test(address)) bringBack(returnsPort, sender, REPORT);
          else mailboxes.put({ ...mail, to: address, at: now() });
          if (/^answers\./i.test(address)) bringBack(returnsPort, sender, answerOf(address));
        }
        done(null, "taken");
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((listening, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", listening);
  });
  return server;
}

const REPORT = [
  "From: post-office@post.example",
  "Subject: Returned",
  'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
  "",
  "--report",
  "Content-Type: text/plain",
  "",
  "The mailbox has moved, and nobody said where to.",
  "--report",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; post.example",
  "",
  "Action: failed",
  "Status: 5.1.6",
  "--report--",
  "",
].join("\r\n");

const answerOf = (address: string): string =>
  [
    `From: ${address}`,
    "Subject: Re: A letter for you",
    "Content-Type: text/plain",
    "",
    "Somebody else reads this mailbox. Please ring me instead.",
    "",
  ].join("\r\n");

/** A second later, as mail servers do: after they have said yes. */
function bringBack(port: number, to: string, raw: string): void {
  setTimeout(() => {
    const line = new SMTPConnection({ host: "127.0.0.1", port, ignoreTLS: true, logger: false });
    line.on("error", () => {});
    line.connect((fault) => {
      if (!fault) line.send({ from: false, to: [to] }, raw, () => line.quit());
    });
  }, 1_000).unref();
}
