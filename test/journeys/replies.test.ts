/**
 * A letter is answered, and whoever wrote it reads the answer: two browsers with script, and a writer without. The
 * officer types, is locked out in the middle, looks at the reply and sends it; the writer comes back with the words.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { fillForm, launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { fillSignIn, passphraseOf, ready, sitDown, type Desk } from "../support/staff-desk.ts";
import { untilSigned } from "../support/signed-log.ts";
import { thereAre } from "../support/counted.ts";
import { markerWord, recorder, tablesWith } from "../support/traces.ts";

let t: StaffedWorld;
let browser: Browser;
const [answered, more, unscripted] = [markerWord(), markerWord(), markerWord()];

before(async () => {
  t = await staffedWorld({ also: ["counter"] });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await t?.stop();
});

type Kept = { readonly reference: string; readonly words: readonly string[] };

async function kept(page: Page): Promise<Kept> {
  await page.locator(".pb-words").waitFor();
  assert.match(await page.locator("main").innerText(), /Whoever has them reads every reply and can write as you\./);
  return {
    reference: /PB-[0-9A-Z-]{12}/.exec(await page.locator(".govuk-panel").innerText())![0],
    words: await page.locator(".pb-words li").allInnerTexts(),
  };
}

async function comeBack(page: Page, { words }: Kept): Promise<string> {
  await page.goto(`${t.config.publicOrigin}/status`);
  await page.getByLabel("Your twelve receipt words").fill(words.join(" "));
  await page.getByRole("button", { name: "See what happened" }).click();
  await page.getByRole("heading", { name: "Who can read it now" }).waitFor();
  return page.locator("main").innerText();
}

/** The officer, with a letter open. */
async function openLetter({ reference }: Kept, nth = 0): Promise<Desk> {
  const desk = await sitDown(browser, t, t.person("case officer", nth), `/inbox/${await t.inboxOf(t.forms.contact)}`);
  await desk.page.getByRole("link", { name: reference }).first().click();
  await desk.page.getByText(/These are the answers that were received: log entry/).waitFor();
  return desk;
}

async function inNoTable(word: string): Promise<void> {
  const db = await t.attacker();
  try {
    assert.deepEqual((await tablesWith(db, [word])).found, []);
  } finally {
    await db.end();
  }
}

async function send(page: Page, text: string): Promise<void> {
  await page.getByLabel("Your reply").fill(text);
  await page.getByRole("button", { name: "Look at it before it is sent" }).click();
  await page.getByRole("button", { name: "Send this reply" }).click();
  await page.getByText("Your reply was sent, sealed to whoever has the words of this letter.").waitFor();
  await page.getByRole("heading", { name: "History" }).waitFor();
}

