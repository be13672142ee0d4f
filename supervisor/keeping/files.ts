/**
 * The files of a data directory that a backup holds, by name: answers, secrets, the key of the log. Never the checkpoint
 * store: put back it would say that nothing was signed since.
 */
import { chmodSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Part } from "../../src/domain/keeping/tar.ts";
import { writePrivately } from "../files.ts";
import { Refusal } from "../refusal.ts";

const NAMES = [
  "installation.json",
  "configuration.json",
  "body.json",
  "first-owner.json",
  "demonstration.json",
  "proxy-*",
  "secrets/*",
  "log/key",
  "log/policy",
  "log/*/key",
  "log/*/begun",
  "log/*/lost",
];
const KEPT =
  /^(?:(?:installation|configuration|body|first-owner|demonstration)\.json|proxy-[\w.-]+|secrets\/[\w-]+|log\/(?:key|policy)|log\/\d+\/(?:key|begun|lost))$/;
const PLACE = "data/";

/** Each as a part. A file that is just being written has another name, and is left out. */
export function filesIn(data: string): Part[] {
  const names = NAMES.flatMap((name) => globSync(name, { cwd: data })).filter((name) => KEPT.test(name));
  return names.sort().map((name) => ({ name: PLACE + name, bytes: readFileSync(join(data, name)) }));
}

/** Whether a part is one of them. */
export const isFile = ({ name }: Part): boolean => name.startsWith(PLACE);

/** Puts one of them into a data directory, for its owner only. @throws Refusal for a place where no such file stands */
export function putFile(data: string, { name, bytes }: Part): void {
  const path = name.slice(PLACE.length);
  if (!KEPT.test(path)) throw new Refusal(`${path} is no file of a data directory that a backup holds.`);
  mkdirSync(dirname(join(data, path)), { recursive: true, mode: 0o700 });
  writePrivately(join(data, path), new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  // As `init` wrote them: nothing secret is in them.
  if (/^(?:configuration\.json|body\.json|proxy-)/.test(path)) chmodSync(join(data, path), 0o644);
}
