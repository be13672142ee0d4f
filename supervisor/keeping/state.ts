/** `backup.json` in the data directory: when the last good backup was made, for `pillarbox status`. */
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
