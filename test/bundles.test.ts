/** The two browser bundles: what is inside, what must never be, and what they weigh over the wire. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { brotliCompressSync } from "node:zlib";
import nunjucks from "nunjucks";
import { compressedCopies, type Asset } from "../build/assets.ts";
import { BUNDLES, bundleScript, bundleScripts } from "../build/scripts.ts";
import { compileStyles } from "../build/styles.ts";
import { completeBodyOf } from "../src/domain/form/body.ts";
import { formHash, formOf } from "../src/domain/form/form.ts";
import { formView, type Site } from "../src/domain/form/page.ts";
import { listFile, pinnedList, root } from "./bundles/pinned.ts";

const KB = 1024;
const FIRST_USE = 40 * KB;
const FIRST_VISIT = 90 * KB;

const wireSize = (asset: Asset): number =>
  compressedCopies(asset).find(({ file }) => file.endsWith(".br"))?.bytes.length ?? asset.bytes.length;
const json = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));

describe("the browser bundles", () => {
  let scripts: Awaited<ReturnType<typeof bundleScripts>>;
  let assets: readonly Asset[];
  const wires = new Map<Asset, number>();
  /** Bytes over the wire, each file compressed once. */
  const wire = (asset: Asset): number => {
    const size = wires.get(asset) ?? wireSize(asset);
    wires.set(asset, size);
    return size;
  };
  before(async () => {
    scripts = await bundleScripts(root);
    assets = [...scripts.assets, ...compileStyles(root).assets];
  });

  for (const bundle of BUNDLES) {
    it(`${bundle.name} holds exactly the pinned files`, async () => {
      const { inputs } = await bundleScript(root, bundle);
      const built = inputs[bundle.name]!;
      const pinned = pinnedList(bundle.name);
      const added = built.filter((file) => !pinned.includes(file));
      const gone = pinned.filter((file) => !built.includes(file));
      assert.deepEqual(
        { added, gone },
        { added: [], gone: [] },
        `The audit scope has changed. Look at each file; then write the list anew with node test/bundles/pinned.ts (${listFile(bundle.name).slice(root.length)}).`,
      );
    });
  }

  it("the form page can neither open a submission nor let anybody in, and stores nothing", async () => {
    for (const name of ["form-page.js", "status-page.js"] as const) await keepsNothing(name);
  });

  async function keepsNothing(name: string): Promise<void> {
    const { inputs, assets } = await bundleScript(root, BUNDLES.find((bundle) => bundle.name === name)!);
    for (const file of [
      "seal/open.ts",
      "seal/age-open.ts",
      "grant/wrap.ts",
      "grant/unwrap.ts",
      "grant/drafts.ts",
      "person/unlock.ts",
    ]) {
      // The status page opens replies to its own letter, and nothing that is sealed to an inbox (decision 67).
      const mayOpen = name === "status-page.js" && file === "seal/age-open.ts";
      assert.equal(inputs[name]!.includes(`src/domain/${file}`), mayOpen, `${name}: ${file}`);
    }
    const code = assets.map(({ bytes }) => Buffer.from(bytes).toString("utf8")).join("\n");
    for (const sink of [
      /\blocalStorage\b/,
      /\bsessionStorage\b/,
      /document\.cookie/,
      /\bindexedDB\b/,
      /\.innerHTML\b/,
      /\.outerHTML\b/,
      /insertAdjacentHTML/,
      /document\.write/,
      /\beval\(/,
      /new Function\(/,
      /sourceMappingURL/,
    ]) {
      assert.doesNotMatch(code, sink);
    }
  }

  it("are the same bytes when built again", async () => {
    const [one, two] = [scripts, await bundleScripts(root)];
    assert.deepEqual(
      one.assets.map(({ file }) => file),
      two.assets.map(({ file }) => file),
    );
    for (const [index, asset] of one.assets.entries())
      assert.ok(Buffer.from(asset.bytes).equals(two.assets[index]!.bytes), asset.file);
  });

  for (const name of ["police-complaint-handling", "victims-commissioner"]) {
    it(`${name}: at most 40 KB before the page can be used, 90 KB for the whole first visit`, (t) => {
      const named = (asked: string): Asset => assets.find((asset) => asset.name === asked)!;
      const preload = scripts.preload["form-page.js"]!;
      const form = formOf(json(`forms/${name}.json`));
      const body = completeBodyOf(json(`forms/bodies/${form.body}.json`));
      const addresses = Object.fromEntries(
        assets.filter((asset) => asset.name !== null).map((asset) => [asset.name, `/assets/${asset.file}`]),
      );
      const site: Site = {
        base: "",
        counterOrigin: "https://counter.body.example",
        staffOrigin: "",
        demonstration: true,
        assets: addresses,
        preload,
      };
      const hash = formHash(form);
      const setup = {
        installation: hash.slice(0, 32),
        body: form.body,
        root: hash,
        zone: "Europe/London",
        publicOrigin: "https://forms.body.example",
        formHash: hash,
        keyUrl: `/forms/${form.id}/key`,
        submissionsUrl: "/submissions",
      };
      const view = formView({ site, form, body, readers: { count: 6, owners: 2, officers: 4, auditors: 0 }, setup });
      const environment = new nunjucks.Environment(
        new nunjucks.FileSystemLoader([join(root, "views"), join(root, "node_modules/govuk-frontend/dist")]),
        { autoescape: true },
      );

      const sizes = {
        html: brotliCompressSync(environment.render(view.template, view.data)).length,
        css: wire(named("public.css")),
        guard: wire(named("form-page.guard.js")),
        script:
          wire(named("form-page.js")) +
          assets.filter(({ file }) => preload.includes(`/assets/${file}`)).reduce((sum, asset) => sum + wire(asset), 0),
      };
      const firstUse = Object.values(sizes).reduce((sum, size) => sum + size, 0);
      const visit = firstUse + wire(named("form-page.seal.js"));
      const readable = Object.entries({ ...sizes, "before use": firstUse, "whole visit": visit }).map(
        ([part, size]) => `${part} ${(size / KB).toFixed(1)} KB`,
      );
      t.diagnostic(readable.join(", "));
      assert.ok(firstUse <= FIRST_USE, `${firstUse} bytes before the page can be used`);
      assert.ok(visit <= FIRST_VISIT, `${visit} bytes for the first visit`);
    });
  }
});
