/**
 * An owner at a browser decides about erasures: says no, says yes, takes the certificate, erases what has been kept
 * long enough; an auditor looks.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { verifyCertificate } from "../../src/domain/log/certificate.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { askErasure } from "../../src/server/erasure/action.ts";
import { inTransaction, openPool } from "../../src/server/database/pool.ts";
import { assertSound } from "../support/judge.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { goTo, problems, ready, sitDown, textOf } from "../support/staff-desk.ts";

let t: StaffedWorld;
let browser: Browser;
before(async () => {
  t = await staffedWorld();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await t?.stop();
});

test("an owner sees what waits, says no and yes with a reason, and has the certificate as a file", async () => {
  const [kept, gone] = [
    await t.write(t.forms.complaint, letterTo("complaint")),
    await t.write(t.forms.complaint, letterTo("complaint")),
  ];
  const publicly = openPool(t.world.databaseUrl("pb_public"), 1);
  for (const { submission } of [kept, gone])
    await inTransaction(publicly, (client) => askErasure(client, { body: BODY, submission }));
  await publicly.end();
  const { page, context, complaints } = await sitDown(browser, t, t.person("owner", 0, BODY));
  assert.match(await textOf(page), /2 people ask that their letter be erased/);
  await goTo(page, "Look at them");
  await look(page, "the list of erasures", page.getByRole("link", { name: /at the request about/ }).first());

  const request = async (submission: string): Promise<void> => {
    await page.getByRole("link", { name: `at the request about ${referenceOf(submission)}` }).click();
    await ready(page);
  };
  const decide = async (submission: string): Promise<void> => {
    await request(submission);
    await page.getByRole("heading", { level: 1, name: "Erase this letter?" }).waitFor();
  };
  await decide(kept.submission);
  assert.match(
    await textOf(page),
    new RegExp(`${referenceOf(kept.submission)}[^]*The person who sent it[^]*What it says is not shown here`),
  );
  await page.getByRole("button", { name: "Decide" }).click();
  assert.deepEqual(await problems(page), ["Select whether the letter is erased"]);
  await page.getByLabel("No, keep it").check();
  await page.getByRole("button", { name: "Keep the letter" }).click();
  assert.deepEqual(await problems(page), ["Select why it is kept", "Enter the reason, for the person who asked"]);
  await look(page, "a refusal with problems", "Select why it is kept");
  await page.getByLabel("It is needed for a legal claim").check();
  await page.getByLabel("The reason in words").fill("A court has asked for it. You can complain to the regulator.");
  await page.getByRole("button", { name: "Keep the letter" }).click();
  await page.getByText(`The letter ${referenceOf(kept.submission)} is kept.`).waitFor();

  await decide(gone.submission);
  await page.getByLabel("Yes, erase it").check();
  await page.getByLabel("The person asked for it").check();
  assert.match(await textOf(page), /Erasing cannot be taken back/);
  await look(page, "a granted request", "Erasing cannot be taken back");
  await page.getByRole("button", { name: "Erase the letter" }).click();
  await page.getByText(`The letter ${referenceOf(gone.submission)} was erased.`).waitFor();
  // A certificate is what the signed log says.
  await untilSigned(t.world);
  await request(gone.submission);
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the certificate" }).click();
  const downloaded = await file;
  assert.equal(downloaded.suggestedFilename(), `erasure-${referenceOf(gone.submission)}.txt`);
  const { entry } = verifyCertificate(readFileSync(await downloaded.path(), "utf8"), parseVerifierKey(t.config.logKey));
  assert.equal(entry.submission, gone.submission);
  await look(page, "an erased letter", page.getByRole("link", { name: "Download the certificate" }));

  await goTo(page, "Start");
  assert.match(await textOf(page), /1 letter received[^]*1 more was erased/);
  await goTo(page, "Log");
  await page.getByLabel("Show").selectOption("erasure");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByText("A letter was erased").waitFor();
  assert.match(await textOf(page), /Erasing a letter was refused[^]*Its writer asked to erase a letter/);
  assert.deepEqual(complaints, []);
  await context.close();
});

// Letters that have been kept as long as their form says are listed, and an owner chooses which of them go.
test("letters kept as long as their form says are listed, and an owner chooses which go", async () => {
  const [old, older, fresh] = [
    await t.write(t.forms.contact, letterTo("contact")),
    await t.write(t.forms.contact, letterTo("contact")),
    await t.write(t.forms.contact, letterTo("contact")),
  ];
  const db = await t.attacker();
  // Ten years go by for two of them: the log's time of their arrival, which nothing else can change, is put back for
  // the while.
  const years = (sign: string) =>
    db.query(
      `UPDATE event SET at = at ${sign} 315576000000 WHERE id IN (SELECT event FROM receipt WHERE submission = ANY($1))`,
      [[old.submission, older.submission]],
    );
  await years("-");
  try {
    const auditor = await sitDown(browser, t, t.person("auditor"), "/erasures/due");
    assert.match(await textOf(auditor.page), /Only an owner/);
    assert.equal(await auditor.page.getByRole("button", { name: /Erase/ }).count(), 0);
    await auditor.context.close();
    const { page, context, complaints } = await sitDown(browser, t, t.person("owner", 0, BODY), "/erasures");
    assert.match(await textOf(page), /2 letters have reached the end/);
    await goTo(page, "Look at them");
    assert.equal(await page.getByLabel(referenceOf(fresh.submission)).count(), 0);
    await page.getByRole("button", { name: "Erase the selected letters" }).click();
    assert.deepEqual(await problems(page), ["Select the letters to erase"]);
    await page.getByLabel(referenceOf(older.submission)).check();
    await look(page, "letters whose time is up", "Select the letters to erase");
    await page.getByRole("button", { name: "Erase 1 letter" }).click();
    await page.getByText("1 letter was erased.").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  } finally {
    await years("+");
  }
  const { rows } = await db.query<{ submission: string; asked_by: string; reason: string }>(
    "SELECT submission, asked_by, reason FROM erasure WHERE asked_by = 'retention'",
  );
  assert.deepEqual(rows, [{ submission: older.submission, asked_by: "retention", reason: "period-ended" }]);
  await db.end();
  await assertSound(t.world);
});
