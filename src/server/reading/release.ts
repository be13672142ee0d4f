/**
 * Releasing sealed bytes: decide → log → checkpoint → only then hand over, with the proof (docs/FORMAT.md, Release and
 * its proof; T12). Two requests: `begin` commits the event, `handOver` gives the bytes once a signed checkpoint covers
 * it.
 */
import { decide } from "../../domain/access/decide.ts";
import { ALLOWED, Fault, refused, type Decision } from "../../domain/problem.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import { idsRoot, idsTree } from "../../domain/log/commit.ts";
import type { LogEvent } from "../../domain/log/event.ts";
import { newSalt } from "../../domain/person/details.ts";
import { commitTo, secretsOf, writeEvent } from "../log/store/events.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import { receivedProof, releaseProof, type EventProof } from "../log/store/proofs.ts";
import {
  insertReading,
  insertRelease,
  noteOpened,
  releasedItems,
  releaseIds,
  runningRelease,
  type ReleasedItem,
  type ReleaseRow,
} from "./store.ts";
import { additionsTo, epochsOfSubmissions, submissionsToList } from "../public/store.ts";
import { shareChains } from "../statements/store.ts";
import type { Chains } from "../statements/chains.ts";
import { doneAbout, handedActs, type DoneAct, type HandedAct } from "../cases/handed.ts";
import { roleOf, type SignedIn } from "../grants/action.ts";

type What =
  | { readonly purpose: "list"; readonly inbox: string; readonly since: number; readonly before: number }
  | { readonly purpose: "open"; readonly inbox: string; readonly submissions: readonly string[] }
  | {
      readonly purpose: "affected";
      readonly inbox: string;
      readonly submissions: readonly string[];
      readonly incident: string;
    };

/** `release` is made by the reader's app, so that the answer can be told from an earlier one. */
export type Wanted = What & { readonly release: string };

/** How long the bytes of a release can be fetched. */
const MINUTES = 5;

const ACTIONS = { list: "release.list", open: "release.open", affected: "release.affected" } as const;

type Said = Omit<Extract<LogEvent, { kind: "slips.released" }>, "kind" | "purpose">;

function releasedEvent(said: Said, wanted: Wanted): LogEvent {
  if (wanted.purpose === "list") return { kind: "slips.released", ...said, purpose: "list" };
  return wanted.purpose === "open"
    ? { kind: "letter.released", ...said, purpose: "open" }
    : { kind: "letters.released", ...said, purpose: "affected", incident: wanted.incident };
}

/**
 * Decides and logs a release. A refusal is logged too.
 * @returns the release's id
 * @throws the decision's code; `BAD_REQUEST` when the id was used before
 */
export async function begin(pool: Pool, chains: Chains, who: SignedIn, body: string, wanted: Wanted): Promise<string> {
  const outcome = await inTransaction(pool, async (client) => {
    // An erasure of this body's letters and a reading of them come one after the other.
    await shareChains(client, [body]);
    const { state } = await chains.need(client, body);
    const { ids, reading } = await choose(client, state, who.person, wanted);
    const decision = decide(who, ACTIONS[wanted.purpose], { body, reading });
    const reader = commitTo(who.person);
    // Operators, people who wait and people of other bodies are turned away before there is anything to commit to.
    if (!decision.ok && (who.kind !== "member" || who.body !== body)) throw new Fault(decision.code);
    await announceEvent(client);
    const role = roleOf(who);
    if (!decision.ok) {
      await writeEvent(
        client,
        { kind: "release.refused", body, inbox: wanted.inbox, code: decision.code, reader: reader.commitment, role },
        [reader],
      );
      return decision;
    }
    const salt = newSalt();
    const id = wanted.release;
    const part = wanted.purpose === "list" ? "slip" : "letter";
    const said = {
      body,
      inbox: wanted.inbox,
      count: ids.length,
      ids: idsRoot(salt, ids),
      reader: reader.commitment,
      role,
      release: id,
    } as const;
    const event = await writeEvent(client, releasedEvent(said, wanted), [reader]);
    await insertRelease(
      client,
      {
        id,
        event: event.id,
        body,
        inbox: wanted.inbox,
        person: who.person,
        purpose: wanted.purpose,
        part,
        ids_salt: salt,
        ids_tree: idsTree(salt, ids),
        minutes: MINUTES,
      },
      ids,
    );
    await insertReading(client, { release: id, at: event.at, part, body, role, count: ids.length });
    return id;
  });
  if (typeof outcome !== "string") throw new Fault(outcome.code);
  return outcome;
}

