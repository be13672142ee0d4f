/**
 * `pillarbox affected`: who was affected by an exposure of another system, from its access log and a table of its
 * people. Nothing leaves this machine.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { listBytes } from "../domain/affected/list.ts";
import { logQuestion, type LogQuestion } from "../domain/affected/question.ts";
import { verdictOf } from "../domain/affected/verdict.ts";
import { endOfDay, isZone, LONDON, placeOfZone, startOfDay, type Zone } from "../domain/time.ts";
import { ageSeal } from "../domain/seal/age-seal.ts";
import { readLogs } from "./affected/logs.ts";
import { logJson, logLines } from "./affected/report.ts";
import { readPeople, tableLines, type TableFound } from "./affected/table.ts";
import { Refusal, say } from "./say.ts";

const AFFECTED_HELP = [
  "pillarbox affected --access-log FILE… --exposed ADDRESS… --people TABLE",
  "                            who was affected by an exposure of another system; either question alone will do",
  "  --exposed       /results, /results/* for all below, /index.php?q=results, or a file with one a line",
  "  --from, --to    when they were exposed, for example 2022-11-11T09:00Z or a whole day; otherwise as far as the log goes",
  "  --zone          where the body's clock hangs, for example Europe/Lisbon; otherwise Europe/London. Days and times are meant so",
  "  --known ADDRESS people who were meant to read, told apart (203.0.113.* for a network)",
  "  --own-agent     a monitor of your own to leave out, with --own-address or --own-token",
  "  --people        CSV; --column email=3 says which column is what; --same A=B, --apart A=B, --rest-apart decide doubtful pairs",
  "                  (--apart also takes line B out of a join); --looked: names whose encoding was not certain are right",
  "  --seal-to       an age recipient: the list of people is sealed to it, into the file --out",
  "  --json          for programs; holds no names",
];

const MANY = { type: "string", multiple: true, default: [] as string[] } as const;
const SPELLED = {
  "access-log": MANY,
  exposed: MANY,
  known: MANY,
  from: { type: "string" },
  to: { type: "string" },
  zone: { type: "string", default: LONDON },
  "own-agent": { type: "string" },
  "own-address": { type: "string" },
  "own-token": { type: "string" },
  people: { type: "string" },
  column: MANY,
  same: MANY,
  apart: MANY,
  "rest-apart": { type: "boolean", default: false },
  looked: { type: "boolean", default: false },
  "seal-to": { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: SPELLED });
  } catch (thrown) {
    throw new Refusal(
      `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Nothing was concluded. Say “pillarbox affected --help”.`,
    );
  }
}
type Values = ReturnType<typeof argumentsOf>["values"];

/** @throws `Refusal`, `SEAL_RECIPIENTS` */
export async function affectedCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args);
  // A shell writes `--access-log access.log*` out as one name for the option and further ones behind it.
  const logs = [...values["access-log"], ...(values["access-log"].length > 0 ? positionals : [])];
  if (values.help || (logs.length === 0 && values.people === undefined)) return AFFECTED_HELP.forEach(say);
  if (positionals.length > 0 && values["access-log"].length === 0)
    throw new Refusal(
      `“${positionals[0]}” is not asked for. Nothing was concluded. Give files of the access log with --access-log.`,
    );
  if (
    (values["seal-to"] === undefined) !== (values.out === undefined) ||
    (values["seal-to"] !== undefined && values.people === undefined)
  )
    throw new Refusal(
      "A sealed list needs --people, --seal-to and --out. Nothing was concluded. Give all three, or neither of the last two.",
    );
  if (!isZone(values.zone))
    throw new Refusal(
      `“${values.zone}” is not the name of a time zone. Nothing was concluded. Write it as Europe/London or Atlantic/Reykjavik.`,
    );
  // Everything that can be refused quickly is refused before a large log is read.
  const question = logs.length > 0 ? questionOf(values) : null;
  const people =
    values.people === undefined
      ? null
      : readPeople({
          file: values.people,
          columns: values.column,
          same: values.same,
          apart: values.apart,
          restApart: values["rest-apart"],
          looked: values.looked,
        });
  const reading = question === null ? null : await readLogs(logs, question, progress());
  const verdict = reading && verdictOf(reading);
  if (values.json)
    say(
      JSON.stringify({
        ...(reading && verdict && { log: logJson(reading, verdict) }),
        ...(people && { people: peopleJson(people) }),
      }),
    );
  else
    [
      ...(reading && verdict ? logLines(reading, verdict, values.zone) : []),
      ...(people ? tableLines(people) : []),
    ].forEach(say);
  if (people && values["seal-to"] !== undefined) await sealList(people, values["seal-to"], values.out!, values.json);
}

