/** What is answered instead: a code of the closed list, and its sentence. Every zone reads it here. */
import { fromUtf8, type Bytes } from "../domain/bytes.ts";
import { parseJson } from "../domain/canonical.ts";
import { SENTENCES, type Code } from "../domain/problem.ts";

/** The code in a refusal that was parsed already; undefined where it is none of ours. */
export function codeIn(value: unknown): Code | undefined {
  const code = (value as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && Object.hasOwn(SENTENCES, code) ? (code as Code) : undefined;
}

/** The code in the bytes of a refusal; `UNAVAILABLE` where there is none of ours: then something else answered. */
export function refusalIn(bytes: Bytes): Code {
  try {
    return codeIn(parseJson(fromUtf8(bytes))) ?? "UNAVAILABLE";
  } catch {
    return "UNAVAILABLE";
  }
}
