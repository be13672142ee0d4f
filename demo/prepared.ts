/**
 * What `prepare` makes up before any server runs, and `fill` reads again: people, their keys, and the roots of the
 * bodies.
 */
import { toBase64 } from "../src/domain/bytes.ts";
import type { SignedStatement } from "../src/domain/grant/statement.ts";
import type { PassphraseKeys } from "../src/domain/person/passphrase.ts";
import { Fault } from "../src/domain/problem.ts";
import type { Newcomer } from "../src/member/flows/joining.ts";
import { role } from "../src/contract/session.ts";
import { anyText, bytes, dictionary, hash, id, list, record, slug } from "../src/contract/shape.ts";
import { signed } from "../src/contract/statements.ts";
import type { InventedPerson } from "./people.ts";

/** Somebody of the demonstration with everything that is theirs. */
export type PreparedPerson = InventedPerson & {
  readonly person: string;
  readonly passphrase: string;
  readonly unlocked: PassphraseKeys;
  readonly joining: Newcomer;
};

const newcomer = record({
  person: id,
  recipient: anyText,
  signingKey: bytes(),
  copy: record({ unlocker: id, recipientHash: bytes(), sealedKeys: bytes() }),
  signInHash: bytes(),
  detailsSalt: bytes(),
});
const person = record({
  person: id,
  name: anyText,
  email: anyText,
  role,
  body: anyText,
  part: anyText,
  passphrase: anyText,
  unlocked: record({ signIn: bytes(), unlock: anyText }),
  joining: newcomer,
});

/** Bytes as base64. */
const carried = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? toBase64(value) : value);

/** As JSON for the state that `fill` gets. Secrets, all of them; invented, all of them. */
export const personJson = (one: PreparedPerson): object => JSON.parse(JSON.stringify(one, carried)) as object;

const state = record({ seed: hash, people: list(person), first: dictionary(slug, signed) });

export type Prepared = {
  readonly seed: string;
  readonly people: readonly PreparedPerson[];
  /** the first statement of a body */
  readonly first: (body: string) => SignedStatement;
};

/** Reads what `prepare` wrote. @throws `MALFORMED` */
export function preparedOf(value: unknown): Prepared {
  const { seed, people, first } = record({ state }).parse(value).state;
  return {
    seed,
    people,
    first: (body) => {
      const statement = Object.hasOwn(first, body) ? first[body] : undefined;
      if (!statement) throw new Fault("MALFORMED", `no first statement of ${body}`);
      return statement;
    },
  };
}
