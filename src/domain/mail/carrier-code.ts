/**
 * From a carrier's reply codes (RFC 5321 basic, RFC 3463 enhanced) to ours. Its text is never kept: it may quote the
 * address or the message.
 */
import type { MailCode } from "./state.ts";

/** By class of the subject and detail (RFC 3463, with what large providers use in its ranges). */
const DETAILS: { readonly [subject: string]: { readonly [detail: string]: MailCode } & { readonly other: MailCode } } =
  {
    // addressing
    "1": {
      "2": "DOMAIN_UNKNOWN",
      "3": "ADDRESS",
      "7": "POLICY",
      "8": "POLICY",
      other: "MAILBOX_UNKNOWN",
    },
    // mailbox
    "2": { "2": "MAILBOX_FULL", "3": "TOO_LARGE", other: "MAILBOX_UNKNOWN" },
    // mail system
    "3": { "1": "MAILBOX_FULL", "4": "TOO_LARGE", other: "REFUSED" },
    // network and routing: 5.4.310, 5.4.312 and 5.4.316 are one provider's words for a domain or a server that is gone
    "4": {
      "1": "UNREACHABLE",
      "4": "DOMAIN_UNKNOWN",
      "7": "GAVE_UP",
      "310": "DOMAIN_UNKNOWN",
      "312": "DOMAIN_UNKNOWN",
      "316": "UNREACHABLE",
      other: "UNREACHABLE",
    },
    // protocol, content
    "5": { other: "REFUSED" },
    "6": { other: "REFUSED" },
    "7": { other: "POLICY" },
  };

/** @param basic three figures, 0 where none came  @param enhanced such as "5.1.1", "" where none came */
export function codeOfReply(basic: number, enhanced: string): MailCode {
  const [, subject = "", detail = ""] = /^[245]\.(\d{1,3})\.(\d{1,3})$/.exec(enhanced) ?? [];
  const known = Object.hasOwn(DETAILS, subject) ? DETAILS[subject]! : null;
  if (known !== null) return Object.hasOwn(known, detail) ? known[detail]! : known.other;
  if (basic === 552) return "TOO_LARGE";
  if (basic === 550 || basic === 551 || basic === 553) return "MAILBOX_UNKNOWN";
  if (basic >= 400 && basic < 500) return "LATER";
  return basic >= 500 ? "REFUSED" : "OTHER";
}
