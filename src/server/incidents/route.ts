/** Incidents of a body, for its owners and auditors. */
import { toBase64 } from "../../domain/bytes.ts";
import { actBytes, type ActEvent, type SignedAct, type Texts } from "../../domain/incident/act.ts";
import { canonicalBytes } from "../../domain/canonical.ts";
import { checkFields } from "../../domain/log/event-fields.ts";
import { Fault } from "../../domain/problem.ts";
import { PAPER_MAX } from "../../domain/incident/paper.ts";
import { needIncident, recordAct, recordedActs, textsFit } from "./action.ts";
import { beginPaper, handOverPaper, seal } from "./documents.ts";
import { begin } from "../reading/release.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import type { ActRow } from "./store.ts";
import { pastReadings } from "../reading/store.ts";

type InBody = { Params: { body: string } };
type OfIncident = { Params: { body: string; incident: string } };

type OfPaper = { Params: { body: string; incident: string; document: string } };
type OfRelease = { Params: { body: string; incident: string; release: string } };
type OfInbox = { Params: { body: string; incident: string; inbox: string } };

const ACTS_LIMIT = 64 * 1024;
/** Acts with something beside them come by a way of their own, which looks at that as well (`papers.ts`, and below). */
const OWN_DOOR: readonly ActEvent["kind"][] = [
  "incident.reported",
  "incident.followed",
  "incident.notice",
  "incident.packed",
  "incident.sealed",
];
/** A paper's bytes as base64, and its act. */
const PAPER_LIMIT = Math.ceil((PAPER_MAX + 64 * 1024) / 3) * 4 + ACTS_LIMIT;
/** As many letters as are loaded under one event. */
const MOST_LETTERS = 100;
/** How long a request for bytes waits by itself for the checkpoint, and how often it looks. Milliseconds. */
const WAIT = 3000;
const LOOK = 20;

export async function incidentRoutes(app: App, { pool, chains }: Staff): Promise<void> {
  app.get<InBody>("/api/bodies/:body/incidents", { config: { action: "incident.list" } }, async (request) => {
    const rows = await recordedActs(pool, request.params.body);
    const incidents = Map.groupBy(rows, (row) => row.incident);
    return { incidents: [...incidents].map(([incident, acts]) => ({ incident, acts: acts.map(present) })) };
  });

  app.get<OfIncident>(
    "/api/bodies/:body/incidents/:incident",
    { config: { action: "incident.view" } },
    async (request) => {
      const incident = read.id(request.params.incident);
      const rows = await recordedActs(pool, request.params.body, incident);
      if (rows.length === 0) throw new Fault("INCIDENT_UNKNOWN");
      return { incident, acts: rows.map(present) };
    },
  );

  app.post<InBody>(
    "/api/bodies/:body/incidents",
    { config: { action: "incident.open" }, bodyLimit: ACTS_LIMIT },
    async (request) => {
      const act = signedAct(request.body, "incident.opened");
      await recordAct(pool, chains, signedIn(request), request.params.body, act.event.incident, act);
      return { incident: act.event.incident };
    },
  );

  app.post<OfIncident>(
    "/api/bodies/:body/incidents/:incident/acts",
    { config: { action: "incident.act" }, bodyLimit: ACTS_LIMIT },
    async (request) => {
      const act = signedAct(request.body);
      if (OWN_DOOR.includes(act.event.kind)) throw new Fault("BAD_REQUEST");
      await recordAct(pool, chains, signedIn(request), request.params.body, read.id(request.params.incident), act);
      return { ok: true };
    },
  );
}