/** Which submissions are meant, and whether this person may read every one of them. */
async function choose(
  client: Client,
  state: BodyState,
  person: string,
  wanted: Wanted,
): Promise<{ ids: string[]; reading: Decision }> {
  const epochs = state.inboxes.get(wanted.inbox)?.epochs ?? [];
  const may = (epoch: number): Decision => mayRead(state, person, wanted.inbox, epoch, Date.now());
  if (wanted.purpose === "list") {
    const held = epochs.map((epoch) => epoch.epoch).filter((epoch) => may(epoch).ok);
    if (held.length === 0) return { ids: [], reading: may(Math.max(1, epochs.length)) };
    return { ids: await submissionsToList(client, wanted.inbox, held, wanted.since, wanted.before), reading: ALLOWED };
  }
  const found = await epochsOfSubmissions(client, wanted.inbox, wanted.submissions);
  if (wanted.submissions.length === 0 || wanted.submissions.some((id) => !found.has(id)))
    return { ids: [], reading: refused("REFUSED_NO_GRANT") };
  const refusal = [...found.values()].map(({ epoch }) => may(epoch)).find((decision) => !decision.ok);
  if (!refusal && [...found.values()].some(({ erased }) => erased)) throw new Fault("ERASED");
  return { ids: [...found.keys()], reading: refusal ?? ALLOWED };
}

export type HandedOver = {
  readonly release: ReleaseRow;
  readonly proof: string;
  readonly entry: Uint8Array;
  readonly personSalt: Uint8Array;
  readonly items: readonly ReleasedItem[];
  /** that a letter was received, as the log has it; null for a list */
  readonly received: EventProof | null;
  /** what was added to a letter later, oldest first, as far as the log covers it */
  readonly added: readonly EventProof[];
  /** what was done about it, the first first */
  readonly acts: readonly HandedAct[];
  /** what was done about the letters of a list */
  readonly done: readonly DoneAct[];
};

/**
 * The bytes of a release with their proof; undefined while no signed checkpoint covers it.
 * @throws `RELEASE_UNKNOWN`, `ERASED` when a letter in it is not there any more, and the decision's code when access
 * ended meanwhile
 */
export async function handOver(pool: Pool, chains: Chains, who: SignedIn, id: string): Promise<HandedOver | undefined> {
  return inTransaction(pool, async (client) => {
    const release = await mine(client, who, id, "release.fetch");
    const { state } = await chains.need(client, release.body);
    const proof = await releaseProof(client, release.event);
    if (!proof) return undefined;
    const items = await releasedItems(client, release);
    if (items.length !== (await releaseIds(client, id)).length) throw new Fault("ERASED");
    // Access may have ended between the two requests.
    const refusal = items
      .map((item) => mayRead(state, who.person, release.inbox, item.epoch, Date.now()))
      .find((decision) => !decision.ok);
    if (refusal && !refusal.ok) throw new Fault(refusal.code);
    const secret = (await secretsOf(client, [release.event])).find((one) => one.person === who.person);
    if (!secret) throw new Fault("RELEASE_UNKNOWN");
    const received = release.part === "letter" ? await receivedProof(client, items[0]!.submission) : null;
    const added: EventProof[] = [];
    for (const { submission } of release.part === "letter" ? await additionsTo(client, items[0]!.submission) : []) {
      const one = await receivedProof(client, submission);
      if (one) added.push(one);
    }
    const done =
      release.purpose === "list"
        ? await doneAbout(client, [...new Set(items.map(({ submission, first }) => first ?? submission))])
        : [];
    const acts =
      release.purpose === "open"
        ? await handedActs(
            client,
            items[0]!.submission,
            (epoch) => mayRead(state, who.person, release.inbox, epoch, Date.now()).ok,
          )
        : [];
    return {
      release,
      proof: proof.proof,
      entry: proof.entry,
      personSalt: secret.salt,
      items,
      received,
      added,
      acts,
      done,
    };
  });
}

/** The reader's app says that it opened a letter: the least that was read, as the release is the most. */
export async function opened(pool: Pool, who: SignedIn, id: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const release = await mine(client, who, id, "release.opened");
    if (release.part !== "letter" || (await releaseIds(client, id)).length === 0) throw new Fault("BAD_REQUEST");
    const reader = commitTo(who.person);
    const event = await writeEvent(
      client,
      { kind: "letter.opened", body: release.body, release: id, reader: reader.commitment, role: roleOf(who) },
      [reader],
    );
    await noteOpened(client, id, event);
  });
}

async function mine(
  client: Client,
  who: SignedIn,
  id: string,
  action: "release.fetch" | "release.opened",
): Promise<ReleaseRow> {
  const release = await runningRelease(client, id);
  if (!release) throw new Fault("RELEASE_UNKNOWN");
  const decision = decide(who, action, { body: release.body, releasedTo: release.person });
  if (!decision.ok) throw new Fault(decision.code);
  return release;
}
