/**
 * For tests: what worlds begin with, made once per test run and copied for each of them: the invented people in a
 * migrated database ("people"), and the same once everybody has joined and the forms are open ("settled"); for tests of
 * the database alone an empty cluster ("cluster"). Making them takes many seconds of processor time (passphrases are
 * slow on purpose), and no world depends on having its own. Each world still has servers, database and files of its own,
 * so what one test does no other test sees. The test runner names an empty directory in `PILLARBOX_TEST_TEMPLATE`;
 * without it every world makes its own.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A world's directories: of its data, and of its database. */
export type Place = { readonly data: string; readonly home: string };

/**
 * Lays a template into an empty place; the first caller makes it there.
 * @param make starts a demonstration in a place and stops it again
 * @returns whether the place holds now what the template holds
 */
export async function layTemplate(
  name: "people" | "settled" | "cluster",
  place: Place,
  make: (place: Place) => Promise<void>,
): Promise<boolean> {
  const run = process.env["PILLARBOX_TEST_TEMPLATE"];
  if (!run) return false;
  const directory = join(run, name);
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const whole = join(directory, "whole");
  if (!existsSync(whole)) {
    const making = join(directory, "making");
    try {
      mkdirSync(making);
    } catch {
      // Somebody else makes it at this moment. Waiting takes as long as doing without, and no processor.
      if (!(await finished(whole, making))) return false;
      return lay(whole, place);
    }
    try {
      await make(place);
    } catch (thrown) {
      rmSync(making, { recursive: true, force: true });
      throw thrown;
    }
    // What the servers said while it was made is nobody's test.
    rmSync(join(place.data, "logs"), { recursive: true, force: true });
    const made = join(directory, "made");
    mkdirSync(made, { mode: 0o711 });
    copy(place.data, join(made, "data"));
    copy(place.home, join(made, "database"));
    // It says whose the database is; while that world still runs, no copy could be anybody else's.
    rmSync(join(made, "database", "data-directory"), { force: true });
    renameSync(made, whole);
    return true;
  }
  return lay(whole, place);
}

function lay(whole: string, place: Place): true {
  copy(join(whole, "data"), place.data);
  copy(join(whole, "database"), place.home);
  return true;
}

/** Longer than anything takes on a busy machine, milliseconds. */
const PATIENCE = 180_000;

/** Whether it becomes whole; not, when whoever makes it gives up or takes for ever. */
async function finished(whole: string, making: string): Promise<boolean> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await wait(100)) {
    if (existsSync(whole)) return true;
    if (!existsSync(making)) return false;
  }
  return false;
}

// With owners and modes: the database refuses files that are not its user's alone.
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync("cp", ["-a", "-T", from, to], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the template could not be copied: ${stderr}`);
}
