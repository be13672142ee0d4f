/** What the command line says to a person: plain lines, and refusals that tell what to do. */
import { codeOf, Fault, sentence } from "../domain/problem.ts";

/** Something that the person at the desk can mend; shown as it stands. */
export class Refusal extends Error {}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The sentence for anything thrown. */
export function refusalOf(thrown: unknown): string {
  if (thrown instanceof Refusal) return thrown.message;
  const code = codeOf(thrown);
  const detail = thrown instanceof Fault && thrown.detail ? ` (${thrown.detail})` : "";
  return `${sentence(code)}${code === "UNAVAILABLE" || code === "CHAIN_BROKEN" || code === "LOG_REFUSED" || code === "PERSON_MISMATCH" ? detail : ""}`;
}
