/**
 * The page that checks a proof of receipt, as one file: script and style stand in it, and its own policy lets nothing
 * else run and nothing be fetched.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { compile } from "sass";
import { PUBLIC_BROWSERS } from "../src/domain/form/browsers.ts";
import { OLDER, targetOf } from "./scripts.ts";

const sha256 = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

export async function checkPage(root: string): Promise<{ readonly html: string; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/form-page/check/main.ts"],
    outdir: "unused",
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "iife",
    legalComments: "none",
    charset: "ascii",
    platform: "browser",
    target: targetOf(PUBLIC_BROWSERS),
    inject: [OLDER],
    logLevel: "error",
  });
  const script = outputFiles[0]!.text;
  const { css } = compile(join(root, "styles/check.scss"), {
    style: "compressed",
    quietDeps: true,
    loadPaths: [join(root, "node_modules"), join(root, "node_modules/govuk-frontend/dist")],
  });
  const style = css.replace(/^\ufeff/, "");
  const parts: { readonly [name: string]: string } = {
    script,
    style,
    "script-hash": sha256(script),
    "style-hash": sha256(style),
  };
  const html = readFileSync(join(root, "views/check-receipt.html"), "utf8").replaceAll(
    /\{\{([a-z-]+)\}\}/g,
    (_, name: string) => parts[name]!,
  );
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: inside }) =>
    Object.entries(inside)
      .filter(([, input]) => input.bytesInOutput > 0)
      .map(([path]) => path.replace(/^(?:\.\.\/)*node_modules\//, "")),
  );
  return { html, inputs: [...new Set(inputs)].sort() };
}
