/** Asking for access, taking a request back, declining it. Nothing here lets anybody read. */
import { decide, type Who } from "../../domain/access/decide.ts";
import { toHex } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { newSalt, textCommitment } from "../../domain/person/details.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Purpose, Scope } from "../../domain/grant/statement.ts";
import { commitTo, writeEvent } from "../log/store/events.ts";
import { announceEvent, inTransaction, type Pool } from "../database/pool.ts";
import { decideRequest, insertRequest, requestForDecision } from "./store.ts";
import type { Chains } from "../statements/chains.ts";

export type Asked = {
  readonly body: string;
  readonly inbox: string;
  readonly persons: readonly string[];
  readonly scope: Scope;
  readonly until: number;
  readonly purpose: Purpose;
  readonly purposeText: string;
};
export type SignedIn = Exclude<Who, { kind: "stranger" | "watcher" }>;

export const roleOf = (who: SignedIn): "operator" | "owner" | "reader" | "auditor" => {
  if (who.kind === "operator") return "operator";
  if (who.kind === "member") return who.role;
  throw new Fault("REFUSED_ROLE");
};

const MOST_MONTHS = 24;

/** Asks that named people may read an inbox. @throws the decision's code, `PERSON_UNCONFIRMED`, `INBOX_UNKNOWN` */
export async function ask(pool: Pool, chains: Chains, who: SignedIn, asked: Asked): Promise<string> {
  const id = newId();
  await inTransaction(pool, async (client) => {
    const { state } = await chains.need(client, asked.body);
    const decision = decide(who, "request.ask", {
      body: asked.body,
      request: { asker: who.person, persons: asked.persons, state: "open" },
    });
    if (!decision.ok) throw new Fault(decision.code);
    if (!state.inboxes.has(asked.inbox)) throw new Fault("INBOX_UNKNOWN");
    if (new Set(asked.persons).size !== asked.persons.length) throw new Fault("BAD_REQUEST", "somebody is named twice");
    // Nobody is ever skipped silently: one person without a confirmed key refuses the whole request.
    if (asked.persons.some((person) => !state.persons.has(person))) throw new Fault("PERSON_UNCONFIRMED");
    const now = Date.now();
    if (asked.until <= now || asked.until > now + MOST_MONTHS * 31 * 86_400_000)
      throw new Fault("BAD_REQUEST", "the end is in the past or too far off");
    const salt = newSalt();
    await insertRequest(client, {
      id,
      body: asked.body,
      inbox: asked.inbox,
      asker: who.person,
      persons: asked.persons,
      scope: asked.scope,
      until: asked.until,
      purpose: asked.purpose,
      purpose_text: asked.purposeText,
      purpose_salt: salt,
    });
    const asker = commitTo(who.person);
    const { body, inbox, scope, until, purpose } = asked;
    await writeEvent(
      client,
      {
        kind: "grant.requested",
        body,
        inbox,
        request: id,
        count: asked.persons.length,
        scope,
        until,
        purpose,
        purposeCommitment: toHex(textCommitment(salt, asked.purposeText)),
        askerRole: roleOf(who),
        asker: asker.commitment,
      },
      [asker],
    );
    await announceEvent(client);
  });
  return id;
}

/** Declines (an owner) or withdraws (the asker) an open request. @throws the decision's code, `REQUEST_UNKNOWN` */
export async function closeRequest(
  pool: Pool,
  who: SignedIn,
  body: string,
  request: string,
  how: "declined" | "withdrawn",
  reason: string,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const row = await requestForDecision(client, body, request);
    if (!row) throw new Fault("REQUEST_UNKNOWN");
    const decision = decide(who, how === "declined" ? "request.decline" : "request.withdraw", { body, request: row });
    if (!decision.ok) throw new Fault(decision.code);
    if (!(await decideRequest(client, request, how, who.person, reason || null))) throw new Fault("REFUSED_STATE");
    const by = commitTo(who.person);
    const reasonCommitment = reason ? toHex(textCommitment(by.salt, reason)) : undefined;
    await writeEvent(
      client,
      {
        kind: `request.${how}`,
        body,
        request,
        by: by.commitment,
        role: roleOf(who),
        reason: reason ? "stated" : "none",
        ...(reasonCommitment ? { reasonCommitment } : {}),
      },
      [by],
    );
    await announceEvent(client);
  });
}
