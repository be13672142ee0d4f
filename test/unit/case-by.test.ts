/** Whose answer counts: the attacker was let in once, and works together with the server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayAct } from "../../src/domain/case/by.ts";
import type { BodyState, EpochState } from "../../src/domain/grant/state.ts";
import { newId } from "../../src/domain/seal/random.ts";

const [INBOX, STAYS, LEFT, CAME] = [newId(), newId(), newId(), newId()];
const HOUR = 3_600_000;
const NEXT = 100 * HOUR;
const epochOf = (epoch: number, at: number, holders: readonly string[]): EpochState => ({
  epoch,
  recipientHash: new Uint8Array(32),
  at,
  seq: epoch,
  holders: new Map(holders.map((person) => [person, new Uint8Array(32)])),
  replaced: new Set(),
});
const state: Pick<BodyState, "inboxes"> = {
  inboxes: new Map([
    [INBOX, { inbox: INBOX, epochs: [epochOf(1, HOUR, [STAYS, LEFT]), epochOf(2, NEXT, [STAYS, CAME])] }],
  ]),
};
const could = (person: string, epoch: number, at: number, inbox = INBOX): boolean =>
  mayAct(state, { inbox, epoch, at }, person);

test("an answer counts from whoever was given the key, and not once the next key was there", () => {
  assert.ok(could(LEFT, 1, 2 * HOUR));
  assert.ok(could(LEFT, 1, NEXT + HOUR), "clocks differ");
  assert.ok(!could(LEFT, 1, NEXT + HOUR + 1), "whoever was let in once, under the key of that time");
  assert.ok(!could(STAYS, 1, NEXT + 2 * HOUR), "nobody answers under an ended key");
  assert.ok(!could(LEFT, 2, NEXT + 1));
  assert.ok(could(STAYS, 2, 1_000 * NEXT));
  assert.ok(!could(CAME, 1, 2 * HOUR), "who was never given that key");
  assert.ok(!could(STAYS, 3, NEXT), "a key that is not there");
  assert.ok(!could(STAYS, 0, NEXT));
  assert.ok(!could(STAYS, 2, NEXT, newId()));
});
