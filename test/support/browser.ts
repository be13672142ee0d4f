/** A real Chromium for the journeys, and what a person does with a form in it. */
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { CHROMIUM_ARGUMENTS, findChromium } from "./chromium.ts";
import { PATIENCE } from "./in-time.ts";
import type { Form } from "../../src/domain/form/form.ts";
import type { Question } from "../../src/domain/form/question.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Every wait in its pages ends by one limit.
 * @param beside what this browser is told beside what all are
 */
export async function launchBrowser(beside: readonly string[] = []): Promise<Browser> {
  const why: string[] = [];
  // The test runner has tried the one that it names.
  const executablePath = process.env["PILLARBOX_CHROMIUM"] ?? (await findChromium(root, (line) => why.push(line)));
  if (executablePath === null) throw new Error(`There is no Chromium. ${why.join(" ")}`);
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_ARGUMENTS, ...beside],
    timeout: PATIENCE,
  });
  const open = browser.newContext.bind(browser);
  // `browser.newPage` comes by here as well.
  browser.newContext = async (options) => {
    const context = await open(options);
    context.setDefaultTimeout(PATIENCE);
    const close = context.close.bind(context);
    context.close = async (how) => {
      await letGo(context);
      await close(how);
    };
    return context;
  };
  const close = browser.close.bind(browser);
  browser.close = async (how) => {
    await Promise.all(browser.contexts().map(letGo));
    await close(how);
  };
  return browser;
}

/** A route that asks the server for somebody would fail the test where its page is closed before the answer comes. */
async function letGo(context: BrowserContext): Promise<void> {
  // Where it has gone already, nothing is on its way.
  for (const routed of [context, ...context.pages()])
    await routed.unrouteAll({ behavior: "ignoreErrors" }).catch(() => undefined);
}

/** The question that is on the page now. */
export async function currentQuestion(page: Page, form: Form): Promise<Question> {
  const id = await page.locator(".pb-question:visible").getAttribute("data-question");
  return form.questions.find((question) => question.id === id)!;
}

/** Answers the question on the page; every text holds `word`. `choice` is the option to take, else the first. */
export async function answer(page: Page, question: Question, word: string, choice?: string): Promise<void> {
  const place = page.locator(`[data-question="${question.id}"]`);
  const option = question.options?.find(({ value }) => value === choice)?.label ?? question.options?.[0]?.label;
  switch (question.kind) {
    case "radios":
    case "checkboxes":
      return place.getByLabel(option!, { exact: true }).check();
    case "date":
      await place.getByLabel("Day").fill("27");
      await place.getByLabel("Month").fill("3");
      return place.getByLabel("Year").fill("2024");
    case "address":
      await place.getByLabel("Address line 1").fill(`1 ${word} Street`);
      await place.getByLabel("Town or city").fill(word);
      return place.getByLabel("Postcode").fill("HW1 4QT");
    case "email":
      return place.locator("input").fill(`${word}@sender.example`);
    case "telephone":
      return place.locator("input").fill("01632 960 001");
    default:
      return place.locator("input, textarea").fill(`${word} in ${question.id}`);
  }
}

/** From the introduction to "Check your answers", answering everything that is asked. */
export async function fillForm(
  page: Page,
  form: Form,
  word: string,
  choices: { readonly [question: string]: string } = {},
): Promise<void> {
  await page.getByRole("button", { name: "Start" }).click();
  for (let asked = 0; asked <= form.questions.length; asked++) {
    if (await page.getByRole("heading", { name: "Check your answers before sending" }).isVisible()) return;
    const question = await currentQuestion(page, form);
    await answer(page, question, word, choices[question.id]);
    await page.getByRole("button", { name: "Continue" }).click();
  }
}
