/**
 * Documents of an incident: taken in sealed beside their act, released only under the log, like letters. The server can
 * open none.
 */
import { decide } from "../../domain/access/decide.ts";
import { sha256, toHex } from "../../domain/bytes.ts";
import { currentEpoch } from "../../domain/grant/state.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import type { SignedAct } from "../../domain/incident/act.ts";
import { incidentInbox } from "../../domain/incident/document.ts";
import { newSalt } from "../../domain/person/details.ts";
import { Fault, refused } from "../../domain/problem.ts";
import { inspectAge } from "../../domain/seal/age.ts";
import { paddedSize } from "../../domain/seal/padding.ts";
import type { Config } from "../config.ts";
import { commitTo, secretsOf, writeEvent } from "../log/store/events.ts";
import { insertDocument, documentBytes } from "./store.ts";
import { returnedTo } from "../messages/store.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import { releaseProof } from "../log/store/proofs.ts";
import { insertDocumentRelease, runningDocumentRelease } from "../reading/store.ts";
import type { Chains } from "../statements/chains.ts";
import { needIncident, recordAct } from "./action.ts";
import { roleOf, type SignedIn } from "../grants/action.ts";

/** How long the bytes of a release can be fetched. */
const MINUTES = 5;

/**
 * Keeps sealed bytes beside the act that names them.
 * @throws `ENVELOPE_MALFORMED`, `INBOX_UNKNOWN` before the incident has an inbox, `EPOCH_ENDED`, and what `recordAct`
 * throws
 */
export async function seal(
  pool: Pool,
  chains: Chains,
  config: Config,
  who: SignedIn,
  body: string,
  incident: string,
  act: SignedAct,
  bytes: Uint8Array,
): Promise<void> {
  const { event: said } = act;
  if (said.kind !== "incident.sealed" || toHex(sha256(bytes)) !== said.digest || said.size !== bytes.length)
    throw new Fault("BAD_REQUEST");
  const shape = inspectAge(bytes);
  if (shape.stanzas !== 1 || shape.kind !== config.sealing)
    throw new Fault("ENVELOPE_MALFORMED", "not sealed to one key of the installation's kind");
  if (shape.plaintext !== paddedSize(shape.plaintext)) throw new Fault("ENVELOPE_PADDING");
  const inbox = incidentInbox(incident);
  await recordAct(pool, chains, who, body, incident, act, async (client, _state, event) => {
    const found = (await chains.need(client, body)).state.inboxes.get(inbox);
    if (!found) throw new Fault("INBOX_UNKNOWN");
    if (said.epoch !== currentEpoch(found).epoch) throw new Fault("EPOCH_ENDED");
    await insertDocument(client, { id: said.document, incident, body, event, inbox, epoch: said.epoch, bytes });
  });
}

/**
 * Decides and logs that one document is released to one person. A refusal is logged too.
 * @throws the decision's code, `INCIDENT_UNKNOWN`, `NOT_FOUND`
 */
export async function beginDocument(
  pool: Pool,
  chains: Chains,
  who: SignedIn,
  body: string,
  incident: string,
  document: string,
  release: string,
): Promise<void> {
  const outcome = await inTransaction(pool, async (client) => {
    const sealed = await epochOf(client, chains, body, incident, document);
    if (!sealed) throw new Fault("NOT_FOUND");
    const { state } = await chains.need(client, body);
    const inbox = incidentInbox(incident);
    const decision = decide(who, "document.release", {
      body,
      reading: state.inboxes.has(inbox)
        ? mayRead(state, who.person, inbox, sealed.epoch, Date.now())
        : refused("REFUSED_NO_GRANT"),
    });
    const reader = commitTo(who.person);
    await announceEvent(client);
    const said = { body, inbox, reader: reader.commitment, role: roleOf(who) };
    if (!decision.ok) {
      await writeEvent(client, { kind: "release.refused", ...said, code: decision.code }, [reader]);
      return decision;
    }
    const event = await writeEvent(
      client,
      { kind: "document.released", ...said, incident, document, purpose: "incident", release },
      [reader],
    );
    await insertDocumentRelease(client, {
      id: release,
      event: event.id,
      body,
      inbox,
      person: who.person,
      document,
      salt: newSalt(),
      minutes: MINUTES,
    });
    return decision;
  });
  if (!outcome.ok) throw new Fault(outcome.code);
}

/** The epoch of a document: of one that an act names, or of one that the mailroom sealed. */
async function epochOf(
  client: Client,
  chains: Chains,
  body: string,
  incident: string,
  document: string | null,
): Promise<{ readonly epoch: number } | undefined> {
  const { documents } = await needIncident(client, chains, body, incident);
  return (
    documents.find((one) => one.document === document) ??
    (await returnedTo(client, body, incident)).find((one) => one.document === document)
  );
}

export type HandedDocument = {
  readonly proof: string;
  readonly entry: Uint8Array;
  readonly personSalt: Uint8Array;
  readonly bytes: Uint8Array;
};

/**
 * The bytes of a released document with their proof; undefined while no signed checkpoint covers it.
 * @throws `RELEASE_UNKNOWN`, and the decision's code when access ended meanwhile
 */
export async function handOverDocument(
  pool: Pool,
  chains: Chains,
  who: SignedIn,
  body: string,
  incident: string,
  id: string,
): Promise<HandedDocument | undefined> {
  return inTransaction(pool, async (client) => {
    const release = await runningDocumentRelease(client, id);
    if (!release || release.body !== body || release.inbox !== incidentInbox(incident))
      throw new Fault("RELEASE_UNKNOWN");
    const decision = decide(who, "document.fetch", { body, releasedTo: release.person });
    if (!decision.ok) throw new Fault(decision.code);
    const proof = await releaseProof(client, release.event);
    if (!proof) return undefined;
    const sealed = await epochOf(client, chains, body, incident, release.document);
    const bytes = await documentBytes(client, release.document);
    const secret = (await secretsOf(client, [release.event])).find((one) => one.person === who.person);
    if (!sealed || !bytes || !secret) throw new Fault("RELEASE_UNKNOWN");
    // Access may have ended between the two requests.
    const reading = mayRead(
      (await chains.need(client, body)).state,
      who.person,
      release.inbox,
      sealed.epoch,
      Date.now(),
    );
    if (!reading.ok) throw new Fault(reading.code);
    return { proof: proof.proof, entry: proof.entry, personSalt: secret.salt, bytes };
  });
}
