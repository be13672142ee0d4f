/**
 * `npm run bench [-- name …]`: every measure, or those named, one after the other in one world (what is small and quiet
 * first). Stdout holds a line for each figure, with `--json` one JSON object; stderr says what is under way. With
 * `--write` the figures stand in docs/MEASURED.md afterwards, those of other measures as they were.
 */
import { resolve } from "node:path";
import { buildIfStale } from "../supervisor/bundles.ts";
import { staffedWorld } from "../test/support/staffed.ts";
import { inWords, LIMITS, say, type Figure, type Measure } from "./figure.ts";
import { keepFigures } from "./measured.ts";
import { SETTINGS } from "./settings.ts";

const MEASURES: { readonly [name: string]: () => Promise<{ readonly measure: Measure }> } = {
  memory: () => import("./memory.ts"),
  page: () => import("./page.ts"),
  list: () => import("./list.ts"),
  desk: () => import("./desk.ts"),
  grant: () => import("./grant.ts"),
  log: () => import("./log.ts"),
  receive: () => import("./receive.ts"),
  counter: () => import("./counter.ts"),
  mail: () => import("./mail.ts"),
  finding: () => import("./finding.ts"),
  site: () => import("./site.ts"),
  verify: () => import("./verify.ts"),
  affected: () => import("./affected.ts"),
  "access-log": () => import("./access-log.ts"),
};

async function run(names: readonly string[]): Promise<void> {
  // Pages of another day would be measured, or fail against today's servers.
  await buildIfStale(resolve(import.meta.dirname, ".."), { always: false, tell: say });
  say("Starting a world with its people and forms …");
  const place = await staffedWorld({ also: ["counter"], limits: LIMITS });
  const figures: Figure[] = [];
  const print = (figure: Figure): void => {
    figures.push(figure);
    console.log(SETTINGS.json ? JSON.stringify(figure) : inWords(figure));
  };
  try {
    for (const name of names) await timed(name, async () => (await MEASURES[name]!()).measure(place, print));
  } finally {
    await place.stop();
  }
  if (SETTINGS.write) keepFigures(figures);
}

/** One measure that cannot be taken (no browser, for example) does not take the others with it. */
async function timed(name: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  try {
    say(`${name} …`);
    await work();
    say(`${name} took ${Math.round((performance.now() - started) / 1000)} s`);
  } catch (thrown) {
    say(
      `${name} could not be measured: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    );
    process.exitCode = 1;
  }
}

const asked = SETTINGS.names;
const unknown = asked.filter((name) => !Object.hasOwn(MEASURES, name));
if (unknown.length === 0) await run(Object.keys(MEASURES).filter((name) => asked.length === 0 || asked.includes(name)));
else {
  say(
    `There is no measure "${unknown.join('", "')}": choose from ${Object.keys(MEASURES).join(", ")}, or name none to run all.`,
  );
  process.exitCode = 1;
}
