/** `build`: builds what browsers get, whether or not it is stale, and prints what came out. */
import { resolve } from "node:path";
import { buildIfStale } from "./bundles.ts";

try {
  await buildIfStale(resolve(import.meta.dirname, ".."), { always: true, tell: console.log, line: console.log });
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
