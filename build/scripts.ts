/** The browser bundles: what goes in, what comes out, and which source files each one holds. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { build, type BuildOptions, type Metafile } from "esbuild";
import type { Asset } from "./assets.ts";

/**
 * Each bundle: its entries by the name others ask for, and its format. A worker stands alone, because it is started
 * by address; so does the guard, because only a classic script runs before the rest of the document is read.
 */
const BUNDLES: readonly { readonly entries: Readonly<Record<string, string>>; readonly format: "esm" | "iife" }[] = [
  { entries: { "form-page.guard.js": "src/form-page/guard.ts" }, format: "iife" },
  { entries: { "form-page.js": "src/form-page/main.ts" }, format: "esm" },
  { entries: { "staff-app.js": "src/staff-app/main.tsx" }, format: "esm" },
  { entries: { "staff-worker.js": "src/staff-app/worker.ts" }, format: "esm" },
];

/** Modules loaded only when they are needed, by the name others ask for. */
const LAZY: Readonly<Record<string, string>> = { "form-page.seal.js": "src/form-page/sealing.ts" };

export type Scripts = {
  readonly assets: readonly Asset[];
  readonly preload: Readonly<Record<string, readonly string[]>>;
  readonly inputs: Readonly<Record<string, readonly string[]>>;
};

const options = (root: string): BuildOptions => ({
  absWorkingDir: root,
  outdir: "dist/assets",
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  platform: "browser",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  logLevel: "error",
});

/** A source file's name for people: packages without the directory that they happen to be installed in. */
const sourceName = (path: string): string => path.replace(/^(?:\.\.\/)*node_modules\//, "");

/** The files whose code is in an output; what was read but left out does not count. */
const insideOf = (output: Metafile["outputs"][string]): string[] =>
  Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0).map(([path]) => sourceName(path));

/** Every output that a script needs before it runs, itself left out. */
function preloadsOf(meta: Metafile, output: string, seen = new Set<string>()): string[] {
  const found: string[] = [];
  for (const { path, kind } of meta.outputs[output]?.imports ?? []) {
    if (kind !== "import-statement" || seen.has(path)) continue;
    seen.add(path);
    found.push(path, ...preloadsOf(meta, path, seen));
  }
  return found;
}

/** Bundles every entry that exists; one that nobody has written yet is left out. */
export async function bundleScripts(root: string): Promise<Scripts> {
  const assets: Asset[] = [];
  const preload: Record<string, string[]> = {};
  const inputs: Record<string, string[]> = {};
  for (const { entries, format } of BUNDLES) {
    const present = Object.entries(entries).filter(([, source]) => existsSync(join(root, source)));
    if (present.length === 0) continue;
    const outNames = Object.fromEntries(present.map(([name, source]) => [name.replace(/\.js$/, ""), source]));
    // Named after their bundle, so that the public server can refuse the staff's by name.
    const chunkNames = `${present[0]![0].replace(/\.js$/, "")}.[name]-[hash]`;
    const result = await build({ ...options(root), entryPoints: outNames, chunkNames, format, splitting: format === "esm" });
    const nameOf = new Map([...present, ...Object.entries(LAZY)].map(([name, source]) => [source, name]));
    for (const file of result.outputFiles ?? []) {
      const path = `dist/assets/${basename(file.path)}`;
      const name = nameOf.get(result.metafile!.outputs[path]?.entryPoint ?? "") ?? null;
      assets.push({ name, file: basename(file.path), bytes: file.contents });
      if (name !== null) preload[name] = preloadsOf(result.metafile!, path).map((chunk) => `/assets/${basename(chunk)}`).sort();
    }
    // A list per bundle, chunks included: whoever audits the page reads one list, however the files were cut.
    const all = new Set(Object.values(result.metafile!.outputs).flatMap(insideOf));
    for (const [name] of present) inputs[name] = [...all].sort();
  }
  return { assets, preload, inputs };
}
