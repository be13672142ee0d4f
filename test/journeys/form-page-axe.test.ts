/**
 * Every page that the script makes, looked at by axe at phone and desktop width; none scrolls sideways, enlarged to 200
 * % or at 320 pixels.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { answer, currentQuestion, launchBrowser } from "../support/browser.ts";
import { readForm, startSite, type FormSite } from "../support/form-page-site.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Finding = {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary: string }[];
};

async function look(page: Page, where: string): Promise<void> {
  const findings = await page.evaluate(async () => {
    // At the top, because "Exit this page" stays in view: whatever is just under it while scrolling counts as covered.
    window.scrollTo(0, 0);
    const run = (
      window as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: Finding[] }> } }
    ).axe;
    return (
      await run.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
    ).violations;
  });
  assert.deepEqual(
    findings.map(({ id, nodes }) => ({
      where,
      id,
      nodes: nodes.map(({ target, failureSummary }) => `${String(target)}: ${failureSummary}`),
    })),
    [],
  );
  const { width, height } = page.viewportSize()!;
  for (const narrow of [width, width / 2, 320]) {
    await page.setViewportSize({ width: Math.max(320, narrow), height });
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(sideways <= 0, `${where} is ${sideways} pixels too wide at ${narrow}`);
  }
  await page.setViewportSize({ width, height });
}

describe("the scripted form pages are accessible", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  async function walkThrough(
    site: FormSite,
    width: number,
    choices: { readonly [question: string]: string },
  ): Promise<void> {
    // Only here is the policy switched off: axe is put into the page from outside.
    const context = await browser.newContext({
      bypassCSP: true,
      viewport: { width, height: 800 },
      reducedMotion: "reduce",
    });
    try {
      const page = await context.newPage();
      await page.addInitScript(axe);
      await page.goto(`${site.origin}/forms/${site.form.id}`);
      await page.locator("[data-verified]").waitFor();
      await look(page, "introduction");
      await page.getByRole("button", { name: "Start" }).click();
      for (let asked = 0; asked <= site.form.questions.length; asked++) {
        if (await page.getByRole("heading", { name: "Check your answers before sending" }).isVisible()) break;
        const question = await currentQuestion(page, site.form);
        await look(page, question.id);
        if (!question.optional) {
          await page.getByRole("button", { name: "Continue" }).click();
          await page.locator(".govuk-error-summary").waitFor();
          await look(page, `${question.id} with an error`);
        }
        await answer(page, question, "quagmire", choices[question.id]);
        if (question.kind === "long-text") {
          const limit = question.maxLength ?? 20_000;
          await page.locator(".pb-question:visible textarea").fill("a ".repeat(limit / 2 - 10));
          await page.locator(".pb-question:visible .govuk-character-count__status").waitFor();
          await look(page, `${question.id}, nearly full`);
          await page.locator(".pb-question:visible textarea").fill("quagmire");
        }
        await page.getByRole("button", { name: "Continue" }).click();
      }
      await look(page, "check your answers");
      site.trouble.push({ status: 429, code: "TOO_MANY" });
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("button", { name: "Try again" }).waitFor();
      await look(page, "not sent");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "Sent" }).waitFor();
      await look(page, "sent");
      site.tamper = () => ({});
      await page.goto(`${site.origin}/forms/${site.form.id}`);
      await page.getByRole("heading", { name: "You cannot use this form at the moment" }).waitFor();
      await look(page, "stopped");
    } finally {
      site.tamper = null;
      await context.close();
    }
  }

  for (const width of [390, 1280]) {
    it(`both forms at ${width} pixels`, async () => {
      const ways = [
        ["victims-commissioner", { reply: "post" }],
        ["police-complaint-handling", { "on-behalf": "someone-else", "contact-by": "post" }],
      ] as const;
      for (const [name, choices] of ways) {
        const site = await startSite(readForm(name));
        try {
          await walkThrough(site, width, choices);
        } finally {
          await site.close();
        }
      }
    });
  }
});