function questionOf(values: Values): LogQuestion {
  const { from, to } = {
    from: timeOf(values.from, startOfDay, values.zone),
    to: timeOf(values.to, endOfDay, values.zone),
  };
  const agent = values["own-agent"] ?? "";
  const [address, token] = [values["own-address"] ?? "", values["own-token"] ?? ""];
  const asked = logQuestion({
    exposed: values.exposed.map(addressesOf).join("\n"),
    own: agent + address + token === "" ? null : { agent, address, token },
    known: values.known,
    window: { from, to },
  });
  if (!asked.ok)
    throw new Refusal(
      ["This cannot be asked:", ...asked.problems.map((problem) => `  ${problem}`), "Nothing was concluded."].join(
        "\n",
      ),
    );
  return asked.question;
}

/**
 * An address, or the addresses of a file. One that could be either is refused: taken for an address, it would never be
 * found, and that would look like good news.
 */
function addressesOf(given: string): string {
  const isFile = statSync(given, { throwIfNoEntry: false })?.isFile() ?? false;
  const isAddress = given.startsWith("/") || /^https?:/i.test(given);
  if (isAddress && !isFile) return given;
  if (isAddress)
    throw new Refusal(
      `“${given}” is a file on this machine and could also be an address. Nothing was concluded. Write ./ in front of the name of a file, or go to another directory.`,
    );
  try {
    return readFileSync(given, "utf8");
  } catch {
    throw new Refusal(
      `“${given}” is neither an address of the website nor a file that can be read. Nothing was concluded. An address begins with a slash.`,
    );
  }
}

/** A time with its zone, or a day, which begins and ends as the clock of the body has it. */
function timeOf(text: string | undefined, edge: typeof startOfDay, zone: Zone): number | null {
  if (text === undefined) return null;
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const at = year
    ? edge(Number(year), Number(month), Number(day), zone)
    : /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
      ? Date.parse(text)
      : null;
  if (at === null || Number.isNaN(at))
    throw new Refusal(
      `“${text}” is not a time. Nothing was concluded. Write it with its zone, for example 2022-11-11T09:00Z or 2022-11-11T09:00+01:00, or a day alone, which is meant from midnight to midnight in ${placeOfZone(zone)}.`,
    );
  return at;
}

/** Long work says how far it is, where somebody looks. */
function progress(): (bytes: number) => void {
  if (!process.stderr.isTTY) return () => {};
  let [read, said] = [0, Date.now()];
  return (bytes) => {
    read += bytes;
    if (Date.now() - said < 500) return;
    said = Date.now();
    process.stderr.write(`\r${(read / 1e6).toFixed(0)} MB read`);
  };
}

const peopleJson = ({ table, joined, settled, notes, toRead, lineOf }: TableFound): object => ({
  rows: table.rows.length,
  empty: table.empty,
  notes,
  toRead: toRead.map(({ line }) => line),
  joined: joined.joins.map(({ entries, parted }) => ({
    lines: entries.map(lineOf),
    parted: entries.filter(({ person }) => parted.includes(person)).map(lineOf),
  })),
  doubts: (settled.ok ? [] : settled.open).map(({ one, other, why }) => ({ lines: [lineOf(one), lineOf(other)], why })),
  moreDoubts: joined.moreDoubts,
  against: (settled.ok ? [] : settled.against).map((pair) => pair.map(lineOf)),
  people: settled.ok ? settled.people.length : null,
});

async function sealList(
  { settled, toRead }: TableFound,
  recipient: string,
  out: string,
  quiet: boolean,
): Promise<void> {
  if (toRead.length > 0)
    throw new Refusal(
      "The list was not sealed: the file does not say how its letters are written. Look at the names, and say --looked if they are right.",
    );
  if (!settled.ok)
    throw new Refusal(
      settled.open.length > 0
        ? `The list was not sealed: ${settled.open.length} doubtful pairs are not decided. Decide them with --same, --apart or --rest-apart.`
        : `The list was not sealed: ${settled.against.length} pairs were called two people, and are one person by way of others. Decide one of these pairs anew.`,
    );
  const sealed = await ageSeal([recipient.trim()], listBytes(settled.people));
  try {
    writeFileSync(out, sealed, { flag: "wx", mode: 0o600 });
  } catch (thrown) {
    throw new Refusal(
      (thrown as NodeJS.ErrnoException).code === "EEXIST"
        ? `${out} is there already, and nothing was overwritten. Choose another name.`
        : `${out} cannot be written. Choose another place.`,
    );
  }
  if (!quiet)
    say(
      `The list of ${settled.people.length.toLocaleString("en-GB")} people is in ${out}, sealed. Only the holder of that key can open it.`,
    );
}
