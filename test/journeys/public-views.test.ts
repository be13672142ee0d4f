/**
 * Every public page that is drawn without script, as a browser draws it: judged by axe in both schemes, its tree held
 * against what is seen, in forced colours and on paper. The pages that the script makes: form-page-axe.test.ts and
 * receipt.test.ts.
 */
import { NOTHING_DONE } from "../../src/domain/receipt/told.ts";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { renderer } from "../../src/counter/render.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { completeBodyOf } from "../../src/domain/form/body.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { homeView } from "../../src/domain/form/home.ts";
import { INFO_PAGES, infoView } from "../../src/domain/form/info.ts";
import { checkView, closedView, confirmationView, errorView, formView, hiddenOf } from "../../src/domain/form/page.ts";
import type { FormPage, Site, View } from "../../src/domain/form/page.ts";
import { statusPageView, toldView } from "../../src/domain/receipt/page.ts";
import type { Status } from "../../src/domain/receipt/status.ts";
import { noticeView } from "../../src/domain/incident/notice-view.ts";
import { look } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { readForm, root } from "../support/form-page-site.ts";

/** Where pictures go, for a person to look at; nowhere unless asked for. */
const PICTURES = process.env["PILLARBOX_PICTURES"];
const ORIGIN = "https://forms.body.example";
const AT = Date.UTC(2026, 2, 27, 16, 16);
const WORDS = "abandon ability able about above absent absorb abstract absurd abuse access accident".split(" ");

const bodyOf = (name: string) =>
  completeBodyOf(JSON.parse(readFileSync(join(root, "forms/bodies", `${name}.json`), "utf8")));
const bodies = [bodyOf("harrowmere"), bodyOf("eastvale")] as const;
const [body] = bodies;
const assets = (
  JSON.parse(readFileSync(join(root, "dist/manifest.json"), "utf8")) as { readonly [name: string]: string }
)["public.css"]!;
const site: Site = {
  base: ORIGIN,
  counterOrigin: ORIGIN,
  staffOrigin: `${ORIGIN}/staff`,
  demonstration: true,
  assets: { "public.css": assets },
  preload: [],
  bodies: () => bodies,
};
const danger = formOf(readForm("victims-commissioner"));
const complaint = formOf(readForm("police-complaint-handling"));
const problem = formOf(readForm("report-data-problem"));
const readers = { count: 7, owners: 2, officers: 4, auditors: 1 };
const page = (form: typeof danger): FormPage => ({ site, form, body, readers, setup: null, lookedAt: AT });
const wrong = checkAnswers(danger, {});
const fields = { "your-name": "Sam", reply: "none", "what-happened": "It happened" };
const answers = checkAnswers(danger, fields);
assert.ok(answers.ok && !wrong.ok);

const status: Status = {
  form: danger.id,
  title: danger.title,
  body: body.id,
  bodyName: body.name,
  zone: "Europe/London",
  host: body.host,
  kept: "It is kept for two years.",
  times: { clock: null, days: 10 },
  channels: danger.otherChannels,
  readers: { ...readers, since: AT },
  logKey: "log.example+00000000+AAAA",
  logs: [],
  letter: {
    submission: "0".repeat(32),
    at: AT,
    path: "counter",
    readings: [
      { at: AT, part: "letter", role: "auditor", count: 1, openedAt: AT, released: null, opened: null, among: null },
    ],
    left: 0,
    received: null,
  },
  additions: [],
  acts: [],
  erasure: null,
};
const told = {
  site,
  status,
  held: { sent: new Map(), readings: new Map(), erased: "said" } as const,
  done: NOTHING_DONE,
  hidden: [],
};

