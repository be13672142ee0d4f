import { join } from "node:path";
import { formatCosignerKey } from "../src/domain/log/cosignature.ts";
import { parsePolicy } from "../src/domain/log/policy.ts";
import { Fault } from "../src/domain/problem.ts";
import { readIfThere } from "./files.ts";
import { Refusal } from "./refusal.ts";

/** A witness that the log process asks: where, and by which key it signs. */
export type WitnessSetting = { readonly name: string; readonly url: string; readonly vkey: string };

/** The witnesses of the policy in a data directory (`log/policy`, c2sp.org/tlog-policy) that have an address; none without a policy. */
export function witnessesOf(data: string): readonly WitnessSetting[] {
  const file = join(data, "log", "policy");
  const text = readIfThere(file);
  if (text === null) return [];
  try {
    return parsePolicy(text).witnesses.flatMap(({ name, key, url }) => (url !== undefined && /^https?:\/\//.test(url) ? [{ name, url, vkey: formatCosignerKey(key) }] : []));
  } catch (thrown) {
    throw new Refusal(`${file} is not a policy (${thrown instanceof Fault ? thrown.detail : "it cannot be read"}): mend it, or take it away to have no witnesses.`);
  }
}
