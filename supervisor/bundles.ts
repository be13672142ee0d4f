/** Building what browsers get, only where `dist/` was not built from these very files. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reasonIn, runOnce } from "./run-once.ts";
import { readIfThere, writePrivately } from "./files.ts";
import { Refusal } from "./refusal.ts";

/** What the browser bundles and style sheets are made of. */
const INPUTS = [
  "src/domain",
  "src/contract",
  "src/member",
  "src/form-page",
  "src/staff-app",
  "styles",
  "views/check-receipt.html",
  "build",
  "package-lock.json",
] as const;

/**
 * Builds what browsers get, unless `dist/` was built from these very files.
 * `dist/build-stamp` holds the hash of the inputs and is written after a build that succeeded.
 */
export async function buildIfStale(
  root: string,
  options: { always: boolean; tell: (line: string) => void; line?: (line: string) => void },
): Promise<void> {
  const stamp = join(root, "dist", "build-stamp");
  const now = hashOfInputs(root);
  if (!options.always && readIfThere(stamp) === now) return;
  options.tell("Building the pages…");
  const result = await runOnce({
    arguments: [join(root, "build/build.ts")],
    environment: { PATH: "/usr/bin:/bin", TZ: "UTC", NODE_ENV: "production" },
    cwd: root,
    line: options.line ?? (() => {}),
  });
  if (result.code !== 0) throw new Refusal(`The pages could not be built: ${reasonIn(result.error)}`);
  mkdirSync(join(root, "dist"), { recursive: true });
  writePrivately(stamp, now);
}

function hashOfInputs(root: string): string {
  const hash = createHash("sha256");
  for (const file of INPUTS.flatMap((input) => filesUnder(root, input)).sort()) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

function filesUnder(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  if (path.includes(".")) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
