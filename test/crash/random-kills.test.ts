/**
 * The short round: each process that stores or signs is killed while letters arrive. The long one is `node
 * bin/pillarbox.mjs crash`.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { sealedLetters } from "./letters.ts";
import { crashRound } from "./round.ts";

let t: StaffedWorld;
before(async () => {
  t = await staffedWorld({
    limits: { submissionsPerMinute: 1_000_000, signInsPerMinute: 1_000, requestsPerMinute: 1_000_000 },
  });
  await t.grant(t.forms.contact, [t.person("case officer")]);
});
after(() => t?.stop());

// Public server, database and log are killed while letters arrive: nothing acknowledged is lost, nothing is there
// twice, all of it is logged.
test("killed while letters arrive: nothing acknowledged is lost or doubled, and all is logged", async (context) => {
  const draw = (): number => 100 + Math.floor(Math.random() * 400);
  const kills = (["public", "log", "database", "public"] as const).map((victim) => ({ victim, after: draw() }));
  const { acknowledged, unanswered, judgement } = await crashRound(t, await sealedLetters(t), { kills, senders: 8 });
  context.diagnostic(
    `${acknowledged} acknowledged, ${unanswered} sent again, ${judgement.events} events, ${judgement.releases} releases; killed after ${kills.map(({ after: ms }) => ms).join(", ")} ms`,
  );
  assert.ok(acknowledged > 0 && unanswered > 0, "letters arrived, and some were cut off");
  assert.equal(judgement.submissions, acknowledged + unanswered);
});