test("replies", async (journey) => {
  const contact = t.forms.contact;
  const text = `Thank you for your letter.\n\nWe will look into it. ${answered}`;
  let mine: Kept;

  await journey.test("somebody writes, and their page says what the words are good for", async () => {
    await t.grant(contact, [t.person("case officer"), t.person("case officer", 1)]);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${t.config.publicOrigin}/forms/${contact.id}`);
    await fillForm(page, contact, markerWord());
    await page.getByRole("button", { name: "Send", exact: true }).click();
    mine = await kept(page);
    assert.match(await comeBack(page, mine), /Nobody has answered yet/);
    await context.close();
  });

  await journey.test("an officer types, is locked out, looks at the reply and sends it", async () => {
    const { page, context } = await openLetter(mine);
    const sent = recorder(context);
    const reply = page.getByLabel("Your reply");
    await page.getByRole("button", { name: "Look at it before it is sent" }).click();
    await page.getByRole("link", { name: "Write your reply" }).waitFor();
    await reply.fill(text);
    await page.keyboard.press("Control+Enter");
    assert.equal(await reply.inputValue(), text, "a key sends nothing");
    await page.waitForFunction(() => Object.keys(sessionStorage).some((name) => name.startsWith("pillarbox-drafts/")));
    await page.reload();
    const officer = t.person("case officer");
    await fillSignIn(page, officer.email, passphraseOf(t, officer));
    await reply.waitFor();
    await ready(page);
    assert.equal(await reply.inputValue(), text);
    await reply.fill("");
    await page.getByRole("button", { name: "Look at it before it is sent" }).click();
    await page.locator(".govuk-error-summary:focus").waitFor();
    await reply.pressSequentially("Th");
    assert.equal(await reply.inputValue(), "Th", "the problem above takes the focus once, and no key after that");
    await reply.fill(text);
    await page.getByRole("button", { name: "Look at it before it is sent" }).click();
    await look(page, "a reply before it is sent", "This is what they will read");
    await page.locator("#reply-shown:focus").waitFor();
    await page.getByRole("button", { name: "Change it" }).click();
    await page.locator("#reply:focus").waitFor();
    await send(page, text);
    assert.match(await page.locator("main").innerText(), new RegExp(`Answered by ${officer.name}, [^]*${answered}`));
    await page.getByText("Nobody with their words has fetched it yet, as far as the server says.").waitFor();
    await look(page, "a letter with a reply", page.getByRole("heading", { name: "History" }));
    assert.equal(await reply.inputValue(), "");
    assert.deepEqual(sent.find([answered]), [], "no word of it leaves the browser readable");
    await inNoTable(answered);
    await context.close();
  });

  await journey.test("who wrote comes back, reads it, and answers by adding something", async () => {
    await untilSigned(t.world);
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    const told = await comeBack(page, mine);
    assert.match(
      told,
      new RegExp(`The reply to you[^]*, from a case officer at [^]*Thank you for your letter[^]*${answered}`),
    );
    assert.ok(!told.includes(t.person("case officer").name), "by role, as all of this page");
    await look(page, "what happened, with a reply", page.getByText(answered));
    await page.getByLabel("What do you want to add?").fill(`It was a Tuesday. ${more}`);
    await page.getByRole("button", { name: "Send this" }).click();
    await page.getByText("What you added was received, sealed.").waitFor();
    assert.match(await page.locator("main").innerText(), new RegExp(answered), "the reply stays beside what was added");
    await context.close();
  });

  await journey.test(
    "the officer sees what was fetched and added, answers again, and a slower one is told",
    async () => {
      await untilSigned(t.world);
      const { page, context } = await openLetter(mine);
      await page.getByText(/Fetched by somebody with their words/).waitFor();
      const thread = page.locator(".pb-thread > li");
      assert.deepEqual(
        (await thread.locator("h3").allInnerTexts()).map((heading) => heading.split(" by ")[0]),
        ["Answered", "They added something"],
      );
      await look(page, "a letter answered and added to", page.getByText("They added something"));
      const slower = await openLetter(mine, 1);
      await send(page, "Thank you, that helps.");
      await thereAre(3, thread);
      await context.close();
      await slower.page.getByLabel("Your reply").fill("I wrote this meanwhile.");
      await slower.page.getByRole("button", { name: "Look at it before it is sent" }).click();
      await slower.page.getByRole("button", { name: "Send this reply" }).click();
      const { name } = t.person("case officer");
      await slower.page.getByText(`${name} answered this letter while you were writing.`).waitFor();
      await thereAre(3, slower.page.locator(".pb-thread > li"));
      assert.equal(await slower.page.getByLabel("Your reply").inputValue(), "I wrote this meanwhile.");
      await look(slower.page, "a letter that somebody else answered", /answered this letter while you were writing/);
      // The answer to a reply that was taken gets lost: it is not said that somebody else was faster, nor sent twice.
      const replies = "**/replies";
      await slower.page.route(replies, async (route) => {
        await route.fetch();
        await route.abort();
      });
      await slower.page.getByRole("button", { name: "Look at it before it is sent" }).click();
      await slower.page.getByRole("button", { name: "Send this reply" }).click();
      await slower.page.getByRole("heading", { name: "This did not work" }).waitFor();
      await slower.page.unroute(replies);
      await slower.page.getByRole("button", { name: "Send this reply" }).click();
      await slower.page.getByText("Your reply had been sent already. It stands above, once.").waitFor();
      await thereAre(4, slower.page.locator(".pb-thread > li"));
      assert.equal(await slower.page.getByLabel("Your reply").inputValue(), "");
      assert.equal(await slower.page.getByText(/while you were writing/).count(), 0);
      await slower.context.close();
    },
  );

  await journey.test("without script the counter opens it, from the words, for that page", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${t.config.publicOrigin}/forms/${contact.id}`);
    for (const question of contact.questions) {
      const place = page.locator(`[data-question="${question.id}"]`);
      if (question.kind === "radios" || question.kind === "checkboxes")
        await place.getByLabel(question.options![0]!.label, { exact: true }).check();
      else if (question.kind === "email") await place.locator("input").fill("someone@sender.example");
      else if (question.kind === "telephone") await place.locator("input").fill("01632 960 001");
      else if (question.kind === "text" || question.kind === "long-text")
        await place.locator("input, textarea").fill(`words in ${question.id}`);
    }
    await page.getByRole("button", { name: /Continue/ }).click();
    await page.getByRole("button", { name: /send/i }).click();
    const theirs = await kept(page);
    await untilSigned(t.world);
    const officer = await openLetter(theirs);
    await send(officer.page, `Your letter is with us.\n${unscripted} <b>not bold</b>`);
    await officer.context.close();
    await untilSigned(t.world);
    const told = await comeBack(page, theirs);
    assert.match(told, new RegExp(`The reply to you[^]*Your letter is with us\\.\\n${unscripted} <b>not bold</b>`));
    await page.getByLabel("What do you want to add?").fill("Thank you.");
    await page.getByRole("button", { name: "Send this" }).click();
    await page.getByText("What you added was received, sealed.").waitFor();
    assert.match(await page.locator("main").innerText(), new RegExp(unscripted));
    await inNoTable(unscripted);
    await context.close();
  });
});
