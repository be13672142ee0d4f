/** Reading: a release is asked for, logged, signed over, and only then are the bytes handed over. */
import { done, json, staff } from "./route.ts";
import {
  anyText,
  bytes,
  exact,
  hash,
  id,
  list,
  maybe,
  oneOf,
  optional,
  record,
  slug,
  whole,
  type Value,
} from "./shape.ts";

export const item = record({
  submission: id,
  epoch: whole,
  formHash: hash,
  path: oneOf("browser", "counter"),
  first: maybe(id),
  reference: anyText,
  bytes: bytes(),
});
export type Item = Value<typeof item>;

/** That something stands in the log. */
const proven = record({ proof: anyText, entry: bytes() });
/** An act of a case as it stands in the log: whose it is, and to whom it gave the letter. */
const signedBy = {
  entry: bytes(),
  person: id,
  bySalt: bytes(),
  signature: bytes(),
  to: maybe(record({ person: id, salt: bytes() })),
};
/**
 * What was done about a released letter: each act with its proof, the sealed bytes of a reply or a note, and that
 * whoever has the words was given a reply. Bytes are null for whoever holds no key of its time.
 */
const act = record({ proof: anyText, ...signedBy, sealed: maybe(bytes()), fetched: maybe(proven) });

/** What a release hands over: the bytes, and the proof that this reading is in the log. */
export const released = record({
  proof: anyText,
  entry: bytes(),
  personSalt: bytes(),
  idsSalt: bytes(),
  items: list(item),
  received: maybe(proven),
  added: list(proven),
  /** of an opened letter, the first first */
  acts: list(act),
  /** of a list: what was done about its letters, in the order of each case; compared with the log's own entries */
  done: list(record(signedBy)),
});
export type Released = Value<typeof released>;

/** What may be refused to whoever asks to read. */
export const READING = ["REFUSED_NO_GRANT", "REFUSED_GRANT_ENDED", "REFUSED_EPOCH"] as const;

/** `release` is made by whoever asks, so that the answer can be told from an earlier one. */
export const beginRelease = staff.post({
  path: "/api/bodies/:body/releases",
  params: { body: slug },
  action: "release.list",
  request: json(
    exact({
      release: id,
      inbox: id,
      purpose: oneOf("list", "open"),
      since: optional(whole),
      before: optional(whole),
      submissions: optional(list(id, 1)),
    }),
  ),
  status: 202,
  answer: done,
  refusals: [...READING, "ERASED"],
});
export const fetchRelease = staff.get({
  path: "/api/releases/:release",
  params: { release: id },
  action: "release.fetch",
  later: true,
  answer: json(released),
  refusals: [...READING, "RELEASE_UNKNOWN", "ERASED"],
});
export const noteOpened = staff.post({
  path: "/api/releases/:release/opened",
  params: { release: id },
  action: "release.opened",
  answer: done,
  refusals: ["RELEASE_UNKNOWN"],
});
