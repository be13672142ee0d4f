/**
 * `npm run browsers`: installs Debian's Firefox where there is none and this may be done, then runs the journeys that
 * need it: the public pages with and without script, and a case officer at the staff pages.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { findFirefox } from "./support/firefox.ts";

const ROOT = resolve(import.meta.dirname, "..");
const apt = (...words: readonly string[]): number | null =>
  spawnSync("apt-get", words, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }).status;

if (findFirefox() === null) {
  console.log("There is no Firefox. Installing Debian's firefox-esr…");
  if (apt("update", "-qq") !== 0 || apt("install", "-y", "-qq", "--no-install-recommends", "firefox-esr") !== 0)
    console.error("It could not be installed: install Firefox, or name one in PILLARBOX_FIREFOX, and run this again.");
}
process.exitCode =
  findFirefox() === null
    ? 1
    : (spawnSync(process.execPath, [join(ROOT, "test/run.ts"), "firefox"], { stdio: "inherit" }).status ?? 1);
