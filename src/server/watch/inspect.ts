/**
 * The inspector: looks from inside, by a login that reads no sealed byte, no wrapped key and no name. The database's
 * catalogue against what the numbered files make (T24); the keys that stand in it against what owners signed (T1, T2);
 * all rows, and in a walk all bytes, against the signed log, by the verifier's own checks. It reports as the monitor does.
 */
import { setTimeout as wait } from "node:timers/promises";
import { answerOf, requestOf } from "../../contract/route.ts";
import { takeReport } from "../../contract/watch.ts";
import { fromHex, type Bytes } from "../../domain/bytes.ts";
import { INSIDE } from "../../domain/network.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import {
  CODES,
  keyOf,
  MOST_EVIDENCE,
  plainLine,
  type FindingCode,
  type Look,
  type Observation,
} from "../../domain/watch/finding.ts";
import { signReport, type Report } from "../../domain/watch/report.ts";
import { Chains } from "../statements/chains.ts";
import type { Config } from "../config.ts";
import { note } from "../http/log.ts";
import { catalogueOf, differenceOf, expectedCatalogue } from "./store/catalogue.ts";
import { keys } from "./keys.ts";
import { BYTE_CODES, lookAtBytes, lookAtRows, ROW_CODES } from "./rows.ts";
import { strays } from "./strays.ts";
import { operatorsStored } from "./store/inspect.ts";
import { openPool, type Pool } from "../database/pool.ts";

export type Inspector = {
  readonly pool: Pool;
  readonly config: Config;
  readonly secret: Bytes;
  readonly credential: string;
  readonly every: number;
};

/** Rows are compared each third round, a minute; every byte each thirtieth, when the walk before has ended. */
const ROWS_EVERY = 3;
const BYTES_EVERY = 30;
/** A large log is not looked at all the time: a look is followed by a rest of so many times its length. */
const REST = 4;

type Sight = {
  readonly kind: Look;
  readonly codes: readonly FindingCode[];
  readonly every: number;
  /** null: it was stopped, and says nothing */
  readonly look: () => Promise<readonly Observation[] | null>;
};

/**
 * Looks again and again until `stopped`: at catalogue, keys and strays, at the rows, at every byte, each by itself. A
 * look that could not be taken is no look: silence is the alarm.
 */
export async function inspect(inspector: Inspector, stopped: AbortSignal): Promise<void> {
  const { pool, config, every } = inspector;
  const chains = new Chains(config);
  const expected = expectedCatalogue(config.root);
  const locks = new Set<string>();
  const round = async (): Promise<readonly Observation[]> => [
    ...catalogue(expected, await catalogueOf(pool)),
    ...(await keys(pool, config, chains)),
    ...(await operators(inspector)),
    ...(await strays(pool, locks)),
  ];
  const rest = CODES.inspect.filter((code) => ![...ROW_CODES, ...BYTE_CODES].includes(code));
  const sights: readonly Sight[] = [
    { kind: "round", codes: rest, every, look: round },
    { kind: "rows", codes: ROW_CODES, every: every * ROWS_EVERY, look: () => lookAtRows(pool, config) },
    { kind: "bytes", codes: BYTE_CODES, every: every * BYTES_EVERY, look: () => lookAtBytes(pool, stopped) },
  ];
  await Promise.all(sights.map((sight) => again(inspector, sight, stopped)));
}

async function again(inspector: Inspector, { kind, codes, every, look }: Sight, stopped: AbortSignal): Promise<void> {
  let open: readonly Open[] | null = null;
  while (!stopped.aborted) {
    const began = Date.now();
    try {
      open ??= await tell(inspector, { look: null, seen: [], cleared: [], plants: [] });
      const seen = (await look())?.slice(0, 500);
      if (seen === undefined) return;
      const still = new Set(seen.map((one) => keyOf("inspect", one)));
      const isOurs = (code: string): boolean => codes.some((one) => one === code);
      open = await tell(inspector, {
        look: { kind, began, ended: Date.now(), complete: true },
        seen,
        cleared: open.filter((one) => isOurs(one.code) && !still.has(one.key)).map(({ key }) => key),
        plants: [],
      });
    } catch (thrown) {
      note({
        level: "error",
        process: "inspect",
        code: codeOf(thrown),
        detail: thrown instanceof Fault ? thrown.detail : thrown instanceof Error ? thrown.name : "",
      });
      await wait(1_000, undefined, { signal: stopped }).catch(() => {});
    }
    const took = Date.now() - began;
    const pause = Math.max(0, every - took, kind === "round" ? 0 : took * REST);
    await wait(pause, undefined, { signal: stopped }).catch(() => {});
  }
}

