/** Draws a view. Everything is escaped, and a value that is missing is an error instead of an empty place. */
import nunjucks from "nunjucks";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Site, View } from "../domain/form/page.ts";
import type { Config } from "./config.ts";

export type Render = (view: View) => string;

/** What all pages of the counter have in common: no scripts, and its own copy of the style sheet under its own path. */
export function siteOf(config: Config): Site {
  const manifest = JSON.parse(readFileSync(join(config.dist, "manifest.json"), "utf8")) as {
    readonly [name: string]: unknown;
  };
  const sheet = manifest["public.css"];
  return {
    base: config.publicOrigin,
    counterOrigin: config.counterOrigin,
    staffOrigin: config.staffOrigin,
    demonstration: config.demonstration,
    assets: typeof sheet === "string" ? { "public.css": `/counter${sheet}` } : {},
    preload: [],
  };
}

export function renderer(root: string): Render {
  const places = [join(root, "views"), join(root, "node_modules/govuk-frontend/dist")];
  const loader = new nunjucks.FileSystemLoader(places, { noCache: false });
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: true });
  return ({ template, data }) => environment.render(template, data);
}
