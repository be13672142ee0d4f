/**
 * The inspector: looks from inside, by a login that reads no sealed byte, no wrapped key and no name. The database's
 * catalogue against what the numbered files make (T24); the keys that stand in it against what owners signed (T1, T2).
 * It reports as the monitor does.
 */
import { setTimeout as wait } from "node:timers/promises";
import { answerOf, requestOf } from "../../contract/route.ts";
import { takeReport } from "../../contract/watch.ts";
import { equalBytes, fromHex, type Bytes } from "../../domain/bytes.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { keyOf, MOST_EVIDENCE, plainLine, type FindingCode, type Observation } from "../../domain/watch/finding.ts";
import { signReport, type Report } from "../../domain/watch/report.ts";
import { Chains } from "../statements/chains.ts";
import type { Config } from "../config.ts";
import { note } from "../http/log.ts";
import { catalogueOf, differenceOf, expectedCatalogue } from "./store/catalogue.ts";
import { keysStored, operatorsStored, wrapsStored } from "./store/inspect.ts";
import { openPool, type Pool } from "../database/pool.ts";

export type Inspector = {
  readonly pool: Pool;
  readonly config: Config;
  readonly secret: Bytes;
  readonly credential: string;
  readonly every: number;
};

/** Looks again and again until `stopped`. A look that could not be taken is no look: silence is the alarm. */
export async function inspect(inspector: Inspector, stopped: AbortSignal): Promise<void> {
  const chains = new Chains(inspector.config);
  const expected = expectedCatalogue(inspector.config.root);
  let open: readonly string[] | null = null;
  while (!stopped.aborted) {
    const began = Date.now();
    try {
      open ??= await tell(inspector, { look: null, seen: [], cleared: [], plants: [] });
      const seen = [
        ...catalogue(expected, await catalogueOf(inspector.pool)),
        ...(await keys(inspector, chains)),
        ...(await operators(inspector)),
      ].slice(0, 500);
      const still = new Set(seen.map((one) => keyOf("inspect", one)));
      open = await tell(inspector, {
        look: { kind: "round", began, ended: Date.now(), complete: true },
        seen,
        cleared: open.filter((key) => !still.has(key)),
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
    await wait(Math.max(0, began + inspector.every - Date.now()), undefined, { signal: stopped }).catch(() => {});
  }
}

/** Which part of the database a line of the catalogue is about: one finding for a part, however many lines. */
export const partOf = (line: string): string =>
  /^(?:elsewhere: .*|login [^:]+|member: .*|passes row security: .*|schema [^:]+|setting of [^:]+|from now on in [^:]+|\S+ \w+)/
    .exec(line)?.[0]
    .replace(/^(?:table|column|right|policy|trigger|rule|owner|sequence|view|function) /, "") ?? "database";

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

/** Keys as they are stored, against what the verified statements say. */
async function keys({ pool, config }: Inspector, chains: Chains): Promise<Observation[]> {
  const seen: Observation[] = [];
  const [wraps, recipients] = [await wrapsStored(pool), await keysStored(pool)];
  const known = new Map<
    string,
    { body: string; form: string | null; holders: ReadonlyMap<string, Bytes>; recipient: Bytes }
  >();
  const unknown: string[] = [];
  for (const body of config.roots.keys()) {
    try {
      const chain = await chains.load(pool, body);
      for (const { inbox, epochs } of chain?.state.inboxes.values() ?? []) {
        const form = [...(chain?.state.forms.values() ?? [])].find((one) => one.inbox === inbox)?.form ?? null;
        for (const one of epochs)
          known.set(`${inbox} ${one.epoch}`, { body, form, holders: one.holders, recipient: one.recipientHash });
      }
    } catch (thrown) {
      if (codeOf(thrown) !== "CHAIN_BROKEN") throw thrown;
      unknown.push(body);
      seen.push({
        code: "chain-broken",
        place: `statements ${body}`,
        body,
        form: null,
        evidence: [plainLine(thrown instanceof Fault ? thrown.detail : "they do not hold")],
      });
    }
  }
  const bad = (code: FindingCode, inbox: string, epoch: number, line: string): void => {
    const of = known.get(`${inbox} ${epoch}`);
    seen.push({
      code,
      place: `inbox ${inbox}`,
      body: of?.body ?? null,
      form: of?.form ?? null,
      evidence: [plainLine(line)],
    });
  };
  for (const { inbox, epoch, person, digest } of wraps) {
    const signed = known.get(`${inbox} ${epoch}`)?.holders.get(person);
    if (!signed || !equalBytes(signed, digest))
      bad(
        "wrap-unstated",
        inbox,
        epoch,
        `key ${epoch}, wrapped to ${person}: ${signed ? "another wrapped key than the signed one" : "no signed statement names it"}`,
      );
  }
  for (const { inbox, epoch, recipient, body } of recipients) {
    const signed = known.get(`${inbox} ${epoch}`)?.recipient;
    // Where a whole chain does not hold, that is the finding.
    if (unknown.includes(body)) continue;
    if (!signed || !equalBytes(recipientHash(recipient), signed))
      bad(
        "recipient-unstated",
        inbox,
        epoch,
        `key ${epoch}: ${signed ? "another than the signed one" : "no signed statement names it"}`,
      );
  }
  return joined(unknown.length > 0 ? seen.filter((one) => one.code !== "wrap-unstated" || one.body !== null) : seen);
}

function joined(seen: readonly Observation[]): Observation[] {
  return [...Map.groupBy(seen, (one) => keyOf("inspect", one)).values()].map((those) => ({
    ...those[0]!,
    evidence: those.flatMap((one) => one.evidence).slice(0, MOST_EVIDENCE),
  }));
}

let last = 0;

/** @returns the keys of the findings that are open */
async function tell(
  { config, secret, credential }: Inspector,
  what: Pick<Report, "look" | "seen" | "cleared" | "plants">,
): Promise<readonly string[]> {
  last = Math.max(Date.now(), last + 1);
  const { report, signature } = signReport(secret, {
    installation: config.installation,
    watcher: "inspect",
    at: last,
    ...what,
  });
  const { method, path, body } = requestOf(takeReport, {}, { report, signature });
  const answer = await fetch(`${config.staffOrigin}${path}`, {
    method,
    redirect: "error",
    signal: AbortSignal.timeout(15_000),
    headers: {
      origin: config.staffOrigin,
      "content-type": "application/json",
      authorization: `Pillarbox-Watch ${credential}`,
    },
    body: body as string,
  });
  if (!answer.ok) throw new Fault("UNAVAILABLE", `the report was answered ${answer.status}`);
  const { open } = answerOf(takeReport, answer.status, new Uint8Array(await answer.arrayBuffer()));
  return open.map((one) => one.key);
}

/** The inspector of a process that was given its login, key and credential. */
export function inspectorOf(config: Config, env: Readonly<Record<string, string | undefined>>): Inspector {
  const [url, key, credential] = [env["PB_DATABASE"], env["PB_WATCH_KEY"], env["PB_WATCH_CREDENTIAL"]];
  if (!url || !key || !credential)
    throw new Fault("CONFIG_INVALID", "PB_DATABASE, PB_WATCH_KEY or PB_WATCH_CREDENTIAL is missing");
  return { pool: openPool(url, 1), config, secret: fromHex(key), credential, every: config.watchEvery };
}
