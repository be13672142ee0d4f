/**
 * Incidents: recording an act, and reading what was recorded. The server adds time and place in the log; what is said
 * was signed by the person who says it.
 */
import { canonicalJson } from "../../domain/canonical.ts";
import { hasTexts, type SignedAct } from "../../domain/incident/act.ts";
import { incidentOf, judge, type IncidentState } from "../../domain/incident/state.ts";
import { verifyActs, type StoredAct } from "../../domain/incident/verify.ts";
import { decide } from "../../domain/access/decide.ts";
import { Fault } from "../../domain/problem.ts";
import { signedHead, writeEvent } from "../log/store/events.ts";
import { actsOf, insertAct, keepProof, lockIncident, type ActRow } from "./store.ts";
import { announceEvent, inTransaction, type Client, type Db, type Pool } from "../database/pool.ts";
import { releaseProof } from "../log/store/proofs.ts";
import type { Chains } from "../statements/chains.ts";
import type { SignedIn } from "../grants/action.ts";

/** What belongs to an act and is written with it, in its transaction. */
export type Beside = (client: Client, state: IncidentState, event: number) => Promise<void>;

/**
 * Records one signed act. @param beside what else is written, given the incident as it then is
 * @throws the decision's code; `INCIDENT_MOVED` when another act came first; `INCIDENT_RULE` when it may not come now;
 * `INCIDENT_BROKEN`
 */
export async function recordAct(
  pool: Pool,
  chains: Chains,
  who: SignedIn,
  body: string,
  incident: string,
  act: SignedAct,
  beside?: Beside,
): Promise<void> {
  const event = await inTransaction(pool, async (client) => {
    await lockIncident(client, incident);
    const decision = decide(who, act.event.kind === "incident.opened" ? "incident.open" : "incident.act", { body });
    if (!decision.ok) throw new Fault(decision.code);
    const {
      state: { persons },
    } = await chains.need(client, body);
    const stored = await actsOf(client, body, incident);
    const { acts, head } = verifyActs(stored.map(storedAct), { body, incident, persons, logKey: null });
    if (act.event.seq !== head.seq || act.event.prev !== head.prev) throw new Fault("INCIDENT_MOVED");
    const now = Date.now();
    const rule = judge(acts.length === 0 ? null : incidentOf(acts), act.event, now);
    if (!rule.ok) throw new Fault(rule.code);
    const written = await writeEvent(client, act.event, [
      { person: who.person, salt: act.bySalt, commitment: act.event.by },
    ]);
    const texts = hasTexts(act.texts) ? act.texts : null;
    await insertAct(client, {
      incident,
      seq: act.event.seq,
      body,
      event: written.id,
      person: who.person,
      bySalt: act.bySalt,
      signature: act.signature,
      texts,
      salt: texts && act.salt,
    });
    // Read back and verified like any other: what does not hold is not kept. That also compares signature, person and
    // role.
    const after = verifyActs((await actsOf(client, body, incident)).map(storedAct), {
      body,
      incident,
      persons,
      logKey: null,
    });
    await beside?.(client, incidentOf(after.acts), written.id);
    await announceEvent(client);
    return written.id;
  });
  await proveWithin(pool, body, event);
}

/** How long an act waits for the signed checkpoint over it, and how often it looks. Milliseconds. */
const WAIT = 3000;
const LOOK = 20;

/** Keeps the proof as soon as there is one. If the log is slow, the next reader does. */
async function proveWithin(pool: Pool, body: string, event: number): Promise<void> {
  for (const end = Date.now() + WAIT; Date.now() < end; await new Promise((later) => setTimeout(later, LOOK)))
    if (await prove(pool, body, event)) return;
}

async function prove(pool: Pool, body: string, event: number): Promise<boolean> {
  const proof = await releaseProof(pool, event);
  if (!proof) return false;
  await keepProof(pool, event, proof.proof, (await signedHead(pool, body)).at ?? 0);
  return true;
}

const storedAct = ({ entry, signature, person, by_salt, texts, salt, proof, signed_at }: ActRow): StoredAct => ({
  entry: new Uint8Array(entry),
  signature: new Uint8Array(signature),
  person,
  bySalt: new Uint8Array(by_salt),
  texts,
  salt: salt && new Uint8Array(salt),
  proof,
  signedAt: signed_at,
});

/**
 * The acts of a body's incidents, each with its proof where the log has signed over it. They are verified where they
 * are shown.
 */
export async function recordedActs(pool: Pool, body: string, incident?: string): Promise<readonly ActRow[]> {
  const rows = await actsOf(pool, body, incident);
  const unproved = rows.filter((row) => row.proof === null);
  if (unproved.length === 0) return rows;
  for (const row of unproved) await prove(pool, body, row.event);
  return actsOf(pool, body, incident);
}

/**
 * An incident as its verified acts make it, for an action that depends on it.
 * @throws `INCIDENT_UNKNOWN`, `INCIDENT_BROKEN`
 */
export async function needIncident(db: Db, chains: Chains, body: string, incident: string): Promise<IncidentState> {
  const {
    state: { persons },
  } = await chains.need(db, body);
  return incidentOf(
    verifyActs((await actsOf(db, body, incident)).map(storedAct), { body, incident, persons, logKey: null }).acts,
  );
}

/** Whether texts are few and short; canonical, so that their commitment is theirs. */
export const textsFit = (texts: Readonly<Record<string, string>>): boolean =>
  Object.keys(texts).length <= 8 && canonicalJson(texts).length <= 32_000;
