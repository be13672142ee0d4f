/** Erasure, for owners who decide and auditors who look. The writer asks by receipt (`receipts.ts`). */
import { signedEvent } from "./acts.ts";
import { done, json, plain, staff } from "./route.ts";
import { anyText, bytes, exact, id, list, maybe, oneOf, record, slug, text, whole, type Value } from "./shape.ts";

export const erasure = record({
  erasure: id,
  submission: id,
  /** what was added to the letter, and goes with it */
  additions: list(id),
  reference: anyText,
  inbox: id,
  receivedAt: whole,
  askedBy: oneOf("submitter", "retention"),
  askedAt: whole,
  state: oneOf("open", "granted", "refused"),
  decidedAt: maybe(whole),
  decidedBy: maybe(anyText),
  reason: maybe(anyText),
  words: maybe(anyText),
  sweptAt: maybe(whole),
});
export type Erasure = Value<typeof erasure>;

/** A letter that was kept as long as its form says. */
export const due = record({
  submission: id,
  additions: list(id),
  reference: anyText,
  inbox: id,
  receivedAt: whole,
  months: whole,
});
export type Due = Value<typeof due>;

/** At most this many are shown, and decided, at once: the oldest. */
export const MOST_DUE = 200;

export const listErasures = staff.get({
  path: "/api/bodies/:body/erasures",
  params: { body: slug },
  action: "erasure.list",
  answer: json(record({ erasures: list(erasure) })),
});
export const listDue = staff.get({
  path: "/api/bodies/:body/erasures/due",
  params: { body: slug },
  action: "erasure.list",
  answer: json(record({ due: list(due) })),
});
export const eraseDue = staff.post({
  path: "/api/bodies/:body/erasures/due",
  params: { body: slug },
  action: "erasure.due",
  request: json(exact({ acts: list(signedEvent("erasure.done"), MOST_DUE) })),
  answer: done,
  refusals: ["NOT_DUE", "REFUSED_STATE", "ACT_UNSIGNED", "ACT_MOVED"],
});
/** A file to keep: what the log says of the erasure, with its proof. */
export const readCertificate = staff.get({
  path: "/api/bodies/:body/erasures/:erasure/certificate",
  params: { body: slug, erasure: id },
  action: "erasure.certificate",
  answer: plain,
  refusals: ["ERASURE_UNKNOWN", "LOG_NOT_SIGNED", "ACT_UNSIGNED"],
});
export const grantErasure = staff.post({
  path: "/api/bodies/:body/erasures/:erasure/grant",
  params: { body: slug, erasure: id },
  action: "erasure.decide",
  request: json(exact({ act: signedEvent("erasure.done") })),
  answer: done,
  refusals: ["ERASURE_UNKNOWN", "REFUSED_STATE", "ACT_UNSIGNED", "ACT_MOVED"],
});
export const refuseErasure = staff.post({
  path: "/api/bodies/:body/erasures/:erasure/refuse",
  params: { body: slug, erasure: id },
  action: "erasure.decide",
  /** `salt` opens the commitment to the words */
  request: json(exact({ act: signedEvent("erasure.refused"), words: text(500), salt: bytes(32) })),
  answer: done,
  refusals: ["ERASURE_UNKNOWN", "REFUSED_STATE", "ACT_UNSIGNED", "ACT_MOVED"],
});
