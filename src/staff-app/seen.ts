/**
 * The one thing that this browser keeps: the last checkpoint of the log that it saw. Hashes, a size, signatures and a
 * time; nothing about a person.
 * It is kept for the installation, so that a log under another name cannot pass for a first visit.
 */
import { parseJson } from "../domain/canonical.ts";
import type { Seen } from "../domain/log/audit.ts";
import { record, text, whole } from "./shape.ts";

/** `since`: when this browser first saw a checkpoint of this installation; milliseconds. */
export type Kept = Seen & { readonly since: number };

const kept = record({ logKey: text, note: text, since: whole });
const nameOf = (installation: string): string => `pillarbox-log/${installation}`;

/** What was kept; null at the first visit, and where the browser keeps nothing. */
export function readKept(installation: string): Kept | null {
  const found = window.localStorage.getItem(nameOf(installation));
  // What cannot be read was not written by this app: the worker refuses it, so that a damaged memory is no fresh one.
  return found === null ? null : parsed(found);
}

function parsed(found: string): Kept {
  try {
    return kept(parseJson(found));
  } catch {
    return { logKey: "", note: "", since: 0 };
  }
}

export const keep = (installation: string, seen: Kept): void =>
  window.localStorage.setItem(
    nameOf(installation),
    JSON.stringify({ logKey: seen.logKey, note: seen.note, since: seen.since }),
  );
