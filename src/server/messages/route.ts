/** Messages to the people of an incident, for its body's owners and auditors. */
import * as contract from "../../contract/messages.ts";
import { Fault } from "../../domain/problem.ts";
import { needIncident } from "../incidents/action.ts";
import { decideDelivery, handIn, hold, judgeReturned, mailroomNow, noteCall, notePosted, type Desk } from "./action.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { namesOf } from "../people/store/accounts.ts";
import { callsOf, deliveriesOf, isPaused, returnedTo } from "./store.ts";

export async function messageRoutes(app: App, { pool, chains, config }: Staff): Promise<void> {
  const desk: Desk = { pool, chains, config };

  serve(app, contract.readMailroom, async () => mailroomNow(pool));

  serve(app, contract.readMessages, async ({ params: { body, incident } }) => {
    await needIncident(pool, chains, body, incident);
    const [deliveries, calls] = [await deliveriesOf(pool, body, incident), await callsOf(pool, body, incident)];
    const returned = await returnedTo(pool, body, incident);
    const cameBack = new Set(returned.flatMap(({ said, delivery }) => (said === "came-back" ? [delivery] : [])));
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
        // Somebody looked at what came back, and said so on the record.
        state: row.state === "sent" && cameBack.has(row.id) ? "bounced" : row.state,
        attempts: row.attempts,
        code: row.code,
        handedAt: row.handed_at.getTime(),
        changedAt: row.changed_at.getTime(),
      })),
      calls: calls.map((row) => ({
        call: row.id,
        person: row.person,
        name: names.get(row.caller)?.name ?? null,
        outcome: row.outcome,
        document: row.document,
        at: row.at.getTime(),
      })),
      returned: returned.map((row) => ({ ...row, at: row.at.getTime() })),
    };
  });

  serve(app, contract.handIn, async ({ params, content, request }) => {
    if (content.messages.length === 0 || content.messages.some(({ salt }) => salt.length !== 32))
      throw new Fault("BAD_REQUEST");
    return { stored: await handIn(desk, signedIn(request), params, content) };
  });

  serve(app, contract.hold, async ({ params, content: { act }, request }) =>
    hold(desk, signedIn(request), params, act),
  );
  serve(app, contract.resume, async ({ params, content: { act }, request }) =>
    hold(desk, signedIn(request), params, act),
  );

  serve(app, contract.decideDelivery, async ({ params: { delivery, ...place }, content, request }) =>
    decideDelivery(desk, signedIn(request), place, delivery, content.act),
  );

  serve(app, contract.judgeReturned, async ({ params: { document, ...place }, content, request }) =>
    judgeReturned(desk, signedIn(request), place, document, content.act),
  );

  serve(app, contract.notePosted, async ({ params, content, request }) => {
    await notePosted(desk, signedIn(request), params, content);
  });

  serve(app, contract.noteCall, async ({ params, content, request }) =>
    noteCall(desk, signedIn(request), params, { ...content, document: content.document ?? null }),
  );
}
