/** Letters to the people of an incident, for its body's owners and auditors. */
import { toBase64 } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { needIncident } from "../incidents/action.ts";
import { decideDelivery, handIn, hold, mailroomNow, noteCall, notePosted, type Desk, type Place } from "./action.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { namesOf } from "../people/store/accounts.ts";
import { callsOf, deliveriesOf, isPaused } from "./store.ts";

type OfIncident = { Params: { body: string; incident: string } };
type OfDelivery = { Params: { body: string; incident: string; delivery: string } };

const VIEW = { config: { action: "letters.view" } } as const;
const WORK = { config: { action: "letters.work" } } as const;

/** Letters in one request; a browser sends several. */
const MOST = 100;
const LETTER = read.object({
  delivery: read.id,
  person: read.id,
  bytes: read.bytes(128 * 1024),
  salt: read.bytes(32),
  commitment: read.hex(32),
});
const CALL = {
  call: read.id,
  person: read.id,
  outcome: read.oneOf("no-answer", "told", "agreed-email", "agreed-post", "wrong-number", "ring-later"),
  document: read.optional(read.id),
};

const placeOf = (request: { params: { body: string; incident: string } }): Place => ({
  body: request.params.body,
  incident: read.id(request.params.incident),
});
const hash = (value: unknown): string =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value : read.slug("");

export async function letterRoutes(app: App, { pool, chains, config }: Staff): Promise<void> {
  const desk: Desk = { pool, chains, config };

  app.get<{ Params: { body: string } }>("/api/bodies/:body/mailroom", VIEW, async () => {
    const { signature, ...key } = await mailroomNow(pool);
    return { ...key, signature: toBase64(signature) };
  });

  app.get<OfIncident>("/api/bodies/:body/incidents/:incident/letters", VIEW, async (request) => {
    const { body, incident } = placeOf(request);
    await needIncident(pool, chains, body, incident);
    const [deliveries, calls] = [await deliveriesOf(pool, body, incident), await callsOf(pool, body, incident)];
    const names = await namesOf(
      pool,
      calls.map((call) => call.caller),
    );
    return {
      paused: await isPaused(pool, incident),
      deliveries: deliveries.map((row) => ({
        delivery: row.id,
        person: row.person,
        channel: row.channel,
        state: row.state,
        attempts: row.attempts,
        code: row.code,
        salt: row.salt && toBase64(row.salt),
        commitment: row.commitment?.toString("hex") ?? null,
        handedAt: row.handed_at.getTime(),
        changedAt: row.changed_at.getTime(),
      })),
      calls: calls.map((row) => ({
        call: row.id,
        person: row.person,
        caller: row.caller,
        name: names.get(row.caller)?.name ?? null,
        outcome: row.outcome,
        document: row.document,
        at: row.at.getTime(),
      })),
    };
  });

  app.post<OfIncident>("/api/bodies/:body/incidents/:incident/letters/hand-in", WORK, async (request) => {
    const given = read.fields(request.body, { start: read.id, template: hash, letters: read.list(LETTER, MOST) });
    if (given.letters.length === 0 || given.letters.some(({ salt }) => salt.length !== 32))
      throw new Fault("BAD_REQUEST");
    return { stored: await handIn(desk, signedIn(request), placeOf(request), given) };
  });

  app.post<OfIncident>("/api/bodies/:body/incidents/:incident/letters/hold", WORK, async (request) => {
    const { paused } = read.fields(request.body, { paused: read.oneOf("yes", "no") });
    await hold(desk, signedIn(request), placeOf(request), paused === "yes");
    return { ok: true };
  });

  app.post<OfDelivery>("/api/bodies/:body/incidents/:incident/letters/:delivery/decide", WORK, async (request) => {
    const { decision } = read.fields(request.body, {
      decision: read.oneOf("judged-sent", "judged-again", "cancelled", "returned"),
    });
    await decideDelivery(desk, signedIn(request), placeOf(request), read.id(request.params.delivery), decision);
    return { ok: true };
  });

  app.post<OfIncident>("/api/bodies/:body/incidents/:incident/letters/posted", WORK, async (request) => {
    const { posted } = read.fields(request.body, {
      posted: read.list(read.object({ delivery: read.id, person: read.id }), 1000),
    });
    return { stored: await notePosted(desk, signedIn(request), placeOf(request), posted) };
  });

  app.post<OfIncident>("/api/bodies/:body/incidents/:incident/calls", WORK, async (request) => {
    const { call, ...rest } = read.fields(request.body, CALL);
    await noteCall(desk, signedIn(request), placeOf(request), { id: call, ...rest, document: rest.document ?? null });
    return { ok: true };
  });
}
