/**
 * The one thing that this browser keeps: the last checkpoint of each log that it saw, the host's and a body's. Hashes, a size, signatures and a
 * time; nothing about a person. It is kept for the installation, so that a log under another name cannot pass for a
 * first visit.
 */
import { parseJson } from "../domain/canonical.ts";
import { nameOfLog, type Whose } from "../domain/log/names.ts";
import type { Kept, Memory } from "../member/member.ts";
import { anyText, record, whole } from "../contract/shape.ts";

const kept = record({ logKey: anyText, note: anyText, since: whole });

function parsed(found: string): Kept {
  try {
    return kept.parse(parseJson(found));
  } catch {
    return { logKey: "", note: "", since: 0 };
  }
}

export function browserMemory(installation: string): Memory {
  const nameOf = (whose: Whose): string => nameOfLog(`pillarbox-log/${installation}`, whose);
  return {
    read: (whose) => {
      const found = window.localStorage.getItem(nameOf(whose));
      // What cannot be read was not written by this app: the worker refuses it, so that a damaged memory is no fresh one.
      return found === null ? null : parsed(found);
    },
    keep: (whose, { logKey, note, since }) =>
      window.localStorage.setItem(nameOf(whose), JSON.stringify({ logKey, note, since })),
    // Two tabs at once take turns.
    alone: (work) => navigator.locks.request("pillarbox-log", work),
  };
}
