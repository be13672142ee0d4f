/**
 * Bytes over the wire to a browser that asks for Brotli: until the form can be used, and for a whole first visit up to
 * the confirmation.
 */
import type { Browser, Page } from "playwright-core";
import type { Form } from "../src/domain/form/form.ts";
import { fillForm, launchBrowser } from "../test/support/browser.ts";
import type { Measure } from "./figure.ts";

export const measure: Measure = async ({ config, forms }, print) => {
  const browser = await launchBrowser();
  try {
    for (const form of [forms.contact, forms.complaint]) {
      const address = `${config.publicOrigin}/forms/${form.id}`;
      print({
        name: `${form.id}, over the wire before it can be used`,
        ...(await visited(browser, (page) => begin(page, address))),
      });
      print({
        name: `${form.id}, over the wire for a whole first visit`,
        ...(await visited(browser, (page) => send(page, address, form))),
      });
    }
  } finally {
    await browser.close();
  }
};

/**
 * Holds back what seals and the key, which come while the introduction is read: the first question must stand there
 * without them.
 */
async function begin(page: Page, address: string): Promise<void> {
  await page.route(/form-page\.seal|\/key$/, () => {});
  await page.goto(address);
  await page.getByRole("button", { name: "Start" }).click();
  await page.locator(".pb-question:visible").waitFor();
}

async function send(page: Page, address: string, form: Form): Promise<void> {
  await page.goto(address);
  await fillForm(page, form, "heronsong");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("heading", { name: "Sent" }).waitFor();
  await page.waitForLoadState("networkidle");
}

/**
 * What arrives during a visit of a browser that has nothing yet, as Chromium counts it: `value` with the answers'
 * heads, `bodies` without.
 */
async function visited(
  browser: Browser,
  visit: (page: Page) => Promise<void>,
): Promise<{ value: number; unit: string; bodies: number; answers: number }> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let [value, heads, answers] = [0, 0, 0];
    session.on("Network.responseReceived", ({ response }) => (heads += response.encodedDataLength));
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      value += encodedDataLength;
      answers++;
    });
    await visit(page);
    return { value, unit: "bytes", bodies: value - heads, answers };
  } finally {
    await context.close();
  }
}