/** What names the people affected: sealed papers, and the letters that are loaded to find out. */
export async function documentRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  app.post<OfIncident>(
    "/api/bodies/:body/incidents/:incident/documents",
    { config: { action: "incident.seal" }, bodyLimit: PAPER_LIMIT },
    async (request) => {
      const { act, bytes } = read.fields(request.body, {
        act: (value: unknown) => signedAct(value, "incident.sealed"),
        bytes: read.bytes(PAPER_MAX + 64 * 1024),
      });
      await seal(
        pool,
        chains,
        config,
        signedIn(request),
        request.params.body,
        read.id(request.params.incident),
        act,
        bytes,
      );
      return { ok: true };
    },
  );

  app.post<OfPaper>(
    "/api/bodies/:body/incidents/:incident/documents/:document/releases",
    { config: { action: "paper.release" } },
    async (request, reply) => {
      const { body, incident, document } = request.params;
      const { release } = read.fields(request.body, { release: read.id });
      await beginPaper(pool, chains, signedIn(request), body, read.id(incident), read.id(document), release);
      return reply.code(202).send({ release });
    },
  );

  app.get<OfRelease>(
    "/api/bodies/:body/incidents/:incident/releases/:release",
    { config: { action: "paper.fetch" } },
    async (request, reply) => {
      const { body, incident, release } = request.params;
      for (const end = Date.now() + WAIT; Date.now() < end; await new Promise((later) => setTimeout(later, LOOK))) {
        const handed = await handOverPaper(pool, chains, signedIn(request), body, read.id(incident), read.id(release));
        if (handed)
          return {
            proof: handed.proof,
            entry: toBase64(handed.entry),
            personSalt: toBase64(handed.personSalt),
            bytes: toBase64(handed.bytes),
          };
      }
      return reply.code(202).send({ waiting: true });
    },
  );

  app.post<OfIncident>(
    "/api/bodies/:body/incidents/:incident/affected",
    { config: { action: "release.affected" } },
    async (request, reply) => {
      const incident = read.id(request.params.incident);
      const wanted = read.fields(request.body, {
        release: read.id,
        inbox: read.id,
        submissions: read.list(read.id, MOST_LETTERS),
      });
      await needIncident(pool, chains, request.params.body, incident);
      const release = await begin(pool, chains, signedIn(request), request.params.body, {
        purpose: "affected",
        incident,
        ...wanted,
      });
      return reply.code(202).send({ release });
    },
  );

  app.get<OfInbox>(
    "/api/bodies/:body/incidents/:incident/readings/:inbox",
    { config: { action: "incident.readings" } },
    async (request) => {
      const inbox = read.id(request.params.inbox);
      const { state } = await chains.need(pool, request.params.body);
      if (!state.inboxes.has(inbox)) throw new Fault("INBOX_UNKNOWN");
      const readings = await pastReadings(pool, inbox);
      return {
        readings: readings.map((one) => ({
          release: one.release,
          person: one.person,
          personSalt: toBase64(one.person_salt),
          idsSalt: one.ids_salt && toBase64(one.ids_salt),
          ids: one.ids,
        })),
      };
    },
  );
}

/**
 * A signed act as it was sent: an event of a known kind with exactly its fields. What it means is judged beside the
 * write.
 */
export function signedAct(value: unknown, kind?: ActEvent["kind"]): SignedAct {
  const given = read.fields(value, {
    event: (event: unknown) => event,
    signature: read.bytes(64),
    bySalt: read.bytes(32),
    texts,
    salt: read.bytes(32),
  });
  const event = given.event as ActEvent;
  try {
    checkFields({ ...event, v: 1, at: 0, nonce: "0".repeat(64) } as never);
    actBytes(event);
    canonicalBytes(given.texts);
  } catch {
    throw new Fault("BAD_REQUEST");
  }
  if (
    !("prev" in event) ||
    (kind !== undefined ? event.kind !== kind : (event as ActEvent).kind === "incident.opened") ||
    given.bySalt.length !== 32 ||
    given.salt.length !== 32
  )
    throw new Fault("BAD_REQUEST");
  return { ...given, event };
}

const FIELD = /^[a-z-]{1,32}$/;

function texts(value: unknown): Texts {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Fault("BAD_REQUEST");
  const found = Object.entries(value).map(([field, text]): [string, string] => [
    FIELD.test(field) ? field : read.slug(""),
    read.text(4000)(text),
  ]);
  const whole = Object.fromEntries(found);
  if (!textsFit(whole)) throw new Fault("TOO_LARGE");
  return whole;
}

/** Each field that leaves, by name. */
const present = (row: ActRow) => ({
  entry: toBase64(row.entry),
  signature: toBase64(row.signature),
  person: row.person,
  bySalt: toBase64(row.by_salt),
  texts: row.texts,
  salt: row.salt && toBase64(row.salt),
  proof: row.proof,
  signedAt: row.signed_at,
});
