/**
 * The submitter's view: what became of a letter, for whoever brings the sign-in part of its words (docs/FORMAT.md,
 * Receipt; T30). A miss does what a hit does, in the same order; when the answer leaves is the route's matter.
 */
import { toBase64, toHex, type Bytes } from "../../domain/bytes.ts";
import { timesOf } from "../../domain/case/due.ts";
import { completeBodyOf } from "../../domain/form/body.ts";
import { keptSentence } from "../../domain/form/who.ts";
import { readersOfEpoch } from "../../domain/grant/readers.ts";
import { placeOfId } from "../../domain/log/commit.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { vkeyOfLog } from "../../domain/log/names.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { receiptHash } from "../../domain/receipt/keys.ts";
import type { DecidedBy, ErasureStatus, Proven, Reading, Sent, Status } from "../../domain/receipt/status.ts";
import { zoneOf } from "../../domain/time.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Config } from "../config.ts";
import { actOf } from "../acts/store.ts";
import { bodyById } from "../people/store/bodies.ts";
import { lastErasure } from "../erasure/store/erasures.ts";
import { inTransaction, type Client, type Pool } from "../database/pool.ts";
import { auditedLog } from "../log/store/proofs.ts";
import { decidedBy, actsTold, type Done, type Proofs } from "./acts.ts";
import {
  bringSignIn,
  eventsOf,
  ownActs,
  proofsOf,
  readingsOf,
  receivedEvents,
  type EventOf,
  type OwnAct,
  type ReadingRow,
} from "./store.ts";
import type { Chain, Chains } from "../statements/chains.ts";
import { formVersion, publishedForm } from "../statements/forms.ts";

/** More than anybody looks through; the page says how many older ones there are. */
const MOST_READINGS = 16;
const MOST_ADDITIONS = 50;

type Received = Extract<Entry, { kind: "submission.received" }>;
type Own = { readonly entry: Received; readonly event: EventOf };

/** The letter of a receipt, inside a transaction that has brought the sign-in part. */
async function ownOf(client: Client, signIn: Bytes): Promise<readonly Own[]> {
  await bringSignIn(client, signIn);
  const rows = await receivedEvents(client, receiptHash(signIn));
  return rows.flatMap((event) => {
    const entry = parseEntry(new Uint8Array(event.entry));
    return entry.kind === "submission.received" ? [{ entry, event }] : [];
  });
}

/** The letter itself among what a receipt finds. */
const letterOf = (own: readonly Own[]): Own | undefined => own.find(({ entry }) => entry.first === undefined);

/** The body and the form of an inbox, by verified statements. */
export function placeOf(
  all: ReadonlyMap<string, Chain>,
  inbox: string,
): { readonly body: string; readonly form: string } | undefined {
  for (const [body, chain] of all) {
    const form = [...chain.state.forms.values()].find((one) => one.inbox === inbox);
    if (form) return { body, form: form.form };
  }
  return undefined;
}

/** @returns null for a sign-in part that belongs to nothing */
export const statusOf = (...asked: Parameters<typeof looked>): Promise<Status | null> =>
  looked(...asked).catch((thrown: unknown) => {
    // Its letter was erased while it was looked at: then that is told, and nothing of what was there before.
    if (codeOf(thrown) === "ERASED") return looked(...asked);
    throw thrown;
  });

