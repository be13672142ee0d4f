/**
 * What a mail to a return address is, once it was taken apart. A bounce makes a letter count as not told, so little may
 * be one: the fields of a report's own part (RFC 3464) and, of mail servers that are older than reports, what they are
 * known by. An automatic reply by its marks (RFC 3834 and the vendors') is nothing. Everything else is for a person to
 * look at; nothing is guessed.
 */
import { codeOfReply } from "./carrier-code.ts";
import { SENTENCES } from "./sentences.ts";
import type { MailCode } from "./state.ts";

/** A mail taken apart. Names of headers and types are lower case; texts are decoded. */
export type ReturnedMail = {
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  /** what is shown as its text */
  readonly text: string;
  /** every other part that stands in this mail itself, and not in one that it holds */
  readonly parts: readonly { readonly type: string; readonly text: string }[];
};

/** What somebody is asked to look at, as far as a program can say. */
export const RETURNED_KINDS = [
  /** what people write, and everything that is not known */
  "answer",
  /** somebody's program asks to prove that a person wrote */
  "challenge",
  /** that it was shown or deleted (RFC 8098) */
  "receipt",
  /** that it was called unwanted (RFC 5965) */
  "complaint",
  /** a report that says nothing, or two things */
  "report",
  /** too large, or nothing that could be taken apart */
  "unread",
] as const;
export type ReturnedKind = (typeof RETURNED_KINDS)[number];

/** What somebody says who has looked: it shows that the message arrived, or did not, or nothing of that. */
export const RETURNED_SAID = ["arrived", "came-back", "nothing"] as const;
export type ReturnedSaid = (typeof RETURNED_SAID)[number];

export type Returned =
  | { readonly is: "bounce"; readonly code: MailCode }
  /** delayed, delivered, passed on, or an automatic reply: nothing is to be done */
  | { readonly is: "nothing" }
  | { readonly is: "look"; readonly kind: ReturnedKind };

const NOTHING: Returned = { is: "nothing" };
const look = (kind: ReturnedKind): Returned => ({ is: "look", kind });

export function judgeReturned(mail: ReturnedMail): Returned {
  const type = headerOf(mail, "content-type").toLowerCase();
  const daemon = isDaemon(mail);
  const reports = mail.parts.filter((part) => /^message\/(?:global-)?delivery-status$/.test(part.type));
  // Some gateways wrap a report into a mail of their own; a person who passes one on is no mail server.
  if (reports.length > 0 && (type.startsWith("multipart/report") || daemon))
    return judgeReport(reports.map(({ text }) => text).join("\n\n"));
  if (hasPart(mail, /^message\/(?:global-)?disposition-notification$/) || isReportOf(type, "disposition-notification"))
    return look("receipt");
  if (hasPart(mail, /^message\/feedback-report$/) || isReportOf(type, "feedback-report")) return look("complaint");
  if (type.startsWith("multipart/report")) return look("report");
  if (daemon) return judgeOldServer(mail);
  if (isChallenge(mail)) return look("challenge");
  return isAutomatic(mail) ? NOTHING : look("answer");
}

const headerOf = ({ headers }: ReturnedMail, name: string): string =>
  headers.find(({ key }) => key === name)?.value.trim() ?? "";
const hasPart = ({ parts }: ReturnedMail, type: RegExp): boolean => parts.some((part) => type.test(part.type));
const isReportOf = (type: string, kind: string): boolean =>
  type.startsWith("multipart/report") && type.replaceAll('"', "").includes(`report-type=${kind}`);

type Group = { readonly [field: string]: string };

/** Groups of fields, each field unfolded, names in lower case (RFC 3464, 2.1). */
function groupsOf(text: string): readonly Group[] {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/\n[ \t]+/g, " ")
    .split(/\n{2,}/)
    .map((group) =>
      Object.fromEntries(
        group.split("\n").flatMap((line): [string, string][] => {
          const [, name, value] = /^([!-9;-~]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
          return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
        }),
      ),
    );
}

const uncommented = (value: string | undefined): string => (value ?? "").replaceAll(/\([^()]*\)/g, "").trim();

/**
 * A letter has one recipient; where a report names several (it was passed on), it has failed if all have, and is on its
 * way if one may still arrive and none has failed.
 */
function judgeReport(text: string): Returned {
  const fates = groupsOf(text).flatMap((group) => fateOf(group) ?? []);
  const failed = fates.filter((fate) => typeof fate !== "string");
  if (failed.length > 0 && failed.length === fates.length)
    return { is: "bounce", code: failed.find(({ code }) => code !== "OTHER")?.code ?? "OTHER" };
  return fates.length > 0 && failed.length === 0 && !fates.includes("unknown") ? NOTHING : look("report");
}

type Fate = "other" | "unknown" | { readonly code: MailCode };

