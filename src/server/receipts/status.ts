/**
 * The submitter's view: what became of a letter, for whoever brings the sign-in part of its words (docs/FORMAT.md,
 * Receipt; T30). A miss does what a hit does, in the same order; when the answer leaves is the route's matter.
 */
import { toBase64, toHex, type Bytes } from "../../domain/bytes.ts";
import { completeBodyOf } from "../../domain/form/body.ts";
import { keptSentence } from "../../domain/form/who.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import { readersOfEpoch } from "../../domain/grant/readers.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { Fault } from "../../domain/problem.ts";
import { receiptHash } from "../../domain/receipt/keys.ts";
import type { DecidedBy, ErasureStatus, Proven, Sent, Status } from "../../domain/receipt/status.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Config } from "../config.ts";
import { actOf, type ActRow } from "../acts/store.ts";
import { bodyById } from "../people/store/bodies.ts";
import { lastErasure } from "../erasure/store/erasures.ts";
import { inTransaction, type Client, type Pool } from "../database/pool.ts";
import {
  bringSignIn,
  decisionEvent,
  proofOfLeaf,
  readingsOf,
  receivedEvents,
  type EventOf,
  type ReadingRow,
} from "./store.ts";
import type { Chain, Chains } from "../statements/chains.ts";
import { publishedForm } from "../statements/forms.ts";

/** More than anybody looks through; the page says how many older ones there are. */
const MOST_READINGS = 40;
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
export async function statusOf(
  pool: Pool,
  chains: Chains,
  config: Config,
  signIn: Bytes,
  now: number,
): Promise<Status | null> {
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
    const erasure = await lastErasure(client, submission);
    const decision = await decisionEvent(client, erasure?.event ?? null);
    const act = await actOf(client, erasure?.event ?? 0);
    const proofs = await provenAll(client, [letter?.event, decision, ...additions.map(({ event }) => event)]);
    const all = await chains.loadAll(client);
    const place = placeOf(all, letter?.entry.inbox ?? "") ?? somewhere(all);
    if (!place) return null;
    const found = await publishedForm(client, chains, place.form);
    const body = completeBodyOf((await bodyById(client, place.body))?.record);
    const readers = readersOfEpoch(found.chain.state, found.published.inbox, letter?.entry.epoch ?? 1, now);
    const told: Status = {
      form: found.form.id,
      title: found.form.title,
      body: body.id,
      bodyName: body.name,
      host: body.host,
      kept: keptSentence(found.form, body.name),
      channels: found.form.otherChannels,
      readers,
      logKey: config.logKey,
      letter: sentOf(letter?.entry ?? null, submission, readings, proofs[0]!),
      additions: additions.map(({ entry }, index) => sentOf(entry, entry.submission, readings, proofs[2 + index]!)),
      erasure: erasure
        ? erasureOf(erasure, erasure.state === "granted" ? proofs[1]! : null, decidedBy(act, found.chain.state))
        : null,
    };
    return letter ? told : null;
  });
}

function somewhere(all: ReadonlyMap<string, Chain>): { body: string; form: string } | undefined {
  for (const [body, chain] of all) {
    const [form] = chain.state.forms.keys();
    if (form !== undefined) return { body, form };
  }
  return undefined;
}

/** Each event with its proof; what is not there yet costs as much. */
async function provenAll(client: Client, events: readonly (EventOf | undefined)[]): Promise<(Proven | null)[]> {
  const all: (Proven | null)[] = [];
  for (const event of events) {
    const proof = await proofOfLeaf(client, event?.leaf ?? 0);
    all.push(event && event.leaf !== null && proof !== null ? { entry: toBase64(event.entry), proof } : null);
  }
  return all;
}

function sentOf(entry: Received | null, submission: string, all: readonly ReadingRow[], received: Proven | null): Sent {
  const readings = all.filter((row) => row.submission === submission);
  return {
    submission,
    at: entry?.at ?? 0,
    path: entry?.path ?? "browser",
    received,
    readings: readings.map(({ at, part, role, count, openedAt }) => ({ at, part, role, count, openedAt })),
    left: (readings[0]?.total ?? 0) - readings.length,
  };
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

function decidedBy(act: ActRow | undefined, { persons }: BodyState): DecidedBy | null {
  const key = act && persons.get(act.person)?.signingKey;
  return act && key ? { key: toHex(key), signature: act.signature.toString("hex") } : null;
}

/** The own letter, or the refusal that a stranger gets. @throws `RECEIPT_UNKNOWN` */
export async function demandLetter(client: Client, signIn: Bytes): Promise<Received> {
  const letter = letterOf(await ownOf(client, signIn));
  if (!letter) throw new Fault("RECEIPT_UNKNOWN");
  return letter.entry;
}
