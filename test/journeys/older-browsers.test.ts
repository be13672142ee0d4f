/**
 * A browser that lacks one method of those that the public bundles call. Each is taken away in turn, before the page's
 * first script: then the letter is sent, or the form is the one without script, or a sentence says what to do. There is
 * never a button that does nothing.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { BUNDLES, bundleScript } from "../../build/scripts.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { callsIn, MEMBERS, newerThan } from "../bundles/compat.ts";
import { fillForm, launchBrowser } from "../support/browser.ts";
import { readForm, root, startSite, type FormSite } from "../support/form-page-site.ts";

/** The first of each that read modules: what they have, every browser has that runs the page's script at all. */
const WITH_MODULES = { chrome: "61", edge: "79", firefox: "60", safari: "11", ios: "11" };
const PUBLIC = ["form-page.guard.js", "form-page.js"];

/** Whatever has a member of the name of a newer call: "Array.at", "String.at", "AbortSignal.timeout". */
async function newerMembers(): Promise<string[]> {
  const built = await Promise.all(
    BUNDLES.filter(({ name }) => PUBLIC.includes(name)).map((bundle) => bundleScript(root, bundle)),
  );
  const code = built.flatMap(({ assets }) => assets.map(({ bytes }) => Buffer.from(bytes).toString("utf8"))).join("\n");
  const names = new Set(newerThan(callsIn(code), WITH_MODULES).map(({ name }) => name));
  return [...MEMBERS.keys()].filter((path) => names.has(path) || names.has(path.split(".")[1] ?? ""));
}

/** Takes "Array.at" away, wherever of the two it stands. Runs in the page. */
const takeAway = (path: string): void => {
  const [of = "", member = ""] = path.split(".");
  const all = globalThis as unknown as { [name: string]: { prototype?: object } | undefined };
  if (member === "") return void Reflect.deleteProperty(all, of);
  const found = of === "TypedArray" ? (Object.getPrototypeOf(Uint8Array) as { prototype: object }) : all[of];
  for (const place of [found, found?.prototype]) if (place) Reflect.deleteProperty(place, member);
};

/** Three questions of a form: one line, one of several, and long text. */
const short = (): unknown => {
  const form = formOf(readForm("victims-commissioner"));
  return {
    ...form,
    questions: form.questions.filter(({ id }) => ["your-name", "about", "what-happened"].includes(id)),
  };
};

describe("a browser that lacks one method", () => {
  let browser: Browser;
  let site: FormSite;
  before(async () => {
    browser = await launchBrowser();
    site = await startSite(short());
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  async function open(context: BrowserContext, missing: string): Promise<Page> {
    const page = await context.newPage();
    await page.addInitScript(takeAway, missing);
    await page.goto(`${site.origin}/forms/${site.form.id}`);
    return page;
  }

  /** How it ends; null where somebody stands before a page that does not go on. */
  async function end(page: Page): Promise<"sent" | "counter" | "sentence" | null> {
    const stopped = page.getByRole("heading", { name: "You cannot use this form at the moment" }).waitFor();
    const sentence = stopped.then(
      () => "sentence" as const,
      () => null,
    );
    const counter = page.locator("form#letter[action]");
    const start = page.getByRole("button", { name: "Start" });
    await start.or(counter).or(page.locator("[data-stopped]")).first().waitFor();
    if ((await counter.count()) > 0) {
      await page.locator("form#letter input[type=text]").first().fill("quagmire");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("heading", { name: "Counter" }).waitFor();
      return "counter";
    }
    const sent = (async () => {
      await page.locator("[data-verified]").waitFor();
      await fillForm(page, site.form, "quagmire");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("heading", { name: "Sent" }).waitFor();
      return "sent" as const;
    })().catch(() => sentence);
    return Promise.race([sent, sentence.then((found) => found ?? sent)]);
  }

  it("ends at the counter, at a sentence, or with the letter sent", async () => {
    const waiting = await newerMembers();
    const ends: { [how: string]: string[] } = {};
    // A tab for each in one window, which the first keeps open: a window costs the browser more than the page does.
    const one = async (): Promise<void> => {
      const context = await browser.newContext();
      await context.newPage();
      for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
        const page = await open(context, member);
        (ends[String(await end(page))] ??= []).push(member);
        await page.close();
      }
      await context.close();
    };
    await Promise.all([one(), one(), one()]);
    assert.equal(site.received.size, ends["sent"]?.length, "what was said to be sent has arrived");
    assert.deepEqual(ends["null"] ?? [], []);
    // Each of these was once seen to end otherwise.
    for (const member of ["String.toWellFormed", "Array.toSorted", "AbortSignal.timeout"])
      assert.ok(ends["sent"]?.includes(member), member);
    for (const member of [
      "Object.hasOwn",
      "Array.at",
      "String.replaceAll",
      "TransformStream",
      "Element.replaceChildren",
    ])
      assert.ok(ends["counter"]?.includes(member), member);
    // The page's question leaves nothing out: nobody learns only after writing that it does not work.
    assert.deepEqual(ends["sentence"] ?? [], []);
  });

  it("has nothing to do with the guard: without it the page's own script asks the same", async () => {
    const context = await browser.newContext();
    await context.route(/form-page\.guard-/, (route) => route.abort());
    assert.equal(await end(await open(context, "Object.hasOwn")), "counter");
    await context.close();
  });

  it("says so where its script meets what it did not expect, and keeps what was written", async () => {
    const context = await browser.newContext();
    const page = await open(context, "none");
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator("#your-name").fill("quagmire");
    await page.evaluate(() => void Reflect.deleteProperty(Array.prototype, "findLast"));
    await page.evaluate(() => void Reflect.deleteProperty(Array.prototype, "find"));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("This page has stopped working in your browser").waitFor();
    await page.getByRole("button", { name: "Save a copy of your answers" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Continue" }).count(), 0);
    await context.close();
  });
});
