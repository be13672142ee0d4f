/**
 * The pinned lists: every source file inside the two browser bundles. They are the audit scope of everything that
 * touches answers or keys in a browser, so a file is added by hand, in a commit that says why. Run
 * `node test/bundles/pinned.ts` to write them anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BUNDLES, bundleScript } from "../../build/scripts.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const listFile = (name: string): string =>
  fileURLToPath(new URL(`${name.replace(/\.js$/, "")}.txt`, import.meta.url));

/** The pinned list of a bundle, one file per line; empty if nobody has pinned it. */
export function pinnedList(name: string): readonly string[] {
  try {
    return readFileSync(listFile(name), "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const bundle of BUNDLES) {
    const { inputs } = await bundleScript(root, bundle);
    writeFileSync(listFile(bundle.name), `${inputs[bundle.name]!.join("\n")}\n`);
  }
}
