/**
 * Statements: each body's chain holds from its root, each statement has its event, and every key, wrap, person and
 * request is what a statement says.
 */
import { equalBytes, fromHex, sha256, toHex } from "../../../src/domain/bytes.ts";
import { appendStatement, verifyChain } from "../../../src/domain/grant/chain.ts";
import type { BodyState, EpochState } from "../../../src/domain/grant/state.ts";
import { statementHash } from "../../../src/domain/grant/statement.ts";
import { recipientHash } from "../../../src/domain/seal/age.ts";
import type { Judged } from "../judge.ts";
import { entriesOf, groupedBy, type Seen } from "./seen.ts";

/** A body's state after each of its statements, and the event that logged the statement. */
export type Moment = { readonly state: BodyState; readonly event: number };
export type States = ReadonlyMap<string, readonly Moment[]>;

const STATED = [
  "person.confirmed",
  "person.ended",
  "inbox.rekeyed",
  "grant.made",
  "grant.ended",
  "form.published",
] as const;

export function chainFindings(world: Judged, seen: Seen): { readonly findings: string[]; readonly states: States } {
  const findings: string[] = [];
  const states = new Map<string, Moment[]>();
  const events = groupedBy(entriesOf(seen, ...STATED), (one) => one.entry.statement);
  const hashes = new Set<string>();
  for (const [body, rows] of groupedBy(seen.statements, (row) => row.body)) {
    const root = world.config.roots[body];
    if (root === undefined) {
      findings.push(`body ${body} has statements and no root`);
      continue;
    }
    const moments: Moment[] = [];
    try {
      for (const row of rows) {
        const signed = { bytes: new Uint8Array(row.bytes), signature: new Uint8Array(row.signature) };
        const before = moments.at(-1)?.state;
        const state = before
          ? appendStatement(before, signed)
          : verifyChain([signed], { installation: world.config.installation, body, root: fromHex(root) });
        const hash = toHex(statementHash(signed.bytes));
        hashes.add(hash);
        const logged = events.get(hash) ?? [];
        if (logged.length !== 1 || logged[0]!.entry.body !== body)
          findings.push(`statement ${row.seq} of ${body}: ${logged.length} events instead of one`);
        moments.push({ state, event: logged[0]?.row.id ?? 0 });
      }
    } catch (thrown) {
      findings.push(`body ${body}: ${String(thrown)}`);
    }
    states.set(body, moments);
  }
  for (const [hash, logged] of events)
    if (!hashes.has(hash)) findings.push(`event ${logged[0]!.row.id} is about a statement that is not there`);
  const last = [...states].flatMap(([, moments]) => moments.at(-1)?.state ?? []);
  findings.push(...keyFindings(seen, last), ...peopleFindings(seen, last), ...requestFindings(seen, last));
  for (const state of last)
    for (const form of state.forms.values())
      for (const hash of form.versions.keys())
        if (!seen.formHashes.includes(hash))
          findings.push(`form ${form.form}: version ${hash} is signed and not there`);
  return { findings, states };
}

function* keyFindings(seen: Seen, states: readonly BodyState[]): Generator<string> {
  const epochs = new Map<string, EpochState>(
    states.flatMap((state) =>
      [...state.inboxes.values()].flatMap(({ inbox, epochs: all }) =>
        all.map((epoch) => [`${inbox}/${epoch.epoch}`, epoch] as const),
      ),
    ),
  );
  const keys = new Map(seen.epochKeys.map((row) => [`${row.inbox}/${row.epoch}`, row]));
  for (const [name, row] of keys)
    if (!epochs.has(name)) yield `epoch ${name} stands in the database and in no statement (${row.body})`;
  for (const [name, epoch] of epochs) {
    const row = keys.get(name);
    if (!row || !equalBytes(recipientHash(row.recipient), epoch.recipientHash))
      yield `epoch ${name}: its public key is not the signed one`;
    for (const [person, wrap] of epoch.holders) {
      const found = seen.wraps.find((one) => `${one.inbox}/${one.epoch}` === name && one.person === person);
      if (!found || !equalBytes(sha256(found.bytes), wrap))
        yield `epoch ${name}: the wrapped key of ${person} is not the signed one`;
    }
  }
  for (const wrap of seen.wraps)
    if (!epochs.get(`${wrap.inbox}/${wrap.epoch}`)?.holders.has(wrap.person))
      yield `epoch ${wrap.inbox}/${wrap.epoch}: a wrapped key for ${wrap.person}, whom no statement names`;
}

function* peopleFindings(seen: Seen, states: readonly BodyState[]): Generator<string> {
  const confirmed = new Map(
    states.flatMap((state) =>
      [...state.persons.values()].map((person) => [person.person, { ...person, body: state.body }] as const),
    ),
  );
  for (const account of seen.accounts) {
    const signed = confirmed.get(account.id);
    if (account.state === "confirmed" && account.role !== "operator" && !signed)
      yield `account ${account.id} is confirmed by no statement`;
    if (
      signed &&
      (signed.role !== account.role ||
        signed.body !== account.body ||
        !account.signing_key ||
        !equalBytes(signed.signingKey, account.signing_key))
    )
      yield `account ${account.id} is not the person who was confirmed`;
    if (signed && account.state === "waiting") yield `account ${account.id} waits although it was confirmed`;
  }
}

function* requestFindings(seen: Seen, states: readonly BodyState[]): Generator<string> {
  const granted = new Set(states.flatMap((state) => [...state.grants.values()].map((grant) => grant.request)));
  const asked = groupedBy(entriesOf(seen, "grant.requested"), (one) => one.entry.request);
  const closed = groupedBy(entriesOf(seen, "request.declined", "request.withdrawn"), (one) => one.entry.request);
  for (const { id, state } of seen.requests) {
    if (asked.get(id)?.length !== 1) yield `request ${id}: ${asked.get(id)?.length ?? 0} events instead of one`;
    if ((state === "confirmed") !== granted.has(id))
      yield `request ${id} is ${state}, and a grant for it was ${granted.has(id) ? "" : "not "}signed`;
    const told = closed.get(id)?.map((one) => one.entry.kind) ?? [];
    const due = state === "declined" || state === "withdrawn" ? [`request.${state}`] : [];
    if (told.join() !== due.join())
      yield `request ${id} is ${state}, and its events say ${told.join(" and ") || "nothing"}`;
  }
  for (const id of [...asked.keys(), ...closed.keys()])
    if (!seen.requests.some((row) => row.id === id)) yield `request ${id}: an event without a row`;
}
