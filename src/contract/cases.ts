/** Cases: what is done about a letter, signed by who does it. */
import { REPLY_MAX } from "../domain/case/text.ts";
import { signedEvent } from "./acts.ts";
import { READING } from "./reading.ts";
import { done, json, staff } from "./route.ts";
import { bytes, exact, id, slug } from "./shape.ts";

/** A sealed reply is its plaintext, two stanzas of at most 1.6 KB each, and what age adds. */
const SEALED_MAX = REPLY_MAX + 8 * 1024;

/** The sealed reply beside the act that names it. `case` bears the id of the letter. */
export const sendReply = staff.post({
  path: "/api/bodies/:body/cases/:case/replies",
  params: { body: slug, case: id },
  action: "case.reply",
  request: json(exact({ act: signedEvent("case.replied"), bytes: bytes(SEALED_MAX) })),
  status: 201,
  answer: done,
  bodyLimit: 128 * 1024,
  refusals: [
    ...READING,
    "ERASED",
    "ACT_UNSIGNED",
    "ACT_MOVED",
    "CASE_MOVED",
    "CASE_BROKEN",
    "EPOCH_ENDED",
    "EPOCH_UNKNOWN",
    "ENVELOPE_MALFORMED",
    "ENVELOPE_NOT_SEALED",
    "ENVELOPE_TOO_LARGE",
    "ENVELOPE_PADDING",
  ],
});
