/**
 * What `verify-log --database` would tell a person, looked at all the time: rows against the log, and in a walk of its
 * own every stored byte. One finding for each kind of row, in which its rows are named.
 */
import { createHash } from "node:crypto";
import { toHex } from "../../domain/bytes.ts";
import type { Sha256 } from "../../domain/log/growth.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { newReport, type Finding, type Report, type Wrong } from "../../domain/verify/report.ts";
import { verifyLogBy } from "../../domain/verify/verify.ts";
import { WALK_STEP, walkBytes } from "../../domain/verify/walk.ts";
import { MOST_EVIDENCE, plainLine, type FindingCode, type Observation } from "../../domain/watch/finding.ts";
import type { Config } from "../config.ts";
import type { Pool } from "../database/pool.ts";
import { inRows } from "./store/rows.ts";

const sha: Sha256 = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Findings of the look at rows; a round of the others neither opens nor closes them. */
export const ROW_CODES: readonly FindingCode[] = ["row-differs", "log-differs", "event-aside"];
export const BYTE_CODES: readonly FindingCode[] = ["bytes-differ"];

const OF_ROWS: readonly Wrong[] = ["contradicted", "missing"];

/** Rows and events against the signed log; of sealed bytes only whether they are there. */
export async function lookAtRows(pool: Pool, config: Config): Promise<Observation[]> {
  const roots = new Map([...config.roots].map(([body, root]) => [body, toHex(root)]));
  const report = await inRows(pool, { bytes: false }, (rows, source) =>
    verifyLogBy(
      { sha },
      {
        source,
        key: parseVerifierKey(config.logKey),
        entries: false,
        rows: async () => rows,
        roots,
        operators: config.operators,
      },
    ),
  );
  return observed(report, (wrong) =>
    wrong === "set aside" ? "event-aside" : OF_ROWS.includes(wrong) ? "row-differs" : "log-differs",
  );
}

/** Every stored byte, a page at a time, each in a view of its own: a long one would keep what is erased in the files. */
export async function lookAtBytes(pool: Pool, stopped: AbortSignal): Promise<Observation[] | null> {
  const report = newReport();
  for (const whose of await inRows(pool, { bytes: true }, (rows) => rows.logs()))
    for (const log of await inRows(pool, { bytes: true }, (rows) => rows.numbers(whose))) {
      for (let from = 0, count = 1; count > 0; from += WALK_STEP) {
        if (stopped.aborted) return null;
        const at = from;
        count = await inRows(pool, { bytes: true }, (rows) => walkBytes(report, rows, { whose, log }, at));
      }
    }
  return observed(report, () => "bytes-differ");
}

/** The first of these words in a sentence says which rows it is about. */
const ABOUT =
  /receipt|wrapped key|key to seal to|request for erasure|sealed bytes|submission|statement|request|release|finding|marker|document|report|notice|pack|act of incident|operator|event|tile|checkpoint/;

function observed(report: Report, codeOf: (wrong: Wrong) => FindingCode): Observation[] {
  // What statements say of keys that are there has findings of its own, each with its form (keys.ts).
  const told = report.findings.filter(
    ({ wrong, what }) =>
      wrong !== "broken chain" && (!/wrapped key|key to seal to/.test(what) || /is not there$/.test(what)),
  );
  const places = Map.groupBy(told, (one) => `${codeOf(one.wrong)} ${ABOUT.exec(one.what)?.[0] ?? "log"}`);
  return [...places.values()].map((those) => ({
    code: codeOf(those[0]!.wrong),
    place: plainLine(`rows: ${ABOUT.exec(those[0]!.what)?.[0] ?? "log"}`),
    body: null,
    form: null,
    evidence: linesOf(those),
  }));
}

function linesOf(those: readonly Finding[]): string[] {
  const lines = those.map(({ wrong, what }) => plainLine(`${wrong}: ${what}`));
  return lines.length <= MOST_EVIDENCE
    ? lines
    : [
        ...lines.slice(0, MOST_EVIDENCE - 1),
        `and ${lines.length - MOST_EVIDENCE + 1} more: verify-log --database names them`,
      ];
}
