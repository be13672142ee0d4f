/**
 * What this browser keeps of the log, between visits the one thing that is not sealed: the last checkpoint of each log that it saw, the host's and a body's. Hashes, a size, signatures and a
 * time; nothing about a person. It is kept for the installation, so that a log under another name cannot pass for a
 * first visit.
 */
import { parseJson } from "../domain/canonical.ts";
import { nameOfLog, type Whose } from "../domain/log/names.ts";
import { Fault } from "../domain/problem.ts";
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

/** A browser that blocks storage throws as soon as it is named. @throws `BROWSER_STORAGE` */
function allowed<T>(use: () => T): T {
  try {
    return use();
  } catch {
    throw new Fault("BROWSER_STORAGE");
  }
}

/** @throws `BROWSER_STORAGE` where the browser lets nothing be kept, or its storage is full */
export function browserMemory(installation: string): Memory {
  const nameOf = (whose: Whose): string => nameOfLog(`pillarbox-log/${installation}`, whose);
  return {
    read: (whose) => {
      const found = allowed(() => window.localStorage.getItem(nameOf(whose)));
      // What cannot be read was not written by this app: the worker refuses it, so that a damaged memory is no fresh one.
      return found === null ? null : parsed(found);
    },
    keep: (whose, { logKey, note, since }) =>
      allowed(() => window.localStorage.setItem(nameOf(whose), JSON.stringify({ logKey, note, since }))),
    // Two tabs at once take turns.
    alone: async (work) => {
      let begun = false;
      try {
        return await navigator.locks.request("pillarbox-log", () => {
          begun = true;
          return work();
        });
      } catch (thrown) {
        throw begun ? thrown : new Fault("BROWSER_STORAGE");
      }
    },
  };
}
