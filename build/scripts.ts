/** The browser bundles: what goes in, what comes out, and which source files each one holds. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { PUBLIC_BROWSERS, MEMBER_BROWSERS, type Browsers } from "../src/domain/form/browsers.ts";
import type { Asset } from "./assets.ts";

/**
 * Each bundle: the name others ask for, its entry, and its format. A worker stands alone, because it is started by
 * address; so does the guard, because only a classic script runs before the rest of the document is read.
 */
export const BUNDLES = [
  { name: "form-page.guard.js", source: "src/form-page/guard.ts", format: "iife" },
  { name: "form-page.js", source: "src/form-page/main.ts", format: "esm" },
  { name: "status-page.js", source: "src/form-page/status/main.ts", format: "esm" },
  { name: "staff-app.js", source: "src/staff-app/main.ts", format: "esm" },
  { name: "staff-worker.js", source: "src/staff-app/worker.ts", format: "esm" },
] as const;

/** Modules loaded only when they are needed, by the name others ask for. */
const LAZY: Readonly<Record<string, string>> = { "form-page.seal.js": "src/form-page/sealing.ts" };

export type Scripts = {
  readonly assets: readonly Asset[];
  readonly preload: Readonly<Record<string, readonly string[]>>;
  readonly inputs: Readonly<Record<string, readonly string[]>>;
};

const STAFF = /^staff/;

/**
 * What libraries bring for uses that these pages do not have: a page that cannot reach it need not carry it, nor
 * anybody audit it (decision 0030).
 */
const LEFT_OUT: { readonly [file: string]: { readonly what: RegExp; readonly from: (bundle: string) => boolean } } = {
  "no-nist-curves.ts": { what: /^@noble\/curves\/nist\.js$/, from: () => true },
  "no-stretching.ts": {
    what: /^@noble\/hashes\/(?:scrypt|pbkdf2)\.js$/,
    from: (bundle) => !STAFF.test(bundle),
  },
};

const leaveOut = (root: string, bundle: string): Plugin => ({
  name: "leave-out",
  setup: (bundler) => {
    for (const [file, { what, from }] of Object.entries(LEFT_OUT))
      if (from(bundle)) bundler.onResolve({ filter: what }, () => ({ path: join(root, "build", file) }));
  },
});

/** What our code calls and the oldest of these browsers lack. */
export const OLDER = "build/for-older-browsers.ts";

/** As the bundler names browsers. */
export const targetOf = (browsers: Browsers): string[] =>
  Object.entries(browsers).map(([name, version]: [string, string]) => `${name}${version}`);

/** The guard decides what becomes of older browsers, so every browser that there is must be able to read it. */
const target = (bundle: string): string[] =>
  bundle.includes(".guard.") ? ["es2017"] : targetOf(STAFF.test(bundle) ? MEMBER_BROWSERS : PUBLIC_BROWSERS);

const options = (root: string, bundle: string) =>
  ({
    plugins: [leaveOut(root, bundle)],
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
    target: target(bundle),
    ...(bundle.includes(".guard.") ? {} : { inject: [OLDER] }),
    jsx: "automatic",
    jsxImportSource: "preact",
    entryNames: "[name]-[hash]",
    logLevel: "error",
  }) as const satisfies BuildOptions;

/** A source file's name for people: packages without the directory that they happen to be installed in. */
const sourceName = (path: string): string => path.replace(/^(?:\.\.\/)*node_modules\//, "");

/** The files whose code is in an output; what was read but left out does not count. */
const insideOf = (output: Metafile["outputs"][string]): string[] =>
  Object.entries(output.inputs)
    .filter(([, input]) => input.bytesInOutput > 0)
    .map(([path]) => sourceName(path));

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

/** One bundle: its file, its chunks, and the list of what is inside. */
export async function bundleScript(root: string, { name, source, format }: (typeof BUNDLES)[number]): Promise<Scripts> {
  const stem = name.replace(/\.js$/, "");
  // Chunks are named after their bundle, so that the public server can refuse the staff's by name.
  const { outputFiles, metafile } = await build({
    ...options(root, name),
    entryPoints: { [stem]: source },
    chunkNames: `${stem}.[name]-[hash]`,
    format,
    splitting: format === "esm",
  });
  const nameOf = new Map([
    [source as string, name as string],
    ...Object.entries(LAZY).map(([lazy, its]) => [its, lazy] as const),
  ]);
  const assets: Asset[] = [];
  const preload: Record<string, string[]> = {};
  for (const file of outputFiles) {
    const path = `dist/assets/${basename(file.path)}`;
    const known = nameOf.get(metafile.outputs[path]?.entryPoint ?? "") ?? null;
    assets.push({ name: known, file: basename(file.path), bytes: file.contents });
    if (known !== null)
      preload[known] = preloadsOf(metafile, path)
        .map((chunk) => `/assets/${basename(chunk)}`)
        .sort();
  }
  // One list per bundle, chunks included: whoever audits the page reads one list, however the files were cut.
  const inside = new Set(Object.values(metafile.outputs).flatMap(insideOf));
  return { assets, preload, inputs: { [name]: [...inside].sort() } };
}

/** Every bundle whose entry exists; one that nobody has written yet is left out. */
export async function bundleScripts(root: string): Promise<Scripts> {
  const present = BUNDLES.filter(({ source }) => existsSync(join(root, source)));
  const built = await Promise.all(present.map((bundle) => bundleScript(root, bundle)));
  return {
    assets: built.flatMap(({ assets }) => assets),
    preload: Object.assign({}, ...built.map(({ preload }) => preload)),
    inputs: Object.assign({}, ...built.map(({ inputs }) => inputs)),
  };
}
