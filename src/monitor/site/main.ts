/** `pillarbox watch --site FILE`: looks at an old website as a stranger, for as long as it runs. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { agentOf, visitToken } from "./agent.ts";
import { readPlace, reporterTo } from "./report.ts";
import { PACE, Refusal, visitorOf } from "./pinned.ts";
import { parseSite, type Site } from "./site.ts";
import { readState, writeState } from "./state.ts";
import { EVERY, watchSite, type Happened } from "./watch.ts";
import { jsonOf, wordsOf } from "./words.ts";

const HELP = [
  "pillarbox watch --site FILE [--report FILE] [--state FILE] [--json]",
  "",
  "  --site FILE     the website, its forms, and where what is sent can be seen (docs/OPERATING.md)",
  "  --report FILE   tells an installation, whose people are then told: watch-site.json of its data directory",
  "  --state FILE    what it remembers over a restart; FILE.state unless said otherwise",
  "  --json          one object a line instead of sentences",
  "",
  "Looks at every address that was named once a minute, at one request a second, and at others more slowly. The website must show that you control it. Stop it with Ctrl-C.",
  "",
  "  --dangerously-allow-loopback   also a website on this machine, for rehearsals; then --pace MS and --every MS make it faster",
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function readSite(file: string): Site {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (thrown) {
    throw new Refusal(
      `${file} ${thrown instanceof SyntaxError ? `is not JSON: ${thrown.message}` : "cannot be read"}. Nothing was looked at.`,
    );
  }
  const read = parseSite(value);
  if (read.ok) return read.site;
  throw new Refusal(
    [
      `${file} has ${read.problems.length === 1 ? "one problem" : `${read.problems.length} problems`}:`,
      ...read.problems.map(({ where, text }) => `  ${where || "file"}: ${text}`),
      "Nothing was looked at. Mend what is listed and try again.",
    ].join("\n"),
  );
}

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        site: { type: "string" },
        state: { type: "string" },
        report: { type: "string" },
        json: { type: "boolean", default: false },
        "dangerously-allow-loopback": { type: "boolean", default: false },
        pace: { type: "string" },
        every: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (thrown) {
    throw new Refusal(
      `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Nothing was looked at. Say “pillarbox watch --help”.`,
    );
  }
}

/** Only in a rehearsal: another organisation's site is never asked faster. */
function fast(text: string | undefined, allowed: boolean, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!allowed || !Number.isInteger(value) || value < 10)
    throw new Refusal(
      "--pace and --every are for rehearsals on this machine: they need --dangerously-allow-loopback, and at least 10 milliseconds. Nothing was looked at.",
    );
  return value;
}

async function main(args: readonly string[]): Promise<void> {
  const values = argumentsOf(args);
  if (values.help || values.site === undefined) return HELP.forEach(say);
  const allowed = values["dangerously-allow-loopback"];
  const [pace, every] = [fast(values.pace, allowed, PACE), fast(values.every, allowed, EVERY)];
  const site = readSite(values.site);
  const file = values.state ?? `${values.site}.state`;
  const state = readState(file, site.origin);
  const reporter =
    values.report === undefined
      ? null
      : reporterTo(readPlace(values.report), site, (line) => void process.stderr.write(`${line}\n`));
  const visitor = await visitorOf(site.origin, { agent: agentOf(site), dangerouslyAllowLoopback: allowed, pace });
  // What was allowed for a machine's own site must not make a public one be asked faster.
  if (every < EVERY && !visitor.loopback)
    throw new Refusal("--every is for a website on this machine. Nothing was looked at.");
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  const tell = async (happened: Happened): Promise<void> => {
    const now = Date.now();
    if (values.json) say(jsonOf(site, happened, now));
    else wordsOf(site, happened, now).forEach(say);
    await reporter?.tell(happened, state);
  };
  if (!values.json)
    say(
      `Watching ${site.origin} as a stranger. In its access log these visits bear “visit ${visitToken(site.token)}”.`,
    );
  await watchSite({
    site,
    visitor,
    state,
    tell,
    keep: (changed) => writeState(file, changed),
    every,
    signal: ending.signal,
  });
}

process.stdout.on("error", () => process.exit());

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(
    `${thrown instanceof Refusal ? thrown.message : `Something went wrong: ${thrown instanceof Error ? thrown.message : "unknown"}`}\n`,
  );
  process.exitCode = 1;
});
