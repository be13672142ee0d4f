/** A fault of the database, whoever made it, does not silence the 72 hours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { IncidentState } from "../../src/domain/incident/state.ts";
import { Fault, type Code } from "../../src/domain/problem.ts";
import type { Client } from "../../src/server/database/pool.ts";
import { incidentKnown, type KnownIncidents } from "../../src/server/alerts/reminders.ts";
import { ownersAndAuditors } from "../../src/server/alerts/tell.ts";
import type { Chains } from "../../src/server/statements/chains.ts";

test("a fault of the database is no incident without a clock: it is read with the next look", async () => {
  const known: KnownIncidents = new Map();
  const state = { acts: [] } as unknown as IncidentState;
  let reads = 0;
  const read = (faults: readonly unknown[]) => async (): Promise<IncidentState> => {
    const fault = faults[reads++];
    if (fault !== undefined) throw fault;
    return state;
  };
  const away = Object.assign(new Error("terminating connection"), { code: "57P01" });
  for (const fault of [away, new Fault("INTERNAL"), new Fault("CHAIN_BROKEN"), new Fault("UNAVAILABLE" as Code)]) {
    reads = 0;
    known.clear();
    const once = read([fault]);
    await assert.rejects(incidentKnown(known, "one", 3, once), (thrown) => thrown === fault);
    assert.equal(await incidentKnown(known, "one", 3, once), state, "nothing was recorded in between");
    assert.equal(await incidentKnown(known, "one", 3, once), state);
    assert.equal(reads, 2, "what is known is not read again");
  }
  reads = 0;
  known.clear();
  const broken = read([new Fault("INCIDENT_BROKEN")]);
  assert.equal(await incidentKnown(known, "one", 3, broken), null);
  assert.equal(await incidentKnown(known, "one", 3, broken), null, "what does not hold is known, too");
  assert.equal(reads, 1);
  assert.equal(await incidentKnown(known, "one", 4, broken), state, "until something is recorded");
});

test("whoever was let out hears no alert, whatever their account says", async () => {
  const confirmed = { role: "owner", state: "confirmed", email: "one@harrowmere.example" };
  const rows = ["a-stays", "b-left", "c-reads"].map((id) => ({ ...confirmed, id }));
  const client = { query: async () => ({ rows }) } as unknown as Client;
  const persons = new Map([
    ["a-stays", { person: "a-stays", role: "owner" }],
    ["b-left", { person: "b-left", role: "owner", ended: { at: 1, reason: "left", by: "a-stays" } }],
    ["c-reads", { person: "c-reads", role: "reader" }],
  ]);
  const chains = { load: async () => ({ state: { persons } }) } as unknown as Chains;
  const told = async (which: Chains): Promise<string[]> =>
    (await ownersAndAuditors(client, which, "harrowmere")).map(({ id }) => id);
  assert.deepEqual(await told(chains), ["a-stays"]);
  const broken = { load: async () => Promise.reject(new Fault("CHAIN_BROKEN")) } as unknown as Chains;
  assert.deepEqual(await told(broken), ["a-stays", "b-left", "c-reads"], "nobody's role is known: all are told");
});
