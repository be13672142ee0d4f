/**
 * Every page that the script makes, looked at by axe at phone and desktop width; none scrolls sideways, enlarged to 200
 * % or at 320 pixels.
 */
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { fits, judge, type Shown } from "../support/axe.ts";
import { answer, currentQuestion, launchBrowser } from "../support/browser.ts";
import { readForm, startSite, type FormSite } from "../support/form-page-site.ts";

const [DESKTOP, PHONE] = [1280, 390];
const HEIGHT = 800;

/** axe at both widths; nothing scrolls sideways, at 200 % and at 320 pixels neither. Leaves the page as on a phone. */
async function look(page: Page, where: string, shown: Shown): Promise<void> {
  for (const width of [DESKTOP, PHONE]) {
    await page.setViewportSize({ width, height: HEIGHT });
    await judge(page, where, shown);
    await fits(page, where, [width, Math.max(320, width / 2)], HEIGHT);
  }
  await page.setViewportSize({ width: PHONE, height: HEIGHT });
}

describe("the scripted form pages are accessible", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  async function walkThrough(site: FormSite, choices: { readonly [question: string]: string }): Promise<void> {
    const context = await browser.newContext({
      viewport: { width: PHONE, height: HEIGHT },
      reducedMotion: "reduce",
    });
    try {
      const page = await context.newPage();
      await page.goto(`${site.origin}/forms/${site.form.id}`);
      await page.locator("[data-verified]").waitFor();
      await look(page, "introduction", page.getByRole("button", { name: "Start" }));
      await page.getByRole("button", { name: "Start" }).click();
      for (let asked = 0; asked <= site.form.questions.length; asked++) {
        if (await page.getByRole("heading", { name: "Check your answers before sending" }).isVisible()) break;
        const question = await currentQuestion(page, site.form);
        await look(page, question.id, page.locator(`[data-question="${question.id}"]`));
        if (!question.optional) {
          await page.getByRole("button", { name: "Continue" }).click();
          await page.locator(".govuk-error-summary").waitFor();
          await look(page, `${question.id} with an error`, page.locator(".govuk-error-summary"));
        }
        await answer(page, question, "quagmire", choices[question.id]);
        if (question.kind === "long-text") {
          const limit = question.maxLength ?? 20_000;
          await page.locator(".pb-question:visible textarea").fill("a ".repeat(limit / 2 - 10));
          await page.locator(".pb-question:visible .govuk-character-count__status").waitFor();
          await look(
            page,
            `${question.id}, nearly full`,
            page.locator(".pb-question:visible .govuk-character-count__status"),
          );
          await page.locator(".pb-question:visible textarea").fill("quagmire");
        }
        await page.getByRole("button", { name: "Continue" }).click();
      }
      await look(page, "check your answers", page.getByRole("heading", { name: "Check your answers before sending" }));
      site.trouble.push({ status: 429, code: "TOO_MANY" });
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("button", { name: "Try again" }).waitFor();
      await look(page, "not sent", page.getByRole("button", { name: "Try again" }));
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "Sent" }).waitFor();
      await look(page, "sent", page.getByRole("heading", { name: "Sent" }));
      site.tamper = () => ({});
      await page.goto(`${site.origin}/forms/${site.form.id}`);
      await page.getByRole("heading", { name: "You cannot use this form at the moment" }).waitFor();
      await look(page, "stopped", page.getByRole("heading", { name: "You cannot use this form at the moment" }));
    } finally {
      site.tamper = null;
      await context.close();
    }
  }

  for (const [name, choices] of [
    ["victims-commissioner", { reply: "post" }],
    ["police-complaint-handling", { "on-behalf": "someone-else", "contact-by": "post" }],
  ] as const)
    it(`${name}, filled in on a phone, looked at there and at a desk`, async () => {
      const site = await startSite(readForm(name));
      try {
        await walkThrough(site, choices);
      } finally {
        await site.close();
      }
    });
});
