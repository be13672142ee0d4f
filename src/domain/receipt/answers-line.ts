/**
 * The line of a saved copy of answers that a proof of receipt is compared with: the answers exactly as they were
 * sealed.
 */
import { toUtf8, type Bytes } from "../bytes.ts";
import { canonicalJson } from "../canonical.ts";

const HEAD = "pillarbox/v1/answers ";

export const answersLine = (answers: object): string => HEAD + canonicalJson(answers);

/** The answers as they were sealed, from a saved copy; null where it has no such line. */
export function answersInCopy(text: string): Bytes | null {
  const line = text.split(/\r?\n/).find((one) => one.startsWith(HEAD));
  return line === undefined ? null : toUtf8(line.slice(HEAD.length));
}
