/**
 * The chain of a body's statements, from its root. Whoever uses a key, a reader or a form verifies it first:
 * a row that somebody writes into the database by hand changes nothing (T1, T2).
 */
import { equalBytes, type Bytes } from "../bytes.ts";
import { verify } from "../person/sign.ts";
import { Fault } from "../problem.ts";
import { parseStatement, statementHash, type SignedStatement, type Statement } from "./statement.ts";
import { apply } from "./apply.ts";
import { memberOf, type BodyState } from "./state.ts";

export type Expected = {
  readonly installation: string;
  readonly body: string;
  /** SHA-256 of the body's first statement */
  readonly root: Bytes;
};

const broken = (seq: number, why: string): Fault => new Fault("CHAIN_BROKEN", `statement ${seq}: ${why}`);

/**
 * Verifies a body's statements in order, from the root that the caller brings.
 * @throws `CHAIN_BROKEN`, naming the statement and why
 */
export function verifyChain(signed: readonly SignedStatement[], expected: Expected): BodyState {
  const [first, ...rest] = signed;
  if (!first) throw broken(0, "there is none");
  if (!equalBytes(statementHash(first.bytes), expected.root)) throw broken(0, "it is not the root");
  return rest.reduce(appendStatement, begin(first, expected));
}

function begin(first: SignedStatement, expected: Expected): BodyState {
  const statement = parsed(first, 0);
  if (statement.kind !== "person.confirmed" || statement.role !== "owner" || statement.actor !== statement.person)
    throw broken(0, "the first confirms an owner, by themselves");
  if (statement.installation !== expected.installation || statement.body !== expected.body)
    throw broken(0, "another installation or body");
  if (!verify(statement.signingKey, first.signature, first.bytes)) throw broken(0, "the signature does not hold");
  if (statement.seq !== 0 || statement.prev.some((byte) => byte !== 0)) throw broken(0, "it has a predecessor");
  const empty: BodyState = {
    installation: statement.installation,
    body: statement.body,
    head: { seq: -1, hash: new Uint8Array(32), at: 0 },
    persons: new Map(),
    inboxes: new Map(),
    grants: new Map(),
    forms: new Map(),
  };
  return advance(apply(empty, statement), statement, first.bytes);
}

/**
 * The state after one more statement.
 * @throws `CHAIN_BROKEN` when it does not follow, is not signed by an owner of this body, or says what may not be said
 */
export function appendStatement(state: BodyState, signed: SignedStatement): BodyState {
  const seq = state.head.seq + 1;
  const statement = parsed(signed, seq);
  if (statement.installation !== state.installation || statement.body !== state.body)
    throw broken(seq, "another installation or body");
  if (statement.seq !== seq || !equalBytes(statement.prev, state.head.hash))
    throw broken(seq, "it does not follow the one before");
  if (statement.at < state.head.at) throw broken(seq, "it is older than the one before");
  const actor = memberOf(state, statement.actor);
  if (actor?.role !== "owner") throw broken(seq, "not signed by an owner");
  if (!verify(actor.signingKey, signed.signature, signed.bytes)) throw broken(seq, "the signature does not hold");
  try {
    return advance(apply(state, statement), statement, signed.bytes);
  } catch (thrown) {
    throw thrown instanceof Fault ? broken(seq, thrown.detail || thrown.code) : thrown;
  }
}

function parsed(signed: SignedStatement, seq: number): Statement {
  try {
    return parseStatement(signed.bytes);
  } catch (thrown) {
    throw broken(seq, thrown instanceof Fault ? thrown.detail : "unreadable");
  }
}

const advance = (state: BodyState, statement: Statement, bytes: Bytes): BodyState => ({
  ...state,
  head: { seq: statement.seq, hash: statementHash(bytes), at: statement.at },
});
