/**
 * A letter is handled from its list to its end: an officer takes it, writes a note, is locked out in the middle, closes
 * it; a colleague who is slower is told by whom; and whoever wrote reads where it stands, with script and without.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { fillForm, launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { fillSignIn, passphraseOf, ready, sitDown, type Desk } from "../support/staff-desk.ts";
import { untilSigned } from "../support/signed-log.ts";
import { thereAre } from "../support/counted.ts";
import { markerWord, recorder, tablesWith } from "../support/traces.ts";

let t: StaffedWorld;
let browser: Browser;

before(async () => {
  t = await staffedWorld({ also: ["counter"] });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await t?.stop();
});

type Kept = { readonly reference: string; readonly words: readonly string[] };

async function comeBack(page: Page, { words }: Kept): Promise<string> {
  await page.goto(`${t.config.publicOrigin}/status`);
  await page.getByLabel("Your twelve receipt words").fill(words.join(" "));
  await page.getByRole("button", { name: "See what happened" }).click();
  await page.getByRole("heading", { name: "Where it stands" }).waitFor();
  return page.locator("main").innerText();
}

/** An officer with the list open, and the letter out of it. */
async function openLetter({ reference }: Kept, nth: number): Promise<Desk> {
  const desk = await sitDown(browser, t, t.person("case officer", nth), `/inbox/${await t.inboxOf(t.forms.contact)}`);
  await desk.page.getByRole("link", { name: reference }).first().click();
  await handled(desk.page);
  return desk;
}

/** Until a letter is open and can be handled. */
const handled = (page: Page): Promise<void> => page.getByRole("heading", { name: "Handle this letter" }).waitFor();
const view = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Views" }).getByRole("button", { name });
const references = (page: Page): Promise<string[]> => page.locator("tbody .pb-reference").allInnerTexts();

