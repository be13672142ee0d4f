/**
 * Asking, confirming, reading, ending, and the history of it, as five people meet it in a browser; every screen is
 * looked at by axe.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { fieldsFor } from "../../demo/fit.ts";
import { syntheticLetters } from "../../demo/letters.ts";
import { untilSigned } from "../support/signed-log.ts";
import { letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { thereAre } from "../support/counted.ts";
import { addressOf, goTo, problems, ready, sitDown, textOf, titled } from "../support/staff-desk.ts";

const LETTERS = 27;
const HOSTILE = `<img src=x onerror="document.title='owned'"> </script><script>document.title='owned'</script> zanthoxyl`;

describe("the staff app", () => {
  let place: StaffedWorld;
  let browser: Browser;
  let officers: PreparedPerson[];
  let inboxAddress: string;

  before(async () => {
    place = await staffedWorld();
    browser = await launchBrowser();
    officers = [0, 1, 2, 3].map((nth) => place.person("case officer", nth));
    for (const letter of syntheticLetters()
      .filter((one) => one.to === "complaint")
      .slice(0, LETTERS - 1))
      await place.write(place.forms.complaint, fieldsFor(letter));
    await place.write(place.forms.complaint, letterTo("complaint", HOSTILE));
  });
  after(async () => {
    await browser?.close();
    await place?.stop();
  });

  const choose = async (page: Page, people: readonly PreparedPerson[]): Promise<void> => {
    for (const one of people) await page.getByLabel(one.name, { exact: true }).check();
    await page.getByLabel("Everything received so far and from now on").check();
    await page.getByLabel("Case handling").check();
    await page.getByLabel("Say more about the purpose").fill("They answer the letters of this quarter.");
    await page.getByRole("button", { name: "Send the request" }).click();
  };

  it("lets the operator ask, name by name, and read nothing", async () => {
    const { context, page, complaints } = await sitDown(browser, place, place.person("operator at the host"));
    await look(page, "start of the operator", page.getByRole("link", { name: /^Ask for access to Complain/ }));
    assert.equal(await page.getByRole("link", { name: /^Read the letters/ }).count(), 0);
    assert.equal(await page.getByRole("link", { name: "Log" }).count(), 0);
    inboxAddress = (await addressOf(page, /^Who can read this Complain/)).replace("access", "inbox");
    await goTo(page, /^Ask for access to Complain/);
    await page.getByRole("button", { name: "Send the request" }).click();
    assert.deepEqual(await problems(page), [
      "Select at least one person",
      "Select what they should be able to read",
      "Select what it is for",
      "Enter what it is for in your own words",
    ]);
    await titled(page, /^Error: /);
    await look(page, "ask with errors", "Select at least one person");
    const suggested = await page.getByLabel("Year").inputValue();
    await page.getByLabel("Year").fill("2020");
    await page.getByRole("button", { name: "Send the request" }).click();
    assert.ok((await problems(page)).includes("The date when the grant ends must be in the future"));
    await page.getByLabel("Year").fill(suggested);
    assert.ok(await page.getByLabel("Imogen Farrar").isDisabled());
    assert.match(await textOf(page), /Not to be confused with Joanne Marsden/);
    await choose(page, officers);
    await page.locator(".govuk-notification-banner--success").waitFor();
    await ready(page);
    await look(page, "access for the operator", page.locator(".govuk-notification-banner--success"));
    assert.match(await textOf(page), /The public\s+No one/);
    assert.match(await textOf(page), /The host\s+No one/);
    await page.goto(place.world.staffOrigin + inboxAddress);
    await ready(page);
    assert.match(await textOf(page), /Your role does not allow this/);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  // Shows an owner exactly who would read what until when, and gives the key on confirmation only.
  it("shows an owner who would read what until when, and gives the key on confirmation only", async () => {
    await untilSigned(place.world);
    const { context, page, complaints } = await sitDown(browser, place, place.person("owner", 0, "harrowmere"));
    assert.match(await textOf(page), /1 request waits for you/);
    await look(page, "start of an owner", /1 request waits for you/);
    await goTo(page, "Look at the request");
    await look(page, "requests", page.getByRole("link", { name: /^Look at the request for/ }));
    await goTo(page, /^Look at the request for/);
    await look(page, "preview", page.getByRole("button", { name: "Confirm: let 4 people read" }));
    const preview = await textOf(page);
    for (const one of officers) assert.ok(preview.includes(one.name) && preview.includes(one.email), one.name);
    for (const words of [
      /Let 4 people read this form\?/,
      new RegExp(`${LETTERS} letters`),
      /The public\s+No one/,
      /The host\s+No one/,
      /Everyone who can read afterwards: 6 people/,
      /They answer the letters of this quarter/,
    ])
      assert.match(preview, words);
    const namesakes = await page.locator(".pb-side-by-side").innerText();
    assert.match(namesakes, /Joanna Marsden[\s\S]*Would be let in[\s\S]*Joanne Marsden[\s\S]*Not in this request/);
    await page.getByRole("button", { name: "Confirm: let 4 people read" }).click();
    await page.locator(".govuk-notification-banner--success").waitFor();
    await ready(page);
    await look(page, "access after confirmation", page.locator(".govuk-notification-banner--success"));
    assert.match(await textOf(page), /Named people\s+6 people/);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("opens list and letter for an officer, as text, each reading an entry in the log", async () => {
    const { context, page, complaints } = await sitDown(browser, place, officers[0]!);
    await goTo(page, /^Read the letters/);
    assert.match(await textOf(page), new RegExp(`${LETTERS} letters loaded at .* as entry \\d+ in the log`));
    assert.match(await textOf(page), new RegExp(`Showing 1 to 25 of ${LETTERS} letters`));
    await look(page, "list", `Showing 1 to 25 of ${LETTERS} letters`);
    await page.getByRole("button", { name: "Page 2" }).click();
    await thereAre(LETTERS - 25, page.locator("tbody tr"));
    await page.getByRole("button", { name: /^What is your full name/ }).click();
    await thereAre(1, page.locator("th[aria-sort=ascending]"));
    await page.getByLabel("Words on the slip or reference").fill("no slip says this");
    await page.getByRole("button", { name: "Filter" }).click();
    assert.match(await textOf(page), /No letter fits the filter/);
    await look(page, "list with a filter", /No letter fits the filter/);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("button", { name: /^Received/ }).click();
    await page.getByRole("button", { name: /^Received/ }).click();
    await page.locator("tbody a").first().click();
    await ready(page);
    const letter = await textOf(page);
    assert.ok(
      letter.includes("zanthoxyl") && letter.includes("<img src=x"),
      "the hostile letter is shown as it was written",
    );
    assert.match(letter, /This opening is in the log as entry \d+/);
    assert.match(letter, /How to reach them/);
    // By its reference, and by nothing that was written.
    await titled(page, /^Letter PB-[0-9A-Z-]{12} – Pillarbox staff$/);
    assert.equal(await page.locator("main img, main script").count(), 0);
    await look(page, "letter", /This opening is in the log as entry/);
    await goTo(page, /^Next letter/);
    await goTo(page, /^Previous letter/);
    await goTo(page, "All letters");
    assert.match(await textOf(page), /loaded at/);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("refuses the colleague without a grant and the auditor, and says what to do", async () => {
    for (const part of ["colleague without a grant", "auditor"]) {
      const { context, page } = await sitDown(browser, place, place.person(part), inboxAddress);
      assert.match(await textOf(page), /You have no grant to read this form/);
      await look(page, `${part} at the list`, /You have no grant to read this form/);
      await context.close();
    }
  });

  it("refuses an owner of another body", async () => {
    const { context, page } = await sitDown(browser, place, place.person("owner", 0, "eastvale"), inboxAddress);
    assert.match(await textOf(page), /There is nothing at this address/);
    await context.close();
  });

  it("ends one officer's grant: the form gets a new key and the leaver nothing more", async () => {
    const { context, page } = await sitDown(browser, place, place.person("deputy owner", 0, "harrowmere"));
    await goTo(page, /^Who can read this Complain/);
    await goTo(page, "End the grant of Joanna Marsden");
    await page.getByRole("button", { name: "End the grant now" }).click();
    assert.deepEqual(await problems(page), ["Select why the grant ends"]);
    await look(page, "end with an error", "Select why the grant ends");
    await page.getByLabel("They left").check();
    await page.getByRole("button", { name: "End the grant now" }).click();
    await page.locator(".govuk-notification-banner--success").waitFor();
    await ready(page);
    assert.match(await textOf(page), /Named people\s+5 people/);
    await goTo(page, "People");
    await goTo(page, /^Let out Joanna Marsden$/);
    await page.getByRole("button", { name: "Let them out now" }).click();
    const [missing] = await problems(page);
    await look(page, "let out with an error", missing!);
    await page.evaluate(() => {
      history.pushState(null, "", "/people/nobody");
      dispatchEvent(new PopStateEvent("popstate"));
    });
    await look(page, "nothing at this address", "There is nothing at this address");
    await context.close();
    const leaver = await sitDown(browser, place, officers[0]!, inboxAddress);
    assert.match(await textOf(leaver.page), /You have no grant to read this form/);
    await leaver.context.close();
    await place.write(place.forms.complaint, letterTo("complaint"));
    const staying = await sitDown(browser, place, officers[1]!, inboxAddress);
    assert.match(await textOf(staying.page), new RegExp(`${LETTERS + 1} letters loaded`));
    assert.equal(await staying.page.getByText("Not opened").count(), 0);
    await staying.context.close();
  });

  it("tells an auditor who asked, who confirmed, what was released to whom", async () => {
    await untilSigned(place.world);
    const { context, page, complaints } = await sitDown(browser, place, place.person("auditor"), "/log");
    const history = await textOf(page);
    assert.match(history, /entries, signature checked in this browser/);
    for (const words of [
      /Access was asked for 4 people by Gareth Olorunfemi/,
      /4 people were let in by Imogen Farrar/,
      new RegExp(`A list of ${LETTERS} letters was released to Joanna Marsden`),
      /A letter was opened by Joanna Marsden/,
      /A grant was ended by Farhan Qadir/,
      /A form got a new key by Farhan Qadir/,
      /Reading was refused to Joanne Marsden/,
    ])
      assert.match(history, words);
    assert.ok(!history.includes("zanthoxyl"));
    await look(page, "log", /A form got a new key/);
    await page.getByLabel("Show").selectOption("access");
    await page.getByRole("button", { name: "Filter" }).click();
    await ready(page);
    assert.ok(!/letter was opened/.test(await textOf(page)));
    await goTo(page, "People");
    await look(page, "people", page.getByText("Confirmed", { exact: true }).first());
    await thereAre(8, page.getByText("Confirmed", { exact: true }));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("lets an owner decline with a reason that the asker sees", async () => {
    const asker = await sitDown(browser, place, place.person("operator at the host"));
    await goTo(asker.page, /^Ask for access to Contact/);
    await choose(asker.page, [place.person("colleague without a grant")]);
    await asker.page.locator(".govuk-notification-banner--success").waitFor();
    const owner = await sitDown(browser, place, place.person("owner", 0, "harrowmere"), "/requests");
    await goTo(owner.page, /^Look at the request for Joanne Marsden$/);
    await owner.page.getByRole("button", { name: "Decline" }).click();
    await owner.page.getByRole("button", { name: "Decline the request" }).click();
    assert.deepEqual(await problems(owner.page), ["Enter why you decline"]);
    await owner.page.getByLabel("Why do you decline?").fill("The wrong Marsden.");
    await owner.page.getByRole("button", { name: "Decline the request" }).click();
    await owner.page.locator(".govuk-notification-banner--success").waitFor();
    await owner.context.close();
    await goTo(asker.page, "Requests");
    await goTo(asker.page, /^Look at the request for Joanne Marsden$/);
    await look(asker.page, "declined request", /The wrong Marsden/);
    assert.match(await textOf(asker.page), /Declined[\s\S]*Imogen Farrar[\s\S]*The wrong Marsden/);
    await asker.context.close();
  });
});
