/** What ends a visit, and what is left afterwards: nothing. Keys never enter the page. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { secretsOf } from "../support/by-hand.ts";
import { BODY, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import {
  emptyDesk,
  fillSignIn,
  goTo,
  hasFocus,
  noKeys,
  passphraseOf,
  problems,
  ready,
  sitDown,
  textOf,
} from "../support/staff-desk.ts";

const MARKER = "quagmire";

describe("a visit to the staff app ends", () => {
  let place: StaffedWorld;
  let browser: Browser;
  let officer: PreparedPerson;

  before(async () => {
    place = await staffedWorld();
    browser = await launchBrowser();
    officer = place.person("case officer");
    await place.write(place.forms.contact, letterTo("contact", MARKER));
    await place.grant(place.forms.contact, [officer]);
  });
  after(async () => {
    await browser?.close();
    await place?.stop();
  });

  const openLetter = async (page: Page): Promise<void> => {
    await goTo(page, /^Read the letters of Contact/);
    await page.locator("tbody a").first().click();
    await page.getByText("This opening is in the log").waitFor();
    assert.ok((await textOf(page)).includes(MARKER));
  };

  const nothingLeft = async (page: Page, hasSeenTheLog = true): Promise<void> => {
    assert.ok(!(await page.content()).includes(MARKER), "the letter is still in the document");
    await noKeys(page);
    const kept = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      cookie: document.cookie,
      state: JSON.stringify(history.state),
    }));
    const memory = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    // The last checkpoints of the host's log and of the body's, which are public, and since when: nothing about who was
    // here.
    if (hasSeenTheLog)
      assert.match(
        memory,
        /^\{(?:,?"pillarbox-log\/[0-9a-f]{32}(?:\/[a-z0-9-]+)?":"\{\\"logKey\\":\\"[^ "]+\\",\\"note\\":\\"[^"]+\\",\\"since\\":\d{13}\}"){2}\}$/,
      );
    assert.deepEqual(kept, {
      local: hasSeenTheLog ? 2 : 0,
      session: 0,
      databases: 0,
      caches: 0,
      cookie: "",
      state: "null",
    });
  };

  const sessionEnded = async (page: Page): Promise<void> => {
    // The page tells the server without waiting for it.
    await page.waitForFunction(async () => (await fetch("/api/me")).status === 401);
  };

  it("by idleness, after a warning that one key press sends away", async () => {
    const { context, page, complaints } = await emptyDesk(browser);
    // The page's own clock, which the test moves on: ten minutes until the lock, the last of them with a warning.
    await page.clock.install();
    await page.goto(place.world.staffOrigin);
    await fillSignIn(page, officer.email, passphraseOf(place, officer));
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await ready(page);
    await openLetter(page);
    const warning = page.getByRole("dialog", { name: "You will be signed out soon" });
    await page.keyboard.press("Shift");
    await page.clock.fastForward("08:30");
    assert.equal(await warning.count(), 0, "it warned too early");
    await page.clock.fastForward("00:35");
    await warning.waitFor();
    // The page's time stands while axe looks: it may take longer than the warning does.
    const now = await page.evaluate(() => Date.now());
    await page.clock.setFixedTime(now);
    await look(page, "warning", warning);
    await page.clock.setSystemTime(now);
    await page.keyboard.press("Escape");
    await warning.waitFor({ state: "detached" });
    assert.ok((await textOf(page)).includes(MARKER), "staying keeps what is open");
    await page.clock.fastForward("09:05");
    await warning.waitFor();
    await page.clock.fastForward("01:00");
    await page.getByText("because nothing happened for a while").first().waitFor();
    await nothingLeft(page);
    await sessionEnded(page);
    assert.equal(await page.getByLabel("E-mail address").inputValue(), officer.email);
    assert.equal(await page.getByLabel("Passphrase", { exact: true }).inputValue(), "");
    await page.goBack();
    await page.getByLabel("E-mail address").waitFor();
    await nothingLeft(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("by signing out; the way back shows nothing", async () => {
    const { context, page } = await sitDown(browser, place, officer);
    await openLetter(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out").first().waitFor();
    await nothingLeft(page);
    await sessionEnded(page);
    for (const _ of [1, 2]) {
      await page.goBack();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await nothingLeft(page);
    }
    await context.close();
  });

  it("by loading the page again, which asks for the passphrase alone", async () => {
    const { context, page } = await sitDown(browser, place, officer);
    await page.reload();
    await page.getByText("your key was forgotten").first().waitFor();
    assert.equal(await page.getByLabel("E-mail address").inputValue(), officer.email);
    await nothingLeft(page);
    await page.getByLabel("Passphrase", { exact: true }).fill(passphraseOf(place, officer));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await context.close();
  });

  // What is typed outlives the lock; the browser has it sealed only, and has nothing once it was sent.
  it("keeps what was typed, sealed, and gives it back after unlocking", async () => {
    const owner = place.person("owner", 0, BODY);
    const { context, page, complaints } = await emptyDesk(browser);
    await page.clock.install();
    await page.goto(`${place.world.staffOrigin}/incidents/new`);
    await fillSignIn(page, owner.email, passphraseOf(place, owner));
    await page.getByLabel("In a few words").fill(`A list with ${MARKER}`);
    await page.getByLabel("Not yet: it is being looked into").check();
    const kept = (): Promise<string> =>
      page.evaluate(async () =>
        JSON.stringify([
          { ...sessionStorage },
          { ...localStorage },
          document.cookie,
          history.state,
          await indexedDB.databases(),
        ]),
      );
    await page.clock.fastForward("00:02");
    await page.waitForFunction(() => sessionStorage.length === 1);
    await page.clock.fastForward("09:00");
    const warning = page.getByRole("dialog", { name: "You will be signed out soon" });
    await warning.getByText("sealed to your key").waitFor();
    await page.clock.fastForward("01:05");
    await page.getByText("what you had typed is still here, sealed").first().waitFor();
    const stored = await kept();
    for (const secret of [MARKER, "incidents/new", "summary"]) {
      assert.ok(!stored.includes(secret), `${secret} stands in the browser`);
      const [sealed] = Object.values(JSON.parse(stored)[0] as { [name: string]: string });
      assert.ok(!Buffer.from(sealed!, "base64").includes(secret), `${secret} stands in what is kept`);
    }
    assert.match(stored, /^\[\{"pillarbox-drafts\/[0-9a-f]{32}\/[0-9a-f]{32}":"[A-Za-z0-9+/=]+"\}/);
    assert.ok(!(await page.content()).includes(MARKER), "the text is still in the document");
    await noKeys(page);

    // Another person in the same tab finds nothing of it.
    await fillSignIn(
      page,
      place.person("auditor", 0, BODY).email,
      passphraseOf(place, place.person("auditor", 0, BODY)),
    );
    await page.getByLabel("In a few words").waitFor();
    assert.equal(await page.getByLabel("In a few words").inputValue(), "");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out").first().waitFor();
    await sessionEnded(page);
    await page.goto(`${place.world.staffOrigin}/incidents/new`);

    await fillSignIn(page, owner.email, passphraseOf(place, owner));
    await page.getByLabel("In a few words").waitFor();
    assert.equal(await page.getByLabel("In a few words").inputValue(), `A list with ${MARKER}`);
    assert.ok(await page.getByLabel("Not yet: it is being looked into").isChecked());
    await page.getByLabel("Somebody was let in who should not have been").or(page.locator("#what")).first().check();
    await page.getByRole("button", { name: "Open the incident" }).click();
    await page.locator(".govuk-notification-banner--success").waitFor();
    await page.clock.fastForward("00:02");
    await page.waitForFunction(() => sessionStorage.length === 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  for (const [what, block, says] of [
    [
      "the worker",
      () => {
        window.Worker = class {
          constructor() {
            throw new DOMException("blocked", "SecurityError");
          }
        } as unknown as typeof Worker;
      },
      "does not let this page start the part that holds your key",
    ],
    [
      "storage",
      () =>
        Object.defineProperty(window, "localStorage", {
          get: () => {
            throw new DOMException("blocked", "SecurityError");
          },
        }),
      "does not let this page keep anything",
    ],
    ["an old browser", () => void Reflect.deleteProperty(Object, "hasOwn"), "this browser is too old for them"],
  ] as const) {
    it(`but never begins where ${what} stands in the way, and says so`, async () => {
      const { context, page } = await emptyDesk(browser);
      await page.addInitScript(block);
      await page.goto(place.world.staffOrigin);
      if (what !== "an old browser") await fillSignIn(page, officer.email, passphraseOf(place, officer));
      await page.getByText(says).first().waitFor();
      assert.ok(!(await page.locator("body").innerText()).includes("on our side"));
      await context.close();
    });
  }

  it("but never begins where its script is blocked on its way, and says so", async () => {
    const { context, page } = await emptyDesk(browser);
    await page.route(/staff-app-.*\.js$/, (route) => route.abort());
    await page.goto(place.world.staffOrigin);
    await page.getByText("their script was blocked on its way").waitFor();
    await context.close();
  });

  it("when the server ends the session, with a sentence", async () => {
    const { context, page } = await sitDown(browser, place, officer);
    assert.equal(await page.evaluate(async () => (await fetch("/api/session", { method: "DELETE" })).status), 200);
    await page.getByRole("link", { name: "People" }).click();
    await page.getByText("The server ended your session").first().waitFor();
    await nothingLeft(page);
    await context.close();
  });

  it("but not because the network is gone for a moment", async () => {
    const { context, page } = await sitDown(browser, place, officer);
    await context.setOffline(true);
    await page.getByRole("link", { name: "People" }).click();
    await page.getByText("The staff server cannot be reached").waitFor();
    await look(page, "no network", "The staff server cannot be reached");
    await context.setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Confirmed").first().waitFor();
    await context.close();
  });

  it("never begins with a wrong passphrase, and says what is wrong", async () => {
    const { context, page } = await emptyDesk(browser);
    await page.goto(place.world.staffOrigin);
    await look(page, "sign in", page.getByRole("heading", { name: "Sign in" }));
    await page.getByRole("button", { name: "Sign in" }).click();
    assert.deepEqual(await problems(page), ["Enter your e-mail address", "Enter the seven words of your passphrase"]);
    await hasFocus(page, ".govuk-error-summary");
    await look(page, "sign in with errors", "Enter your e-mail address");
    const refused = async (passphrase: string, words: RegExp): Promise<void> => {
      await fillSignIn(page, officer.email, passphrase);
      await page.locator(".govuk-error-summary__list").getByText(words).waitFor();
    };
    await refused("abandon ability able about above absent", /seven words from the list/);
    await refused("abandon ability able about above absent absorb", /e-mail address or passphrase is not right/);
    await nothingLeft(page, false);
    await context.close();
  });

  it("and no key ever crosses from the worker to the page, or leaves the browser", async () => {
    const { context, page } = await emptyDesk(browser);
    await page.addInitScript(() => {
      const crossed: unknown[] = [];
      Object.assign(window, { crossed });
      const Original = window.Worker;
      window.Worker = class extends Original {
        constructor(address: string | URL, options?: WorkerOptions) {
          super(address, options);
          this.addEventListener("message", ({ data }) => crossed.push(data));
        }
      };
    });
    const sent: string[] = [];
    page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
    await page.goto(place.world.staffOrigin);
    await fillSignIn(page, officer.email, passphraseOf(place, officer));
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await ready(page);
    await openLetter(page);
    const texts = await page.evaluate(() => {
      const found: string[] = [];
      const latin = new TextDecoder("latin1");
      const walk = (value: unknown): void => {
        if (typeof value === "string") found.push(value);
        else if (value instanceof Uint8Array) found.push(latin.decode(value));
        else if (value instanceof Map) for (const [key, one] of value) walk(key), walk(one);
        else if (typeof value === "object" && value !== null) for (const one of Object.values(value)) walk(one);
      };
      walk((window as unknown as { crossed: unknown[] }).crossed);
      return found;
    });
    assert.ok(
      texts.some((text) => text.includes(MARKER)),
      "the opened letter crossed, so the recorder works",
    );
    const secrets = [
      "AGE-SECRET-KEY",
      passphraseOf(place, officer),
      Buffer.from((await secretsOf(officer)).signingSecret).toString("latin1"),
    ];
    for (const secret of secrets) assert.ok(!texts.some((text) => text.includes(secret)));
    const words = passphraseOf(place, officer);
    for (const request of sent) {
      assert.ok(
        !request.includes("AGE-SECRET-KEY") &&
          !request.includes(words) &&
          !decodeURIComponent(request.replaceAll("%", "%25")).includes(words),
        "a secret was sent",
      );
      assert.ok(!request.includes(MARKER), "what was opened was sent");
      assert.ok(request.startsWith(place.world.staffOrigin), "only the staff server is asked");
    }
    await context.close();
  });

  it("and can be held with the keyboard alone", async () => {
    const { context, page } = await emptyDesk(browser);
    await page.goto(place.world.staffOrigin);
    await page.getByLabel("E-mail address").focus();
    await page.keyboard.type(officer.email);
    await page.keyboard.press("Tab");
    await page.keyboard.insertText(passphraseOf(place, officer));
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await ready(page);
    await hasFocus(page, "h1");
    /** Presses Tab until the focused control has this name. */
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press("Tab");
        if (name.test(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText ?? "")))
          return;
      }
      assert.fail(`the keyboard does not reach ${name}`);
    };
    await tabTo(/^Read the letters/);
    await page.keyboard.press("Enter");
    await page.locator("tbody a").first().waitFor();
    await hasFocus(page, "h1");
    await tabTo(/^PB-/);
    await page.keyboard.press("Enter");
    await page.getByText("This opening is in the log").waitFor();
    await hasFocus(page, "h1");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Letters" }).waitFor();
    await context.close();
  });
});
