/** Asking for access, taking a request back, declining it. Nothing here lets anybody read. */
import type { Asking } from "../../contract/grants.ts";
import { decide, type Who } from "../../domain/access/decide.ts";
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { memberOf } from "../../domain/grant/state.ts";
import { PURPOSES } from "../../domain/grant/statement.ts";
import { signersOf, type SignedEvent } from "../../domain/log/act.ts";
import { asksFor } from "../../domain/grant/asked.ts";
import { textCommitment } from "../../domain/person/details.ts";
import { Fault } from "../../domain/problem.ts";
import { provedSoon, writeAct } from "../acts/action.ts";
import type { Config } from "../config.ts";
import { announceEvent, inTransaction, type Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { decideRequest, insertRequest, requestForDecision } from "./store.ts";

export type SignedIn = Exclude<Who, { kind: "stranger" | "watcher" }>;

export const roleOf = (who: SignedIn): "operator" | "owner" | "reader" | "auditor" => {
  if (who.kind === "operator") return "operator";
  if (who.kind === "member") return who.role;
  throw new Fault("REFUSED_ROLE");
};

const MOST_MONTHS = 24;

/**
 * Asks that named people may read an inbox, by a signed act.
 * @throws the decision's code, `PERSON_UNCONFIRMED`, `INBOX_UNKNOWN`, `ACT_UNSIGNED`, `ACT_MOVED`
 */
export async function ask(
  pool: Pool,
  chains: Chains,
  config: Config,
  who: SignedIn,
  body: string,
  { act, persons, personsSalt, purposeText, purposeSalt }: Asking,
): Promise<void> {
  const event = await inTransaction(pool, async (client) => {
    const { state } = await chains.need(client, body);
    const { inbox, request, scope, until } = act.event;
    const decision = decide(who, "request.ask", { body, request: { asker: who.person, persons, state: "open" } });
    if (!decision.ok) throw new Fault(decision.code);
    if (!state.inboxes.has(inbox)) throw new Fault("INBOX_UNKNOWN");
    if (new Set(persons).size !== persons.length) throw new Fault("BAD_REQUEST", "somebody is named twice");
    // Nobody is ever skipped silently: one person without a confirmed key refuses the whole request.
    if (persons.some((person) => !memberOf(state, person))) throw new Fault("PERSON_UNCONFIRMED");
    const now = Date.now();
    if (until <= now || until > now + MOST_MONTHS * 31 * 86_400_000)
      throw new Fault("BAD_REQUEST", "the end is in the past or too far off");
    const purpose = PURPOSES.find((known) => known === act.event.purpose);
    if (!purpose) throw new Fault("BAD_REQUEST", "not a purpose");
    const asked = { body, inbox, request, persons, scope, until, purpose };
    if (
      !asksFor(act.event, asked, personsSalt) ||
      act.event.purposeCommitment !== toHex(textCommitment(purposeSalt, purposeText))
    )
      throw new Fault("ACT_MOVED", "it asks for something else");
    if (await requestForDecision(client, body, request)) throw new Fault("ACT_MOVED", "it was asked before");
    const written = await writeAct(client, signersOf(state, config.operators), who.person, act);
    await insertRequest(client, {
      id: request,
      body,
      inbox,
      asker: who.person,
      persons,
      scope,
      until,
      purpose,
      purpose_text: purposeText,
      purpose_salt: purposeSalt,
      persons_salt: personsSalt,
      event: written,
    });
    await announceEvent(client);
    return written;
  });
  await provedSoon(pool, event);
}

/** Declines (an owner) or withdraws (the asker) an open request, by a signed act. */
export type Closing =
  | { readonly declined: SignedEvent<"request.declined">; readonly reason: string; readonly salt: Bytes }
  | { readonly withdrawn: SignedEvent<"request.withdrawn"> };

/** @throws the decision's code, `REQUEST_UNKNOWN`, `ACT_UNSIGNED`, `ACT_MOVED` */
export async function closeRequest(
  pool: Pool,
  chains: Chains,
  config: Config,
  who: SignedIn,
  body: string,
  request: string,
  closing: Closing,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const row = await requestForDecision(client, body, request);
    if (!row) throw new Fault("REQUEST_UNKNOWN");
    const how = "declined" in closing ? "declined" : "withdrawn";
    const decision = decide(who, how === "declined" ? "request.decline" : "request.withdraw", { body, request: row });
    if (!decision.ok) throw new Fault(decision.code);
    const act: SignedEvent<"request.declined" | "request.withdrawn"> =
      "declined" in closing ? closing.declined : closing.withdrawn;
    const said = act.event;
    if (said.body !== body || said.request !== request) throw new Fault("ACT_MOVED", "it is about something else");
    const { reason, salt } = "declined" in closing ? closing : { reason: null, salt: null };
    const commitment = reason === null ? undefined : toHex(textCommitment(salt, reason));
    if (said.reason !== (reason === null ? "none" : "stated") || said.reasonCommitment !== commitment)
      throw new Fault("BAD_REQUEST");
    const { state } = await chains.need(client, body);
    await writeAct(client, signersOf(state, config.operators), who.person, act);
    if (!(await decideRequest(client, request, how, who.person, reason, salt))) throw new Fault("REFUSED_STATE");
    await announceEvent(client);
  });
}
