/**
 * A server, or whoever owns its database, lies to the staff app: nothing opens, nobody is let in, and the person is
 * told.
 */
import assert from "node:assert/strict";
import { thereAre } from "../support/counted.ts";
import { untilSigned } from "../support/signed-log.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page, Route } from "playwright-core";
import { askFor } from "../../src/member/flows/asking.ts";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { openCheckpoint, signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { signerOfLog } from "../../src/domain/log/names.ts";
import { parseSignerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof } from "../../src/domain/log/proof.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { BODY, letterTo, staffedWorld, YEAR, type StaffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import {
  emptyDesk,
  fillSignIn,
  goTo,
  noKeys,
  passphraseOf,
  ready,
  sitDown,
  textOf,
  type Desk,
} from "../support/staff-desk.ts";

const MARKER = "quagmire";
type Change = (value: never) => unknown;

describe("the staff app does not believe its server", () => {
  let place: StaffedWorld;
  let browser: Browser;
  let officer: PreparedPerson;
  let inbox: string;

  before(async () => {
    place = await staffedWorld();
    browser = await launchBrowser();
    officer = place.person("case officer");
    for (const _ of [1, 2]) await place.write(place.forms.contact, letterTo("contact", MARKER));
    await place.grant(place.forms.contact, [officer]);
    inbox = await place.inboxOf(place.forms.contact);
  });
  after(async () => {
    await browser?.close();
    await place?.stop();
  });

  /** From now on, what the server answers at matching addresses is changed on its way. */
  const lie = async (page: Page, address: RegExp, change: Change): Promise<void> => {
    await page.route(address, async (route: Route) => {
      const response = await route.fetch();
      if (!response.ok() || response.status() === 202) return route.fulfill({ response });
      await route.fulfill({ response, json: change((await response.json()) as never) });
    });
  };

  const locked = async ({ page, context }: Desk, why: RegExp): Promise<void> => {
    await page.getByRole("heading", { name: "Pillarbox has locked itself" }).waitFor();
    assert.match(await textOf(page), why);
    await noKeys(page);
    // The page is locked at once; the server learns of it a moment later.
    await page.waitForFunction(async () => (await fetch("/api/me")).status === 401);
    await context.close();
  };

  const signInOnly = async (desk: Desk, who: PreparedPerson): Promise<void> => {
    await desk.page.goto(place.world.staffOrigin);
    await fillSignIn(desk.page, who.email, passphraseOf(place, who));
  };

  it("locks with an alarm when the visitor's own key is not in the signed statements", async () => {
    const desk = await emptyDesk(browser);
    await lie(desk.page, /\/chain$/, ({ statements }: { statements: unknown[] }) => ({
      statements: statements.slice(0, 1),
    }));
    await signInOnly(desk, officer);
    await desk.page.getByRole("heading", { name: "Pillarbox has locked itself" }).waitFor();
    await look(desk.page, "alarm", desk.page.getByRole("heading", { name: "Pillarbox has locked itself" }));
    await locked(desk, /your own key is not in the signed statements/);
  });

  it("locks with an alarm when a statement is altered, or taken back after it was seen", async () => {
    const altered = await emptyDesk(browser);
    await lie(altered.page, /\/chain$/, ({ statements }: { statements: { bytes: string; signature: string }[] }) => ({
      statements: statements.map((one, index) => (index === 3 ? { ...one, signature: statements[2]!.signature } : one)),
    }));
    await signInOnly(altered, officer);
    await locked(altered, /statement 3: the signature does not hold/);

    const back = await sitDown(browser, place, officer);
    await lie(back.page, /\/chain$/, ({ statements }: { statements: unknown[] }) => ({
      statements: statements.slice(0, -1),
    }));
    await back.page.getByRole("link", { name: "People" }).click();
    await locked(back, /it is not the one seen before/);
  });

  /** Signs out and in again in the same browser, to whatever the server says by then. */
  const comeBack = async ({ page }: Desk): Promise<void> => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await fillSignIn(page, officer.email, passphraseOf(place, officer));
  };
  type Shown = { logs: { checkpoint: string; proofs: { size: number; hashes: string[] }[] }[] };
  const kept = (page: Page): Promise<string> => page.evaluate(() => JSON.stringify({ ...localStorage }));
  const AUDIT = /\/api\/bodies\/harrowmere\/log\/audit/;

  // Locks with an alarm when this browser is served an old checkpoint, says so in words, and keeps what it has.
  it("locks with an alarm when this browser is served an old checkpoint, and keeps what it has", async () => {
    const desk = await emptyDesk(browser);
    let old: Shown | null = null;
    await lie(desk.page, AUDIT, (shown: Shown) => ((old ??= shown), shown));
    await signInOnly(desk, officer);
    await ready(desk.page);
    await goTo(desk.page, /^Read the letters/);
    const before = await kept(desk.page);
    await lie(desk.page, AUDIT, () => old);
    await comeBack(desk);
    await desk.page.getByRole("heading", { name: "Pillarbox has locked itself" }).waitFor();
    await desk.page.getByText("Evidence to copy").click();
    await look(
      desk.page,
      "alarm about the log",
      desk.page.getByRole("heading", { name: "Pillarbox has locked itself" }),
    );
    assert.match(await textOf(desk.page), /What to do now\s+Tell your data protection officer/);
    assert.ok(
      (await textOf(desk.page)).includes(String(old!.logs[0]!.checkpoint.split("\n")[2])),
      "the checkpoint that was shown can be copied",
    );
    assert.equal(await kept(desk.page), before);
    // Once more: it locks again, and it goes on as soon as the right log is back.
    await desk.page.getByRole("button", { name: "Go to sign in" }).click();
    await fillSignIn(desk.page, officer.email, passphraseOf(place, officer));
    await desk.page
      .getByText(
        /has \d+ entries now, and this browser has seen it with \d+ entries: it was cut short, or an old copy is shown/,
      )
      .waitFor();
    await desk.page.unroute(AUDIT);
    await desk.page.getByRole("button", { name: "Go to sign in" }).click();
    await fillSignIn(desk.page, officer.email, passphraseOf(place, officer));
    await desk.page.getByRole("button", { name: "Sign out" }).waitFor();
    await desk.context.close();
  });

  // Locks with an alarm when this browser is served a forked log, at sign-in and for one reading, though it is signed
  // by the log’s own key.
  it("locks with an alarm when this browser is served a forked log signed by the log’s own key", async () => {
    const host = parseSignerKey(readFileSync(join(place.world.data, "log", "key"), "utf8").trim());
    const signer = signerOfLog(host, "harrowmere");
    const forked = (note: string): string =>
      signCheckpoint({ ...openCheckpoint(note, signer.verifier), root: new Uint8Array(32).fill(7) }, signer);
    const desk = await sitDown(browser, place, officer);
    const before = await kept(desk.page);
    // The log grows by this sign-in, so that what is shown next is larger than what was seen.
    await place.visit(officer);
    await untilSigned(place.world);
    await lie(desk.page, AUDIT, ({ logs }: Shown) => ({
      logs: logs.map((log) => ({ ...log, checkpoint: forked(log.checkpoint) })),
    }));
    await comeBack(desk);
    await desk.page
      .getByText(
        /is not the one that this browser has seen with \d+ entries: an entry of those was changed, taken out or added/,
      )
      .waitFor();
    assert.equal(await kept(desk.page), before);
    await locked(desk, /Do not clear this browser/);

    // The whole tree of a log of its own, made for this one reading: proof and checkpoint fit each other, and the key
    // is the log's.
    const reader = await sitDown(browser, place, officer);
    await lie(reader.page, /\/api\/releases\/[0-9a-f]{32}$/, (answer: { proof: string; entry: string }) => {
      const entry = new Uint8Array(Buffer.from(answer.entry, "base64"));
      const checkpoint = signCheckpoint(
        { origin: signer.verifier.name, size: 1, root: leafHash(entry), extensions: [] },
        signer,
      );
      return { ...answer, proof: encodeProof({ index: 0, hashes: [], checkpoint }) };
    });
    await reader.page
      .getByRole("link", { name: /^Read the letters/ })
      .first()
      .click();
    await locked(reader, /does not prove|is not the one/);

    const unproven = await sitDown(browser, place, officer);
    await lie(unproven.page, AUDIT, ({ logs }: Shown) => ({ logs: logs.map((log) => ({ ...log, proofs: [] })) }));
    await unproven.page
      .getByRole("link", { name: /^Read the letters/ })
      .first()
      .click();
    await locked(unproven, /does not prove that its \d+ entries extend the \d+ entries that this browser has seen/);
  });

  // Shows an auditor what is signed, since when this browser has watched, and that nobody witnesses it.
  it("shows an auditor what is signed, since when it has watched, and that nobody witnesses it", async () => {
    const desk = await sitDown(browser, place, place.person("auditor"), "/log");
    assert.match(
      await textOf(desk.page),
      /\d+ entries, signature checked in this browser[^]*Has seen this log since[^]*Nobody outside has confirmed/,
    );
    await look(desk.page, "log without witnesses", /Nobody outside has confirmed/);
    await desk.context.close();
  });

  it("opens nothing without a proof that this very reading is in the log", async () => {
    const { context, page } = await sitDown(browser, place, officer);
    let kept: { proof: string; entry: string } | null = null;
    await lie(page, /\/api\/releases\/[0-9a-f]{32}$/, (answer: { proof: string; entry: string }) => {
      // The second reading comes with the proof of the first.
      const { proof, entry } = (kept ??= answer);
      return { ...answer, proof, entry };
    });
    await goTo(page, /^Read the letters/);
    assert.match(await textOf(page), /2 letters loaded/);
    await page.locator("tbody a").first().click();
    await page.getByText("The proof that this reading is in the log does not hold").waitFor();
    assert.ok(!(await page.content()).includes(MARKER));
    await context.close();
  });

  it("opens nothing from the whole answer to an earlier reading, given again for a later one", async () => {
    const { context, page } = await sitDown(browser, place, officer);
    let kept: object | null = null;
    // Proof, entry, both salts and letters are all real, and fit each other; they are those of the first reading.
    await lie(page, /\/api\/releases\/[0-9a-f]{32}$/, (answer: object) => (kept ??= answer));
    await goTo(page, /^Read the letters/);
    assert.match(await textOf(page), /2 letters loaded/);
    assert.ok((await page.content()).includes("PB-"));
    await page.reload();
    await fillSignIn(page, officer.email, passphraseOf(place, officer));
    await page.getByText("The proof that this reading is in the log does not hold").waitFor();
    assert.equal(await page.locator("tbody a").count(), 0);
    await context.close();
  });

  it("calls a form what an owner signed, whatever the server calls it", async () => {
    const desk = await emptyDesk(browser);
    await lie(desk.page, /\/inboxes$/, ({ inboxes }: { inboxes: { title: string }[] }) => ({
      inboxes: inboxes.map((one) => ({ ...one, title: "A harmless form" })),
    }));
    await signInOnly(desk, place.person("owner", 0, BODY));
    await desk.page.getByRole("heading", { name: place.forms.contact.title }).waitFor();
    await ready(desk.page);
    assert.doesNotMatch(await textOf(desk.page), /harmless/);
    await desk.context.close();
  });

  // Refuses letters that are swapped, a wrapped key that no owner signed, and a form that no owner published.
  it("refuses swapped letters, a wrapped key and a form that no owner signed", async () => {
    const swapped = await sitDown(browser, place, officer);
    await lie(swapped.page, /\/api\/releases\/[0-9a-f]{32}$/, (answer: { items: { bytes: string }[] }) => ({
      ...answer,
      items: answer.items.map((item, index, all) => ({ ...item, bytes: all[all.length - 1 - index]!.bytes })),
    }));
    await goTo(swapped.page, /^Read the letters/);
    assert.equal(await swapped.page.locator("tbody a").count(), 0, "all or none");
    assert.match(await textOf(swapped.page), /not what the log says was received.+It is about PB-[^,]+, PB-[^,]+\./);
    await look(swapped.page, "list that is not what was received", /not what the log says was received/);
    await swapped.context.close();

    const wrapped = await sitDown(browser, place, officer);
    await lie(wrapped.page, /\/wraps$/, ({ wraps }: { wraps: { wrap: string }[] }) => ({
      wraps: wraps.map((one) => ({
        ...one,
        wrap: Buffer.from(Buffer.from(one.wrap, "base64").reverse()).toString("base64"),
      })),
    }));
    await goTo(wrapped.page, /^Read the letters/);
    assert.match(await textOf(wrapped.page), /A wrapped key is not the one that an owner signed/);
    await wrapped.context.close();

    const reformed = await sitDown(browser, place, officer);
    await lie(reformed.page, /\/forms\/[0-9a-f]{64}$/, (form: { title: string }) => ({
      ...form,
      title: "Another title",
    }));
    await goTo(reformed.page, /^Read the letters/);
    await thereAre(2, reformed.page.getByText("Not opened"));
    assert.ok(!(await reformed.page.content()).includes(MARKER));
    await reformed.context.close();
  });

  it("lets an owner confirm nobody whose name in the database is not the one that was signed", async () => {
    const colleague = place.person("colleague without a grant");
    await askFor(await place.visit(place.person("operator at the host")), BODY, {
      inbox,
      persons: [colleague.person],
      scope: "all",
      until: Date.now() + YEAR,
      purpose: "audit",
      purposeText: "A check.",
    });
    await untilSigned(place.world);
    const attacker = await place.attacker();
    try {
      await attacker.query("UPDATE account SET name = 'Joanna Marsden' WHERE id = $1", [colleague.person]);
      const { context, page } = await sitDown(browser, place, place.person("owner", 0, BODY), "/people");
      await page.getByText("Does not fit", { exact: true }).waitFor();
      assert.match(await textOf(page), /1 person does not fit what an owner signed/);
      await look(page, "people with an alarm", page.getByText("Does not fit", { exact: true }));
      await goTo(page, "Requests");
      await goTo(page, /^Look at the request/);
      assert.match(await textOf(page), /You cannot confirm this request/);
      assert.match(await textOf(page), /A person whose details cannot be verified/);
      assert.equal(await page.getByRole("button", { name: /^Confirm/ }).count(), 0);
      await look(page, "request that cannot be confirmed", /You cannot confirm this request/);
      await context.close();
    } finally {
      await attacker.query("UPDATE account SET name = $2 WHERE id = $1", [colleague.person, colleague.name]);
      await attacker.end();
    }
  });

  it("says that somebody else was faster, and changes nothing", async () => {
    const faster = await sitDown(browser, place, place.person("owner", 0, BODY), "/requests");
    await goTo(faster.page, /^Look at the request/);
    const officers = [1, 2].map((nth) => place.person("case officer", nth));
    await place.grant(place.forms.complaint, officers);
    await faster.page.getByRole("button", { name: /^Confirm/ }).click();
    await faster.page.getByText("Somebody else changed access a moment ago").waitFor();
    await look(faster.page, "chain moved", /Somebody else changed access a moment ago/);
    await faster.page.getByRole("button", { name: "Try again" }).click();
    await ready(faster.page);
    await faster.page.getByRole("button", { name: /^Confirm/ }).click();
    await faster.page.locator(".govuk-notification-banner--success").waitFor();
    await faster.context.close();
  });
});
