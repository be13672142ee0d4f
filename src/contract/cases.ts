/** Cases: what is done about a letter, signed by who does it. */
import { TEXT_MAX } from "../domain/case/text.ts";
import { signedEvent } from "./acts.ts";
import { READING } from "./reading.ts";
import { done, json, staff } from "./route.ts";
import { bytes, exact, id, maybe, slug } from "./shape.ts";

/** A sealed text is its plaintext, two stanzas of at most 1.6 KB each, and what age adds. */
const SEALED_MAX = TEXT_MAX + 8 * 1024;

const REFUSALS = [
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
] as const;

/** The sealed reply beside the act that names it. `case` bears the id of the letter. */
export const sendReply = staff.post({
  path: "/api/bodies/:body/cases/:case/replies",
  params: { body: slug, case: id },
  action: "case.reply",
  request: json(exact({ act: signedEvent("case.replied"), bytes: bytes(SEALED_MAX) })),
  status: 201,
  answer: done,
  bodyLimit: 128 * 1024,
  refusals: REFUSALS,
});

/**
 * Any other act: with the sealed note where it is one, and what opens the commitment to whoever the letter is given to
 * where it is given to somebody.
 */
export const actOnCase = staff.post({
  path: "/api/bodies/:body/cases/:case/acts",
  params: { body: slug, case: id },
  action: "case.act",
  request: json(
    exact({
      act: signedEvent("case.assigned", "case.noted", "case.closed", "case.reopened"),
      bytes: maybe(bytes(SEALED_MAX)),
      to: maybe(exact({ person: id, salt: bytes(32) })),
    }),
  ),
  status: 201,
  answer: done,
  bodyLimit: 128 * 1024,
  refusals: [...REFUSALS, "CASE_CLOSED", "CASE_OPEN", "CASE_NOT_THEIRS"],
});
