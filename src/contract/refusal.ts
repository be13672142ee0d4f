/** What is answered instead: a code of the closed list, and its sentence. Every zone reads it here. */
import { SENTENCES, type Code } from "../domain/problem.ts";

/** The code in a refusal that was parsed already; undefined where it is none of ours. */
export function codeIn(value: unknown): Code | undefined {
  const code = (value as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && Object.hasOwn(SENTENCES, code) ? (code as Code) : undefined;
}
