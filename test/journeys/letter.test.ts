/**
 * The whole journey as people make it, in a real browser: write, ask, confirm, read, be refused, end, write again; then
 * look everywhere for the words.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { fillForm, launchBrowser } from "../support/browser.ts";
import { filesWith, markerWord, recorder, tablesWith } from "../support/traces.ts";

let t: StaffedWorld;
let browser: Browser;
const first = markerWord();
const second = markerWord();
const unscripted = markerWord();

before(async () => {
  t = await staffedWorld({ also: ["counter"] });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await t?.stop();
});

/** Writes a letter with script and gives its reference, having looked at everything that was sent. */
async function write(word: string): Promise<string> {
  const context = await browser.newContext();
  const sent = recorder(context);
  const page = await context.newPage();
  await page.goto(`${t.config.publicOrigin}/forms/${t.forms.complaint.id}`);
  await fillForm(page, t.forms.complaint, word);
  await page.getByRole("button", { name: /^(?:Accept and send|Send|Confirm and send)/ }).click();
  const panel = page.getByText(/PB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}/).first();
  await panel.waitFor();
  const reference = /PB-[0-9A-Z-]{12}/.exec(await panel.innerText())![0];
  assert.ok(sent.count() > 3, "the recorder sees requests");
  assert.deepEqual(sent.find([word]), [], "no request carries what was written");
  await context.close();
  return reference;
}

async function signIn(
  who: PreparedPerson,
): Promise<{ page: Page; context: BrowserContext; done: () => Promise<void> }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(t.config.staffOrigin);
  await page.getByLabel("E-mail address").fill(who.email);
  await page.getByLabel("Passphrase", { exact: true }).fill(who.passphrase);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page
    .getByRole("button", { name: "Sign out" })
    .or(page.getByRole("link", { name: "Sign out" }))
    .first()
    .waitFor();
  return { page, context, done: () => context.close() };
}

