/** Keys as they are stored, against what the verified statements say (T1, T2). */
import { equalBytes, toHex, type Bytes } from "../../domain/bytes.ts";
import type { EpochState } from "../../domain/grant/state.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { keyOf, MOST_EVIDENCE, plainLine, type FindingCode, type Observation } from "../../domain/watch/finding.ts";
import type { Config } from "../config.ts";
import type { Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { keysStored, wrapsStored } from "./store/inspect.ts";

type Known = EpochState & { readonly body: string; readonly form: string | null };
type Signed = {
  /** by inbox and epoch */
  readonly epochs: ReadonlyMap<string, Known>;
  /** bodies whose statements do not hold, each with its finding */
  readonly broken: ReadonlyMap<string, Observation>;
};

export async function keys(pool: Pool, config: Config, chains: Chains): Promise<Observation[]> {
  const [wraps, recipients] = [await wrapsStored(pool), await keysStored(pool)];
  const { epochs, broken } = await signedKeys(pool, config, chains);
  const bad = (code: FindingCode, inbox: string, epoch: number, line: string): Observation => {
    const of = epochs.get(`${inbox} ${epoch}`);
    return {
      code,
      place: `inbox ${inbox}`,
      body: of?.body ?? null,
      form: of?.form ?? null,
      evidence: [plainLine(`key ${epoch}${line}`)],
    };
  };
  const wrong = wraps.flatMap(({ inbox, epoch, person, digest }) => {
    const of = epochs.get(`${inbox} ${epoch}`);
    const why = whyNot(of?.holders.get(person), digest, "another wrapped key than the signed one");
    return why === null || of?.replaced.has(`${person} ${toHex(digest)}`)
      ? []
      : [bad("wrap-unstated", inbox, epoch, `, wrapped to ${person}: ${why}`)];
  });
  const exchanged = recipients.flatMap(({ inbox, epoch, recipient, body }) => {
    const signed = epochs.get(`${inbox} ${epoch}`)?.recipientHash;
    const why = whyNot(signed, recipientHash(recipient), "another than the signed one");
    // Where a whole chain does not hold, that is the finding.
    return why === null || broken.has(body) ? [] : [bad("recipient-unstated", inbox, epoch, `: ${why}`)];
  });
  return joined([...broken.values(), ...wrong.filter((one) => broken.size === 0 || one.body !== null), ...exchanged]);
}

const whyNot = (signed: Bytes | undefined, found: Bytes, other: string): string | null =>
  signed === undefined ? "no signed statement names it" : equalBytes(signed, found) ? null : other;

async function signedKeys(pool: Pool, config: Config, chains: Chains): Promise<Signed> {
  const epochs = new Map<string, Known>();
  const broken = new Map<string, Observation>();
  for (const body of config.roots.keys()) {
    try {
      const state = (await chains.load(pool, body))?.state;
      for (const { inbox, epochs: all } of state?.inboxes.values() ?? []) {
        const form = [...(state?.forms.values() ?? [])].find((one) => one.inbox === inbox)?.form ?? null;
        for (const one of all) epochs.set(`${inbox} ${one.epoch}`, { ...one, body, form });
      }
    } catch (thrown) {
      if (codeOf(thrown) !== "CHAIN_BROKEN") throw thrown;
      broken.set(body, {
        code: "chain-broken",
        place: `statements ${body}`,
        body,
        form: null,
        evidence: [plainLine(thrown instanceof Fault ? thrown.detail : "they do not hold")],
      });
    }
  }
  return { epochs, broken };
}

function joined(seen: readonly Observation[]): Observation[] {
  return [...Map.groupBy(seen, (one) => keyOf("inspect", one)).values()].map((those) => ({
    ...those[0]!,
    evidence: those.flatMap((one) => one.evidence).slice(0, MOST_EVIDENCE),
  }));
}