test("the desk", async (journey) => {
  const contact = t.forms.contact;
  const [note, kept] = [markerWord(), `She rang. ${markerWord()}`];
  let mine: Kept;
  let slower: Desk;

  await journey.test("somebody writes, and reads that nobody has taken it in hand yet", async () => {
    await t.grant(contact, [t.person("case officer"), t.person("case officer", 1)]);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${t.config.publicOrigin}/forms/${contact.id}`);
    await fillForm(page, contact, markerWord());
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.locator(".pb-words").waitFor();
    mine = {
      reference: /PB-[0-9A-Z-]{12}/.exec(await page.locator(".govuk-panel").innerText())![0],
      words: await page.locator(".pb-words li").allInnerTexts(),
    };
    const told = await comeBack(page, mine);
    assert.match(told, /Received\. Nobody at .* has taken it in hand yet/);
    assert.match(told, /An answer is due by \d+ \w+ \d{4}\./);
    await context.close();
  });

  await journey.test("an officer finds it under New, takes it, and a lock takes no note away", async () => {
    slower = await openLetter(mine, 1);
    const { page, context } = await openLetter(mine, 0);
    const sent = recorder(context);
    const officer = t.person("case officer");
    await page.getByRole("button", { name: "Take it" }).click();
    await page.getByText("You have this letter now.").waitFor();
    await handled(page);
    await page.getByRole("heading", { name: `Taken by ${officer.name}, case officer` }).waitFor();
    await page.getByRole("button", { name: "Keep this note" }).click();
    await page.getByRole("link", { name: "Write your note" }).waitFor();
    await page.getByLabel("Write a note").fill(`${kept} ${note}`);
    await page.waitForFunction(() => Object.keys(sessionStorage).some((name) => name.startsWith("pillarbox-drafts/")));
    await page.reload();
    await fillSignIn(page, officer.email, passphraseOf(t, officer));
    await handled(page);
    await ready(page);
    assert.equal(await page.getByLabel("Write a note").inputValue(), `${kept} ${note}`);
    await page.getByRole("button", { name: "Keep this note" }).click();
    await page.getByText("Your note about this letter was kept, sealed.").waitFor();
    await handled(page);
    await page.getByText(`${kept} ${note}`).waitFor();
    assert.equal(await page.getByLabel("Write a note").inputValue(), "");
    await page.getByText("Give it to somebody else").click();
    await page.getByText("Close this letter").first().click();
    await look(page, "a letter in hand", page.getByRole("heading", { name: "History" }));
    assert.deepEqual(sent.find([note]), [], "no word of it leaves the browser readable");
    const db = await t.attacker();
    assert.deepEqual((await tablesWith(db, [note])).found, []);
    await db.end();
    await context.close();
  });

  await journey.test("a slower colleague is told by whom, and what they typed is there", async () => {
    const { page, context } = slower;
    const { name } = t.person("case officer");
    await page.getByLabel("Write a note").fill("I wrote this, too.");
    await page.getByRole("button", { name: "Keep this note" }).click();
    await page.getByText(`${name} wrote a note about this letter while you were writing.`).waitFor();
    await handled(page);
    assert.equal(await page.getByLabel("Write a note").inputValue(), "I wrote this, too.");
    await page.getByRole("button", { name: "Keep this note" }).click();
    await page.getByText("Your note about this letter was kept, sealed.").waitFor();
    await handled(page);
    await page.getByText("Give it to somebody else").click();
    await page.getByRole("button", { name: "Give it to them" }).click();
    await page.getByRole("link", { name: "Select who is to have it" }).waitFor();
    await page.getByText("Close this letter").first().click();
    await page.getByLabel("Upheld in part").check();
    await page.getByRole("button", { name: "Close this letter" }).click();
    await page.getByText("You closed this letter: upheld in part.").waitFor();
    await page.getByRole("button", { name: "Open it again" }).waitFor();
    assert.deepEqual(await page.getByRole("button", { name: "Take it" }).count(), 0);
    await look(page, "a closed letter", page.getByText("Closed: Upheld in part"));
    // Back in the list, which was loaded before any of it: it shows what was done since.
    await page.getByRole("link", { name: "All letters" }).click();
    await page.getByText("Closed: Upheld in part").waitFor();
    await view(page, "Closed 1").click();
    assert.deepEqual(await references(page), [mine.reference]);
    await view(page, "New 0").press("Enter");
    await page.getByText("No letter waits for a first step.").waitFor();
    await context.close();
  });

  await journey.test("the list counts its views, and says who has what", async () => {
    const { page, context } = await sitDown(
      browser,
      t,
      t.person("case officer"),
      `/inbox/${await t.inboxOf(t.forms.contact)}`,
    );
    await page.getByText(`With ${t.person("case officer").name}`).waitFor();
    await view(page, "Mine 0").waitFor();
    await view(page, "Closed 1").click();
    await look(page, "the list of what is closed", page.getByText("Closed: Upheld in part"));
    await context.close();
  });

  await journey.test("who was slower is told where the step is gone, and a lost answer is not a lost act", async () => {
    const [first, { page, context }] = [await openLetter(mine, 0), await openLetter(mine, 1)];
    await first.page.getByRole("button", { name: "Open it again" }).click();
    await first.page.getByText("You opened this letter again.").waitFor();
    await page.getByRole("button", { name: "Open it again" }).click();
    const { name } = t.person("case officer");
    await page.getByText(`${name} opened this letter again meanwhile. You did not open it again.`).waitFor();
    await page.getByRole("button", { name: "Take it" }).waitFor();
    // The server takes it, and its answer never arrives.
    await page.route("**/acts", async (route) => (await route.fetch(), route.abort()), { times: 1 });
    await page.getByLabel("Write a note").fill("Kept, and once.");
    await page.getByRole("button", { name: "Keep this note" }).click();
    await page.getByText("The staff server cannot be reached.").waitFor();
    await page.getByRole("button", { name: "Keep this note" }).click();
    await page.getByText("Your note had been kept already. It stands above, once.").waitFor();
    assert.equal(await page.getByLabel("Write a note").inputValue(), "");
    await thereAre(1, page.locator(".pb-thread").getByText("Kept, and once."));
    assert.equal(await page.getByText("Your note was not kept").count(), 0);
    await page.getByText("Close this letter").first().click();
    await page.getByLabel("Upheld in part").check();
    await page.getByRole("button", { name: "Close this letter" }).click();
    await page.getByText("You closed this letter: upheld in part.").waitFor();
    for (const one of [first.context, context]) await one.close();
  });

  // Within 5 working days of receipt is due soon on that day and the next; 10 of the acknowledgement are later.
  await journey.test("a complaint says what is due and how it was counted; its first reply moves that", async () => {
    const complaint = t.forms.complaint;
    await t.grant(complaint, [t.person("case officer")]);
    await t.write(complaint, letterTo("complaint"));
    const { page, context } = await sitDown(
      browser,
      t,
      t.person("case officer"),
      `/inbox/${await t.inboxOf(complaint)}`,
    );
    await view(page, "Due 1").click();
    await page.getByText(/Acknowledge by \d+ \w+ \d{4}/).waitFor();
    await look(page, "what is due", page.getByText("Due soon"));
    await page.locator("tbody").getByRole("link").first().click();
    await handled(page);
    await page.getByText("How this date was counted").click();
    await look(page, "a letter with its next date", page.getByText(/^5 working days from receipt, by the Ombudsman’s/));
    await page.getByLabel("Your reply").fill("We have your complaint, and look into it.");
    await page.getByRole("button", { name: "Look at it before it is sent" }).click();
    await page.getByRole("button", { name: "Send this reply" }).click();
    await page.getByText("Your reply was sent, sealed to whoever has the words of this letter.").waitFor();
    await page.getByText(/Answer by \w+ \d+ \w+ \d{4}/).waitFor();
    await page.getByRole("link", { name: "All letters" }).click();
    await view(page, "Due 0").waitFor();
    await view(page, "All 1").click();
    await page.getByText(/Answer by \d+ \w+ \d{4}/).waitFor();
    await context.close();
  });

  await journey.test("whoever wrote reads how it ended, by role, with script and without", async () => {
    await untilSigned(t.world);
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ javaScriptEnabled, reducedMotion: "reduce" });
      const page = await context.newPage();
      const told = await comeBack(page, mine);
      assert.match(told, /Closed by a case officer at [^]*: they agree with a part of what you wrote\./);
      assert.match(told, /a case officer at .* said who looks at it/);
      for (const nth of [0, 1]) assert.ok(!told.includes(t.person("case officer", nth).name));
      assert.ok(!told.includes("due by"), "nothing runs any more");
      assert.ok(!told.includes(note) && !told.includes("note"), "of notes nothing is told");
      if (javaScriptEnabled) await look(page, "what happened, closed", "Where it stands");
      await context.close();
    }
  });
});
