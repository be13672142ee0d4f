/**
 * The wrong namesake, from the confirmation to the decisions, as owner and auditor meet it in a browser; every screen
 * is looked at by axe.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { list } from "../../demo/by-id.ts";
import type { Browser, Page } from "playwright-core";
import { fieldsFor } from "../../demo/fit.ts";
import { syntheticLetters } from "../../demo/letters.ts";
import { dayWords } from "../../src/domain/time.ts";
import { BODY, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look, type Shown } from "../support/axe.ts";
import { thereAre } from "../support/counted.ts";
import { untilSigned } from "../support/signed-log.ts";
import { heldBack, pressWhile } from "../support/press.ts";
import {
  emptyDesk,
  fillSignIn,
  goTo,
  passphraseOf,
  problems,
  ready,
  sitDown,
  textOf,
  type Desk,
} from "../support/staff-desk.ts";

const LETTERS = 6;
/** Where pictures go, for a person to look at; nowhere unless asked for. */
const PICTURES = process.env["PILLARBOX_PICTURES"];

describe("an incident", () => {
  let place: StaffedWorld;
  let browser: Browser;
  let owner: Desk;
  let grant: string;
  let incident: string;

  before(async () => {
    place = await staffedWorld();
    browser = await launchBrowser();
    for (const letter of syntheticLetters()
      .filter((one) => one.to === "complaint")
      .slice(0, LETTERS))
      await place.write(place.forms.complaint, fieldsFor(letter));
    const joanne = place.person("colleague without a grant");
    grant = await place.grant(place.forms.complaint, [joanne]);
    await list(await place.visit(joanne), BODY, await place.inboxOf(place.forms.complaint));
  });
  after(async () => {
    await browser?.close();
    await place?.stop();
  });

  const see = async (page: Page, name: string, shown: Shown): Promise<void> => {
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true });
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: `${PICTURES}/${name}-${width}.png`, fullPage: true });
      }
    }
    await look(page, name, shown);
  };
  const press = async (page: Page, name: string): Promise<void> => {
    await page.getByRole("button", { name }).click();
    await page.locator(".govuk-notification-banner--success, .govuk-error-summary, .pb-failed").first().waitFor();
    await ready(page);
  };

  // Begins where the mistake is mended: the grant of the wrong namesake ends, and the window is known from the
  // statements.
  it("begins where the mistake is mended: the grant ends, and the window is known", async () => {
    owner = await sitDown(browser, place, place.person("owner", 0, BODY));
    const { page } = owner;
    const inbox = await place.inboxOf(place.forms.complaint);
    await page.evaluate(([path]) => window.history.pushState(null, "", path), [`/access/${inbox}`] as const);
    await page.evaluate(() => window.dispatchEvent(new PopStateEvent("popstate")));
    await ready(page);
    await goTo(page, /^End the grant of Joanne Marsden/);
    await page.getByLabel("It was granted by mistake").check();
    await page.getByRole("button", { name: "End the grant now" }).click();
    await page.getByRole("heading", { name: "Open an incident" }).waitFor();
    await ready(page);
    assert.match(
      await textOf(page),
      /Joanne Marsden was let in on .* and out on .*, as the signed statements say\. These times will be recorded as the window/,
    );
    assert.ok(new URL(page.url()).pathname.includes(grant));
    assert.ok(await page.getByLabel("The wrong person was let in").isChecked());
    await page.getByRole("button", { name: "Open the incident" }).click();
    assert.deepEqual(await problems(page), ["Enter in a few words what happened", "Select whether this body is aware"]);
    await see(page, "new-incident-errors", "Enter in a few words what happened");
    await page
      .getByLabel("In a few words")
      .fill("Two colleagues have nearly the same name. The one without the task was let in.");
    await page.getByLabel("Yes, since").check();
    await page.getByLabel("A colleague noticed").check();
    await see(page, "new-incident", page.getByRole("button", { name: "Open the incident" }));
    await page.getByRole("button", { name: "Open the incident" }).click();
    await page.waitForURL(/\/incidents\/[0-9a-f]{32}$/);
    await ready(page);
    incident = new URL(page.url()).pathname;
    await page.locator(".pb-clocks").waitFor();
    assert.match(
      await page.locator(".pb-clocks").innerText(),
      /71 hours \d+ minutes left to tell the regulator, until/,
    );
    await see(page, "incident-overview", page.locator(".pb-clocks"));
  });

  it("keeps the clock on every page, whatever is recorded later", async () => {
    const { page } = owner;
    await goTo(page, "Awareness");
    const due = async () => /Due\s+(.*)/.exec(await textOf(page))?.[1];
    const before = await due();
    await page.getByLabel("The host", { exact: true }).check();
    assert.equal(await page.getByLabel("The host told us").count(), 0, "the host is not told by itself");
    await page.getByLabel("This body", { exact: true }).check();
    await page.getByLabel("The host told us").check();
    await press(page, "Record awareness");
    await page.getByText("What was recorded").waitFor();
    assert.equal(await due(), before, "a later record changes the story, never the clock");
    await thereAre(2, page.locator("dt", { hasText: "Since, as they say" }));
    await see(page, "awareness", "What was recorded");
    for (const link of ["Start", "People", "Log"]) {
      await goTo(page, link);
      await page.locator(".pb-clocks").getByText("left to tell the regulator").waitFor();
    }
    await page
      .locator(".pb-clocks")
      .getByRole("link", { name: /^Incident IN-/ })
      .click();
    await ready(page);
    assert.equal(new URL(page.url()).pathname, incident);
  });

  // It pushes the page down as an alarm does: shown between press and release, it would take the click away.
  it("its clock takes no press away from somebody who presses while it comes", async () => {
    const { context, page } = await emptyDesk(browser);
    const come = await heldBack(page, "**/incidents/*/report");
    await page.goto(place.world.staffOrigin);
    const { email } = place.person("owner", 0, BODY);
    await fillSignIn(page, email, passphraseOf(place, place.person("owner", 0, BODY)));
    const link = page.getByRole("link", { name: /^Who can read this/ }).first();
    await link.waitFor();
    await ready(page);
    await pressWhile(link, come, page.locator(".pb-clocks"));
    await page.waitForURL(/\/access\//);
    await page.locator(".pb-clocks").waitFor();
    await context.close();
  });

  // Records window, severity and both decisions, each with its reason, by keyboard where it matters.
  it("records window, severity and both decisions, each with its reason, by keyboard", async () => {
    const { page } = owner;
    await goTo(page, "Window");
    assert.match(await textOf(page), /The log of Pillarbox: The grant was confirmed then\./);
    await page.locator("#end-day, #end").first().fill("31");
    await page.locator("#end-month").fill("2");
    await press(page, "Record the window");
    assert.deepEqual(await problems(page), ["When did it end? Enter a day and a time that exist"]);
    await see(page, "window", /Enter a day and a time that exist/);
    await goTo(page, "Severity");
    await page.getByLabel("Sensitive data").check();
    assert.ok(await page.locator("#dpc-4").isChecked());
    await page.getByLabel("Maximum (1)").check();
    await page.getByLabel("Known recipients (0.25)").check();
    await page.getByLabel("Nothing was changed (0)").check();
    await page.getByLabel("Nothing was lost (0)").check();
    await page.getByLabel("A mistake (0)").check();
    assert.match(await textOf(page), /As chosen: Very high \(4\.25\) = 4 × 1 \+ 0\.25/);
    await press(page, "Record the severity");
    await see(page, "severity", page.locator(".govuk-notification-banner--success"));
    await goTo(page, "Decisions");
    await page.getByRole("button", { name: "Record the decision" }).first().click();
    assert.deepEqual(await problems(page), ["Select yes or no", "Enter the reason in words"]);
    await page.locator(".govuk-error-summary:focus").waitFor();
    // By keyboard alone.
    await page.locator("#regulator-choice").focus();
    await page.keyboard.press("Space");
    await page.locator("#regulator-reason").focus();
    await page.keyboard.press("Space");
    await page.locator("#regulator-why").fill("One person saw what they should not have seen.");
    await page.locator("#regulator-why").press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".govuk-notification-banner--success").waitFor();
    await ready(page);
    await page.locator("#people-choice-2").check();
    await page.getByLabel("What was done since makes a high risk no longer likely").check();
    await page.locator("#people-why").fill("The colleague is bound to secrecy and read nothing.");
    await page.getByRole("button", { name: "Record the decision" }).nth(1).click();
    await page.locator(".govuk-notification-banner--success").waitFor();
    await ready(page);
    await see(page, "decisions", page.locator(".govuk-notification-banner--success"));
  });

  // Works out from the log who could be reached and who looked, loads names for that alone, and seals the list.
  it("works out from the log who could be reached and who looked, and seals the list", async () => {
    const { page } = owner;
    await goTo(page, "Affected");
    assert.ok(await page.getByLabel("Those whose key Joanne Marsden was given").isChecked());
    await page.getByRole("button", { name: "Work out who could be reached" }).click();
    await page.locator("#reached").waitFor();
    await ready(page);
    let text = await textOf(page);
    assert.match(text, new RegExp(`Letters that could be reached\\s+${LETTERS}\\b`));
    assert.match(text, /Letters were released 1 time in this time\. The records cover the time from .* to /);
    assert.match(text, /Joanne Marsden\s+(?:Role\s+)?Case officer/);
    assert.match(text, /Who was ever given their key\s+.*Joanne Marsden/);
    assert.match(text, /documents, which nobody has made yet/);
    await see(page, "affected-reach", page.locator("#reached"));
    await goTo(page, "Documents");
    await page.getByRole("button", { name: "Make the documents" }).click();
    await page.locator(".govuk-notification-banner--success").waitFor();
    await ready(page);
    await page.getByLabel("Add a note").fill("Marlowe Penhaligon rang and is worried.");
    await page.getByRole("button", { name: "Seal the note" }).click();
    await page.getByText("The note was sealed to the incident.").waitFor();
    await ready(page);
    assert.doesNotMatch(await textOf(page), /Penhaligon/);
    await page.getByRole("button", { name: /^Open the note/ }).click();
    await page.getByText("Marlowe Penhaligon rang").waitFor();
    await see(page, "documents", "Marlowe Penhaligon rang");
    await goTo(page, "Affected");
    await page.getByRole("button", { name: "Work out who could be reached" }).click();
    await page.getByRole("button", { name: `Load ${LETTERS} letters` }).click();
    const seal = page.getByRole("button", { name: /^Seal the list of/ });
    await seal.waitFor();
    await see(page, "affected-names", seal);
    await seal.click();
    await page.locator(".govuk-notification-banner--success").waitFor();
    await ready(page);
    await page.getByRole("button", { name: "Open the list" }).click();
    await page.locator("caption", { hasText: "Affected:" }).waitFor();
    text = await textOf(page);
    assert.match(text, /This opening is in the log/);
    assert.ok(text.includes("@"), "somebody can be reached by email");
    await see(page, "affected-list", page.locator("caption", { hasText: "Affected:" }));
    await untilSigned(place.world);
    await goTo(page, "Log");
    assert.match(
      await textOf(page),
      new RegExp(`${LETTERS} letters were released, to find out who is affected by an incident`),
    );
    await goTo(page, "Incidents");
    await page.getByRole("link", { name: /^IN-/ }).click();
    await ready(page);
  });

  it("moves on only when nothing is lacking, and its history names everybody", async () => {
    const { page } = owner;
    await page.getByLabel(/^Not a breach/).check();
    await page.getByRole("button", { name: "Move on" }).click();
    assert.deepEqual(await problems(page), ["Say why."]);
    await page.getByLabel(/^Contained/).check();
    const from = Date.now();
    await press(page, "Move on");
    assert.match(await textOf(page), /State\s+Contained/i);
    await goTo(page, "History");
    const text = await textOf(page);
    assert.match(text, /The work on an incident moved on\s+by Imogen Farrar, Owner/);
    // The day that it is, also where midnight comes in between.
    const dayOf = (at: number): string => dayWords(at, "Europe/London").split(" ").slice(0, 2).join(" ");
    assert.ok(
      [from, Date.now()].some((at) => text.includes(dayOf(at))),
      text,
    );
    await see(page, "incident-history", /The work on an incident moved on/);
    await goTo(page, "Incidents");
    await see(page, "incidents", page.getByRole("link", { name: /^IN-/ }));
    assert.deepEqual(owner.complaints, []);
  });

  it("is seen by the auditor, and by no reader and no operator", async () => {
    const auditor = await sitDown(browser, place, place.person("auditor"), incident);
    assert.match(await textOf(auditor.page), /The wrong person was let in/);
    await auditor.page.locator(".pb-clocks").waitFor();
    await auditor.context.close();
    for (const part of ["case officer", "operator at the host"]) {
      const other = await sitDown(browser, place, place.person(part), incident);
      assert.match(await textOf(other.page), /Your role does not allow this/);
      assert.equal(
        await other.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Incidents" }).count(),
        0,
      );
      assert.equal(await other.page.locator(".pb-clocks").count(), 0);
      await other.context.close();
    }
  });
});
