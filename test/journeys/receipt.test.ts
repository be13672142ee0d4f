/**
 * The submitter's own view in a real browser: keep the words, come back, see who opened, add, ask for erasure, keep the
 * proof; with script and without.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { vkeyOfLog } from "../../src/domain/log/names.ts";
import { BODY, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { fillForm, launchBrowser } from "../support/browser.ts";
import { look, type Shown } from "../support/axe.ts";
import { ready, sitDown } from "../support/staff-desk.ts";
import { untilSigned } from "../support/signed-log.ts";
import { markerWord, recorder, tablesWith } from "../support/traces.ts";

let t: StaffedWorld;
let browser: Browser;
const added = markerWord();
const unscripted = markerWord();

before(async () => {
  t = await staffedWorld({ also: ["counter"] });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await t?.stop();
});

type Kept = { readonly reference: string; readonly words: readonly string[] };

const kept = async (page: Page): Promise<Kept> => ({
  reference: /PB-[0-9A-Z-]{12}/.exec(await page.locator(".govuk-panel").innerText())![0],
  words: await page.locator(".pb-words li").allInnerTexts(),
});

const status = (): string => `${t.config.publicOrigin}/status`;
const see = (page: Page) => page.getByRole("button", { name: "See what happened" }).click();
const shown = async (page: Page): Promise<string> => {
  await page.getByRole("heading", { name: "Who can read it now" }).waitFor();
  return page.locator("main").innerText();
};

/** A page that was made without script, looked at by axe, which needs one: the same document at the same address. */
async function lookWithoutScript(page: Page, where: string, shown: (copy: Page) => Shown): Promise<void> {
  const [address, html] = [page.url(), await page.content()];
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const copy = await context.newPage();
  await copy.route(address, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
  await copy.goto(address);
  await look(copy, where, shown(copy));
  await context.close();
}

/** Where a browser keeps things: its address line, its tab, its stores. */
const places = async (context: BrowserContext, page: Page): Promise<string> =>
  [
    page.url(),
    await page.title(),
    JSON.stringify(await context.storageState()),
    await page.evaluate(() => JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }])),
  ].join("\n");

/**
 * Words of the list that a visit sends or keeps whosever they are: "upgrade" is a part of a header's name, "letter" of
 * a title. They are learned from the visit of somebody else, whose twelve words are others.
 */
const usual = new Set<string>();
const stands = (word: string, text: string): boolean => new RegExp(`\\b${word}\\b`).test(text);
type Sent = ReturnType<typeof recorder>;
/** A short word stands by chance in what was sealed. */
const longer = (words: readonly string[]): string[] => words.filter((word) => word.length > 6);

async function learn(context: BrowserContext, page: Page, sent: Sent): Promise<void> {
  const text = await places(context, page);
  for (const word of wordlist) if (stands(word, text)) usual.add(word);
  for (const word of longer(wordlist)) if (!usual.has(word) && sent.find([word]).length > 0) usual.add(word);
}

/** Of the words nothing was sent, and nothing stands where a browser keeps things. */
async function nowhere(context: BrowserContext, page: Page, sent: Sent, { words }: Kept): Promise<void> {
  const rare = words.filter((word) => !usual.has(word));
  assert.ok(rare.length > 6, `words that could tell: ${rare.join(" ")}`);
  assert.deepEqual(sent.find(longer(rare)), []);
  const text = await places(context, page);
  assert.deepEqual(
    rare.filter((word) => stands(word, text)),
    [],
    text,
  );
}