async function looked(pool: Pool, chains: Chains, config: Config, signIn: Bytes, now: number): Promise<Status | null> {
  return inTransaction(pool, async (client) => {
    const own = await ownOf(client, signIn);
    const letter = letterOf(own);
    // For a miss the same is looked up for a letter that is not there, under a form that is.
    const submission = letter?.entry.submission ?? newId();
    const additions = own.filter(({ entry }) => entry.first === submission).slice(-MOST_ADDITIONS);
    const readings = await readingsOf(
      client,
      [submission, ...additions.map(({ entry }) => entry.submission)],
      MOST_READINGS,
    );
    const done = await ownActs(client, submission);
    const erasure = await lastErasure(client, submission);
    // What was written about an erased letter is gone, and nothing of it is told.
    const acts = erasure?.state === "granted" ? [] : done;
    const bodies = await chains.loadAll(client);
    const place = placeOf(bodies, letter?.entry.inbox ?? "") ?? somewhere(bodies);
    if (!place) return null;
    const logs = await auditedLog(client, place.body, []);
    const events = await eventsOf(client, named(readings, acts, erasure?.event ?? null));
    const proofs = await proofsOf(
      client,
      [...events.values(), ...own.map(({ event }) => event)],
      place.body,
      new Map(logs.map(({ log, checkpoint }) => [log, checkpoint])),
    );
    const prove = (event: EventOf | undefined): Proven | null => {
      const proof = event && proofs.get(event.id);
      return event && proof !== undefined ? { entry: toBase64(event.entry), proof } : null;
    };
    const proven: Proofs = { of: prove, at: (event) => prove(event === null ? undefined : events.get(event)) };
    const act = await actOf(client, erasure?.event ?? 0);
    const found = await publishedForm(client, chains, place.form);
    const body = completeBodyOf((await bodyById(client, place.body))?.record);
    const told: Status = {
      form: found.form.id,
      title: found.form.title,
      body: body.id,
      bodyName: body.name,
      host: body.host,
      zone: zoneOf(config.zones, body.id),
      kept: keptSentence(found.form, body.name),
      times: timesOf(await formVersion(client, letter?.entry.formHash ?? toHex(found.published.formHash))),
      channels: found.form.otherChannels,
      readers: readersOfEpoch(found.chain.state, found.published.inbox, letter?.entry.epoch ?? 1, now),
      logKey: vkeyOfLog(config.logKey, place.body),
      logs: logs.map(({ checkpoint, begun, ended }) => ({ checkpoint, begun, ended })),
      letter: sentOf(letter, submission, readings, proven),
      additions: additions.map((one) => sentOf(one, one.entry.submission, readings, proven)),
      acts: await actsTold(
        client,
        { body: place.body, inbox: found.published.inbox, submission },
        doneIn(acts, events),
        proven,
        found.chain.state,
      ),
      erasure: erasure
        ? erasureOf(
            erasure,
            erasure.state === "granted" ? proven.at(erasure.event) : null,
            decidedBy(act, found.chain.state),
          )
        : null,
    };
    return letter ? told : null;
  });
}

/** The events that are told of. */
const named = (readings: readonly ReadingRow[], acts: readonly OwnAct[], erasure: number | null): readonly number[] => [
  ...readings.flatMap(({ event, openedEvent }) => [event, ...(openedEvent === null ? [] : [openedEvent])]),
  ...acts.map(({ event }) => event),
  ...(erasure === null ? [] : [erasure]),
];

const doneIn = (acts: readonly OwnAct[], events: ReadonlyMap<number, EventOf>): readonly Done[] =>
  acts.flatMap((one) => {
    const said = events.get(one.event);
    return said ? [{ ...one, said }] : [];
  });

function somewhere(all: ReadonlyMap<string, Chain>): { body: string; form: string } | undefined {
  for (const [body, chain] of all) {
    const [form] = chain.state.forms.keys();
    if (form !== undefined) return { body, form };
  }
  return undefined;
}

function sentOf(own: Own | undefined, submission: string, all: readonly ReadingRow[], proven: Proofs): Sent {
  const readings = all.filter((row) => row.submission === submission);
  return {
    submission,
    at: own?.entry.at ?? 0,
    path: own?.entry.path ?? "browser",
    received: proven.of(own?.event),
    readings: readings.map((row): Reading => {
      const { at, part, role, count, openedAt } = row;
      const [released, opened] = [proven.at(row.event), proven.at(row.openedEvent)];
      return { at, part, role, count, openedAt, released, opened, among: amongOf(row) };
    }),
    left: (readings[0]?.total ?? 0) - readings.length,
  };
}

/** That the letter was among those released; null where the row does not have it. */
function amongOf({ salt, tree, count, submission }: ReadingRow): Reading["among"] {
  if (salt === null || tree === null || tree.length < count * 32) return null;
  const found = placeOfId(tree, count, salt, submission);
  return found && { salt: toBase64(salt), index: found.index, hashes: found.hashes.map(toBase64) };
}

type Told = NonNullable<Awaited<ReturnType<typeof lastErasure>>>;
const erasureOf = (
  { state, askedAt, decidedAt, reason, words }: Told,
  done: Proven | null,
  act: DecidedBy | null,
): ErasureStatus => ({
  state,
  askedAt: askedAt.getTime(),
  decidedAt: decidedAt?.getTime() ?? null,
  reason,
  words,
  done,
  act: done && act,
});

/** The own letter, or the refusal that a stranger gets. @throws `RECEIPT_UNKNOWN` */
export async function demandLetter(client: Client, signIn: Bytes): Promise<Received> {
  const letter = letterOf(await ownOf(client, signIn));
  if (!letter) throw new Fault("RECEIPT_UNKNOWN");
  return letter.entry;
}
