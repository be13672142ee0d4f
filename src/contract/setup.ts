/** What the staff pages bring with them: public facts of an installation, before any server is asked. */
import { anyText, dictionary, flag, hash, id, list, maybe, oneOf, record, slug, whole, type Value } from "./shape.ts";

const demoPerson = record({
  name: anyText,
  email: anyText,
  passphrase: anyText,
  role: anyText,
  body: maybe(anyText),
  part: anyText,
});
export type DemoPerson = Value<typeof demoPerson>;

export const setup = record({
  installation: id,
  monitorKey: hash,
  staffOrigin: anyText,
  publicOrigin: anyText,
  logKey: anyText,
  mailKey: hash,
  policy: maybe(anyText),
  /** body → hash of its first statement, hex: every body's statements are verified from there */
  roots: dictionary(slug, hash),
  /** person → signing key, hex, of whoever runs the host: whoever else asks as one is none */
  operators: dictionary(id, hash),
  /** body → where its clock hangs, of those that are not in London (src/domain/time.ts) */
  zones: maybe(dictionary(slug, anyText)),
  sealing: oneOf("hybrid", "x25519"),
  demonstration: flag,
  demoPeople: list(demoPerson),
  /** without it, the page's own */
  lockAfterMs: maybe(whole),
  assets: record({ "staff-worker.js": anyText }),
});
export type SetupAnswer = Value<typeof setup>;
