/**
 * Passkeys as somebody adds and uses them, with the browser's own virtual devices: one that answers PRF, one that does
 * not, one whose answer comes as a plain list, and one that stops answering. Nothing of an answer leaves the browser.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { base32nopad } from "@scure/base";
import type { Browser } from "playwright-core";
import { totpAt } from "../../src/domain/person/totp.ts";
import { look } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { untilThere } from "../support/in-time.ts";
import { heldBack, pressWhile } from "../support/press.ts";
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
  type Desk,
} from "../support/staff-desk.ts";
import { thereAre } from "../support/counted.ts";
import { BODY, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

type Sent = { readonly path: string; readonly body: string };

/** Members of an answer that come from PRF. With the quotation mark: sealed bytes as base64 may spell any short word. */
const RESULTS = /"(?:prf|first|clientExtensionResults)\b/;
const SECOND = "Only one thing unlocks your keys.";

/** A device in the browser of a desk. */
async function device({ context, page }: Desk, hasPrf: boolean): Promise<void> {
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** What the page sends that may hold something of a passkey. */
function listen({ page }: Desk): Sent[] {
  const sent: Sent[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST")
      sent.push({ path: new URL(request.url()).pathname, body: request.postData() ?? "" });
  });
  return sent;
}

async function add({ page }: Desk, name: string): Promise<void> {
  await page.getByLabel("Name of the passkey").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
}

/** Signed in with a passkey, on the page that asks for a sign-in. */
async function touch({ page }: Desk): Promise<void> {
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await ready(page);
}

