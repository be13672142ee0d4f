/** What the two servers answer, as parsers and the types that they make. */
import { anything, bytes, hash, id, list, listOf, maybe, oneOf, record, slug, text, whole } from "./shape.ts";

export type Role = "operator" | "owner" | "reader" | "auditor";
const role = oneOf<Role>("operator", "owner", "reader", "auditor");
const bodyRole = oneOf("owner", "reader", "auditor");

export const signed = record({ bytes, signature: bytes });

export const me = record({
  person: id,
  name: text,
  email: text,
  role,
  body: maybe(record({ id: slug, name: text })),
  sealedIdentity: maybe(bytes),
});
export type Me = ReturnType<typeof me>;

export const personRow = record({
  person: id,
  name: text,
  email: text,
  role: bodyRole,
  recipient: text,
  signingKey: bytes,
  detailsSalt: bytes,
  state: text,
});
export type PersonRow = ReturnType<typeof personRow>;

export const inbox = record({
  inbox: id,
  form: maybe(slug),
  title: maybe(text),
  state: text,
  epochs: list(record({ epoch: whole, recipient: maybe(text), received: whole })),
});
export type Inbox = ReturnType<typeof inbox>;

export const wrap = record({ epoch: whole, wrap: bytes });

export const request = record({
  request: id,
  inbox: id,
  asker: record({ person: id, name: text, role }),
  persons: list(id),
  scope: oneOf("all", "from-now"),
  until: whole,
  purpose: oneOf("case-handling", "absence-cover", "audit", "legal-claim", "other"),
  purposeText: text,
  purposeSalt: bytes,
  state: oneOf("open", "confirmed", "declined", "withdrawn"),
});
export type Request = ReturnType<typeof request>;

export const item = record({
  submission: id,
  epoch: whole,
  formHash: hash,
  receivedAt: whole,
  path: oneOf("browser", "counter"),
  first: maybe(id),
  reference: text,
  bytes,
});
export type Item = ReturnType<typeof item>;

export const released = record({ proof: text, entry: bytes, personSalt: bytes, idsSalt: bytes, items: list(item) });
export type Released = ReturnType<typeof released>;

/** The key of a form, from the public server. */
export const formKey = record({
  body: slug,
  statements: list(signed),
  inbox: id,
  epoch: whole,
  recipient: text,
  formHash: hash,
});
export type FormKey = ReturnType<typeof formKey>;

export const received = record({ reference: text, receivedAt: whole });

/** The logs of an installation, as an auditor is shown them. */
export const shownLogs = listOf(
  "logs",
  record({
    checkpoint: text,
    proofs: list(record({ size: whole, hashes: list(bytes) })),
    begun: maybe(text),
    ended: maybe(text),
  }),
);

/** The app shell's setup: public facts of an installation. */
export const setup = record({
  installation: id,
  staffOrigin: text,
  logKey: text,
  roots: anything,
  sealing: oneOf("hybrid", "x25519"),
});
