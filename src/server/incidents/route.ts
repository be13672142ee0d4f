/** Incidents of a body, for its owners and auditors. */
import * as contract from "../../contract/incidents.ts";
import { unseenOf } from "../messages/store.ts";
import { Fault } from "../../domain/problem.ts";
import { needIncident, recordAct, recordedActs } from "./action.ts";
import { beginDocument, handOverDocument, seal } from "./documents.ts";
import { begin } from "../reading/release.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { whenSigned } from "../http/when-signed.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import type { ActRow } from "./store.ts";
import { pastReadings } from "../reading/store.ts";

export async function incidentRoutes(app: App, { pool, chains }: Staff): Promise<void> {
  serve(app, contract.listIncidents, async ({ params }) => {
    const rows = await recordedActs(pool, params.body);
    const incidents = Map.groupBy(rows, (row) => row.incident);
    return {
      incidents: [...incidents].map(([incident, acts]) => ({ incident, acts: acts.map(present) })),
      cameBack: await unseenOf(pool, params.body),
    };
  });

  serve(app, contract.readIncident, async ({ params: { body, incident } }) => {
    const rows = await recordedActs(pool, body, incident);
    if (rows.length === 0) throw new Fault("INCIDENT_UNKNOWN");
    return { incident, acts: rows.map(present) };
  });

  serve(app, contract.openIncident, async ({ params, content, request }) =>
    recordAct(pool, chains, signedIn(request), params.body, content.event.incident, content),
  );

  serve(app, contract.recordAct, async ({ params: { body, incident }, content, request }) =>
    recordAct(pool, chains, signedIn(request), body, incident, content),
  );
}

/** What names the people affected: sealed documents, and the letters that are loaded to find out. */
export async function documentRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  serve(app, contract.sealDocument, async ({ params: { body, incident }, content, request }) =>
    seal(pool, chains, config, signedIn(request), body, incident, content.act, content.bytes),
  );

  serve(app, contract.beginDocumentRelease, async ({ params: { body, incident, document }, content, request }) => {
    await beginDocument(pool, chains, signedIn(request), body, incident, document, content.release);
  });

  serve(app, contract.fetchDocumentRelease, async ({ params: { body, incident, release }, request }) =>
    whenSigned(() => handOverDocument(pool, chains, signedIn(request), body, incident, release)),
  );

  serve(app, contract.beginAffectedRelease, async ({ params: { body, incident }, content, request }) => {
    await needIncident(pool, chains, body, incident);
    await begin(pool, chains, signedIn(request), body, { purpose: "affected", incident, ...content });
  });

  serve(app, contract.listReadings, async ({ params: { body, inbox } }) => {
    const { state } = await chains.need(pool, body);
    if (!state.inboxes.has(inbox)) throw new Fault("INBOX_UNKNOWN");
    const readings = await pastReadings(pool, inbox);
    return {
      readings: readings.map((one) => ({
        release: one.release,
        person: one.person,
        personSalt: one.person_salt,
        idsSalt: one.ids_salt,
        ids: one.ids,
      })),
    };
  });
}

const present = (row: ActRow) => ({
  entry: row.entry,
  signature: row.signature,
  person: row.person,
  bySalt: row.by_salt,
  texts: row.texts,
  salt: row.salt,
  proof: row.proof,
  signedAt: row.signed_at,
});
