/** `log/policy`: the witnesses that the log process asks. */
import { join } from "node:path";
import { formatCosignerKey } from "../src/domain/log/cosignature.ts";
import { parsePolicy } from "../src/domain/log/policy.ts";
import { Fault } from "../src/domain/problem.ts";
import { readIfThere } from "./files.ts";
import { Refusal } from "./refusal.ts";

/** A witness that the log process asks: where, and by which key it signs. */
export type WitnessSetting = { readonly name: string; readonly url: string; readonly vkey: string };

/** The policy of an installation as it was written, and those of its witnesses that have an address. */
export type LogPolicy = { readonly text: string | null; readonly witnesses: readonly WitnessSetting[] };

export const NO_POLICY: LogPolicy = { text: null, witnesses: [] };

/**
 * The policy in a data directory (`log/policy`, c2sp.org/tlog-policy), if there is one.
 * @throws Refusal naming the line that is none
 */
export function policyOf(data: string): LogPolicy {
  const file = join(data, "log", "policy");
  const text = readIfThere(file);
  if (text === null) return NO_POLICY;
  try {
    const witnesses = parsePolicy(text).witnesses.flatMap(({ name, key, url }) =>
      url !== undefined && /^https?:\/\//.test(url) ? [{ name, url, vkey: formatCosignerKey(key) }] : [],
    );
    return { text, witnesses };
  } catch (thrown) {
    throw new Refusal(
      `${file} is not a policy (${thrown instanceof Fault ? thrown.detail : "it cannot be read"}): mend it, or take it away to have no witnesses.`,
    );
  }
}
