/** What the public process tells about a form, and the slot that takes sealed bytes. It pulls in little: pages do. */
import { SUBMISSION_TYPE } from "../domain/seal/envelope.ts";
import { json, JSON_TYPE, octets, open, refusedAs } from "./route.ts";
import { anything, anyText, bytes, flag, hash, id, list, record, slug, whole, type Value } from "./shape.ts";

/** Nothing in it is believed before the statements hold from the body's root (T1). `bodyName` is shown, never more. */
export const formKey = record({
  body: slug,
  bodyName: anyText,
  statements: list(record({ bytes: bytes(), signature: bytes() })),
  inbox: id,
  epoch: whole,
  recipient: anyText,
  formHash: hash,
});
export type FormKey = Value<typeof formKey>;

const form = refusedAs("FORM_UNKNOWN", slug);
const OF_FORM = ["FORM_UNKNOWN"] as const;

export const health = open.get({ path: "/health", action: "page.view", answer: json(record({ ok: flag })) });
export const readKey = open.get({
  path: "/forms/:form/key",
  params: { form },
  action: "form.read",
  answer: json(formKey),
  refusals: OF_FORM,
});
/** The canonical text of the published version: whoever reads it compares its hash. */
export const readDefinition = open.get({
  path: "/forms/:form/definition",
  params: { form },
  action: "form.read",
  answer: octets(JSON_TYPE),
  refusals: OF_FORM,
});
/** A body's record, not signed: whoever reads it parses it by the domain's own rule (`domain/form/body.ts`). */
export const readRecord = open.get({
  path: "/bodies/:body/record",
  params: { body: slug },
  action: "form.read",
  answer: json(anything),
});

/** The time is the server's. Whoever sent computes the reference by itself and can compare. */
export const received = record({ reference: anyText, receivedAt: whole });
export const submit = open.post({
  path: "/submissions",
  action: "submission.send",
  request: octets(SUBMISSION_TYPE),
  status: 201,
  answer: json(received),
  refusals: [
    "FORM_UNKNOWN",
    "FORM_CLOSED",
    "FORM_CHANGED",
    "INBOX_UNKNOWN",
    "EPOCH_ENDED",
    "EPOCH_UNKNOWN",
    "ID_TAKEN",
    "COUNTER_REFUSED",
    "ENVELOPE_MALFORMED",
    "ENVELOPE_TOO_LARGE",
    "ENVELOPE_NOT_SEALED",
    "ENVELOPE_PADDING",
    "UNKNOWN_VERSION",
  ],
});
