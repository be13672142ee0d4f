/**
 * From the hole to the finding on everybody's page, what to do about it, the incident that it becomes, and its end, as
 * people meet it in a browser; every screen is looked at by axe.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { fromHex } from "../../src/domain/bytes.ts";
import { markerWords } from "../../src/domain/watch/marker.ts";
import { front, type Front } from "../support/front.ts";
import { untilThere } from "../support/in-time.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { heldBack, pressWhile } from "../support/press.ts";
import { emptyDesk, fillSignIn, goTo, passphraseOf, ready, sitDown, textOf } from "../support/staff-desk.ts";

describe("a finding", () => {
  let place: StaffedWorld;
  let browser: Browser;
  let publicly: Front;
  let finding = "";

  const ask = async <T>(sql: string): Promise<T[]> => {
    const db = await place.attacker();
    try {
      return (await db.query(sql)).rows as T[];
    } finally {
      await db.end();
    }
  };
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> =>
    void (await untilThere(holds, what));
  const open = async (): Promise<string[]> =>
    (await ask<{ id: string }>("SELECT id FROM finding WHERE closed_at IS NULL")).map((row) => row.id);
  const again = async (page: Page, path: string): Promise<void> => {
    await page.evaluate((to) => {
      window.history.pushState(null, "", to);
      window.dispatchEvent(new PopStateEvent("popstate"));
    }, path);
    await ready(page);
  };

  before(async () => {
    place = await staffedWorld({
      also: ["inspect", "monitor"],
      config: async (ports) => {
        publicly = await front(ports.public);
        return { publicOrigin: publicly.origin, watch: { round: 1_000 } };
      },
    });
    browser = await launchBrowser();
    await place.write(place.forms.complaint, letterTo("complaint", "ordinaryword"));
    await until(
      "a marker in each form",
      async () => (await ask("SELECT FROM marker m JOIN submission s ON s.id = m.submission")).length >= 3,
    );
    const planted = Date.now();
    await until(
      "a clean look after that, and the monitor's proof of itself",
      async () =>
        (
          await ask(
            `SELECT FROM look WHERE watcher = 'monitor' AND clean_at IS NOT NULL AND (kind = 'proof' OR (kind = 'round' AND clean_at > ${planted}))`,
          )
        ).length === 2,
    );
  });
  after(async () => {
    await browser?.close();
    await place?.stop();
    await publicly?.stop();
  });

  // Is not there while nothing is wrong; the list says when somebody last looked, and a marker is told apart from
  // letters.
  it("is not there while nothing is wrong; the list says when somebody last looked", async () => {
    const { context, page, complaints } = await sitDown(browser, place, place.person("owner", 0, BODY));
    await goTo(page, "Findings");
    assert.match(
      await textOf(page),
      /Last looked from outside\s+\d+ \w+ 20\d\d.*Last proved that it finds\s+\d+ \w+ 20\d\d.*Nothing is open\.\s+Over\s+Nothing has been found before\./s,
    );
    assert.equal(await page.locator("[data-watch]").count(), 0);
    await look(page, "no findings", "Nothing is open.");
    await again(page, "/");
    assert.match(await textOf(page), /1 letter received/);
    await goTo(page, /^Read the letters of Complain/);
    assert.match(await textOf(page), /1 letter and 1 marker loaded/);
    await look(page, "a list with a marker", "1 letter and 1 marker loaded");
    const row = page.getByRole("row").filter({ hasText: "Marker" });
    await row.getByRole("link").click();
    await ready(page);
    assert.match(await textOf(page), /This is a marker: nobody wrote it\./);
    await look(page, "a marker", "This is a marker: nobody wrote it.");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  // Stands on every page of those whom it concerns; owners see what, where, since when and what to do, and make it an
  // incident by one link.
  it("stands on every page of those whom it concerns, and becomes an incident by one link", async () => {
    const [marker] = await ask<{ submission: string }>("SELECT submission FROM marker ORDER BY 1");
    const path = `/forms/${place.forms.contact.id}`;
    publicly.holes.set("results", (asked, passed) =>
      asked.path === path
        ? {
            ...passed,
            body: Buffer.from(
              passed.body
                .toString()
                .replace(
                  "</main>",
                  `<p>${markerWords(fromHex(place.world.installation.watchers.monitor), marker!.submission)}</p></main>`,
                ),
            ),
          }
        : undefined,
    );
    await until("found", async () => (await open()).length === 1);
    [finding = ""] = await open();
    const { context, page, complaints } = await sitDown(browser, place, place.person("owner", 0, BODY));
    await page.locator("[data-watch]").waitFor();
    assert.match(await page.locator("[data-watch]").innerText(), /^1 finding is open/);
    await look(page, "the start page with a finding", page.locator("[data-watch]"));
    await goTo(page, "See what was found and what to do now");
    await look(page, "the list of findings", page.getByRole("link", { name: "What is sent can be seen by anybody" }));
    await goTo(page, "What is sent can be seen by anybody");
    const said = await textOf(page);
    assert.match(
      said,
      /Form\s+Contact the Victims’ Commissioner.*Since when, at the earliest\s+\d+ \w+ 20\d\d.*What to do now\s+Close the form/s,
    );
    await page.getByText("Evidence, for engineers").click();
    assert.match(await textOf(page), /answered 200, \d+ bytes, SHA-256 [0-9a-f]{16}: words of a marker/);
    await look(page, "a finding", /words of a marker/);
    await goTo(page, "Open an incident from this finding");
    assert.match(page.url(), new RegExp(`/incidents/new/finding/${finding}$`));
    await page.locator("[data-watch]").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  // The alarm pushes the page down. Shown between press and release, it would take the click away from both places.
  it("does not take a press away from somebody who presses while it comes", async () => {
    const { context, page } = await emptyDesk(browser);
    const come = await heldBack(page, "**/api/watch");
    await page.goto(place.world.staffOrigin);
    const owner = place.person("owner", 0, BODY);
    await fillSignIn(page, owner.email, passphraseOf(place, owner));
    const link = page.getByRole("link", { name: /^Read the letters of Complain/ });
    await link.waitFor();
    await ready(page);
    await pressWhile(link, come, page.locator("[data-watch]"));
    await page.waitForURL(/\/inbox\//);
    await page.locator("[data-watch]").waitFor();
    await context.close();
  });

  it("is known to officers and to the host as open, and no more than that", async () => {
    for (const [part, words] of [
      ["case officer", "The owners and auditors of your body see"],
      ["operator at the host", "ask them"],
    ] as const) {
      const { context, page } = await sitDown(browser, place, place.person(part));
      await page.locator("[data-watch]").waitFor();
      const banner = page.locator("[data-watch]");
      assert.match(await banner.innerText(), new RegExp(words));
      assert.equal(await banner.getByRole("link").count(), 0);
      assert.equal(await page.getByRole("link", { name: "Findings" }).count(), 0);
      await look(page, `the start page of the ${part} with a finding`, banner);
      await again(page, `/findings/${finding}`);
      assert.doesNotMatch(await textOf(page), /can be seen by anybody|forms\//);
      await context.close();
    }
  });

  it("is over when a look shows it gone, and stays in the list", async () => {
    publicly.holes.clear();
    await until("closed", async () => (await open()).length === 0);
    const { context, page } = await sitDown(browser, place, place.person("auditor"), "/findings");
    assert.equal(await page.locator("[data-watch]").count(), 0);
    await goTo(page, "What is sent can be seen by anybody");
    assert.match(await textOf(page), /State\s+Over: a look on \d+ \w+ 20\d\d/);
    await look(page, "a finding that is over", /Over: a look on/);
    await untilSigned(place.world);
    await goTo(page, "Log");
    await page.getByLabel("Show").selectOption({ label: "What was looked at, and found" });
    await page.getByRole("button", { name: "Filter" }).click();
    await ready(page);
    const history = await textOf(page);
    assert.match(history, /A finding is over.*Found: What is sent can be seen by anybody/s);
    // Which of these came first at the start is the monitor's own matter.
    for (const began of ["The monitor planted a letter of its own", "The monitor proved that it still finds"])
      assert.ok(history.includes(began), began);
    await context.close();
  });
});
