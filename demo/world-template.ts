/**
 * For tests: the invented people and the migrated database of a demonstration, made once per test run and copied for
 * each world that begins with them.
 * Making them takes seconds of processor time (passphrases are slow on purpose), and no world depends on having its
 * own.
 * The test runner names an empty directory in `PILLARBOX_TEST_TEMPLATE`; without it every world makes its own.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A world's directories: of its data, and of its database. */
export type Place = { readonly data: string; readonly home: string };

/**
 * Lays the template into an empty place; the first caller makes it.
 * @param make starts a demonstration in a place and stops it again
 */
export async function layTemplate(place: Place, make: (place: Place) => Promise<void>): Promise<void> {
  const directory = process.env["PILLARBOX_TEST_TEMPLATE"];
  if (!directory) return;
  const whole = join(directory, "whole");
  if (!existsSync(whole)) {
    try {
      mkdirSync(join(directory, "making"));
    } catch {
      // Somebody else makes it at this moment; waiting would take as long as doing without.
      return;
    }
    await make(place);
    const made = join(directory, "made");
    mkdirSync(made, { mode: 0o711 });
    copy(place.data, join(made, "data"));
    copy(place.home, join(made, "database"));
    // It says whose the database is; while that world still runs, no copy could be anybody else's.
    rmSync(join(made, "database", "data-directory"), { force: true });
    renameSync(made, whole);
    return;
  }
  copy(join(whole, "data"), place.data);
  copy(join(whole, "database"), place.home);
}

// With owners and modes: the database refuses files that are not its user's alone.
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync("cp", ["-a", "-T", from, to], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the template could not be copied: ${stderr}`);
}
