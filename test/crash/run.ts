/**
 * `node bin/pillarbox.mjs crash [seconds]`: the long round, 60 seconds unless said otherwise. Every process of a world
 * is killed at random moments while letters arrive and lists are loaded; at the end the judge looks at everything.
 * Prints one line per kill.
 */
import { resolve } from "node:path";
import { buildIfStale } from "../../supervisor/bundles.ts";
import { staffedWorld } from "../support/staffed.ts";
import { sealedLetters } from "./letters.ts";
import { crashRound, type Kill, type Victim } from "./round.ts";

const VICTIMS: readonly Victim[] = ["public", "log", "database", "staff", "counter"];
/** A process that ends more than six times within a minute is started again after half a minute only. */
const BETWEEN = 12_000 / VICTIMS.length;

const seconds = Number(process.argv[2] ?? 60);
if (!Number.isFinite(seconds) || seconds < 1) {
  console.error("Say for how many seconds things are to be killed: a number of 1 or more.");
  process.exit(1);
}
await buildIfStale(resolve(import.meta.dirname, "../.."), { always: false, tell: (line) => console.log(line) });
const t = await staffedWorld({
  also: ["counter"],
  limits: { submissionsPerMinute: 1_000_000, signInsPerMinute: 1_000, requestsPerMinute: 1_000_000 },
});
try {
  await t.grant(t.forms.contact, [t.person("case officer")]);
  const kills: Kill[] = [];
  for (let at = 0; at < seconds * 1000; ) {
    const after = Math.random() * 2 * BETWEEN;
    kills.push({ victim: VICTIMS[kills.length % VICTIMS.length]!, after });
    at += after;
  }
  const { acknowledged, unanswered, judgement } = await crashRound(t, await sealedLetters(t), {
    kills,
    senders: 16,
    tell: (line) => console.log(line),
  });
  console.log(
    `${kills.length} kills; ${acknowledged} letters acknowledged and none lost, ${unanswered} cut off and sent again; ${judgement.events} events with their leaves, ${judgement.releases} releases; the world is sound.`,
  );
} finally {
  await t.stop();
}