/** Null for the fields that are about the whole message. */
function fateOf(group: Group): Fate | null {
  const action = uncommented(group["action"]).toLowerCase();
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(uncommented(group["status"]))?.[0] ?? "";
  const about = ["final-recipient", "original-recipient", "action", "status"].some((field) => field in group);
  if (!about) return null;
  if (["delayed", "delivered", "relayed", "expanded"].includes(action)) return "other";
  if (action === "failed") {
    if (status.startsWith("2")) return "unknown";
    const diagnostic = /\b([45]\d\d)[ -](?:#?([45]\.\d{1,3}\.\d{1,3})\b)?/.exec(group["diagnostic-code"] ?? "");
    const said = status === "" || /\.0\.0$/.test(status) ? (diagnostic?.[2] ?? status) : status;
    return { code: codeOfReply(Number(diagnostic?.[1] ?? 0), said) };
  }
  if (action !== "") return "unknown";
  return status.startsWith("5") ? { code: codeOfReply(0, status) } : status === "" ? "unknown" : "other";
}

const DAEMON =
  /^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|postmaster|mail[-_.]?delivery[-_.]?(?:sub)?system|microsoftexchange[0-9a-f]{32})$/i;

/** Whether a mail server wrote it: by the mailbox that it writes from, never by a name, which anybody can have. */
function isDaemon(mail: ReturnedMail): boolean {
  const from = headerOf(mail, "from");
  const address = (/<([^<>]*)>[^<>]*$/.exec(from)?.[1] ?? from.replaceAll(/\([^()]*\)/g, "")).trim();
  return DAEMON.test(address.split("@")[0]!.trim()) || headerOf(mail, "x-failed-recipients") !== "";
}

/**
 * A text of a server from before reports: failed or late by its own sentences, in whatever language it writes; where it
 * is none that we know, failed by a permanent enhanced status and nothing temporary beside it; else for a person.
 */
function judgeOldServer(mail: ReturnedMail): Returned {
  const subject = headerOf(mail, "subject");
  const [text = ""] = mail.text.split(
    /^-{3,} (?:this is a copy|original message|below this line|undelivered message)/im,
  );
  const words = `${subject}\n${text}`;
  const [failed, late] = [SENTENCES.failed.test(words), SENTENCES.late.test(words)];
  const statuses = [...text.matchAll(/(?<![\d.])([45])\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/g)].map(([, kind]) => kind);
  const permanent = statuses.length > 0 && statuses.every((kind) => kind === "5");
  if (failed && late) return look("report");
  if (late) return NOTHING;
  if (!failed && !permanent) return look("report");
  const [, basic, enhanced] = /\b([45]\d\d)[ -](?:#?([45]\.\d{1,3}\.\d{1,3})\b)?/.exec(text) ?? [];
  const alone = /[(#\s]([45]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1];
  return { is: "bounce", code: codeOfReply(Number(basic ?? 0), enhanced ?? alone ?? "") };
}

/** RFC 3834, and what vendors write in its place; a value of "no" is none. */
const MARKS: { readonly [header: string]: RegExp } = {
  "auto-submitted": /^(?!no\b)\S/i,
  // A list of single kinds asks others not to answer, and stands on mail of people, too.
  "x-auto-response-suppress": /^all\b/i,
  "x-autoreply": /^(?!no\b)\S/i,
  "x-auto-reply": /^(?!no\b)\S/i,
  "x-autoreply-from": /\S/,
  "x-mail-autoreply": /\S/,
  "x-autorespond": /^(?!no\b)\S/i,
  "x-autoresponder": /^(?!no\b)\S/i,
  "x-autogenerated": /\S/,
  "x-auto-generated": /\S/,
  "x-vacation": /\S/,
  "x-away": /\S/,
  "x-fc-machinegenerated": /^true/i,
  "x-post-messageclass": /autoresponder/i,
  "x-ms-exchange-generated-message-source": /rule|oof|mailbox rules/i,
  "x-ms-exchange-inbox-rules-loop": /\S/,
  precedence: /^auto[_-]?reply/i,
  preference: /^auto[_-]?reply/i,
  "delivered-to": /autoresponder/i,
};

const isAutomatic = ({ headers }: ReturnedMail): boolean =>
  headers.some(({ key, value }) => (Object.hasOwn(MARKS, key) ? MARKS[key]!.test(value.trim()) : false));

/** Whoever answers so waits for a person, and the letter waits with them. */
const CHALLENGE =
  /\b(?:(?:please )?(?:confirm|verify|prove|approve|authenticate)\b[^.\n]{0,80}\b(?:your (?:message|e-?mail|delivery|address)|you are (?:a )?(?:human|person|real)|sender|deliver)|challenge[- ]response|(?:message|e-?mail|mail) (?:is|was|has been) (?:being )?(?:held|quarantined|waiting)|awaiting (?:your )?(?:verification|approval|confirmation)|one[- ]time (?:approval|verification))/i;
const isChallenge = (mail: ReturnedMail): boolean =>
  ["x-tmda-confirm-done", "x-challenge-response", "x-boxbe-verification", "x-spamarrest"].some(
    (name) => headerOf(mail, name) !== "",
  ) ||
  (/https?:\/\/|\breply\b/i.test(mail.text) &&
    CHALLENGE.test(`${headerOf(mail, "subject")}\n${mail.text.slice(0, 4_000)}`));
