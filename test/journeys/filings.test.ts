/**
 * From the regulator's questions to the pack, as an owner meets them in a browser; every screen is looked at by axe,
 * and the report on paper.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { act, openIncident } from "../../demo/by-id.ts";
import type { Browser, Page } from "playwright-core";
import { verifyPack } from "../../src/cli/verify-pack.ts";
import { fromUtf8 } from "../../src/domain/bytes.ts";
import { HOUR } from "../../src/domain/incident/clock.ts";
import { REPORT_FIELDS, type ReportField } from "../../src/domain/incident/report-fields.ts";
import { parseReport } from "../../src/domain/incident/report.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { BODY, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look, type Shown } from "../support/axe.ts";
import { goTo, problems, ready, sitDown, textOf, type Desk } from "../support/staff-desk.ts";

/** Where pictures go, for a person to look at; nowhere unless asked for. */
const PICTURES = process.env["PILLARBOX_PICTURES"];

describe("the documents of an incident", () => {
  let place: StaffedWorld;
  let browser: Browser;
  let desk: Desk;
  let page: Page;
  let owner: Visit;
  let one: string;

  before(async () => {
    place = await staffedWorld();
    browser = await launchBrowser();
    owner = await place.visit(place.person("owner", 0, BODY));
    one = await openIncident(
      owner,
      { kind: "incident.opened", what: "wrong-person", source: "none" },
      { summary: "Two colleagues have nearly the same name. The one without the task was let in." },
    );
    await act(owner, one, {
      kind: "incident.aware",
      party: "controller",
      awareAt: Date.now() - 80 * HOUR,
      basis: "staff",
    });
    await act(
      owner,
      one,
      {
        kind: "incident.window",
        earliest: Date.now() - 300 * HOUR,
        earliestBasis: "log",
        latest: Date.now() - 300 * HOUR,
        latestBasis: "log",
        end: Date.now() - 79 * HOUR,
        endBasis: "log",
      },
      { why: "From the signed statements." },
    );
    await act(
      owner,
      one,
      { kind: "incident.decided", about: "people", choice: "no", reason: "not-high-risk" },
      { why: "A colleague under the same duty of confidence saw one list." },
    );
    desk = await sitDown(browser, place, place.person("owner", 0, BODY), `/incidents/${one}`);
    ({ page } = desk);
    await desk.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: place.world.staffOrigin });
  });
  after(async () => {
    await browser?.close();
    await place?.stop();
  });

  const see = async (name: string, shown: Shown): Promise<void> => {
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true });
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: `${PICTURES}/${name}-${width}.png`, fullPage: true });
      }
    }
    await look(page, name, shown);
  };
  /** @param says what the next screen says was done; where it is left out, that something is wrong */
  const press = async (name: string | RegExp, says?: string): Promise<void> => {
    await page.getByRole("button", { name }).click();
    await page
      .locator(
        says === undefined ? ".govuk-error-summary" : ".govuk-notification-banner--success",
        says === undefined ? {} : { hasText: says },
      )
      .waitFor();
    await ready(page);
  };
  const block = (id: string) => page.locator(`#field-${id}`);

  // The report names what it lacks and why it must say that it is late; each answer is saved by itself and can be
  // copied.
  it("the report names what it lacks, and each answer is saved by itself and can be copied", async () => {
    await goTo(page, "Report");
    assert.match(await textOf(page), /The 72 hours are over[\s\S]*The first report still lacks \d+ answers/);
    assert.match(
      await block("categories").innerText(),
      /Basic personal identifiers[\s\S]*From the questions of the forms/,
      "categories come from the forms",
    );
    await see("report", /The 72 hours are over/);
    const makes = page.getByRole("button", { name: "Make version 1" });
    await makes.click();
    assert.equal(await page.getByRole("link", { name: /Version 1/ }).count(), 0, "not without the reasons");
    await block("what")
      .getByRole("button", { name: /^Answer/ })
      .click();
    await block("what").getByRole("button", { name: "Save" }).click();
    await block("what").getByText("Write an answer").first().waitFor();
    await block("what").getByLabel("Your answer").fill("A colleague without the task was let in for nine days.");
    await block("what").getByRole("button", { name: "Save" }).click();
    await block("what").getByRole("button", { name: /^Copy/ }).click();
    await page.getByText("Copied").waitFor();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      "A colleague without the task was let in for nine days.",
    );
    await block("training")
      .getByRole("button", { name: /^Answer/ })
      .click();
    await see("report-editing", block("training").getByLabel("No", { exact: true }));
    await block("training").getByLabel("No", { exact: true }).check();
    await block("training").getByRole("button", { name: "Save" }).click();
    await block("training")
      .getByRole("button", { name: /^Change/ })
      .waitFor();
  });

  it("a version is a document to read, print and keep, and marking it as sent stops the clock", async () => {
    for (const { id, kind, codes, from } of REPORT_FIELDS as readonly ReportField[]) {
      if (
        from === "incident" ||
        id === "what" ||
        id === "training" ||
        (from === "suggested" && !["people", "records"].includes(id))
      )
        continue;
      await owner.api.typeAnswer(
        BODY,
        one,
        id,
        kind === "words"
          ? {
              kind,
              words: `What an officer wrote about “${id}”, in a sentence or two that says what is known and what is not.`,
            }
          : kind === "count"
            ? { kind, count: 6, how: "exact" }
            : kind === "choice"
              ? { kind, code: Object.keys(codes!)[0]! }
              : { kind, codes: [Object.keys(codes!)[0]!] },
      );
    }
    desk = await sitDown(browser, place, place.person("owner", 0, BODY), `/incidents/${one}/report`);
    ({ page } = desk);
    assert.match(await textOf(page), /Nothing is missing for the first report/);
    await press("Make version 1", "Version 1 was made");
    assert.match(await textOf(page), /Version|First report to the Information Commission/);
    await see("report-version", page.getByRole("button", { name: "Mark as sent" }));
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".pb-subnav").isVisible(), false);
    assert.equal(await page.getByRole("button", { name: "Mark as sent" }).isVisible(), false);
    if (PICTURES) {
      await page.pdf({ path: `${PICTURES}/report.pdf`, format: "A4" });
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.screenshot({ path: `${PICTURES}/report-print.png`, fullPage: true });
    }
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize({ width: 1280, height: 900 });
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as JSON" }).click();
    const report = parseReport(new Uint8Array(readFileSync(await (await saved).path())));
    assert.deepEqual([report.phase, report.version, report.missing], ["initial", 1, []]);
    await page.getByLabel("The regulator’s case reference").fill("IC-000000-A0A0");
    await press("Mark as sent", "It was recorded that the report was sent.");
    assert.match(await textOf(page), /Marked as sent on .* case reference IC-000000-A0A0/);
    await goTo(page, "Overview");
    assert.match(await textOf(page), /The regulator was told, .* after the 72 hours/);
  });

  it("an enquiry from the press is loud once overdue, and not answered without its answer", async () => {
    await goTo(page, "What followed");
    await see("followed-empty", page.getByRole("link", { name: "Add an enquiry from the press" }));
    await goTo(page, "Add an enquiry from the press");
    await press("Record");
    assert.deepEqual(await problems(page), [
      "Enter a day for “Their deadline”: without one it would be forgotten",
      "Fill in “Who asks”",
      "Fill in “What they ask”",
      "Fill in “Who answers”",
    ]);
    await see("followed-errors", "Fill in “Who asks”");
    await page.getByLabel("Who asks").fill("The Harrowmere Herald");
    await page.getByLabel("What they ask").fill("How many people were affected?");
    await page.getByLabel("Who answers").fill("Press office");
    const due = page.getByRole("group", { name: "Their deadline" });
    for (const [part, value] of [
      ["Day", "1"],
      ["Month", "2"],
      ["Year", "2024"],
    ] as const)
      await due.getByLabel(part).fill(value);
    await page.locator("#due-time").fill("12:00");
    await press("Record", "It was recorded.");
    assert.match(await textOf(page), /1 thing is overdue: an enquiry from the press/);
    await see("followed", /1 thing is overdue: an enquiry from the press/);
  });

  it("a notice is drafted, published by the owner, and withdrawn", async () => {
    await goTo(page, "Public notice");
    await page.getByLabel("Title").fill("A list of letters could be seen by one colleague too many");
    await page
      .getByLabel("Text")
      .fill(
        "For nine days one colleague too many could see the list.\n\nIf you wrote to us in that time, you can ask us about it.",
      );
    await see("notice-draft", page.getByRole("button", { name: "Publish under this body’s name" }));
    await press("Publish under this body’s name", "The notice is public now.");
    await see("notice-published", page.getByRole("link", { name: /See it as the public does/ }));
    const address = (await page.getByRole("link", { name: /See it as the public does/ }).getAttribute("href"))!;
    const stranger = await browser.newPage();
    await stranger.goto(address);
    assert.match(await stranger.locator("main").innerText(), /For nine days one colleague too many/);
    await look(stranger, "public notice", /For nine days one colleague too many/);
    if (PICTURES)
      for (const width of [1280, 390]) {
        await stranger.setViewportSize({ width, height: 900 });
        await stranger.screenshot({ path: `${PICTURES}/public-notice-${width}.png`, fullPage: true });
      }
    await press(/^Withdraw/, "The notice was withdrawn.");
    assert.equal((await stranger.goto(address))!.status(), 404);
    await stranger.close();
  });

  it("a pack is made, checked here, saved, and holds for whoever has the key of the log", async () => {
    await goTo(page, "Evidence pack");
    await press("Make a pack", "The pack was made");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: /^Check and save/ }).click();
    const file = new Uint8Array(readFileSync(await (await saved).path()));
    await page.getByText("It was checked in this browser").waitFor();
    await see("pack", "It was checked in this browser");
    const found = await verifyPack({
      bytes: file,
      key: parseVerifierKey(place.config.logKey),
      root: [BODY, place.config.roots.get(BODY)!],
    });
    assert.deepEqual(found.findings, []);
    assert.match(fromUtf8(file), /incident\.reported|content/);
  });

  it("the register has the incident with its figures, as a page and as a file", async () => {
    await goTo(page, "Incidents");
    await goTo(page, /^Register of breaches/);
    assert.match(
      await textOf(page),
      /The wrong person was let in[\s\S]*A colleague without the task was let in for nine days/,
    );
    await see("register", page.getByRole("button", { name: "Save as CSV" }));
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as CSV" }).click();
    const csv = readFileSync(await (await saved).path(), "utf8");
    assert.ok(csv.startsWith('\ufeff"Incident"') && csv.includes("A colleague without the task"));
    assert.deepEqual(desk.complaints, []);
  });
});
