/**
 * Builds what browsers get, from source to `dist/`, in the order of this page:
 * bundles, style sheets, compressed copies, then the two lists that others read.
 *
 * - `dist/manifest.json`  name → address of each asset; `preload` → the modules a script needs before it runs
 * - `dist/check-receipt.html`  the page that checks a proof of receipt offline
 * - `dist/inputs.json`    name → the source files inside it: the audit scope of the two browser bundles
 *
 * The same sources give the same bytes. Run: `node build/build.ts`.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPage } from "./check-page.ts";
import { bundleScripts } from "./scripts.ts";
import { compileStyles } from "./styles.ts";
import { compressedCopies, type Asset } from "./assets.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

function writeWhole(path: string, content: string | Uint8Array): void {
  // A server may be reading: it sees the old file or the new one, never half of one.
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function build(): Promise<void> {
  const scripts = await bundleScripts(root);
  const styles = compileStyles(root);
  const check = await checkPage(root);
  const assets: Asset[] = [...scripts.assets, ...styles.assets];
  const files = assets.flatMap((asset) => [asset, ...compressedCopies(asset)]);

  const directory = join(root, "dist", "assets");
  mkdirSync(directory, { recursive: true });
  for (const file of files) writeWhole(join(directory, file.file), file.bytes);

  const named = assets.filter((asset) => asset.name !== null).map((asset) => [asset.name, `/assets/${asset.file}`]);
  const manifest = { ...Object.fromEntries(named.sort()), preload: scripts.preload };
  writeWhole(join(root, "dist", "inputs.json"), json({ ...scripts.inputs, "check-receipt.html": check.inputs }));
  writeWhole(join(root, "dist", "check-receipt.html"), check.html);
  writeWhole(join(root, "dist", "manifest.json"), json(manifest));

  const kept = new Set(files.map((file) => file.file));
  for (const file of readdirSync(directory)) if (!kept.has(file)) rmSync(join(directory, file), { recursive: true });

  const size = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;
  for (const asset of assets) {
    const brotli = files.find((file) => file.file === `${asset.file}.br`);
    console.log(
      `${asset.file}  ${size(asset.bytes.length)}${brotli ? `, ${size(brotli.bytes.length)} over the wire` : ""}`,
    );
  }
}

if (!existsSync(join(root, "node_modules", "esbuild"))) {
  console.error("Pillarbox cannot be built, because its packages are not installed. Run `npm install` first.");
  process.exitCode = 1;
} else {
  // The tool has printed what is wrong, with its place; a stack of ours would only hide it.
  await build().catch((thrown: unknown) => {
    if (!(thrown as { errors?: unknown }).errors) console.error(thrown);
    console.error("Pillarbox was not built. What was built before is unchanged.");
    process.exitCode = 1;
  });
}
