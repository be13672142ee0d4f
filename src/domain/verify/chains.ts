/**
 * Each body's statements replayed from a root that was given from outside, and the keys beside them: what no owner
 * signed is named (T1, T2).
 */
import { equalBytes, fromHex, toHex, type Bytes } from "../bytes.ts";
import { verifyChain } from "../grant/chain.ts";
import type { BodyState } from "../grant/state.ts";
import { parseStatement, statementHash } from "../grant/statement.ts";
import { Fault } from "../problem.ts";
import { recipientHash } from "../seal/age.ts";
import { number, type Report, type Wrong } from "./report.ts";
import type { Rows, StatementRow } from "./rows.ts";

/** Body → hex hash of its first statement; never taken from the database. */
export type Roots = ReadonlyMap<string, string>;

/** Person → signing key of whoever runs the host; from the configuration, never from the database. */
export type Operators = ReadonlyMap<string, Bytes>;

type Say = (wrong: Wrong, what: string) => void;

/**
 * @returns what the statements say of each body whose statements hold
 * @param leaves where the event of each statement stands, by the statement's hash; those without a leaf are not in it
 */
export async function checkChains(
  report: Report,
  say: Say,
  rows: Rows,
  statements: readonly StatementRow[],
  roots: Roots,
  leaves: ReadonlyMap<string, number>,
): Promise<readonly BodyState[]> {
  const bodies = Map.groupBy(statements, (row) => row.body);
  const states: BodyState[] = [];
  const unknown: string[] = [];
  let replayed = 0;
  let broken = 0;
  for (const [body, chain] of bodies) {
    const root = roots.get(body);
    if (root === undefined) {
      unknown.push(body);
      continue;
    }
    replayed += chain.length;
    const state = replay(say, body, root, chain);
    if (state === null) broken += 1;
    else states.push(state);
    checkOrder(say, chain, leaves);
  }
  if (replayed > 0)
    report.looked.push(
      `Into the statements: ${number(replayed)} of ${[...bodies.keys()].filter((body) => roots.has(body)).join(", ")}, from the root.`,
    );
  if (unknown.length > 0)
    report.open.push(
      `Whether owners signed the statements of ${unknown.join(", ")}: give the root of each with --root BODY=HASH. Owners wrote it down when the body was set up.`,
    );
  if (unknown.length === 0 && broken === 0) {
    const wrong = [checkRecipients(say, states, await rows.recipients()), checkWraps(say, states, await rows.wraps())];
    if (replayed > 0 && !wrong.includes(true))
      report.holds.push(
        "Every statement is signed by an owner of its body, from the root on, and every key to seal to and every wrapped key is one that a statement names.",
      );
  } else
    report.open.push(
      "Whether every key to seal to and every wrapped key is one that a statement names: the statements of every body are needed for that, and must hold.",
    );
  return states;
}

function replay(say: Say, body: string, root: string, chain: readonly StatementRow[]): BodyState | null {
  try {
    // The installation stands in the first statement, and its hash is the root.
    const { installation } = parseStatement(new Uint8Array(chain[0]!.bytes));
    return verifyChain(
      chain.map(({ bytes, signature }) => ({ bytes: new Uint8Array(bytes), signature: new Uint8Array(signature) })),
      { installation, body, root: fromHex(root) },
    );
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    say(
      "broken chain",
      `of ${body}: ${thrown.code === "CHAIN_BROKEN" ? thrown.detail : `statement 0: ${thrown.detail}`}`,
    );
    return null;
  }
}

/** Statements follow each other; so do the events that speak of them. */
function checkOrder(say: Say, chain: readonly StatementRow[], leaves: ReadonlyMap<string, number>): void {
  let last = -1;
  for (const row of chain) {
    const leaf = leaves.get(toHex(statementHash(new Uint8Array(row.bytes))));
    if (leaf === undefined) continue;
    if (leaf < last)
      say("reordered", `the event of statement ${row.seq} of ${row.body} stands before that of an earlier statement`);
    last = Math.max(last, leaf);
  }
}

function checkRecipients(
  say: Say,
  states: readonly BodyState[],
  rows: Awaited<ReturnType<Rows["recipients"]>>,
): boolean {
  const named = new Map(
    states.flatMap(({ body, inboxes }) =>
      [...inboxes.values()].flatMap(({ inbox, epochs }) =>
        epochs.map(({ epoch, recipientHash: hash }) => [`${inbox}, epoch ${epoch}`, { body, hash }] as const),
      ),
    ),
  );
  return differences(
    say,
    "key to seal to of inbox",
    named.keys(),
    rows.map((row) => {
      const signed = named.get(`${row.inbox}, epoch ${row.epoch}`);
      return {
        name: `${row.inbox}, epoch ${row.epoch}`,
        fits: signed !== undefined && signed.body === row.body && equalBytes(signed.hash, recipientHash(row.recipient)),
      };
    }),
  );
}

function checkWraps(say: Say, states: readonly BodyState[], rows: Awaited<ReturnType<Rows["wraps"]>>): boolean {
  // Rows are kept, so that of somebody who was granted the same key again there is more than one.
  const replaced = new Set(
    states.flatMap(({ inboxes }) =>
      [...inboxes.values()].flatMap(({ inbox, epochs }) =>
        epochs.flatMap((one) => [...one.replaced].map((wrap) => `${inbox} ${one.epoch} ${wrap}`)),
      ),
    ),
  );
  const named = new Map<string, string>(
    states.flatMap(({ inboxes }) =>
      [...inboxes.values()].flatMap(({ inbox, epochs }) =>
        epochs.flatMap(({ epoch, holders }) =>
          [...holders].map(([person, hash]) => [`${inbox}, epoch ${epoch}, for ${person}`, toHex(hash)] as const),
        ),
      ),
    ),
  );
  return differences(
    say,
    "wrapped key of inbox",
    named.keys(),
    rows
      .filter((row) => !replaced.has(`${row.inbox} ${row.epoch} ${row.person} ${row.digest}`))
      .map((row) => {
        const name: string = `${row.inbox}, epoch ${row.epoch}, for ${row.person}`;
        return { name, fits: named.get(name) === row.digest };
      }),
  );
}

/** Says of each row whether a statement names it, and of each that is named whether it is there. */
function differences(
  say: Say,
  what: string,
  wanted: Iterable<string>,
  rows: readonly { readonly name: string; readonly fits: boolean }[],
): boolean {
  const known = new Set(wanted);
  const missing = new Set(known);
  let wrong = false;
  for (const { name, fits } of rows) {
    if (!fits)
      say(
        "contradicted",
        known.has(name)
          ? `the ${what} ${name} is not the one that an owner signed`
          : `no statement names the ${what} ${name}`,
      );
    wrong ||= !fits;
    missing.delete(name);
  }
  for (const name of missing) say("contradicted", `the ${what} ${name}, which a statement names, is not there`);
  return wrong || missing.size > 0;
}
