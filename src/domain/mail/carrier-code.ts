/**
 * From a carrier's reply codes (RFC 5321 basic, RFC 3463 enhanced) to ours. Its text is never kept: it may quote the
 * address or the message.
 */
import type { MailCode } from "./state.ts";

/** @param basic three figures, 0 where none came  @param enhanced such as "5.1.1", "" where none came */
export function codeOfReply(basic: number, enhanced: string): MailCode {
  const [, subject, detail] = /^[245]\.(\d{1,3})\.(\d{1,3})$/.exec(enhanced) ?? [];
  if (subject === "1") return detail === "7" || detail === "8" ? "POLICY" : "MAILBOX_UNKNOWN";
  if (subject === "2") return detail === "2" ? "MAILBOX_FULL" : detail === "3" ? "TOO_LARGE" : "MAILBOX_UNKNOWN";
  if (subject === "7") return "POLICY";
  if (basic === 552) return "TOO_LARGE";
  if (basic === 550 || basic === 551 || basic === 553) return "MAILBOX_UNKNOWN";
  if (basic >= 400 && basic < 500) return "LATER";
  return basic >= 500 ? "REFUSED" : "OTHER";
}

/**
 * The code of a returned message: the first enhanced status (RFC 3464) in it, else a plain "other". Null when it says
 * that it was only delayed or that it arrived.
 */
export function codeOfBounce(text: string): MailCode | null {
  const action = /^action:\s*(failed|delayed|delivered|relayed|expanded)\b/im.exec(text)?.[1]?.toLowerCase();
  if (action !== undefined && action !== "failed") return null;
  const status = /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(text)?.[1];
  if (status !== undefined) return status.startsWith("5") || action === "failed" ? codeOfReply(550, status) : null;
  return "OTHER";
}
