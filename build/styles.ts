/** The style sheets: compiled by Sass, with the images that they refer to. */
import { existsSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { compile } from "sass";
import { hashedName, type Asset } from "./assets.ts";

const SHEETS: Readonly<Record<string, string>> = {
  "public.css": "styles/public.scss",
  "staff.css": "styles/staff.scss",
  "post-office.css": "styles/post-office.scss",
};

/** Where the two libraries keep the images that their style sheets name, by the last part of the name. */
const IMAGES = ["govuk-frontend/dist/govuk/assets/images"];

/**
 * Compiles every sheet that exists; each image goes along under a hashed name. An image that no library has stops the
 * build.
 */
export function compileStyles(root: string): { readonly assets: readonly Asset[] } {
  const modules = join(root, "node_modules");
  const assets = new Map<string, Asset>();
  for (const [name, source] of Object.entries(SHEETS)) {
    if (!existsSync(join(root, source))) continue;
    const { css } = compile(join(root, source), {
      style: "compressed",
      quietDeps: true,
      loadPaths: [modules, join(modules, "govuk-frontend/dist")],
    });
    const withImages = css.replaceAll(/url\((["']?)(?!data:)([^"')]+)\1\)/g, (_, _quote: string, address: string) => {
      const image = readImage(modules, basename(address));
      assets.set(image.file, image);
      return `url("/assets/${image.file}")`;
    });
    const bytes = new TextEncoder().encode(withImages);
    const file = hashedName(name.replace(/\.css$/, ""), "css", bytes);
    assets.set(file, { name, file, bytes });
  }
  return { assets: [...assets.values()] };
}

function readImage(modules: string, name: string): Asset {
  const path = IMAGES.map((directory) => join(modules, directory, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`a style sheet refers to ${name}, which neither library has`);
  const bytes = readFileSync(path);
  const extension = extname(name).slice(1);
  return { name: null, file: hashedName(basename(name, `.${extension}`), extension, bytes), bytes };
}
