/** What a body's owners signed, and what stands beside it: inboxes, wrapped keys, versions of forms. */
import { canonicalJson, parseJson } from "../domain/canonical.ts";
import { formOf, type Form } from "../domain/form/form.ts";
import { done, json, JSON_TYPE, octets, refusedAs, staff } from "./route.ts";
import {
  anyText,
  bytes,
  exact,
  hash,
  id,
  list,
  maybe,
  optional,
  ownShape,
  record,
  slug,
  text,
  whole,
  type Value,
} from "./shape.ts";

const STATEMENT_MAX = 256 * 1024;
export const signed = record({ bytes: bytes(), signature: bytes() });

export const inbox = record({
  inbox: id,
  form: maybe(slug),
  title: maybe(anyText),
  state: anyText,
  epochs: list(record({ epoch: whole, recipient: maybe(anyText), received: whole, erased: whole })),
});
export type Inbox = Value<typeof inbox>;
export const wrap = record({ epoch: whole, wrap: bytes() });
export type Wrap = Value<typeof wrap>;

/** All statements of a body, the first first; empty before its root. */
export const readChain = staff.get({
  path: "/api/bodies/:body/chain",
  params: { body: slug },
  action: "chain.view",
  answer: json(record({ statements: list(signed) })),
});
export const listInboxes = staff.get({
  path: "/api/bodies/:body/inboxes",
  params: { body: slug },
  action: "inboxes.list",
  answer: json(record({ inboxes: list(inbox) })),
});
/** The keys of an inbox that are wrapped to whoever asks. */
export const ownWraps = staff.get({
  path: "/api/bodies/:body/inboxes/:inbox/wraps",
  params: { body: slug, inbox: id },
  action: "wraps.own",
  answer: json(record({ wraps: list(wrap) })),
});
/** The canonical text of a form version: whoever reads it compares its hash. */
export const readForm = staff.get({
  path: "/api/bodies/:body/forms/:hash",
  params: { body: slug, hash: refusedAs("FORM_UNKNOWN", hash) },
  action: "form.view",
  answer: octets(JSON_TYPE),
  refusals: ["FORM_UNKNOWN"],
});
/** Stores a version of a form; nobody sees it until a statement publishes it. */
export const addForm = staff.post({
  path: "/api/bodies/:body/forms",
  params: { body: slug },
  action: "form.add",
  bodyLimit: STATEMENT_MAX,
  request: json(ownShape<Form>("form", formOf, (form) => parseJson(canonicalJson(form)))),
  answer: json(record({ formHash: hash })),
  refusals: ["FORM_INVALID", "FORM_NAME_TAKEN"],
});

const posting = exact({
  statements: list(exact({ bytes: bytes(STATEMENT_MAX), signature: bytes(64) }), 50),
  wraps: list(exact({ inbox: id, epoch: whole, person: id, wrap: bytes(16 * 1024) }), 2000),
  recipients: list(exact({ inbox: id, epoch: whole, recipient: text(4096) }), 50),
  request: optional(id),
});
export type Posting = Value<typeof posting>;
/** Appends signed statements, with the keys that they commit to. */
export const postStatements = staff.post({
  path: "/api/bodies/:body/statements",
  params: { body: slug },
  action: "statement.append",
  request: json(posting),
  answer: done,
  refusals: [
    "CHAIN_MOVED",
    "STATEMENT_INVALID",
    "WRAP_MISMATCH",
    "RECIPIENT_MISMATCH",
    "PERSON_UNKNOWN",
    "PERSON_MISMATCH",
    "REQUEST_UNKNOWN",
    "REFUSED_STATE",
    "REFUSED_SAME_PERSON",
    "REFUSED_EMPTY",
    "FORM_UNKNOWN",
    "FORM_NAME_TAKEN",
  ],
});
