/**
 * Signed statements: the only things that change who may read (docs/FORMAT.md, Statements).
 * The signed bytes are the statement; nothing beside them is trusted.
 */
import { decodeFields, encodeFields, fieldNumber, fromUtf8, sha256, tag, type Bytes, type Field } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { sign } from "../person/sign.ts";

export type BodyRole = "owner" | "reader" | "auditor";
export const BODY_ROLES: readonly BodyRole[] = ["owner", "reader", "auditor"];

/** Why somebody reads. Closed, so that the log can carry it. */
export const PURPOSES = ["case-handling", "absence-cover", "audit", "legal-claim", "other"] as const;
export type Purpose = (typeof PURPOSES)[number];

export const END_REASONS = [
  "left",
  "changed-role",
  "no-longer-needed",
  "granted-by-mistake",
  "key-lost",
  "other",
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** "all": everything received so far and from now on. "from-now": a new epoch begins with the grant. */
export type Scope = "all" | "from-now";

export type Holder = { readonly person: string /** SHA-256 of the wrapped key */; readonly wrap: Bytes };
export type GrantWrap = Holder & { readonly epoch: number };

export type Head = {
  readonly installation: string;
  readonly body: string;
  readonly seq: number;
  /** hash of the body's previous statement; 32 zeros for the first */
  readonly prev: Bytes;
  /** milliseconds since the epoch */
  readonly at: number;
  readonly actor: string;
};

export type Act =
  | {
      readonly kind: "person.confirmed";
      readonly person: string;
      readonly role: BodyRole;
      readonly signingKey: Bytes;
      readonly recipientHash: Bytes;
      readonly details: Bytes;
    }
  | { readonly kind: "person.ended"; readonly person: string; readonly reason: EndReason }
  | {
      readonly kind: "inbox.key";
      readonly inbox: string;
      readonly epoch: number;
      readonly recipientHash: Bytes;
      readonly holders: readonly Holder[];
    }
  | {
      readonly kind: "grant.made";
      readonly grant: string;
      readonly inbox: string;
      readonly request: string;
      readonly asker: string;
      readonly persons: readonly string[];
      readonly wraps: readonly GrantWrap[];
      readonly scope: Scope;
      readonly until: number;
      readonly purpose: Purpose;
      readonly purposeCommitment: Bytes;
      /** how many submissions the owner was told were already received */
      readonly counted: number;
      /** the asker's signed request (`asked.ts`) */
      readonly asked: Bytes;
      readonly askedSignature: Bytes;
      readonly askerKey: Bytes;
      readonly personsSalt: Bytes;
    }
  | {
      readonly kind: "grant.ended";
      readonly grant: string;
      readonly inbox: string;
      readonly person: string;
      readonly reason: EndReason;
    }
  | {
      readonly kind: "form.published";
      readonly form: string;
      readonly version: number;
      readonly formHash: Bytes;
      readonly inbox: string;
      readonly state: "open" | "closed";
      readonly browserOnly: boolean;
    };

export type Statement = Head & Act;
export type StatementKind = Act["kind"];
export type SignedStatement = { readonly bytes: Bytes; readonly signature: Bytes };

/** A kind whose form changed has a number. No statement of an earlier form was ever signed outside demonstrations. */
const FORMS: { readonly [kind in StatementKind]?: string } = { "grant.made": "/2" };
const statementTag = (kind: StatementKind): string => tag(`statement/${kind}${FORMS[kind] ?? ""}`);

function actFields(act: Act): Field[] {
  switch (act.kind) {
    case "person.confirmed":
      return [act.person, act.role, act.signingKey, act.recipientHash, act.details];
    case "person.ended":
      return [act.person, act.reason];
    case "inbox.key":
      return [act.inbox, act.epoch, act.recipientHash, act.holders.map((h) => [h.person, h.wrap])];
    case "grant.made":
      return [
        act.grant,
        act.inbox,
        act.request,
        act.asker,
        [...act.persons],
        act.wraps.map((w) => [w.person, w.epoch, w.wrap]),
        act.scope,
        act.until,
        act.purpose,
        act.purposeCommitment,
        act.counted,
        act.asked,
        act.askedSignature,
        act.askerKey,
        act.personsSalt,
      ];
    case "grant.ended":
      return [act.grant, act.inbox, act.person, act.reason];
    case "form.published":
      return [act.form, act.version, act.formHash, act.inbox, act.state, act.browserOnly ? 1 : 0];
  }
}

/** The bytes that are signed: tag, head, act; all length-prefixed. */
export const encodeStatement = (s: Statement): Bytes =>
  encodeFields([statementTag(s.kind), s.installation, s.body, s.seq, s.prev, s.at, s.actor, ...actFields(s)]);

export const statementHash = (bytes: Bytes): Bytes => sha256(bytes);

/** Signs with the acting owner's key. */
export function signStatement(statement: Statement, signingSecret: Bytes): SignedStatement {
  const bytes = encodeStatement(statement);
  return { bytes, signature: sign(signingSecret, bytes) };
}

/** Reads fields in order; every reader refuses what does not fit with `STATEMENT_INVALID`. */
class Cursor {
  readonly #fields: Bytes[];
  #at = 0;
  constructor(fields: Bytes[]) {
    this.#fields = fields;
  }
  bytes(length?: number): Bytes {
    const field = this.#fields[this.#at++];
    if (!field || (length !== undefined && field.length !== length))
      throw new Fault("STATEMENT_INVALID", "a field is missing or has the wrong length");
    return field;
  }
  text(pattern: RegExp): string {
    const text = fromUtf8(this.bytes());
    if (!pattern.test(text)) throw new Fault("STATEMENT_INVALID", "a field has the wrong form");
    return text;
  }
  id(): string {
    return this.text(/^[0-9a-f]{32}$/);
  }
  number(): number {
    return fieldNumber(this.bytes());
  }
  of<T extends string>(values: readonly T[]): T {
    const text = fromUtf8(this.bytes());
    const value = values.find((known) => known === text);
    if (value === undefined) throw new Fault("STATEMENT_INVALID", "a field has an unknown value");
    return value;
  }
  list<T>(read: (item: Bytes) => T): T[] {
    return decodeFields(this.bytes()).map(read);
  }
  end(): void {
    if (this.#at !== this.#fields.length) throw new Fault("STATEMENT_INVALID", "too many fields");
  }
}

const SLUG = /^[a-z0-9-]{1,64}$/;

function holder(item: Bytes): Holder {
  const c = new Cursor(decodeFields(item));
  const read = { person: c.id(), wrap: c.bytes(32) };
  c.end();
  return read;
}

function grantWrap(item: Bytes): GrantWrap {
  const c = new Cursor(decodeFields(item));
  const read = { person: c.id(), epoch: c.number(), wrap: c.bytes(32) };
  c.end();
  return read;
}

function personId(item: Bytes): string {
  const c = new Cursor([item]);
  return c.id();
}

function readAct(kind: StatementKind, c: Cursor): Act {
  switch (kind) {
    case "person.confirmed":
      return {
        kind,
        person: c.id(),
        role: c.of(BODY_ROLES),
        signingKey: c.bytes(32),
        recipientHash: c.bytes(32),
        details: c.bytes(32),
      };
    case "person.ended":
      return { kind, person: c.id(), reason: c.of(END_REASONS) };
    case "inbox.key":
      return { kind, inbox: c.id(), epoch: c.number(), recipientHash: c.bytes(32), holders: c.list(holder) };
    case "grant.made":
      return {
        kind,
        grant: c.id(),
        inbox: c.id(),
        request: c.id(),
        asker: c.id(),
        persons: c.list(personId),
        wraps: c.list(grantWrap),
        scope: c.of(["all", "from-now"]),
        until: c.number(),
        purpose: c.of(PURPOSES),
        purposeCommitment: c.bytes(32),
        counted: c.number(),
        asked: c.bytes(),
        askedSignature: c.bytes(64),
        askerKey: c.bytes(32),
        personsSalt: c.bytes(32),
      };
    case "grant.ended":
      return { kind, grant: c.id(), inbox: c.id(), person: c.id(), reason: c.of(END_REASONS) };
    case "form.published":
      return {
        kind,
        form: c.text(SLUG),
        version: c.number(),
        formHash: c.bytes(32),
        inbox: c.id(),
        state: c.of(["open", "closed"]),
        browserOnly: c.number() === 1,
      };
  }
}

const KINDS: readonly StatementKind[] = [
  "person.confirmed",
  "person.ended",
  "inbox.key",
  "grant.made",
  "grant.ended",
  "form.published",
];

/**
 * Parses signed bytes; says nothing about the signature (`verifyChain` does).
 * @throws `STATEMENT_INVALID`, also when the statement would be written otherwise than these bytes
 */
export function parseStatement(bytes: Bytes): Statement {
  try {
    const [kindField, ...fields] = decodeFields(bytes);
    const name = fromUtf8(kindField ?? new Uint8Array());
    const kind = KINDS.find((known) => statementTag(known) === name);
    if (!kind) throw new Fault("STATEMENT_INVALID", "unknown kind");
    const c = new Cursor(fields);
    const head = {
      installation: c.id(),
      body: c.text(SLUG),
      seq: c.number(),
      prev: c.bytes(32),
      at: c.number(),
      actor: c.id(),
    };
    const statement = { ...head, ...readAct(kind, c) };
    c.end();
    const again = encodeStatement(statement);
    if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i]))
      throw new Fault("STATEMENT_INVALID", "written otherwise");
    return statement;
  } catch (thrown) {
    throw thrown instanceof Fault && thrown.code === "STATEMENT_INVALID"
      ? thrown
      : new Fault("STATEMENT_INVALID", "not a statement");
  }
}