const VIEWS: { readonly [name: string]: View } = {
  home: homeView(
    site,
    [
      { body, forms: [danger, complaint] },
      { body: bodies[1], forms: [problem] },
    ],
    [{ body, title: "What happened in March", notice: "0".repeat(32) }],
  ),
  form: formView(page(danger)),
  "form with problems": formView({ ...page(danger), problems: wrong.problems }),
  complaint: formView(page(complaint)),
  "data problem": formView(page(problem)),
  "browser only": formView({ ...page(danger), form: { ...danger, browserOnly: true } }),
  check: checkView({ site, form: danger, body, answers: answers.answers, hidden: hiddenOf(fields) }),
  confirmation: confirmationView(site, danger, body, "PB-9E2F-85T7-NH", WORDS, AT),
  closed: closedView(site, danger, body, "closed"),
  "not without script": closedView(site, danger, body, "browser-only"),
  error: errorView(site, null, "Page not found", "There is nothing at this address."),
  status: statusPageView({ site, setup: null }),
  "status with a problem": statusPageView({
    site,
    setup: null,
    words: "abandon",
    problems: [{ field: "words", text: "Enter all twelve words" }],
  }),
  told: toldView(told),
  "told with a problem": toldView({ ...told, problem: "Enter what you want to add" }),
  notice: noticeView(site, body, {
    title: "What happened in March",
    paragraphs: ["One.\nTwo.", "Three."],
    at: AT,
  } as never),
  ...Object.fromEntries(INFO_PAGES.map((name) => [name, infoView(site, body, name)])),
};

describe("the public pages without script", () => {
  let browser: Browser;
  let context: BrowserContext;
  let tab: Page;
  const draw = renderer(root);

  before(async () => {
    browser = await launchBrowser();
    context = await browser.newContext({ reducedMotion: "reduce" });
    tab = await context.newPage();
    await tab.route("**", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.startsWith("/assets/"))
        return route.fulfill({ contentType: "text/css", body: readFileSync(join(root, "dist", pathname)) });
      const view = VIEWS[decodeURIComponent(pathname.slice(1))];
      return view
        ? route.fulfill({ contentType: "text/html; charset=utf-8", body: draw(view) })
        : route.fulfill({ status: 404, body: "" });
    });
  });
  after(() => browser.close());

  const open = (name: string): Promise<unknown> => tab.goto(`${ORIGIN}/${encodeURIComponent(name)}`);

  async function picture(name: string): Promise<void> {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    for (const scheme of ["light", "dark", "forced"] as const)
      for (const width of [390, 1280]) {
        await tab.emulateMedia({
          colorScheme: scheme === "dark" ? "dark" : "light",
          forcedColors: scheme === "forced" ? "active" : "none",
        });
        await tab.setViewportSize({ width, height: 900 });
        await tab.screenshot({ path: join(PICTURES, `${name}-${width}-${scheme}.png`), fullPage: true });
      }
    await tab.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  }

  for (const name of Object.keys(VIEWS))
    it(`${name}: is judged by axe in both schemes, and its tree says what is seen`, async () => {
      await open(name);
      await picture(name);
      await look(tab, name, tab.locator("h1"));
    });

  it("every page has the way to the forms or its body's pages at its end", async () => {
    for (const name of Object.keys(VIEWS)) {
      await open(name);
      const links = await tab.locator("footer a").allInnerTexts();
      assert.ok(links.includes("What happened to your letter"), `${name}: ${links.join(", ")}`);
      assert.ok(name === "home" || links.some((text) => text.startsWith("Privacy notice")), name);
    }
  });

  it("the pages about a letter can be left in haste, as its form can", async () => {
    for (const name of ["form", "check", "confirmation", "data problem", "status", "told", "told with a problem"]) {
      await open(name);
      assert.equal(
        await tab.getByRole("button", { name: "Exit this page" }).getAttribute("href"),
        "https://www.bbc.co.uk/weather",
        name,
      );
    }
  });

  it("the record on paper has the whole address, and nothing to press", async () => {
    await open("confirmation");
    await tab.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.ok(await tab.getByText(`(${ORIGIN}/status)`).isVisible());
    assert.equal(await tab.getByRole("button").filter({ visible: true }).count(), 0);
    const paper = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(paper, "rgb(255, 255, 255)", "paper is white at night, too");
    await tab.emulateMedia({ media: "screen", colorScheme: "light" });
    assert.equal(await tab.getByText(`(${ORIGIN}/status)`).isVisible(), false);
  });

  it("a time is written in one way, and who can read by what they are", async () => {
    await open("form");
    const text = await tab.locator("main").innerText();
    assert.match(text, /Last checked from outside: 27 March 2026 at 4:16pm GMT\./);
    assert.match(text, /2 who are responsible for the information, 4 case officers, and 1 data protection officer\./);
    await open("confirmation");
    assert.match(await tab.locator("main").innerText(), /sealed, on 27 March 2026 at 4:16pm GMT\./);
  });
});
