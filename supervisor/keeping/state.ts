/**
 * `backup.json` in the data directory: when the last good backup was made, for `pillarbox status`. `restored.json`: from
 * which backup the directory came; written when everything is in it, and before it has its name.
 */
import { join } from "node:path";
import { readIfThere, writePrivately } from "../files.ts";

const fileOf = (data: string): string => join(data, "backup.json");

/** @param at milliseconds, when its snapshot was begun */
export const noteBackup = (data: string, at: number, bytes: number): void =>
  writePrivately(fileOf(data), `${JSON.stringify({ at, bytes })}\n`);

/** Milliseconds; null: none was made, or nobody can tell. */
export function lastBackup(data: string): number | null {
  try {
    const { at } = JSON.parse(readIfThere(fileOf(data)) ?? "{}") as { at?: unknown };
    return typeof at === "number" ? at : null;
  } catch {
    return null;
  }
}

/** Times in milliseconds: when the backup was made, and when it was put back. `home`: where its database has to go yet. */
export type Restored = {
  readonly from: number;
  readonly at: number;
  readonly home: { readonly draft: string; readonly final: string } | null;
};

const RESTORED = "restored.json";

export const noteRestored = (draft: string, restored: Restored): void =>
  writePrivately(join(draft, RESTORED), `${JSON.stringify(restored)}\n`);

/** Null: it came from no backup, or what was restored is not whole. */
export function restoredIn(data: string): Restored | null {
  try {
    const { from, at, home } = JSON.parse(readIfThere(join(data, RESTORED)) ?? "{}") as {
      [name in keyof Restored]?: unknown;
    };
    if (typeof from !== "number" || typeof at !== "number") return null;
    if (home === null || home === undefined) return { from, at, home: null };
    const { draft, final } = home as { readonly [name in "draft" | "final"]?: unknown };
    return typeof draft === "string" && typeof final === "string" ? { from, at, home: { draft, final } } : null;
  } catch {
    return null;
  }
}