describe("passkeys", () => {
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

  const officer = (nth: number) => t.person("case officer", nth, BODY);

  it("somebody asked for a second unlocker adds a passkey, and signs in with it, reloaded too", async () => {
    const desk = await sitDown(browser, t, officer(0));
    const { page } = desk;
    const sent = listen(desk);
    await device(desk, true);
    await page.getByText(SECOND).waitFor();
    await goTo(page, "Add a second one");
    await page.getByText("The only one: it stays").waitFor();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    assert.deepEqual(await problems(page), ["Enter a name of 1 to 60 letters"]);
    await add(desk, "Key at home");
    await page.getByText("“Key at home” is added. It has opened your keys once, so it works.").waitFor();
    await ready(page);
    await thereAre(3, page.getByRole("row"));
    await goTo(page, "Start");
    await page.getByRole("heading", { name: /^Hello/ }).waitFor();
    assert.equal(await page.getByText(SECOND).count(), 0);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await noKeys(page);
    await touch(desk);
    assert.match(await textOf(page), new RegExp(`Hello, ${officer(0).name}`));
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await touch(desk);
    const about = sent.filter(({ path }) => /passkey|unlockers/.test(path));
    assert.equal(about.filter(({ path }) => path === "/api/session/passkey").length, 2);
    for (const { path, body } of about) assert.doesNotMatch(body, RESULTS, path);
    await goTo(page, "Your sign-ins");
    await goTo(page, "See what unlocks your keys");
    // The last step: a look ends the browser's virtual devices.
    await look(page, "what unlocks one's keys", page.getByText("Key at home").first());
    assert.deepEqual(desk.complaints, []);
    await desk.context.close();
  });

  // It pushes the page down as an alarm does: shown between press and release, it would take the click away.
  it("the sentence that asks for a second one takes no press away while it comes", async () => {
    const { context, page } = await emptyDesk(browser);
    const come = await heldBack(page, "**/api/me/unlockers");
    await page.goto(t.world.staffOrigin);
    await fillSignIn(page, officer(3).email, passphraseOf(t, officer(3)));
    const link = page.getByRole("link", { name: /^Who can read this/ }).first();
    await link.waitFor();
    await ready(page);
    await pressWhile(link, come, page.getByText(SECOND));
    await page.waitForURL(/\/access\//);
    await context.close();
  });

  it("a passkey is removed after a question, and the last unlocker stays", async () => {
    const desk = await sitDown(browser, t, officer(1), "/unlockers");
    const { page } = desk;
    await device(desk, true);
    await add(desk, "Telephone");
    await page.getByText("“Telephone” is added.").waitFor();
    await ready(page);
    await page.getByRole("button", { name: "Remove “Telephone”" }).click();
    await page.getByRole("button", { name: "Keep it" }).click();
    assert.equal(await page.getByRole("button", { name: "Remove it" }).count(), 0);
    await page.getByRole("button", { name: "Remove “Telephone”" }).click();
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByText("“Telephone” is removed. Your other sign-ins are ended.").waitFor();
    await page.getByText("The only one: it stays").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByRole("button", { name: "Use a passkey" }).click();
    assert.match((await problems(page))[0]!, /^This passkey was not accepted\./);
    assert.deepEqual(desk.complaints, []);
    await desk.context.close();
  });

  it("a device without PRF is not added, and says why", async () => {
    const desk = await sitDown(browser, t, officer(2), "/unlockers");
    const { page } = desk;
    const sent = listen(desk);
    await device(desk, false);
    await add(desk, "Old key");
    await page
      .getByText(/^This passkey cannot unlock keys/)
      .first()
      .waitFor();
    await page.getByText("The only one: it stays").waitFor();
    assert.deepEqual(
      sent.filter(({ path }) => path === "/api/me/unlockers"),
      [],
    );
    assert.deepEqual(desk.complaints, []);
    await desk.context.close();
  });

  it("a plain list as an answer is taken; one that stops coming is said, and unlocks nothing", async () => {
    const desk = await sitDown(browser, t, officer(3), "/unlockers");
    const { page } = desk;
    const sent = listen(desk);
    await device(desk, true);
    // As some password managers answer in the place of the browser.
    await page.evaluate(() => {
      const state = globalThis as unknown as { silent: boolean };
      state.silent = false;
      for (const name of ["create", "get"] as const) {
        const own = navigator.credentials[name].bind(navigator.credentials) as (asked: unknown) => Promise<any>;
        (navigator.credentials as any)[name] = async (asked: unknown) => {
          const credential = await own(asked);
          const { prf, ...others } = credential.getClientExtensionResults();
          const first = prf?.results?.first;
          const listed = first ? { enabled: true, results: { first: [...new Uint8Array(first)] } } : prf;
          credential.getClientExtensionResults = () => (state.silent ? others : { ...others, prf: listed });
          return credential;
        };
      }
    });
    await add(desk, "Manager");
    await page.getByText("“Manager” is added.").waitFor();
    await ready(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await touch(desk);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.evaluate(() => {
      (globalThis as unknown as { silent: boolean }).silent = true;
    });
    await page.getByRole("button", { name: "Use a passkey" }).click();
    assert.match((await problems(page))[0]!, /^This passkey did not give what unlocks your keys\./);
    await untilThere(async () => sent.some(({ path }) => path === "/api/session/challenge"), "a challenge");
    for (const { path, body } of sent) assert.doesNotMatch(body, RESULTS, path);
    assert.deepEqual(desk.complaints, []);
    await desk.context.close();
  });

  it("new words are written down and typed, a code is set up, and the next sign-in asks for both", async () => {
    const who = t.person("auditor", 0, BODY);
    const desk = await sitDown(browser, t, who, "/unlockers");
    const { page } = desk;
    await page.getByRole("button", { name: "Make a new passphrase" }).click();
    // The worker makes them.
    await thereAre(7, page.locator(".pb-words li"));
    const words = (await page.locator(".pb-words li").allInnerTexts()).join(" ");
    assert.equal(words.split(" ").length, 7);
    await hasFocus(page, "#passphrase-title");
    await page.getByRole("button", { name: "I have written them down" }).click();
    const typed = page.getByLabel("The seven words, from your paper");
    await typed.fill(`${words} again`);
    await page.getByRole("button", { name: "Use the new passphrase" }).click();
    assert.match((await problems(page))[0]!, /^These are not the seven words that were shown\./);
    await typed.fill(words);
    await page.getByRole("button", { name: "Use the new passphrase" }).click();
    await page.getByText("Your new passphrase has opened your keys.").waitFor();
    await ready(page);
    await page.getByRole("button", { name: "Set up a code" }).click();
    await hasFocus(page, "#totp-title");
    const secret = base32nopad.decode((await page.locator(".pb-code").innerText()).replaceAll(" ", ""));
    await look(page, "the secret of a code", page.getByRole("button", { name: "Turn it on" }));
    /** The newest code that was not used. */
    let last = 0;
    const next = (): string => {
      last = Math.max(last + 1, Math.floor(Date.now() / 30_000));
      return totpAt(secret, last);
    };
    await page.getByRole("button", { name: "Turn it on" }).click();
    assert.deepEqual(await problems(page), ["Enter the code"]);
    // That is over.
    await thereAre(0, page.getByText("Your new passphrase has opened your keys."));
    // A slip is said before anybody is asked; a wrong code is said where it was typed.
    await page.getByLabel("Code", { exact: true }).fill("12 34");
    await page.getByRole("button", { name: "Turn it on" }).click();
    await page.locator("#code-error").filter({ hasText: "Enter the six digits from your app" }).waitFor();
    const now = Math.floor(Date.now() / 30_000);
    const right = new Set([-2, -1, 0, 1, 2, 3, 4].map((off) => totpAt(secret, now + off)));
    const wrong = ["000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777"];
    await page.getByLabel("Code", { exact: true }).fill(wrong.find((code) => !right.has(code))!);
    await page.getByRole("button", { name: "Turn it on" }).click();
    await page.locator("#code-error").filter({ hasText: "This code is not right" }).waitFor();
    await hasFocus(page, ".govuk-error-summary");
    await page.getByLabel("Code", { exact: true }).fill(next());
    await page.getByRole("button", { name: "Turn it on" }).click();
    await look(page, "recovery codes", page.getByText("They are not shown again."));
    const codes = await page.locator(".pb-codes li").allInnerTexts();
    assert.equal(codes.length, 10);
    await page.getByRole("button", { name: "I have written them down" }).click();
    await page.getByText("10 recovery codes are left.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await fillSignIn(page, who.email, words);
    await look(page, "a code is asked for", page.getByText("Your passphrase is right."));
    await page.getByLabel("Code", { exact: true }).fill(codes.join(" "));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.locator("#code-error").filter({ hasText: "of one recovery code" }).waitFor();
    await page.getByLabel("Code", { exact: true }).fill(totpAt(secret, last));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.locator("#code-error").filter({ hasText: "it was used already" }).waitFor();
    await page.getByLabel("Code", { exact: true }).fill(next());
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await ready(page);
    await goTo(page, "Your sign-ins");
    await goTo(page, "See what unlocks your keys");
    await page.getByRole("button", { name: "Turn it off" }).click();
    await page.getByLabel("Code", { exact: true }).fill(codes[0]!);
    await page.getByRole("button", { name: "Turn it off" }).click();
    await page.getByText("Signing in with your passphrase asks for no code any more.").waitFor();
    assert.deepEqual(desk.complaints, []);
    await desk.context.close();
  });
});
