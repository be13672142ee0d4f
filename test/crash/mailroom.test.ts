/** The long round of the mailroom: 394 letters, ten kills of it in between, and two of the process that asks it. */
import { after, before, test } from "node:test";
import { carrierWorld, type CarrierWorld } from "../support/carrier.ts";
import { killedInBetween, type Kill } from "../support/messages.ts";
import { staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let carrier: CarrierWorld;
before(async () => {
  carrier = await carrierWorld();
  t = await staffedWorld({ also: ["mailroom", "jobs"], mail: carrier.settings });
});
after(async () => {
  await t?.stop();
  carrier?.close();
});

const KILLS = [20, 50, 85, 120, 150, 190, 230, 270, 310, 350].flatMap((at, i): Kill[] => {
  const kills: Kill[] = [[["mailroom"], at]];
  if (i === 3 || i === 7) kills.push([["jobs"], at + 15]);
  if (i === 5) kills.push([["jobs", "mailroom"], at + 15]);
  return kills;
});

// 394 letters, the mailroom killed ten times: none sent twice by the program, none unaccounted for, at most one
// uncertain for each kill.
test("394 letters, the mailroom killed ten times: none sent twice, at most one uncertain a kill", async (context) => {
  const { arrived, uncertain } = await killedInBetween(t, carrier, 394, KILLS, (line) => context.diagnostic(line));
  context.diagnostic(`${arrived} arrived, ${uncertain} uncertain, ${394 - arrived} of them never arrived`);
});
