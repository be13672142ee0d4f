/**
 * What `prepare` makes up before any server runs, and `fill` reads again: people, their keys, and the roots of the
 * bodies.
 */
import { toBase64 } from "../src/domain/bytes.ts";
import type { PassphraseKeys } from "../src/domain/person/passphrase.ts";
import type { Newcomer } from "../src/member/flows/joining.ts";
import { signed } from "../src/member/wire/answers.ts";
import { anything, bytes, field, hash, id, list, maybe, oneOf, record, text } from "../src/member/wire/shape.ts";
import type { InventedPerson } from "./people.ts";

/** Somebody of the demonstration with everything that is theirs. An operator has no keys. */
export type PreparedPerson = InventedPerson & {
  readonly person: string;
  readonly passphrase: string;
  readonly unlocked: PassphraseKeys;
  readonly joining: Newcomer | null;
};

const newcomer = record({
  person: id,
  recipient: text,
  signingKey: bytes,
  sealedIdentity: bytes,
  signInHash: bytes,
  detailsSalt: bytes,
});
const person = record({
  person: id,
  name: text,
  email: text,
  role: oneOf("operator", "owner", "reader", "auditor"),
  body: text,
  part: text,
  passphrase: text,
  unlocked: record({ signIn: bytes, unlock: text }),
  joining: maybe(newcomer),
});

/** Bytes as base64. */
const carried = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? toBase64(value) : value);

/** As JSON for the state that `fill` gets. Secrets, all of them; invented, all of them. */
export const personJson = (one: PreparedPerson): object => JSON.parse(JSON.stringify(one, carried)) as object;

const state = record({ seed: hash, people: list(person), first: anything });

export type Prepared = {
  readonly seed: string;
  readonly people: readonly PreparedPerson[];
  /** the first statement of a body */
  readonly first: (body: string) => ReturnType<typeof signed>;
};

/** Reads what `prepare` wrote. @throws `MALFORMED` */
export function preparedOf(value: unknown): Prepared {
  const { seed, people, first } = field("state", state)(value);
  return { seed, people, first: (body) => field(body, signed)(first) };
}
