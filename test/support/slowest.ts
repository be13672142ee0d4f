/** Which test files took longest, so that whoever runs the suite sees where its time goes. */
import { relative } from "node:path";
import type { run } from "node:test";

type Taken = { readonly file: string; readonly ms: number };

/** Collects while the tests run; what it returns says the slowest `count` files, slowest first, one line each. */
export function slowest(tests: ReturnType<typeof run>, root: string, count: number): () => string {
  const taken: Taken[] = [];
  // A file is told like a test that bears its name: with the start of its process, and with what stands outside tests.
  tests.on("test:complete", ({ name, file, details }) => {
    if (file !== undefined && name === file) taken.push({ file: relative(root, file), ms: details.duration_ms });
  });
  return () =>
    [
      `The slowest ${Math.min(count, taken.length)} of ${taken.length} files, in seconds:`,
      ...taken
        .toSorted((a, b) => b.ms - a.ms)
        .slice(0, count)
        .map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)}  ${file}`),
    ].join("\n");
}