test("the submitter's view", async (journey) => {
  const contact = t.forms.contact;
  let mine: Kept;
  let theirs: Kept;
  let proof = "";

  // Somebody else's visit: what it sends and keeps tells which words stand there whosever they are.
  await journey.test("somebody else writes and comes back, so that usual words are known", async () => {
    const context = await browser.newContext();
    const sent = recorder(context);
    const page = await context.newPage();
    await page.goto(`${t.config.publicOrigin}/forms/${contact.id}`);
    await fillForm(page, contact, markerWord());
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("heading", { name: "Sent" }).waitFor();
    const { words } = await kept(page);
    await learn(context, page, sent);
    await page.goto(status());
    await page.getByLabel("Your twelve receipt words").fill(words.join(" "));
    await see(page);
    await shown(page);
    await learn(context, page, sent);
    await context.close();
  });

  // With script: the confirmation gives a reference and twelve words, and they leave the browser by no way.
  await journey.test(
    "with script the confirmation gives a reference and twelve words, and they never leave",
    async () => {
      const context = await browser.newContext();
      const sent = recorder(context);
      const page = await context.newPage();
      await page.goto(`${t.config.publicOrigin}/forms/${contact.id}`);
      await fillForm(page, contact, markerWord());
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("heading", { name: "Sent" }).waitFor();
      mine = await kept(page);
      assert.equal(mine.words.length, 12);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save as a text file" }).click();
      const file = readFileSync(await (await download).path(), "utf8");
      for (const [index, word] of mine.words.entries()) assert.ok(file.includes(`${index + 1}. ${word}`));
      await nowhere(context, page, sent, mine);
      await look(page, "the confirmation", page.getByRole("heading", { name: "Sent" }));
      await context.close();
    },
  );

  await journey.test("an officer who was granted access opens it", async () => {
    await t.grant(
      contact,
      [0, 1, 2, 3].map((nth) => t.person("case officer", nth)),
    );
    const { page, context } = await sitDown(browser, t, t.person("case officer"), `/inbox/${await t.inboxOf(contact)}`);
    await page.getByRole("link", { name: mine.reference }).click();
    await page.getByText(/These are the answers that were received: log entry/).waitFor();
    await context.close();
    await untilSigned(t.world);
  });

  // Who wrote comes back, by keyboard alone, and sees when and by which role it was opened; of the words nothing
  // leaves.
  await journey.test(
    "who wrote comes back, by keyboard alone, and sees when and by which role it was opened",
    async () => {
      const context = await browser.newContext({ reducedMotion: "reduce" });
      const sent = recorder(context);
      const page = await context.newPage();
      await page.goto(`${t.config.publicOrigin}/`);
      await page.getByRole("link", { name: "see what happened to your letter" }).click();
      await page.getByRole("button", { name: "See what happened" }).waitFor();
      await look(page, "the status page", page.getByRole("button", { name: "See what happened" }));
      await page.getByLabel("Reference (optional)").focus();
      await page.keyboard.type(mine.reference.toLowerCase().replaceAll("-", " "));
      await page.keyboard.press("Tab");
      // As copied from a list in two columns, with one letter too many in a word: the first whose four letters tell it
      // (of some shorter words two others are as near: "buss", "tens").
      const long = mine.words.findIndex((word) => word.length > 4);
      const slip = mine.words.map(
        (word, index) => `${index + 1}. ${(index === long ? `${word}s` : word).toUpperCase()}`,
      );
      await page.keyboard.type(slip.map((_, index) => slip[(index % 2) * 6 + (index >> 1)]).join("  "));
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const told = await shown(page);
      assert.match(told, /6 named people at .+ can read it: 2 who are/);
      assert.match(told, /: opened by a case officer at /);
      assert.match(told, /its few lines for the list were loaded .*by a case officer at /);
      for (const { name } of [0, 1, 2, 3].map((nth) => t.person("case officer", nth))) assert.ok(!told.includes(name));
      await nowhere(context, page, sent, mine);
      await look(page, "what happened", page.getByRole("heading", { name: "Who can read it now" }));

      await page.getByLabel("What do you want to add?").fill("");
      await page.getByRole("button", { name: "Send this" }).click();
      await page.getByText("Write what you want to add").waitFor();
      await page.getByLabel("What do you want to add?").fill(`It was a Tuesday. ${added}`);
      await page.getByRole("button", { name: "Send this" }).click();
      await page.getByText("What you added was received, sealed.").waitFor();
      assert.match(await shown(page), /What you added\s+PB-/);
      assert.deepEqual(sent.find([added]), []);

      await page.getByRole("button", { name: "Ask for erasure" }).click();
      await page.getByRole("button", { name: "Yes, ask for erasure" }).click();
      await page.getByText("You have asked that your letter be erased.").waitFor();
      assert.match(await shown(page), /You asked on .+ that it be erased/);
      await look(page, "what happened, with an addition and a request", "You have asked that your letter be erased.");
      await context.close();
    },
  );

  await journey.test("the officer sees the addition in the list and with the letter, and opens it", async () => {
    const { page, context } = await sitDown(
      browser,
      t,
      t.person("case officer", 1),
      `/inbox/${await t.inboxOf(contact)}`,
    );
    await page
      .getByText(/Added to/)
      .first()
      .waitFor();
    await look(page, "a list with an addition", /Added to/);
    await page.getByRole("link", { name: mine.reference }).first().click();
    await page.getByRole("heading", { name: "History" }).waitFor();
    await look(page, "a letter with an addition", page.getByRole("heading", { name: "History" }));
    await page.locator("main ol a").first().click();
    await page.getByText(added).waitFor();
    await ready(page);
    assert.match(await page.locator("main").innerText(), new RegExp(`Added to\\s+${mine.reference}`));
    await context.close();
  });

  await journey.test(
    "without script the counter gives the words, finds by them, adds, and hands out the proof",
    async () => {
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
          await place.locator("input, textarea").fill(`${unscripted} in ${question.id}`);
      }
      await page.getByRole("button", { name: /Continue/ }).click();
      await page.getByRole("button", { name: /send/i }).click();
      await page.locator(".pb-words").waitFor();
      theirs = await kept(page);
      // Its receipt can be proved as soon as the log is signed.
      await untilSigned(t.world);
      await lookWithoutScript(page, "the counter's confirmation", (copy) => copy.locator(".pb-words"));
      await page.reload();
      assert.deepEqual(await kept(page), theirs, "a repeated post has the same answer");

      await page.getByRole("main").getByRole("link", { name: "What happened to your letter" }).click();
      await page.getByLabel("Reference (optional)").fill(theirs.reference);
      const empty = page.url();
      await page.getByLabel("Your twelve receipt words").fill(theirs.words.join("\n"));
      await see(page);
      assert.match(await shown(page), /Nobody has read it yet/);
      await lookWithoutScript(page, "what happened, by the counter", (copy) =>
        copy.getByRole("heading", { name: "Who can read it now" }),
      );
      await page.getByLabel("What do you want to add?").fill(`${unscripted} and more`);
      await page.getByRole("button", { name: "Send this" }).click();
      await page.getByText("What you added was received, sealed.").waitFor();
      await page.reload();
      assert.equal(
        (await page.locator("main").innerText()).split("Nobody has read this yet").length - 1,
        1,
        "an addition posted twice is one",
      );
      // A word can stand in the address whosever it is ("local", "host"): it is the one that it was without words.
      assert.deepEqual([new URL(page.url()).search, new URL(page.url()).hash], ["", ""]);
      assert.ok(
        theirs.words.every((word) => !stands(word, page.url()) || stands(word, empty)),
        "no word in an address",
      );
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save the proof of receipt" }).click();
      proof = readFileSync(await (await download).path(), "utf8");
      assert.match(proof, /c2sp\.org\/tlog-proof@v1/);
      await context.close();
    },
  );

  // Whoever guesses is told the same for every guess, and what is wrong with what they typed, with script and without.
  await journey.test("whoever guesses is told the same for every guess, with script and without", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      const say = async (words: string, reference = ""): Promise<string> => {
        await page.goto(status());
        await page.getByLabel("Reference (optional)").fill(reference);
        await page.getByLabel("Your twelve receipt words").fill(words);
        await see(page);
        await page.locator(".govuk-error-summary").waitFor();
        assert.match(await page.title(), /^Error: /);
        return page.locator(".govuk-error-summary__body").innerText();
      };
      const other = "legal winner thank year wave sausage worth useful legal winner thank yellow";
      const nothing = await say(other);
      assert.match(nothing, /Nothing was found for these receipt words/);
      assert.equal(await say(other, mine.reference), nothing, "a reference that exists");
      assert.equal(await say(other, "PB-0000-0000-00"), nothing, "a reference that does not");
      const error = (at: Page) => at.getByText(/Nothing was found for these receipt words/);
      if (javaScriptEnabled) await look(page, "the status page with an error", error(page).first());
      else await lookWithoutScript(page, "the status page with an error", (copy) => error(copy).first());
      assert.match(await say("one two"), /Enter twelve receipt words/);
      assert.match(await say(`${mine.words.slice(0, 11).join(" ")} qqqqq`), /Word 12 is not a receipt word/);
      assert.match(await say(mine.words.join(" "), theirs.reference), /These receipt words belong to another letter/);
      await context.close();
    }
  });

  // The page that checks it is downloaded, opened from the disk without a network, and tells a good proof from an
  // altered one.
  await journey.test(
    "the page that checks it works from the disk, and tells a good proof from an altered one",
    async () => {
      const page = await browser.newPage();
      await page.goto(status());
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "download the page that checks a proof of receipt" }).click();
      const directory = mkdtempSync(join(tmpdir(), "pillarbox-receipt-"));
      const [check, good, bad] = ["check-receipt.html", "good.txt", "bad.txt"].map((name) => join(directory, name)) as [
        string,
        string,
        string,
      ];
      await (await download).saveAs(check);
      await page.close();
      writeFileSync(good, proof);
      writeFileSync(
        bad,
        proof.replace(
          /(entry .{200})(.)/,
          (_, before: string, letter: string) => before + (letter === "A" ? "B" : "A"),
        ),
      );
      const context = await browser.newContext({ offline: true });
      const alone = await context.newPage();
      const complaints: string[] = [];
      alone.on("pageerror", (fault) => complaints.push(fault.message));
      alone.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
      try {
        await alone.goto(pathToFileURL(check).href);
        const verdict = async (file: string): Promise<string> => {
          // Opened anew, so that the answer to the file before is not taken for this one's.
          await alone.reload();
          await alone.getByLabel("The proof of receipt, or the certificate of erasure").setInputFiles(file);
          await alone.locator("#fingerprint").filter({ hasText: "Fingerprint" }).waitFor();
          await alone.getByRole("button", { name: "Check" }).click();
          await alone.locator("#result h2").waitFor();
          return alone.locator("#result").innerText();
        };
        const told = await verdict(good);
        assert.match(told, /This proof holds/);
        assert.ok(told.includes(theirs.reference));
        assert.equal(await alone.getByLabel("The log’s key").inputValue(), vkeyOfLog(t.world.config.logKey, BODY));
        await look(alone, "the page that checks a proof", /This proof holds/);
        assert.match(await verdict(bad), /This proof does not hold/);
        assert.deepEqual(complaints, []);
      } finally {
        await context.close();
        rmSync(directory, { recursive: true });
      }
    },
  );

  await journey.test("no word of a receipt, and nothing that was added, stands in any row", async () => {
    const database = await t.attacker();
    try {
      assert.deepEqual(
        (await tablesWith(database, [added, unscripted, mine.words.join(" "), theirs.words.join(" ")])).found,
        [],
      );
    } finally {
      await database.end();
    }
  });
});