/** Which part of the database a line of the catalogue is about: one finding for a part, however many lines. */
export const partOf = (line: string): string =>
  /^(?:elsewhere: .*|login [^:]+|member: .*|passes row security: .*|schema [^:]+|setting of [^:]+|from now on in [^:]+|\S+ \w+)/
    .exec(line)?.[0]
    .replace(
      /^(?:table|column|constraint|index|type|operator|right|policy|trigger|rule|owner|sequence|view|function) /,
      "",
    ) ?? "database";

function catalogue(expected: readonly string[], found: readonly string[]): Observation[] {
  const { added, missing } = differenceOf(expected, found);
  return [...grouped("catalogue-added", added), ...grouped("catalogue-missing", missing)];
}

function grouped(code: FindingCode, lines: readonly string[]): Observation[] {
  const parts = Map.groupBy(lines, partOf);
  return [...parts].map(([part, those]) => ({
    code,
    place: plainLine(part),
    body: null,
    form: null,
    evidence: those.slice(0, MOST_EVIDENCE).map(plainLine),
  }));
}

/** A row makes nobody an operator; that somebody tried is a finding. */
async function operators({ pool, config }: Inspector): Promise<Observation[]> {
  return (await operatorsStored(pool))
    .filter((person) => !config.operators.has(person))
    .map((person) => ({
      code: "operator-unnamed",
      place: `operator ${person}`,
      body: null,
      form: null,
      evidence: [plainLine(`a row calls ${person} an operator, and the configuration names no such person`)],
    }));
}

let last = 0;
/** Reports leave one after the other: each is later than the one before, or it is refused as old. */
let under: Promise<unknown> = Promise.resolve();

type Open = { readonly key: string; readonly code: string };
type Told = Pick<Report, "look" | "seen" | "cleared" | "plants">;

/** @returns the findings that are open */
function tell(inspector: Inspector, what: Told): Promise<readonly Open[]> {
  const told = under.then(() => send(inspector, what));
  under = told.catch(() => {});
  return told;
}

async function send({ config, secret, credential }: Inspector, what: Told): Promise<readonly Open[]> {
  last = Math.max(Date.now(), last + 1);
  const { report, signature } = signReport(secret, {
    installation: config.installation,
    watcher: "inspect",
    at: last,
    ...what,
  });
  const { method, path, body } = requestOf(takeReport, {}, { report, signature });
  const answer = await fetch(`${config.staffInside}${path}`, {
    method,
    redirect: "error",
    signal: AbortSignal.timeout(15_000),
    headers: {
      origin: config.staffOrigin,
      "content-type": "application/json",
      authorization: `Pillarbox-Watch ${credential}`,
      ...INSIDE,
    },
    body: body as string,
  });
  if (!answer.ok) throw new Fault("UNAVAILABLE", `the report was answered ${answer.status}`);
  const { open } = answerOf(takeReport, answer.status, new Uint8Array(await answer.arrayBuffer()));
  return open;
}

/** The inspector of a process that was given its login, key and credential. */
export function inspectorOf(config: Config, env: Readonly<Record<string, string | undefined>>): Inspector {
  const [url, key, credential] = [env["PB_DATABASE"], env["PB_WATCH_KEY"], env["PB_WATCH_CREDENTIAL"]];
  if (!url || !key || !credential)
    throw new Fault("CONFIG_INVALID", "PB_DATABASE, PB_WATCH_KEY or PB_WATCH_CREDENTIAL is missing");
  return { pool: openPool(url, 3), config, secret: fromHex(key), credential, every: config.watchEvery };
}
