/** Answers never leave the page unsealed, whatever happens to its scripts. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { fillForm, launchBrowser } from "../support/browser.ts";
import { readForm, startSite, type FormSite } from "../support/form-page-site.ts";

const WORD = "quagmire";

describe("answers never leave unsealed", () => {
  let browser: Browser;
  let site: FormSite;
  let context: BrowserContext;
  let address: string;

  before(async () => {
    browser = await launchBrowser();
    site = await startSite(readForm("victims-commissioner"));
    address = `${site.origin}/forms/${site.form.id}`;
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  /** A fresh page on which requests whose path matches are aborted. */
  async function open(...aborted: readonly RegExp[]): Promise<Page> {
    await context?.close();
    site.requests.length = 0;
    site.received.clear();
    context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**", (route) => {
      const { origin, pathname } = new URL(route.request().url());
      // The way out of the page leads to no other site here: it would come there in the middle of what is tried next.
      if (origin !== site.origin) return route.abort("aborted");
      return aborted.some((one) => one.test(pathname)) ? route.abort() : route.continue();
    });
    await page.goto(address);
    return page;
  }

  /** Everything that reached the site, addresses included, in every spelling that a form could give it. */
  const wordLeft = (): boolean =>
    site.requests.some(
      ({ path, body }) => decodeURIComponent(path).includes(WORD) || body.toString("latin1").includes(WORD),
    );

  /** What an impatient person does, then what a script or an extension could do: fill all, press all, submit all. */
  async function pressEverything(page: Page): Promise<void> {
    for (const control of await page.locator("#letter input:visible, #letter textarea:visible").all()) {
      const type = await control.getAttribute("type");
      if (type === "radio" || type === "checkbox") continue;
      await control.fill(WORD);
      await control.press("Enter");
    }
    for (const button of await page.getByRole("main").getByRole("button").all())
      if (await button.isVisible()) await button.click({ noWaitAfter: true, timeout: 2_000 }).catch(() => undefined);
    await page.evaluate((word) => {
      for (const field of document.querySelectorAll("input, textarea"))
        if (!field.matches("[type=radio], [type=checkbox], [type=hidden]")) (field as HTMLInputElement).value = word;
      for (const form of document.forms) {
        HTMLFormElement.prototype.submit.call(form);
        HTMLFormElement.prototype.requestSubmit.call(form);
      }
    }, WORD);
    // What the page was going to send is on its way once the page has drawn again and gone on; it has reached the site
    // once a visit has that the same browser began later. Where the page has gone, there is nothing to wait for.
    await page
      .evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
      .catch(() => undefined);
    const later = await context.newPage();
    await later.goto(`${site.origin}/elsewhere`);
    await later.close();
  }

  it("sends nothing readable on the way, and a sealed letter at the end", async () => {
    const page = await open();
    await fillForm(page, site.form, WORD);
    assert.equal(wordLeft(), false);
    assert.deepEqual(
      site.requests.filter(({ method }) => method !== "GET"),
      [],
    );
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("heading", { name: "Sent" }).waitFor();
    assert.equal(wordLeft(), false);
    assert.equal(site.received.size, 1);
    const [letter] = [...site.received.values()];
    assert.match(JSON.stringify(await site.open(letter!.submission)), new RegExp(WORD));
  });

  it("keeps nothing in storage, cookies, address, title or history", async () => {
    const page = await open();
    await fillForm(page, site.form, WORD);
    const kept = await page.evaluate(() =>
      JSON.stringify({
        local: { ...localStorage },
        session: { ...sessionStorage },
        cookie: document.cookie,
        address: location.href,
        title: document.title,
        state: history.state as unknown,
      }),
    );
    assert.ok(!kept.includes(WORD), kept);
    assert.deepEqual(Object.keys(JSON.parse(kept).state).sort(), ["changing", "depth", "step"]);
    assert.equal(page.url(), address);
    assert.deepEqual(await context.cookies(), []);
  });

  it("has no form, no address and no field name once its script has run", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Start" }).click();
    const left = await page.evaluate(() => ({
      forms: document.forms.length,
      exits: document.querySelectorAll(
        "[action], [formaction], [method], [type=submit], [type=image], button:not([type])",
      ).length,
      names: [...document.querySelectorAll("input, select, textarea, button")].filter(
        (field) =>
          field.hasAttribute("name") &&
          !(field.matches("[type=radio]") && /^choice-\d+$/.test(field.getAttribute("name")!)),
      ).length,
    }));
    assert.deepEqual(left, { forms: 0, exits: 0, names: 0 });
  });

  it("refuses a form that somebody else adds afterwards", async () => {
    const page = await open();
    await page.evaluate((word) => {
      const form = document.createElement("form");
      form.method = "post";
      form.action = "/counter/forms/x";
      const field = document.createElement("input");
      field.name = "stolen";
      field.value = word;
      form.append(field);
      document.body.append(form);
      form.submit();
    }, WORD);
    await pressEverything(page);
    assert.equal(wordLeft(), false);
  });

  it("keeps the questions out of reach until the page's script is there", async () => {
    await open();
    const page = await context.newPage();
    let letGo = (): void => undefined;
    const held = new Promise<void>((done) => (letGo = done));
    const asked = Promise.withResolvers<void>();
    await page.route(/\/assets\/form-page-[^.]*\.js$/, (route) => {
      asked.resolve();
      return held.then(() => route.continue());
    });
    await page.goto(address, { waitUntil: "commit" });
    await asked.promise;
    // All of the page is there and the guard has run; what is missing is the script that was asked for.
    await page.waitForFunction(() => document.readyState !== "loading");
    const state = await page.evaluate(() => ({
      visible: (document.querySelector("#letter") as HTMLElement).offsetHeight > 0,
      exits: document.querySelectorAll("#letter[action], #letter [name]").length,
    }));
    assert.deepEqual(state, { visible: false, exits: 0 });
    letGo();
    await page.getByRole("button", { name: "Start" }).waitFor();
    await page.close();
  });

  const scripts: readonly [string, RegExp, "works" | "stops"][] = [
    ["the guard", /form-page\.guard-/, "works"],
    ["the page's script", /\/form-page-/, "stops"],
    ["the shared part", /form-page\.chunk-/, "stops"],
    ["the part that seals", /form-page\.sealing-/, "stops"],
    ["the key", /\/key$/, "stops"],
  ];
  for (const [name, pattern, result] of scripts) {
    it(`${name} aborted: nothing leaves`, async () => {
      const page = await open(pattern);
      if (result === "stops")
        await page.getByRole("heading", { name: "You cannot use this form at the moment" }).waitFor();
      else await page.getByRole("button", { name: "Start" }).waitFor();
      if (result === "stops")
        assert.ok(await page.getByText("Telephone").first().isVisible(), "the other channels are named");
      await pressEverything(page);
      assert.equal(wordLeft(), false);
      assert.deepEqual(
        site.requests.filter(({ method, path }) => method !== "GET" || path.startsWith("/counter")),
        [],
      );
    });
  }

  it("every script aborted: the form is what it is without script, and says so", async () => {
    const page = await open(/\.js$/);
    assert.ok(await page.getByText("Your answers are sent unsealed to this website and sealed on arrival").isVisible());
    await page.locator("#letter input[type=text]").first().fill(WORD);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Counter" }).waitFor();
    // Also proves that the tests above would have seen the word.
    assert.equal(wordLeft(), true);
  });
});
