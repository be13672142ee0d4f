/** Incidents for tests: acts really signed, entries really encoded, proofs from a real log of one's own. */
import { toHex } from "../../src/domain/bytes.ts";
import { draftAct, NO_PREV, type ActFields, type SignedAct, type Texts } from "../../src/domain/incident/act.ts";
import { incidentOf, type IncidentState } from "../../src/domain/incident/state.ts";
import { verifyActs, type Act, type StoredAct } from "../../src/domain/incident/verify.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { signingKeyOf } from "../../src/domain/person/sign.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";

export type Actor = {
  readonly person: string;
  readonly role: "owner" | "auditor" | "reader";
  readonly signingSecret: Uint8Array;
  readonly signingKey: Uint8Array;
};

export function actor(role: Actor["role"]): Actor {
  const signingSecret = randomBytes(32);
  return { person: newId(), role, signingSecret, signingKey: signingKeyOf(signingSecret) };
}

export const OPENED = { kind: "incident.opened", what: "wrong-person", source: "none" } as const;
export const NOTE: Texts = { summary: "A namesake was let in." };

/** An incident that grows act by act, as the server stores it. */
export class Story {
  readonly stored: StoredAct[] = [];
  readonly signed: SignedAct[] = [];
  readonly #said: Act[] = [];
  readonly owner = actor("owner");
  readonly auditor = actor("auditor");
  readonly body = "harrowmere";
  readonly incident = newId();
  at: number;

  constructor(at = 1_800_000_000_000) {
    this.at = at;
  }
  get persons(): Map<string, Actor> {
    return new Map([this.owner, this.auditor].map((one) => [one.person, one]));
  }
  get head() {
    const last = this.stored.at(-1);
    return {
      body: this.body,
      incident: this.incident,
      seq: this.stored.length,
      prev: last ? toHex(leafHash(last.entry)) : NO_PREV,
    };
  }
  /** Signed and stored at `at`, whatever the rules say: the tests ask the rules. */
  add(fields: ActFields, texts: Texts = NOTE, by: Actor = this.owner): this {
    const act = draftAct(this.head, by, fields, texts);
    this.signed.push(act);
    this.#said.push({ event: act.event, at: this.at, person: by.person, texts, leaf: null, signedAt: null });
    this.stored.push({
      entry: encodeEntry({ ...act.event, at: this.at }, randomBytes(32)),
      signature: act.signature,
      person: by.person,
      bySalt: act.bySalt,
      texts: act.texts,
      salt: act.salt,
      proof: null,
      signedAt: null,
    });
    return this;
  }
  later(ms: number): this {
    this.at += ms;
    return this;
  }
  verify(stored: readonly StoredAct[] = this.stored) {
    return verifyActs(stored, { body: this.body, incident: this.incident, persons: this.persons, logKey: null });
  }
  /** What was said, without looking at signatures again: `verify` does. */
  get state(): IncidentState {
    return incidentOf(this.#said);
  }
}
