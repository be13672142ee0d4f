/**
 * Somebody writes with Firefox, with script and without; comes back with the words; and a case officer reads it there.
 * Left out where there is no Firefox: `npm run browsers` installs one.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Form } from "../../src/domain/form/form.ts";
import type { Question } from "../../src/domain/form/question.ts";
import { findFirefox, launchFirefox, type Firefox, type Tab } from "../support/firefox.ts";
import { passphraseOf } from "../support/staff-desk.ts";
import { letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

const WORD = "quagmire";
const firefox = findFirefox();

/** Answers what the question needs; text holds the word. */
async function answer(page: Tab, { id, kind }: Question): Promise<void> {
  const at = `[data-question="${id}"]`;
  if (kind === "radios" || kind === "checkboxes") return page.click(`${at} label.govuk-label`);
  if (kind === "email") return page.type(`${at} input`, `${WORD}@sender.example`);
  return page.type(`${at} input, ${at} textarea`, `${WORD} in ${id}`);
}

const labelOf = ({ title, optional }: Question): string => (optional === true ? `${title} (optional)` : title);

/** The questions that are asked when the first answer of each choice is taken. */
const asked = ({ questions }: Form): readonly Question[] =>
  questions.filter(
    ({ when }) =>
      when === undefined ||
      when.is.includes(questions.find(({ id }) => id === when.question)?.options?.[0]?.value ?? ""),
  );

describe("Firefox", { skip: firefox === null ? "there is no Firefox: npm run browsers installs one" : false }, () => {
  let t: StaffedWorld;
  let browser: Firefox | undefined;
  let words: readonly string[];
  let reference: string;
  before(async () => {
    t = await staffedWorld({ also: ["counter"] });
  });
  after(async () => {
    await browser?.close();
    await t?.stop();
  });
  let runs: boolean | null = null;
  /** Started anew only where the last one was another: starting it is most of the work. */
  const open = async (script: boolean): Promise<Tab> => {
    if (browser === undefined || runs !== script) {
      await browser?.close();
      browser = await launchFirefox(firefox!, { script });
      runs = script;
    }
    return browser.page;
  };

  it("a letter is written with script, sealed and received", async () => {
    const form = t.forms.contact;
    const page = await open(true);
    await page.goto(`${t.config.publicOrigin}/forms/${form.id}`);
    await page.find("[data-verified]");
    await page.click({ role: "button", name: "Start" });
    for (const question of asked(form)) {
      await page.find({ role: "heading", name: labelOf(question) });
      await answer(page, question);
      await page.click({ role: "button", name: "Continue" });
    }
    await page.find({ role: "heading", name: "Check your answers before sending" });
    assert.match(await page.text("main"), new RegExp(`${WORD} in what-happened`));
    await page.click({ role: "button", name: "Send" });
    await page.find({ role: "heading", name: "Sent" });
    const said = await page.text("main");
    reference = /PB-[0-9A-Z-]{12}/.exec(said)![0];
    words = (await page.text(".pb-words")).split(/\s+/).filter((word) => /^[a-z]+$/.test(word));
    assert.equal(words.length, 12, said);
    assert.ok(!said.includes(WORD));
  });

  it("whoever wrote comes back with the words, and sees what happened", async () => {
    const page = await open(true);
    await page.goto(`${t.config.publicOrigin}/status`);
    await page.type({ role: "textbox", name: "Reference (optional)" }, reference);
    await page.type({ role: "textbox", name: "Your twelve receipt words" }, words.join(" "));
    await page.click({ role: "button", name: "See what happened" });
    await page.says("Who can read it now");
    assert.ok((await page.text("main")).includes(reference));
  });

  it("a case officer signs in and reads it", async () => {
    const officer = t.person("case officer");
    const { reference: theirs } = await t.write(t.forms.contact, letterTo("contact", WORD));
    await t.grant(t.forms.contact, [officer]);
    const page = await open(true);
    await page.goto(`${t.world.staffOrigin}/inbox/${await t.inboxOf(t.forms.contact)}`);
    await page.type({ role: "textbox", name: "E-mail address" }, officer.email);
    await page.type("#passphrase", passphraseOf(t, officer));
    await page.click("#sign-in");
    await page.click({ role: "link", name: theirs });
    await page.says("This opening is in the log as entry");
    assert.ok((await page.text("main")).includes(WORD));
    await page.click({ role: "button", name: "Sign out" });
    await page.says("You are signed out");
    assert.ok(!(await page.text("body")).includes(WORD));
  });

  it("a letter is written without script, at the counter", async () => {
    const form = t.forms.contact;
    const page = await open(false);
    await page.goto(`${t.config.publicOrigin}/forms/${form.id}`);
    await page.find("#sealing-note");
    for (const question of asked(form)) await answer(page, question);
    await page.click({ role: "button", name: "Continue" });
    await page.find({ role: "heading", name: "Check your answers before sending" });
    await page.click({ role: "button", name: "Send" });
    await page.find({ role: "heading", name: "Sent" });
    await page.find(".pb-words li:nth-child(12)");
    assert.ok((await page.url()).startsWith(t.config.counterOrigin));
  });
});
