/** A fault of the database, whoever made it, does not silence the 72 hours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { IncidentState } from "../../src/domain/incident/state.ts";
import { Fault, type Code } from "../../src/domain/problem.ts";
import { incidentKnown, type KnownIncidents } from "../../src/server/alerts/reminders.ts";

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
