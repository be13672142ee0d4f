/** A real Chromium for the journeys, and what a person does with a form in it. */
import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Form } from "../../src/domain/form/form.ts";
import type { Question } from "../../src/domain/form/question.ts";

const PLACES = [process.env["PILLARBOX_CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function launchBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== "" && existsSync(place));
  if (!executablePath) throw new Error("There is no Chromium. Run `npm test`, which finds or installs one, or set PILLARBOX_CHROMIUM.");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, args });
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
export async function fillForm(page: Page, form: Form, word: string, choices: { readonly [question: string]: string } = {}): Promise<void> {
  await page.getByRole("button", { name: "Start" }).click();
  for (let asked = 0; asked <= form.questions.length; asked++) {
    if (await page.getByRole("heading", { name: "Check your answers before sending" }).isVisible()) return;
    const question = await currentQuestion(page, form);
    await answer(page, question, word, choices[question.id]);
    await page.getByRole("button", { name: "Continue" }).click();
  }
}