test("the journey", async (journey) => {
  const complaint = t.forms.complaint;
  const inbox = await t.inboxOf(complaint);
  const officers = [0, 1, 2, 3].map((nth) => t.person("case officer", nth));
  let reference = "";
  let later = "";

  await journey.test("somebody writes a letter; nothing that leaves the browser can be read", async () => {
    reference = await write(first);
  });

  await journey.test("the operator asks for four officers, by name", async () => {
    const { page, done } = await signIn(t.person("operator at the host"));
    await page.locator(`a[href="/access/${inbox}/ask"], a[href="/access/${inbox}"]`).first().click();
    if (!page.url().endsWith("/ask")) await page.locator(`a[href="/access/${inbox}/ask"]`).first().click();
    for (const { name } of officers) await page.getByLabel(name, { exact: true }).check();
    await page.getByLabel("Everything received so far and from now on").check();
    await page.getByLabel("Case handling").check();
    await page.getByLabel("Say more about the purpose").fill("They handle the complaints of this year.");
    await page.getByRole("button", { name: "Send the request" }).click();
    await page.getByText("Your request was sent.").waitFor();
    await done();
  });

  // The owner sees who, how many, until when, that the public and the host are no one, and confirms.
  await journey.test(
    "the owner sees who, how many and until when, that the public is no one, and confirms",
    async () => {
      // An owner decides on what the log says was asked for.
      await untilSigned(t.world);
      const { page, done } = await signIn(t.person("owner", 0, BODY));
      await page.getByRole("link", { name: "Requests", exact: true }).click();
      await page.locator('a[href^="/requests/"]').first().click();
      await page.getByRole("heading", { name: "Let 4 people read this form?" }).waitFor();
      const preview = await page.locator("main").innerText();
      for (const { name, email } of officers) assert.ok(preview.includes(name) && preview.includes(email), name);
      assert.match(preview, /1 letter/);
      assert.match(preview, /The public\s+No one/);
      assert.match(preview, /The host\s+No one/);
      assert.match(preview, /Everyone who can read afterwards: 6 people/);
      assert.match(preview, /Check the names/, "a namesake is pointed out");
      await page.getByRole("button", { name: "Confirm: let 4 people read" }).click();
      await page.getByText("4 people can now read this form.").waitFor();
      await done();
    },
  );

  await journey.test("each officer reads it, and the log's entry is named", async () => {
    for (const officer of officers) {
      const { page, done } = await signIn(officer);
      await page.locator(`a[href="/inbox/${inbox}"]`).first().click();
      await page.getByRole("link", { name: reference }).click();
      await page.getByText(/This opening is in the log as entry/).waitFor();
      assert.ok((await page.locator("main").innerText()).includes(first), officer.name);
      assert.ok(!(await page.title()).includes(first) && !page.url().includes(first), "no content in title or address");
      await done();
    }
  });

  // The fifth colleague, the auditor, the operator and the other body's owner read nothing; a stranger sees a door.
  await journey.test("colleague, auditor, operator and other owner read nothing; a stranger sees a door", async () => {
    for (const other of [
      t.person("colleague without a grant"),
      t.person("auditor"),
      t.person("operator at the host"),
      t.person("owner", 0, "eastvale"),
    ]) {
      const { page, done } = await signIn(other);
      for (const place of [`/inbox/${inbox}`, `/letter/${inbox}/${"0".repeat(32)}`]) {
        await page.evaluate((path) => {
          history.pushState(null, "", path);
          dispatchEvent(new PopStateEvent("popstate"));
        }, place);
        await page
          .getByText(
            /Nothing was changed|no grant|does not allow|There is no such|belongs to another|There is nothing/i,
          )
          .first()
          .waitFor();
        assert.ok(!(await page.content()).includes(first), other.part);
      }
      await done();
    }
    const stranger = await browser.newPage();
    await stranger.goto(`${t.config.staffOrigin}/inbox/${inbox}`);
    await stranger.getByRole("heading", { name: "Sign in" }).waitFor();
    await stranger.close();
  });

  await journey.test(
    "the owner ends one grant; what comes next the leaver cannot open, and the others can",
    async () => {
      const leaver = officers[0]!;
      const { page, done } = await signIn(t.person("owner", 0, BODY));
      await page.locator(`a[href="/access/${inbox}"]`).first().click();
      await page.getByRole("link", { name: new RegExp(`End the grant\\s+of ${leaver.name}`) }).click();
      await page.getByLabel("They left").check();
      await page.getByRole("button", { name: /^End the grant/ }).click();
      await page.getByText(/has ended, and the form has a new key/).waitFor();
      await done();

      later = await write(second);
      const staying = await signIn(officers[1]!);
      await staying.page.locator(`a[href="/inbox/${inbox}"]`).first().click();
      await staying.page.getByRole("link", { name: later }).click();
      await staying.page.getByText(second).first().waitFor();
      await staying.done();
      const left = await signIn(leaver);
      await left.page.evaluate((path) => {
        history.pushState(null, "", path);
        dispatchEvent(new PopStateEvent("popstate"));
      }, `/inbox/${inbox}`);
      await left.page
        .getByText(/grant to read this has ended|no grant/)
        .first()
        .waitFor();
      assert.ok(!(await left.page.content()).includes(second));
      await left.done();
    },
  );

  await journey.test("without script a letter goes by the counter, with the same words", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${t.config.publicOrigin}/forms/${t.forms.contact.id}`);
    for (const question of t.forms.contact.questions) {
      const place = page.locator(`[data-question="${question.id}"]`);
      if (question.kind === "radios" || question.kind === "checkboxes")
        await place.getByLabel(question.options![0]!.label, { exact: true }).check();
      else if (question.kind === "email") await place.locator("input").fill(`${unscripted}@sender.example`);
      else if (question.kind === "telephone") await place.locator("input").fill("01632 960 001");
      else if (question.kind === "text" || question.kind === "long-text")
        await place.locator("input, textarea").fill(`${unscripted} in ${question.id}`);
    }
    await page.getByRole("button", { name: /Continue|Check your answers/ }).click();
    await page.getByRole("heading", { name: /Check your answers/ }).waitFor();
    assert.ok((await page.content()).includes(unscripted));
    await page.getByRole("button", { name: /send/i }).click();
    await page
      .getByText(/PB-[0-9A-Z]{4}-/)
      .first()
      .waitFor();
    await context.close();
  });

  await journey.test("the auditor sees who asked, who confirmed, and what was released to whom", async () => {
    await untilSigned(t.world);
    const { page, done } = await signIn(t.person("auditor"));
    await page.getByRole("link", { name: "Log", exact: true }).click();
    await page.getByText(officers[1]!.name).first().waitFor();
    const history = await page.locator("main").innerText();
    for (const name of [
      t.person("operator at the host").name,
      t.person("owner", 0, BODY).name,
      ...officers.map((one) => one.name),
    ])
      assert.ok(history.includes(name), name);
    assert.ok(!history.includes(first) && !history.includes(second));
    await done();
  });

  await journey.test("none of the words stands in plaintext in any file, any row, any log", async () => {
    const words = [first, second, unscripted];
    const database = await t.attacker();
    try {
      await database.query("CHECKPOINT");
      const rows = await tablesWith(database, words);
      assert.ok(rows.tables >= 15);
      assert.deepEqual(rows.found, []);
      const { rows: places } = await database.query<{ data_directory: string }>("SHOW data_directory");
      const cluster = filesWith(places[0]!.data_directory, words);
      assert.ok(cluster.files > 500, "the database's files were looked at, its write-ahead log among them");
      assert.deepEqual(cluster.found, []);
      // The search can find: a name that is no secret stands there.
      assert.ok(filesWith(places[0]!.data_directory, [officers[0]!.name.split(" ").at(-1)!]).found.length > 0);
    } finally {
      await database.end();
    }
    const data = filesWith(t.world.data, words);
    assert.ok(data.files > 5);
    assert.deepEqual(data.found, []);
  });
});
