/** A member of staff at a browser: signs in with the passphrase, and waits. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { untilThere } from "./in-time.ts";
import type { StaffedWorld } from "./staffed.ts";

const WIDE = { width: 1280, height: 900 };

export type Desk = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** what the page complained about: a refused policy, an uncaught fault */
  readonly complaints: string[];
};

/** An empty desk: nobody has signed in. The policy of the pages stays on. */
export async function emptyDesk(browser: Browser): Promise<Desk> {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (fault) => complaints.push(fault.message));
  // A request that the server refuses is also told to the console; that is not the page's fault.
  page.on(
    "console",
    (message) =>
      void (
        message.type() === "error" &&
        !message.text().startsWith("Failed to load resource") &&
        complaints.push(message.text())
      ),
  );
  return { context, page, complaints };
}

export const passphraseOf = (staffed: StaffedWorld, who: PreparedPerson): string => {
  const found = staffed.world.people.find((one) => one.email === who.email);
  if (!found) throw new Error(`${who.name} is not in this world`);
  return found.passphrase;
};

export async function fillSignIn(page: Page, email: string, passphrase: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signed in, at an address of the staff pages. */
export async function sitDown(browser: Browser, staffed: StaffedWorld, who: PreparedPerson, path = "/"): Promise<Desk> {
  const desk = await emptyDesk(browser);
  await desk.page.goto(staffed.world.staffOrigin + path);
  await fillSignIn(desk.page, who.email, passphraseOf(staffed, who));
  await desk.page.getByRole("button", { name: "Sign out" }).waitFor();
  await ready(desk.page);
  return desk;
}

/** Until nothing on the page is being loaded, opened or sent: no progress, and no button that works. */
export async function ready(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  // There may be two of them, and a locator of both would be refused.
  await page.locator('.pb-working, .govuk-button[aria-disabled="true"]').first().waitFor({ state: "detached" });
}

/** Until the browser's title is like this: a page gives it once it has been drawn. */
export const titled = async (page: Page, like: RegExp): Promise<void> =>
  void (await untilThere(async () => like.test(await page.title()), `a page with the title ${like}`));

/** Until no worker runs: the driver hears of its end a little after the page has gone on. */
export const noKeys = async (page: Page): Promise<void> =>
  void (await untilThere(async () => page.workers().length === 0, "the end of the worker with the keys"));

/** Until the focus is there: a page gives it away once it has been drawn. */
export async function hasFocus(page: Page, selector: string): Promise<void> {
  await page.waitForFunction((wanted) => document.activeElement?.matches(wanted) === true, selector);
}

export async function goTo(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("link", { name }).first().click();
  await ready(page);
}

export const textOf = (page: Page): Promise<string> => page.locator("main").innerText();

/** The problems that the page names, once it names some. */
export async function problems(page: Page): Promise<string[]> {
  const links = page.locator(".govuk-error-summary__list a");
  await links.first().waitFor();
  return links.allInnerTexts();
}

/** The address that a link points to, without following it. */
export async function addressOf(page: Page, name: string | RegExp): Promise<string> {
  return (await page.getByRole("link", { name }).first().getAttribute("href")) ?? "";
}
