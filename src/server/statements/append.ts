/** Appending signed statements: the one way in which access changes. All of an act is stored, or none of it. */
import { decide } from "../../domain/access/decide.ts";
import { equalBytes, sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { appendStatement, verifyChain } from "../../domain/grant/chain.ts";
import { mayConfirm } from "../../domain/grant/confirmers.ts";
import { currentEpoch, memberOf, type BodyState } from "../../domain/grant/state.ts";
import { parseStatement, type SignedStatement, type Statement } from "../../domain/grant/statement.ts";
import { faultOfAct, signersOf, type PlainAct, type Signers } from "../../domain/log/act.ts";
import { asksFor } from "../../domain/grant/asked.ts";
import { plainEvent } from "../../domain/log/asked.ts";
import { parseEntry } from "../../domain/log/event.ts";
import { eventOfStatement } from "../../domain/log/stated.ts";
import { parseCanonical } from "../../domain/canonical.ts";
import { completeBodyOf } from "../../domain/form/body.ts";
import { formOf } from "../../domain/form/form.ts";
import { detailsCommitment, textCommitment } from "../../domain/person/details.ts";
import { kindOfRecipient, recipientHash } from "../../domain/seal/age.ts";
import { alertOf } from "../../domain/mail/alert.ts";
import { queueAlert } from "../alerts/tell.ts";
import type { Config } from "../config.ts";
import { endSessionsOf, markConfirmed, peopleOf } from "../people/store/accounts.ts";
import { bodyById } from "../people/store/bodies.ts";
import { writeEvent } from "../log/store/events.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import { askedRequest, decideRequest, type AskedRow } from "../grants/store.ts";
import { formDefinition, insertRecipient, insertStatement, lockChain, lockFormNames, insertWrap } from "./store.ts";
import type { Chains } from "./chains.ts";
import type { SignedIn } from "../grants/action.ts";

export type Appended = {
  readonly statements: readonly SignedStatement[];
  readonly wraps: readonly {
    readonly inbox: string;
    readonly epoch: number;
    readonly person: string;
    readonly wrap: Bytes;
  }[];
  readonly recipients: readonly { readonly inbox: string; readonly epoch: number; readonly recipient: string }[];
  readonly request?: string;
};

/**
 * Verifies and stores an act: its statements, wrapped keys and recipients, in one transaction, with one event per
 * statement.
 * @returns the chain's new head
 * @throws `CHAIN_MOVED` when another act came first; `CHAIN_BROKEN`, `WRAP_MISMATCH`, `RECIPIENT_MISMATCH`,
 * `PERSON_MISMATCH`; the decision's code
 */
export async function append(
  pool: Pool,
  chains: Chains,
  config: Config,
  who: SignedIn,
  body: string,
  act: Appended,
): Promise<{ seq: number; hash: string }> {
  const state = await inTransaction(pool, async (client) => {
    await lockChain(client, body);
    const before = (await chains.load(client, body))?.state;
    const parsed = act.statements.map((signed) => parseStatement(signed.bytes));
    const request = await decideAct(client, who, body, before, parsed, act.request);
    const after = verified(config, body, before, act.statements, parsed);
    checkKeys(config, act, parsed);
    if (request) checkRequest(parsed, request);
    if (request) checkAct(parsed, request, signersOf(after, config.operators));
    for (const statement of parsed) await checkRows(client, chains, config, body, statement);
    await store(client, body, act, parsed);
    if (before && parsed.some((s) => s.kind === "person.confirmed")) await tellOfNew(client, before, who.person, body);
    if (request && !(await decideRequest(client, request.id, "confirmed", who.person, null)))
      throw new Fault("REFUSED_STATE");
    await announceEvent(client);
    return after;
  });
  return { seq: state.head.seq, hash: toHex(state.head.hash) };
}

/**
 * Whoever answers for a body hears at once of somebody new: one owner alone could play both sides of a telephone call.
 * Not whoever confirmed, and not whoever is new.
 */
async function tellOfNew(client: Client, before: BodyState, actor: string, body: string): Promise<void> {
  const answers = (person: string): boolean =>
    person !== actor && ["owner", "auditor"].includes(memberOf(before, person)?.role ?? "");
  const people = (await peopleOf(client, body)).filter(({ id }) => answers(id));
  await queueAlert(client, people, alertOf("person.confirmed", { time: Date.now() }));
}

async function decideAct(
  client: Client,
  who: SignedIn,
  body: string,
  before: BodyState | undefined,
  parsed: readonly Statement[],
  id: string | undefined,
): Promise<AskedRow | undefined> {
  const request = id === undefined ? undefined : await askedRequest(client, body, id);
  if (id !== undefined && !request) throw new Fault("REQUEST_UNKNOWN");
  const decision = decide(who, before ? "statement.append" : "statement.root", {
    body,
    statements: parsed.map((s) => s.kind),
    ...(request ? { request } : {}),
    ...(request && before ? { confirming: mayConfirm(before, request, who.person) } : {}),
  });
  if (!decision.ok) throw new Fault(decision.code);
  // The session and the signature must be the same person's: a stolen session without the key signs nothing.
  if (parsed.some((statement) => statement.actor !== who.person))
    throw new Fault("STATEMENT_INVALID", "signed by somebody else");
  return request;
}

function verified(
  config: Config,
  body: string,
  before: BodyState | undefined,
  signed: readonly SignedStatement[],
  parsed: readonly Statement[],
): BodyState {
  const root = config.roots.get(body);
  if (!before) {
    if (!root) throw new Fault("BODY_UNKNOWN");
    return verifyChain(signed, { installation: config.installation, body, root });
  }
  if (parsed[0]!.seq !== before.head.seq + 1 || !equalBytes(parsed[0]!.prev, before.head.hash))
    throw new Fault("CHAIN_MOVED");
  if (parsed.some((s) => Math.abs(s.at - Date.now()) > CLOCK_MS))
    throw new Fault("STATEMENT_INVALID", "its time is not now");
  // A leaver must not go on being sealed to: ending and re-keying are one act.
  const ended = parsed.filter((s) => s.kind === "grant.ended");
  if (ended.some((e) => !parsed.some((s) => s.kind === "inbox.key" && s.inbox === e.inbox && s.seq > e.seq)))
    throw new Fault("STATEMENT_INVALID", "an end without a new key");
  const after = signed.reduce(appendStatement, before);
  const out = parsed.flatMap((s) => (s.kind === "person.ended" ? [s.person] : []));
  if ([...after.inboxes.values()].some((inbox) => out.some((person) => currentEpoch(inbox).holders.has(person))))
    throw new Fault("STATEMENT_INVALID", "an end without a new key");
  return after;
}

const CLOCK_MS = 15 * 60_000;

/** Every wrapped key and recipient is exactly one that a statement of this act names, and none is missing. */
function checkKeys(config: Config, act: Appended, parsed: readonly Statement[]): void {
  const wraps = new Map<string, Uint8Array>();
  const recipients = new Map<string, Uint8Array>();
  for (const s of parsed) {
    if (s.kind === "inbox.key") {
      recipients.set(`${s.inbox}/${s.epoch}`, s.recipientHash);
      for (const h of s.holders) wraps.set(`${s.inbox}/${s.epoch}/${h.person}`, h.wrap);
    }
    if (s.kind === "grant.made") for (const w of s.wraps) wraps.set(`${s.inbox}/${w.epoch}/${w.person}`, w.wrap);
  }
  const wrapped = new Set(act.wraps.map((w) => `${w.inbox}/${w.epoch}/${w.person}`));
  const keyed = new Set(act.recipients.map((r) => `${r.inbox}/${r.epoch}`));
  if (wrapped.size !== act.wraps.length || keyed.size !== act.recipients.length)
    throw new Fault("WRAP_MISMATCH", "one named twice");
  if (act.wraps.length !== wraps.size || act.recipients.length !== recipients.size)
    throw new Fault("WRAP_MISMATCH", "not one for each named");
  for (const w of act.wraps) {
    const named = wraps.get(`${w.inbox}/${w.epoch}/${w.person}`);
    if (!named || !equalBytes(named, sha256(w.wrap))) throw new Fault("WRAP_MISMATCH");
  }
  for (const r of act.recipients) {
    const named = recipients.get(`${r.inbox}/${r.epoch}`);
    if (!named || !equalBytes(named, recipientHash(r.recipient)) || kindOfRecipient(r.recipient) !== config.sealing)
      throw new Fault("RECIPIENT_MISMATCH");
  }
}

/** What is confirmed is what was asked: the same people, inbox, scope, end and purpose. */
function checkRequest(parsed: readonly Statement[], row: AskedRow): void {
  const made = parsed.filter((s) => s.kind === "grant.made");
  const [one] = made;
  const same =
    made.length === 1 &&
    one!.request === row.id &&
    one!.inbox === row.inbox &&
    one!.asker === row.asker &&
    one!.scope === row.scope &&
    one!.until === row.until &&
    one!.purpose === row.purpose &&
    equalBytes(one!.purposeCommitment, textCommitment(row.purpose_salt, row.purpose_text)) &&
    one!.persons.length === row.persons.length &&
    row.persons.every((person) => one!.persons.includes(person));
  if (!same) throw new Fault("STATEMENT_INVALID", "it confirms something else than was asked");
}

/** What is confirmed was asked: the row is what the asker signed and the log has. @throws `REQUEST_ALTERED` */
function checkAct(parsed: readonly Statement[], row: AskedRow, signers: Signers): void {
  const altered = (why: string): Fault => new Fault("REQUEST_ALTERED", why);
  if (!row.entry || !row.signature || !row.by_salt) throw altered("nobody signed it");
  const entry = parseEntry(new Uint8Array(row.entry));
  const [signature, bySalt] = [new Uint8Array(row.signature), new Uint8Array(row.by_salt)];
  if (entry.kind !== "grant.requested" || !asksFor(entry, { ...row, request: row.id }, row.persons_salt))
    throw altered("something else was asked");
  const fault = faultOfAct(entry as unknown as PlainAct, { person: row.asker, signature, bySalt }, signers);
  if (fault !== null) throw altered(fault);
  // The statement holds the same act, by the same key: an operator's is the configuration's.
  const made = parsed.find((s) => s.kind === "grant.made");
  const same =
    made &&
    equalBytes(made.asked, plainEvent(new Uint8Array(row.entry))) &&
    equalBytes(made.askedSignature, signature) &&
    equalBytes(made.askerKey, signers.get(row.asker)!.signingKey);
  if (!same) throw altered("the statement holds another request");
}

/** What a statement says of rows must be what the rows say. */
async function checkRows(client: Client, chains: Chains, config: Config, body: string, s: Statement): Promise<void> {
  if (s.kind === "person.confirmed") {
    const row = (await peopleOf(client, body)).find((one) => one.id === s.person);
    if (!row?.recipient || !row.signing_key || !row.details_salt) throw new Fault("PERSON_UNKNOWN");
    const same =
      row.role === s.role &&
      equalBytes(recipientHash(row.recipient), s.recipientHash) &&
      equalBytes(row.signing_key, s.signingKey) &&
      equalBytes(detailsCommitment(row.details_salt, row.name, row.email), s.details);
    if (!same) throw new Fault("PERSON_MISMATCH");
  }
  if (s.kind === "form.published") await checkForm(client, chains, config, body, s);
}

async function checkForm(
  client: Client,
  chains: Chains,
  config: Config,
  body: string,
  s: Extract<Statement, { kind: "form.published" }>,
): Promise<void> {
  const stored = await formDefinition(client, toHex(s.formHash));
  if (!stored || stored.body !== body || !equalBytes(sha256(stored.definition), s.formHash))
    throw new Fault("FORM_UNKNOWN");
  const form = formOf(parseCanonical(stored.definition));
  if (form.id !== s.form || form.body !== body || form.browserOnly !== s.browserOnly)
    throw new Fault("STATEMENT_INVALID", "it says something else than the form");
  // One name, one body: otherwise one body could sit down at another's address and be sent its letters.
  await lockFormNames(client);
  for (const other of config.roots.keys())
    if (other !== body && (await chains.load(client, other))?.state.forms.has(s.form))
      throw new Fault("FORM_NAME_TAKEN");
  // A body without its privacy notice, accessibility statement and contact cannot open a form.
  if (s.state === "open") completeBodyOf((await bodyById(client, body))?.record);
}

async function store(client: Client, body: string, act: Appended, parsed: readonly Statement[]): Promise<void> {
  for (const [i, statement] of parsed.entries()) {
    await insertStatement(client, body, statement.seq, act.statements[i]!);
    if (statement.kind === "person.confirmed") await markConfirmed(client, statement.person);
    // Whoever is let out does not go on with a session from before (T13).
    if (statement.kind === "grant.ended" || statement.kind === "person.ended")
      await endSessionsOf(client, statement.person);
    await writeEvent(client, eventOfStatement(statement, act.statements[i]!));
  }
  for (const r of act.recipients) await insertRecipient(client, body, r.inbox, r.epoch, r.recipient);
  for (const w of act.wraps) await insertWrap(client, w.inbox, w.epoch, w.person, w.wrap);
}
