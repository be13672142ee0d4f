/**
 * `npm run rehearse`: November 2022 to March 2024 in compressed time, twice, on real parts. As it was: an old website,
 * the wrong click, Pillarbox beside it. As it would be: the same administrator on Pillarbox. Prints the timeline beside
 * the real one, and a last line of JSON. Exit code 0 only if everything came out as it must.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Form } from "../src/domain/form/form.ts";
import { Fault, sentence } from "../src/domain/problem.ts";
import { buildIfStale } from "../supervisor/bundles.ts";
import { asItWas } from "./as-it-was.ts";
import { asItWouldBe } from "./as-it-would-be.ts";
import { openPlace } from "./place.ts";
import { ownForm } from "./own-form.ts";
import { timeline } from "./timeline.ts";

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** `--form FILE`: the second part on a body's own form, as an exercise. */
function ownFormOf(args: readonly string[]): Form | null {
  const { form } = parseArgs({ args: [...args], options: { form: { type: "string" } } }).values;
  return form === undefined ? null : ownForm(form);
}

async function main(own: Form | null): Promise<boolean> {
  await buildIfStale(resolve(import.meta.dirname, ".."), { always: false, tell });
  const directory = mkdtempSync(join(tmpdir(), "pillarbox-rehearsal-"));
  tell(
    "Starting an installation of its own: invented people, a real database, a real mail server. Nothing of it is left afterwards.",
  );
  const place = await openPlace();
  try {
    tell("\nAs it was: an old website with the letters of 394 people, and Pillarbox beside it");
    const was = await asItWas(place, timeline(Date.now, tell));
    tell("\nAs it would be: the same administrator, on Pillarbox");
    const would = await asItWouldBe(place, directory, own, timeline(Date.now, tell), tell);
    tell(
      "\nWhat is known of 2022 to 2024 is from the press release of the Information Commissioner’s Office of 14 March 2024. Time is compressed here: the watch looks every five seconds instead of every minute.",
    );
    const result = {
      detected_in_s: Math.round(was.detectedIn * 10) / 10,
      affected: was.affected,
      notified: was.notified,
      report_fields_missing: was.missing,
      pack_verified: was.packVerified && would.packVerified,
      plaintext_exposed: would.plaintextExposed,
    };
    tell(JSON.stringify(result));
    return was.affected === was.notified && was.missing === 0 && result.pack_verified && would.plaintextExposed === 0;
  } finally {
    await place.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await main(ownFormOf(process.argv.slice(2)))) ? 0 : 1;
} catch (thrown) {
  console.error(thrown instanceof Fault ? `${sentence(thrown.code)} ${thrown.detail}` : thrown);
  process.exitCode = 1;
}
// A connection that somebody forgot must not hold the terminal.
process.exit();
