/** Mail settings from the environment, and which process is told which part of them. */
import { randomBytes } from "node:crypto";
import { addressOf } from "../src/domain/form/email.ts";
import { freeLocalPorts } from "./free-ports.ts";
import type { Environment } from "./servers.ts";
import { Refusal } from "./refusal.ts";

/** The mail server that letters and notices go to, and where what comes back is listened for. */
export type MailSettings = {
  /** `smtp://user:password@host:587`, `smtps://…` */
  readonly smtpUrl: string;
  readonly from: string;
  /** Null: nobody listens, and what comes back goes to the sender's mailbox. */
  readonly bounce: { readonly host: string; readonly port: number; readonly domain: string } | null;
};

/** What the processes that have to do with mail are given, each its part. */
export type Mail = {
  readonly mailroom: Environment;
  /** the jobs process's way to the mailroom */
  readonly jobs: Environment;
  /** null where there is none: it exists in the demonstration only, and only while no mail server is named */
  readonly postOffice: Environment | null;
};

/** Reads the mail settings; null where no mail server is named. @throws Refusal for what cannot be one */
export function mailFrom(environment: NodeJS.ProcessEnv): MailSettings | null {
  const {
    PILLARBOX_SMTP_URL: smtpUrl = "",
    PILLARBOX_MAIL_FROM: from = "",
    PILLARBOX_BOUNCE_PORT: port = "",
    PILLARBOX_BOUNCE_HOST: host = "",
    PILLARBOX_BOUNCE_DOMAIN: domain = "",
  } = environment;
  if (smtpUrl === "") return null;
  if (!["smtp:", "smtps:"].includes(URL.parse(smtpUrl)?.protocol ?? ""))
    throw new Refusal(
      "PILLARBOX_SMTP_URL is not the address of a mail server: write it as smtp://user:password@host:587 or smtps://user:password@host.",
    );
  if (addressOf(from) !== from)
    throw new Refusal(
      "PILLARBOX_MAIL_FROM is missing or is not one e-mail address: name the address that letters and notices come from.",
    );
  if (port !== "" && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65536))
    throw new Refusal(`PILLARBOX_BOUNCE_PORT is "${port}": set it to a port between 1 and 65535, or leave it out.`);
  return {
    smtpUrl,
    from,
    bounce:
      port === ""
        ? null
        : { port: Number(port), host: host || "127.0.0.1", domain: domain || from.slice(from.lastIndexOf("@") + 1) },
  };
}

/** What an invented installation sends from, and where its returned mail goes. */
const DEMONSTRATION = { from: "letters@post.example", domain: "returns.post.example" };

/**
 * Who is told what about mail in one run. The ports between the processes are chosen anew at each start: nobody else
 * needs them.
 * @param pagePort of the demonstration's post office
 */
export async function mailOf(
  settings: MailSettings | null,
  mailKey: string,
  demonstration: boolean,
  pagePort: number,
): Promise<Mail> {
  const [mailroomPort, carrierPort, returnsPort] = (await freeLocalPorts(3)) as [number, number, number];
  const own = settings === null && demonstration;
  const used: MailSettings | null = own
    ? {
        smtpUrl: `smtp://localhost:${carrierPort}`,
        from: DEMONSTRATION.from,
        bounce: { host: "127.0.0.1", port: returnsPort, domain: DEMONSTRATION.domain },
      }
    : settings;
  const jobs = { PB_MAILROOM_PORT: String(mailroomPort), PB_MAILROOM_CREDENTIAL: randomBytes(32).toString("hex") };
  const carrierOf = ({ smtpUrl, from, bounce }: MailSettings): Environment => ({
    PB_SMTP_URL: smtpUrl,
    PB_MAIL_FROM: from,
    ...(bounce && {
      PB_BOUNCE_HOST: bounce.host,
      PB_BOUNCE_PORT: String(bounce.port),
      PB_BOUNCE_DOMAIN: bounce.domain,
    }),
  });
  return {
    jobs,
    mailroom: { ...jobs, PB_MAIL_KEY: mailKey, ...(used && carrierOf(used)) },
    postOffice: own
      ? {
          PB_POST_OFFICE_PORT: String(pagePort),
          PB_POST_OFFICE_SMTP: String(carrierPort),
          PB_RETURNS_PORT: String(returnsPort),
        }
      : null,
  };
}
