/**
 * Loaded before each test file. A file ends by itself when its tests have closed what they opened; where one that failed
 * left a server or a browser open, it is ended two minutes after its last test instead of never. Node's own
 * `--test-force-exit` does not wait until what was told is written: up to one test in seven was missing in the sums.
 */
import { after } from "node:test";

/** Longer than a slow machine needs to stop a database; who takes controls out waits less for what they break. */
const PATIENCE = Number(process.env["ENDS_AFTER_MS"] ?? 120_000);

after(() => {
  setTimeout(() => {
    console.error(`${process.argv[1]} left open: ${process.getActiveResourcesInfo().join(", ")}`);
    process.exit();
  }, PATIENCE).unref();
});
