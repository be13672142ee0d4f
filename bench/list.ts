/**
 * The list of 394 slips, from the click on "Read the letters" to the first rows, in Chromium: release, checkpoint,
 * proof, opening, drawing.
 */
import type { Browser, Page } from "playwright-core";
import { sendSealed } from "../demo/writing/send.ts";
import { launchBrowser } from "../test/support/browser.ts";
import type { StaffedWorld } from "../test/support/staffed.ts";
import { median, rounded, say, type Measure } from "./figure.ts";
import { sealLetters } from "./letters.ts";

const LETTERS = 394;
const VISITS = 5;

export const measure: Measure = async (place, print) => {
  const form = place.forms.contact;
  const inbox = await place.inboxOf(form);
  const received = async (): Promise<number> => {
    const database = await place.attacker();
    const { rows } = await database.query<{ count: string }>("SELECT count(*) FROM submission WHERE inbox = $1", [
      inbox,
    ]);
    await database.end();
    return Number(rows[0]!.count);
  };
  for (const sealed of await sealLetters(place, form, LETTERS - (await received())))
    await sendSealed(place.config.publicOrigin, sealed);
  await place.grant(form, [place.person("case officer")]);
  const browser = await launchBrowser();
  try {
    const times: number[] = [];
    for (let i = 0; i < VISITS; i++) times.push(await clickToRows(browser, place, inbox));
    say(`  ${times.map((ms) => rounded(ms)).join(", ")} ms`);
    print({
      name: `list of ${await received()} slips, click to rows`,
      value: rounded(median(times)),
      unit: "ms",
      slowest: rounded(Math.max(...times)),
      visits: VISITS,
    });
  } finally {
    await browser.close();
  }
};

/** A visit of its own each time: nothing is kept from the one before. */
async function clickToRows(browser: Browser, place: StaffedWorld, inbox: string): Promise<number> {
  const officer = place.person("case officer");
  const passphrase = place.world.people.find((person) => person.email === officer.email)!.passphrase;
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(place.config.staffOrigin);
    await page.getByLabel("E-mail address").fill(officer.email);
    await page.locator("#passphrase").fill(passphrase);
    await page.getByRole("button", { name: "Sign in" }).click();
    const link = `a[href$="${inbox}"]`;
    await page
      .getByRole("link", { name: /^Read the letters/ })
      .first()
      .waitFor();
    return await timed(page, link);
  } finally {
    await context.close();
  }
}

/** Measured inside the page, so that nothing of the tool that drives it is counted. */
const timed = (page: Page, link: string): Promise<number> =>
  page.evaluate(
    (selector) =>
      new Promise<number>((done, fail) => {
        const found = [...document.querySelectorAll<HTMLAnchorElement>(selector)].find((one) =>
          one.textContent?.startsWith("Read the letters"),
        );
        if (!found) return fail(new Error("there is no link to the letters"));
        const started = performance.now();
        const look = (): void => {
          if (document.querySelectorAll("table tbody tr").length === 0) return;
          watch.disconnect();
          requestAnimationFrame(() => done(performance.now() - started));
        };
        setTimeout(
          () => fail(new Error(`no rows came: ${document.querySelector("main")?.innerText.slice(0, 200)}`)),
          60_000,
        );
        const watch = new MutationObserver(look);
        watch.observe(document.body, { childList: true, subtree: true });
        found.click();
      }),
    link,
  );
