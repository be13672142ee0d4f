/** The scripted form page as a person meets it: one question at a time, errors, going back, changing, sending. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { parseSubmission } from "../../src/domain/seal/envelope.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { answer, currentQuestion, fillForm, launchBrowser } from "../support/browser.ts";
import { readForm, startSite, type FormSite } from "../support/form-page-site.ts";
import { untilThere } from "../support/in-time.ts";

const WORD = "quagmire";

describe("the form page with script", () => {
  let browser: Browser;
  let site: FormSite;
  let context: BrowserContext;
  let page: Page;
  const press = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
  /** Until this step is shown: the way back goes through the browser's history, which takes its time. */
  const headed = (title: string): Promise<unknown> =>
    untilThere(
      async () => (await page.locator("h1:visible").innerText()) === title,
      `a page with the heading ${title}`,
    );
  const posts = (): Buffer[] => site.requests.filter(({ method }) => method === "POST").map(({ body }) => body);
  const sent = (): Promise<void> => page.getByRole("heading", { name: "Sent" }).waitFor();

  before(async () => {
    browser = await launchBrowser();
    site = await startSite(readForm("victims-commissioner"));
    // A tab for each test in one window, which this one keeps open: a window costs the browser more than the page does.
    context = await browser.newContext();
    await context.newPage();
  });
  after(async () => {
    await browser.close();
    await site.close();
  });
  beforeEach(async () => {
    site.requests.length = 0;
    site.trouble.length = 0;
    site.received.clear();
    site.tamper = null;
    page = await context.newPage();
    await page.goto(`${site.origin}/forms/${site.form.id}`);
    await page.locator("[data-verified]").waitFor();
  });
  afterEach(async () => {
    await page.close();
    await context.clearCookies();
  });

  it("says the same words about a missing answer as the page without script, and goes there", async () => {
    const expected = checkAnswers(site.form, {});
    const first = expected.ok ? undefined : expected.problems[0];
    await press("Start");
    const title = await page.title();
    await press("Continue");
    const summary = page.locator(".govuk-error-summary");
    assert.equal(await summary.locator("li").innerText(), first!.text);
    assert.equal(await page.locator(".govuk-error-message").textContent(), `Error: ${first!.text}`);
    assert.equal(await page.title(), `Error: ${title}`);
    assert.ok(await summary.evaluate((element) => element === document.activeElement), "the summary has the focus");
    await summary.getByRole("link").click();
    assert.equal(await page.evaluate(() => document.activeElement?.id), first!.field);
    assert.equal(page.url(), `${site.origin}/forms/${site.form.id}`);
    const described = await page.locator(`#${first!.field}`).getAttribute("aria-describedby");
    assert.match(described ?? "", new RegExp(`${first!.field}-error`));
    await page.keyboard.type(WORD);
    await page.keyboard.press("Enter");
    await headed(site.form.questions[1]!.title);
    assert.ok(!(await page.title()).startsWith("Error"));
  });

  it("moves the focus to the heading of each step, and puts the question into the title", async () => {
    await press("Start");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
    assert.ok((await page.title()).startsWith(site.form.questions[0]!.title));
  });

  it("works with a keyboard alone, radios with arrows", async () => {
    await page.getByRole("button", { name: "Start" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type(WORD);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    const chosen = await page
      .locator("input[type=radio]:checked")
      .evaluateAll((all) => all.map((radio) => (radio as HTMLInputElement).value));
    assert.deepEqual(chosen, [site.form.questions[1]!.options![1]!.value]);
    await page.keyboard.press("Enter");
    await headed(site.form.questions.find(({ when }) => when?.is.includes(chosen[0]!))!.title);
  });

  it("asks only what the answers make it ask, and sends nothing of what is no longer asked", async () => {
    await fillForm(page, site.form, WORD, { reply: "email" });
    await page.getByRole("link", { name: "Change your answer to “How can we reach you safely?”" }).click();
    await page.getByLabel("Please do not reply").check();
    await press("Continue");
    await headed("Check your answers before sending");
    assert.equal(await page.getByText(`${WORD}@sender.example`).count(), 0);
    await press("Send");
    await sent();
    const opened = (await site.open([...site.received.values()][0]!.submission)) as { [id: string]: unknown };
    assert.equal(opened["reply"], "none");
    assert.equal(opened["email"], undefined);
  });

  it("asks what a changed answer newly needs, then returns to the summary", async () => {
    await fillForm(page, site.form, WORD, { reply: "none" });
    await page.getByRole("link", { name: "Change your answer to “How can we reach you safely?”" }).click();
    await page.getByLabel("Telephone", { exact: true }).check();
    await press("Continue");
    for (const expected of ["telephone", "safe-times"]) {
      const asked = await currentQuestion(page, site.form);
      assert.equal(asked.id, expected);
      await answer(page, asked, WORD);
      await press("Continue");
    }
    await headed("Check your answers before sending");
  });

  // Goes back and forward with the browser and keeps what was written; nobody gets past an unanswered question.
  it("goes back and forward with the browser, keeps what was written, and skips no question", async () => {
    await press("Start");
    await answer(page, await currentQuestion(page, site.form), WORD);
    await press("Continue");
    await page.goBack();
    assert.equal(
      await page.locator(".pb-question:visible input").inputValue(),
      `${WORD} in ${site.form.questions[0]!.id}`,
    );
    await page.locator(".pb-question:visible input").fill("");
    await page.goForward();
    await headed(site.form.questions[0]!.title);
    await answer(page, await currentQuestion(page, site.form), WORD);
    await press("Continue");
    await page.getByRole("link", { name: "Back" }).click();
    await headed(site.form.questions[0]!.title);
  });

  it("shows the reference of the letter that arrived, and holds nothing of it any more", async () => {
    await fillForm(page, site.form, WORD);
    const field = (await page.locator("#your-name").elementHandle())!;
    assert.match(await field.inputValue(), new RegExp(WORD));
    await press("Send");
    await sent();
    assert.equal(
      await field.evaluate((input) => (input as HTMLInputElement).value),
      "",
      "the field is empty, not only out of sight",
    );
    const reference = await page.locator(".govuk-panel strong").innerText();
    assert.match(reference, /^PB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/);
    assert.ok(!(await page.content()).includes(WORD));
    const [download] = await Promise.all([page.waitForEvent("download"), press("Save as a text file")]);
    const record = readFileSync(await download.path(), "utf8");
    assert.ok(record.includes(reference) && !record.includes(WORD), record);
    await page.reload();
    await page.getByRole("button", { name: "Start" }).waitFor();
    assert.ok(!(await page.content()).includes(WORD));
  });

  it("asks and sends without a cookie, and without saying where it stands", async () => {
    await context.addCookies([{ name: "seen", value: WORD, url: site.origin }]);
    const heads: Promise<{ [name: string]: string }>[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" || new URL(request.url()).pathname.endsWith("/key"))
        heads.push(request.allHeaders());
    });
    await fillForm(page, site.form, WORD);
    await press("Send");
    await sent();
    assert.ok(heads.length >= 2, String(heads.length));
    for (const head of await Promise.all(heads))
      assert.deepEqual([head["cookie"], head["referer"], head["authorization"]], [undefined, undefined, undefined]);
  });

  it("lets the person save a copy before sending, made in the browser", async () => {
    await fillForm(page, site.form, WORD);
    const before = site.requests.length;
    const [download] = await Promise.all([page.waitForEvent("download"), press("Save a copy of your answers")]);
    assert.match(readFileSync(await download.path(), "utf8"), new RegExp(WORD));
    assert.equal(site.requests.length, before);
  });

  it("posts the same bytes again when the answer got lost, so that one letter arrives", async () => {
    await fillForm(page, site.form, WORD);
    site.trouble.push("lost");
    await press("Send");
    await page.getByText("we do not know whether your letter arrived").waitFor();
    await press("Try again");
    await sent();
    const [first, second] = posts();
    assert.ok(first!.equals(second!));
    assert.equal(site.received.size, 1);
  });

  it("makes another letter of changed answers, even after a lost answer", async () => {
    await fillForm(page, site.form, WORD);
    site.trouble.push("lost");
    await press("Send");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await page.getByRole("link", { name: `Change your answer to “${site.form.questions[0]!.title}”` }).click();
    await page.locator(".pb-question:visible input").fill(`another ${WORD}`);
    await press("Continue");
    await press("Send");
    await sent();
    assert.equal(site.received.size, 2);
  });

  it("seals again once by itself when the key has just changed", async () => {
    await fillForm(page, site.form, WORD);
    site.trouble.push({ status: 409, code: "EPOCH_ENDED" });
    await press("Send");
    await sent();
    const [first, second] = posts();
    assert.equal(posts().length, 2);
    assert.ok(!first!.equals(second!));
    assert.equal(site.received.size, 1);
  });

  it("knows its own letter when the number is taken after a lost answer and a new key", async () => {
    await fillForm(page, site.form, WORD);
    site.trouble.push("lost");
    await press("Send");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    site.trouble.push({ status: 409, code: "EPOCH_ENDED" });
    await press("Try again");
    await sent();
    assert.equal(site.received.size, 1);
  });

  // Tries the same bytes first after a lost answer, and seals anew only when they are refused for their key.
  it("tries the same bytes first after a lost answer, and seals anew only if the key is refused", async () => {
    await fillForm(page, site.form, WORD);
    // The first try reached nobody; the second is told that the key has changed, which proves that nothing had arrived.
    site.trouble.push(
      { status: 502, code: "" },
      { status: 409, code: "EPOCH_ENDED" },
      { status: 409, code: "FORM_CLOSED" },
    );
    await press("Send");
    await page.getByText("we do not know whether your letter arrived").waitFor();
    await press("Try again");
    const notice = page.locator(".govuk-error-summary");
    await notice.getByText("This form is closed. Nothing was sent").waitFor();
    const [first, second, third] = posts();
    assert.equal(posts().length, 3);
    assert.ok(first!.equals(second!) && !second!.equals(third!));
    assert.equal(
      parseSubmission(new Uint8Array(first!)).submission,
      parseSubmission(new Uint8Array(third!)).submission,
      "the number stays",
    );
    assert.ok(!(await notice.innerText()).includes("do not know"));
  });

  for (const [code, status] of [
    ["FORM_CLOSED", 409],
    ["FORM_CHANGED", 409],
    ["TOO_MANY", 429],
    ["ENVELOPE_TOO_LARGE", 413],
  ] as const) {
    it(`${code} after a lost answer: does not say that nothing was sent, and names the reference`, async () => {
      await fillForm(page, site.form, WORD);
      site.trouble.push("lost", { status, code });
      await press("Send");
      const notice = page.locator(".govuk-error-summary");
      await notice.getByText("we do not know whether your letter arrived").waitFor();
      const [arrived] = site.received.keys();
      const reference = referenceOf(arrived!);
      assert.ok((await notice.innerText()).includes(reference));
      await press("Try again");
      await notice.getByText("We do not know whether your first try arrived").waitFor();
      const text = await notice.innerText();
      assert.ok(text.includes(reference), text);
      assert.match(text, /still on this page/);
      assert.match(
        text,
        code === "TOO_MANY" ? /this does not make a second one/ : /the same letter is never counted twice[^]*Telephone/,
      );
      assert.doesNotMatch(text, /nothing was sent|not stored/i);
      const [first, second] = posts();
      assert.ok(first!.equals(second!));
      if (code !== "TOO_MANY") return;
      await press("Try again");
      await sent();
      assert.equal(site.received.size, 1);
    });
  }

  // Does not forget a first try that may have arrived when the answers are changed, or when the key no longer holds.
  it("does not forget a first try that may have arrived when answers or the key change", async () => {
    await fillForm(page, site.form, WORD);
    site.trouble.push("lost");
    await press("Send");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await page.getByRole("link", { name: `Change your answer to “${site.form.questions[0]!.title}”` }).click();
    await page.locator(".pb-question:visible input").fill(`another ${WORD}`);
    await press("Continue");
    site.tamper = (real) => ({ ...real, statements: [] });
    await press("Send");
    const notice = page.locator(".govuk-error-summary");
    await notice.getByText("This time we could not make sure that only the right people can read this form").waitFor();
    assert.ok((await notice.innerText()).includes(referenceOf([...site.received.keys()][0]!)));
    assert.equal(posts().length, 1);
  });

  it("seals nothing to a form that was closed meanwhile", async () => {
    await fillForm(page, site.form, WORD);
    site.publish("closed");
    await press("Send");
    await page.locator(".govuk-error-summary").getByText("This form is closed. Nothing was sent").waitFor();
    assert.deepEqual(posts(), []);
    site.publish("open");
  });

  it("seals nothing under statements that know less than they did before in this visit", async () => {
    site.publish("open");
    await page.reload();
    await page.locator("[data-verified]").waitFor();
    await fillForm(page, site.form, WORD);
    // Without its last statement the chain still holds from the root and names this form, open, with this key.
    site.tamper = (real) => ({ ...real, statements: (real["statements"] as unknown[]).slice(0, -1) });
    await press("Send");
    await page.locator(".govuk-error-summary").getByText("so nothing was sent").waitFor();
    assert.deepEqual(posts(), []);
  });

  it("stands still when its setup names an address of another site", async () => {
    await page.route(/\/forms\/[^/]+$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        body: (await response.text()).replace(
          '"submissionsUrl":"/submissions"',
          '"submissionsUrl":"https://elsewhere.example/submissions"',
        ),
      });
    });
    await page.reload();
    await page.locator("[data-pillarbox=stopped]").waitFor();
    await page.getByText("You cannot use this form at the moment").waitFor();
    assert.equal(await page.getByRole("button", { name: "Start" }).count(), 0);
  });

  for (const [code, status, again] of [
    ["TOO_MANY", 429, true],
    ["FORM_CLOSED", 409, false],
    ["FORM_CHANGED", 409, false],
    ["ID_TAKEN", 409, false],
  ] as const) {
    it(`${code}: says what happened, keeps the answers, names other channels`, async () => {
      await fillForm(page, site.form, WORD);
      site.trouble.push({ status, code });
      await press("Send");
      const notice = page.locator(".govuk-error-summary");
      await notice.waitFor();
      assert.equal(await notice.getByRole("button", { name: "Try again" }).count(), again ? 1 : 0);
      assert.match(await notice.innerText(), /still on this page[^]*Telephone/);
      assert.match(await page.locator(".govuk-summary-list").innerText(), new RegExp(WORD));
      assert.equal(site.received.size, 0);
    });
  }

  it("seals to no key that the statements do not name, and posts nothing", async () => {
    await fillForm(page, site.form, WORD);
    const other = await startSite(readForm("victims-commissioner"));
    const key = (await (await context.request.get(`${other.origin}/forms/${other.form.id}/key`)).json()) as {
      [name: string]: unknown;
    };
    await other.close();
    const broken: readonly ((real: { [name: string]: unknown }) => unknown)[] = [
      (real) => ({ ...real, recipient: key["recipient"] }),
      () => key,
      (real) => ({ ...real, statements: (real["statements"] as unknown[]).slice(0, -1) }),
      (real) => ({ ...real, statements: [...(real["statements"] as unknown[])].reverse() }),
      () => ({}),
    ];
    for (const tamper of broken) {
      site.tamper = tamper;
      await press("Send");
      const notice = page.locator(".govuk-error-summary");
      await notice.getByText("so nothing was sent").waitFor();
      assert.deepEqual(posts(), []);
      await page.getByRole("link", { name: "Back" }).click();
      await press("Continue");
    }
  });

  it("does not begin when the statements do not hold, and corrects the number of readers", async () => {
    site.tamper = (real) => ({ ...real, statements: [] });
    await page.reload();
    await page.getByText("We could not make sure that only the right people can read this form").waitFor();
    assert.equal(await page.getByRole("button", { name: "Start" }).count(), 0);
    site.tamper = null;
    await page.route(/\/forms\/[^/]+$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace(/2 named people/, "7 named people") });
    });
    await page.reload();
    await page.locator("[data-verified]").waitFor();
    assert.match(await page.locator("[data-readers-sentence]").innerText(), /^2 named people/);
  });

  it("warns before unsent answers are lost, and not before there are any", async () => {
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.type());
      void dialog.accept();
    });
    await press("Start");
    await page.reload();
    assert.deepEqual(dialogs, []);
    await press("Start");
    await page.locator(".pb-question:visible input").pressSequentially(WORD);
    await page.reload();
    assert.deepEqual(dialogs, ["beforeunload"]);
    assert.ok(!(await page.content()).includes(WORD));
    assert.equal(await page.locator("#your-name").inputValue(), "");
  });

  for (const way of ["the button", "Shift three times"] as const) {
    it(`leaves at once by ${way}, asks nothing and leaves nothing behind`, async () => {
      await page.route("https://www.bbc.co.uk/**", (route) =>
        route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Weather</title><h1>Weather</h1>" }),
      );
      const dialogs: string[] = [];
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.type());
        void dialog.accept();
      });
      await press("Start");
      await page.locator(".pb-question:visible input").pressSequentially(WORD);
      await page.evaluate(() => {
        const field = document.querySelector<HTMLInputElement>("#your-name")!;
        window.addEventListener("pagehide", () => navigator.sendBeacon(`/elsewhere?left=[${field.value}]`));
      });
      if (way === "the button") await page.getByRole("button", { name: "Exit this page" }).click();
      else for (let times = 0; times < 3; times++) await page.keyboard.press("Shift");
      await page.getByRole("heading", { name: "Weather" }).waitFor();
      const leaving = await site.arrived("left=");
      assert.equal(leaving.path, "/elsewhere?left=[]", "the field was empty when the page was left");
      assert.deepEqual(dialogs, []);
      await page.goBack();
      await page.locator("[data-step=introduction]").waitFor();
      assert.ok(!(await page.content()).includes(WORD));
      assert.ok(
        !(await page.locator("input").evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).includes(
          WORD,
        ),
      );
    });
  }
});

describe("a form that takes only what a browser has sealed", () => {
  it("has no form element in its HTML, and works with script", async () => {
    const browser = await launchBrowser();
    const site = await startSite({ ...(readForm("victims-commissioner") as object), browserOnly: true });
    try {
      const context = await browser.newContext();
      const html = await (await context.request.get(`${site.origin}/forms/${site.form.id}`)).text();
      assert.doesNotMatch(html, /<form[\s>]/);
      const page = await context.newPage();
      await page.goto(`${site.origin}/forms/${site.form.id}`);
      assert.equal(await page.getByText("This form needs JavaScript").count(), 0);
      await fillForm(page, site.form, WORD);
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("heading", { name: "Sent" }).waitFor();
      assert.equal(site.received.size, 1);
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
