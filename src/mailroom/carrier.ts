/**
 * The way to the carrier by SMTP, over one connection that is kept while there is something to send. The library's pool
 * is not used:
 * it takes up a message by itself when a connection is lost, and nobody here may send twice.
 */
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { codeOfReply } from "../domain/mail/carrier-code.ts";
import type { MailCode, Outcome } from "../domain/mail/state.ts";
import type { Carrier } from "./config.ts";

/** Milliseconds. A carrier that looks a message over may take its time after the last byte (RFC 5321, 4.5.3.2.6). */
const CONNECT = 15_000;
const SILENCE = 180_000;
/** A connection that is idle for so long is given back. */
const IDLE = 5_000;
/** Messages over one connection; many carriers refuse more. */
const MOST = 100;

export type Envelope = { readonly from: string; readonly to: string };
export type Send = (envelope: Envelope, message: Buffer) => Promise<Outcome>;

type Lost = Error & {
  readonly code?: string;
  readonly responseCode?: number | false;
  readonly response?: unknown;
  readonly command?: unknown;
};

/** Hands on one message after another. Never throws: what happened is the outcome. */
export function carrierTo(settings: Carrier): { readonly send: Send; readonly close: () => void } {
  let open: SMTPConnection | null = null;
  let used = 0;
  let idle: NodeJS.Timeout | undefined;

  const close = (): void => {
    clearTimeout(idle);
    open?.quit();
    open = null;
  };

  async function connection(): Promise<SMTPConnection> {
    clearTimeout(idle);
    if (open !== null && used < MOST) return open;
    close();
    const made = await connect(settings);
    made.once("end", () => {
      if (open === made) open = null;
    });
    open = made;
    used = 0;
    return made;
  }

  async function send(envelope: Envelope, message: Buffer): Promise<Outcome> {
    let begun = false;
    try {
      const line = await connection();
      used += 1;
      // It is read only once the carrier has said that it waits for it: before that, it surely has not got it.
      const text = new Readable({
        read() {
          begun = true;
          this.push(message);
          this.push(null);
        },
      });
      await new Promise<void>((done, fail) =>
        line.send({ from: envelope.from, to: [envelope.to], size: message.length }, text, (fault) =>
          fault ? fail(fault) : done(),
        ),
      );
      idle = setTimeout(close, IDLE);
      return { outcome: "taken", code: "NONE" };
    } catch (thrown) {
      open?.close();
      open = null;
      return outcomeOf(thrown as Lost, begun);
    }
  }

  return { send, close };
}

/** Whether the carrier answers, encrypted as it must be, and lets us in; nothing is sent. Never throws. */
export async function tryCarrier(settings: Carrier): Promise<Outcome> {
  try {
    (await connect(settings)).quit();
    return { outcome: "taken", code: "NONE" };
  } catch (thrown) {
    return outcomeOf(thrown as Lost, false);
  }
}

function connect(settings: Carrier): Promise<SMTPConnection> {
  const { host, port, secure, mustEncrypt, user, password } = settings;
  const line = new SMTPConnection({
    host,
    port,
    secure,
    requireTLS: mustEncrypt && !secure,
    opportunisticTLS: !mustEncrypt,
    connectionTimeout: CONNECT,
    greetingTimeout: CONNECT,
    dnsTimeout: CONNECT,
    socketTimeout: SILENCE,
    logger: false,
    debug: false,
    transactionLog: false,
  });
  return new Promise((done, fail) => {
    // Stays for the life of the connection: an error that comes while nothing is sent must not end the process.
    line.on("error", fail);
    line.connect((fault) => {
      if (fault) return fail(fault);
      if (user === null) return done(line);
      line.login({ user, credentials: { user, pass: password } }, (refused) => (refused ? fail(refused) : done(line)));
    });
  });
}

const WAY: { readonly [code: string]: MailCode } = {
  EAUTH: "SIGN_IN",
  ENOAUTH: "SIGN_IN",
  ETLS: "TLS",
  ETIMEDOUT: "SLOW",
  ECONNECTION: "UNREACHABLE",
  ESOCKET: "UNREACHABLE",
  EDNS: "UNREACHABLE",
};

/** What a failure means. A figure of the carrier's is an answer; silence after the text began is not. */
function outcomeOf(fault: Lost, begun: boolean): Outcome {
  const basic = typeof fault.responseCode === "number" ? fault.responseCode : 0;
  const enhanced =
    /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(typeof fault.response === "string" ? fault.response : "")?.[1] ?? "";
  const way = WAY[fault.code ?? ""] ?? "OTHER";
  // A carrier that closes with a figure while the text is under way (421) has not taken it.
  if (basic >= 400) {
    const code = fault.code === "EAUTH" ? "SIGN_IN" : codeOfReply(basic, enhanced);
    // Only a no to this recipient or this text is about this letter. Any other, a wrong password or a sender that is
    // not welcome, a person mends; the letter is kept.
    const aboutMessage = fault.command === "RCPT TO" || fault.command === "DATA";
    return basic >= 500 && aboutMessage
      ? { outcome: "refused", code }
      : { outcome: "put-off", code: code === "MAILBOX_UNKNOWN" ? (aboutMessage ? "LATER" : "POLICY") : code };
  }
  if (begun) return { outcome: "lost", code: way === "SLOW" ? "SLOW" : "CONNECTION_LOST" };
  if (fault.code === "EENVELOPE") return { outcome: "refused", code: "ADDRESS" };
  if (fault.code === "EMESSAGE") return { outcome: "refused", code: "TOO_LARGE" };
  return { outcome: "put-off", code: way };
}
