/**
 * axe looks at a page. Nobody can ask for it without saying what must be there to be looked at: a page that is not drawn
 * yet has no heading, no title and no contrast, and is refused for that.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { parsePath } from "../../src/staff-app/route.ts";
import { screenOf } from "./looked.ts";
import { judgeTree } from "./tree.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PICTURES = process.env["PILLARBOX_PICTURES"];
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 900 };

/** What must be visible before a page is judged: words on it, or a place in it. */
export type Shown = string | RegExp | Locator;

type Finding = {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary: string }[];
};

/** Waits until it is visible and nothing on the page is being loaded, opened or sent. */
async function drawn(page: Page, shown: Shown): Promise<void> {
  const place = typeof shown === "string" || shown instanceof RegExp ? page.getByText(shown) : shown;
  await place.filter({ visible: true }).first().waitFor();
  await page.locator(".pb-working").first().waitFor({ state: "detached" });
}

/** axe finds nothing on the page as wide as it is now, by day and by night, and the tree says what is seen. */
export async function judge(page: Page, where: string, shown: Shown): Promise<void> {
  await drawn(page, shown);
  await judgeDrawn(page, where);
  await judgeDark(page, where);
  await judgeTree(page, where);
}

/** Colours alone are other at night. */
async function judgeDark(page: Page, where: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await judgeDrawn(page, `${where}, dark`, ["color-contrast", "link-in-text-block"]);
  await page.emulateMedia({ colorScheme: "light" });
}

/**
 * Of what passes axe keeps nothing: telling where each of it stands costs as much as looking.
 * @param preload whether the style sheets are read, too, for the one rule that looks at them and not at the page: at
 * another width they say the same
 */
async function judgeDrawn(page: Page, where: string, rules: readonly string[] = RULES, preload = true): Promise<void> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(`${axe};0`);
  const options = JSON.stringify({ runOnly: rules, resultTypes: ["violations"], preload });
  // At the top, because "Exit this page" stays in view: whatever is just under it while scrolling counts as covered.
  const findings = (await page.evaluate(
    `window.scrollTo(0, 0), window.axe.run(document, ${options}).then((found) => found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) })))`,
  )) as Finding[];
  assert.deepEqual(
    findings.map(({ id, nodes }) => ({
      where,
      width: page.viewportSize()?.width,
      id,
      nodes: nodes.map(({ target, failureSummary }) => `${String(target)}: ${failureSummary}`),
    })),
    [],
  );
}

/** Nothing scrolls sideways as wide as the page is now. */
async function fitsNow(page: Page, where: string): Promise<void> {
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(sideways <= 0, `${where} is ${sideways} pixels too wide at ${page.viewportSize()?.width}`);
}

/** Nothing scrolls sideways at these widths. Leaves the page at the last of them. */
export async function fits(page: Page, where: string, widths: readonly number[], height: number): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height });
    await fitsNow(page, where);
  }
}

/** Which screen of the staff pages is shown. */
function placeOf(page: Page): { readonly at: string; readonly part: string } {
  const route = parsePath(new URL(page.url()).pathname);
  return { at: route.at, part: route.at === "incident" ? route.part : "" };
}

/** For somebody who wants to look themselves: by day, by night and in forced colours. */
async function picture(page: Page, where: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const scheme of ["light", "dark", "forced"] as const)
    for (const size of [PHONE, WIDE]) {
      await page.emulateMedia({
        colorScheme: scheme === "dark" ? "dark" : "light",
        forcedColors: scheme === "forced" ? "active" : "none",
      });
      await page.setViewportSize(size);
      const name = `${where.replaceAll(/[^\w]+/g, "-")}-${size.width}-${scheme}.png`;
      await page.screenshot({ path: join(PICTURES, name), fullPage: true });
    }
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
}

/** axe at both widths; nothing scrolls sideways, at 200 % (640 pixels) and at 320 pixels neither. */
export async function look(page: Page, where: string, shown: Shown): Promise<void> {
  await drawn(page, shown);
  const screen = screenOf(where);
  if (screen) assert.deepEqual({ ...placeOf(page), ...screen }, placeOf(page), `${where} is not what is looked at`);
  await picture(page, where);
  // From wide to narrow, each width once: drawing the page at another one costs as much as axe does.
  await page.setViewportSize(WIDE);
  await judgeDrawn(page, where);
  await fitsNow(page, where);
  await fits(page, where, [640], PHONE.height);
  await page.setViewportSize(PHONE);
  await judgeDrawn(page, where, RULES, false);
  await judgeDark(page, where);
  await judgeTree(page, where);
  await fitsNow(page, where);
  await fits(page, where, [320], PHONE.height);
  await page.setViewportSize(WIDE);
}
