/**
 * Starts a world of the clone named in the arguments, asks each server whether it is there, and stops it. For
 * places.test.ts.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = process.argv[2] ?? "";
const { startWorld } = (await import(
  pathToFileURL(join(root, "demo/world.ts")).href
)) as typeof import("../../demo/world.ts");
const world = await startWorld({ root, also: ["counter"] });
try {
  for (const origin of [world.publicOrigin, world.staffOrigin, world.counterOrigin])
    console.log((await fetch(`${origin}/health`)).status);
} finally {
  await world.stop();
}
