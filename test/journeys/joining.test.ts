/**
 * From the invitation to the first letter read, in two browsers at once: the mail is a real one, the words are compared,
 * and what goes wrong on the way is a sentence. Every screen is looked at by axe.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { askFor } from "../../src/member/flows/asking.ts";
import { inviteByHand } from "../../src/member/flows/joining.ts";
import { confirm } from "../../demo/by-id.ts";
import { carrierWorld, type CarrierWorld } from "../support/carrier.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { until } from "../support/messages.ts";
import { untilSigned } from "../support/signed-log.ts";
import {
  emptyDesk,
  fillSignIn,
  goTo,
  hasFocus,
  problems,
  ready,
  sitDown,
  textOf,
  type Desk,
} from "../support/staff-desk.ts";
import { BODY, letterTo, staffedWorld, YEAR, type StaffedWorld } from "../support/staffed.ts";

const NAME = "Wren Alderton";
const EMAIL = "wren.alderton@opj.harrowmere.example";

describe("joining", () => {
  let t: StaffedWorld;
  let carrier: CarrierWorld;
  let browser: Browser;
  let owner: Desk;
  let person: Desk;
  let link: string;
  let passphrase: string;

  before(async () => {
    carrier = await carrierWorld();
    t = await staffedWorld({ also: ["mailroom", "jobs"], mail: carrier.settings });
    browser = await launchBrowser();
    await t.write(t.forms.complaint, letterTo("complaint", "heronsong"));
  });
  after(async () => {
    await browser?.close();
    await t?.stop();
    carrier?.close();
  });

  const mailsTo = (address: string): string[] =>
    carrier.arrived
      .filter(({ to }) => to.includes(address))
      .map(({ raw }) => raw.replace(/=\r?\n/g, "").replace(/=3D/g, "="));
  const wordsOn = async (page: Page): Promise<string> =>
    (await page.locator(".pb-words li").allInnerTexts()).map((word) => word.trim()).join(" ");

  it("an owner invites by name, address and role, and one mail leaves with one link", async () => {
    owner = await sitDown(browser, t, t.person("owner", 0, BODY));
    const { page } = owner;
    await goTo(page, "People");
    await goTo(page, "Invite a person");
    await page.getByRole("button", { name: "Send the invitation" }).click();
    assert.deepEqual(await problems(page), [
      "Enter their full name",
      "Enter their e-mail address",
      "Select their role",
    ]);
    await look(page, "invite with errors", "Select their role");
    await page.getByLabel("Full name").fill(NAME);
    await page.getByLabel("E-mail address").fill(t.person("case officer").email);
    await page.getByLabel("Case officer").check();
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await page.getByText("This e-mail address belongs to somebody of this installation already").waitFor();
    await page.getByLabel("E-mail address").fill(`${NAME} <${EMAIL}>`);
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await page.getByText("Invitations: 1 is open").waitFor();
    await page.getByText("The invitation is on its way. Its link works once, for seven days.").waitFor();
    await until("the invitation arrives", () => mailsTo(EMAIL).length > 0);
    // Whether the mail left is noted a little later than it arrives.
    const { api } = await t.visit(t.person("owner", 0, BODY));
    await until("the mail is noted as sent", async () =>
      (await api.invitations(BODY)).some((one) => one.email === EMAIL && one.mail === "sent"),
    );
    await goTo(page, "Start");
    await goTo(page, "People");
    await look(page, "people with an invitation", "The mail was sent.");
    const [mail, ...more] = mailsTo(EMAIL);
    assert.equal(more.length, 0);
    assert.match(mail!, /^Subject: An invitation to Pillarbox\r?$/m);
    const links = [...mail!.matchAll(/https?:\/\/\S+/g)].map(([found]) => found);
    assert.equal(links.length, 1);
    link = links[0]!;
    assert.match(link.slice(t.world.staffOrigin.length), /^\/join#[0-9a-f]{64}$/);
    assert.ok(!mail!.includes(NAME), "a mail says no name");
  });

  it("an invitation is withdrawn, and sent again: the first link is dead and says so", async () => {
    const { page } = owner;
    const [name, email] = ["Sam Mistyped", "sam.mistyped@opj.harrowmere.example"];
    await goTo(page, "Invite a person");
    await page.getByLabel("Full name").fill(name);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Auditor").check();
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await page.getByText("Invitations: 2 are open").waitFor();
    await until("the invitation arrives", () => mailsTo(email).length > 0);
    const linkIn = (mail: string): string => /https?:\/\/\S+/.exec(mail)![0];
    const dead = linkIn(mailsTo(email)[0]!);
    // What the act has made old is not shown beside what is said of it, not for a moment.
    await page.evaluate(() => {
      const state = globalThis as unknown as { old: boolean };
      state.old = false;
      new MutationObserver(() => {
        const { textContent } = document.querySelector("main")!;
        if (textContent.includes("is withdrawn.") && !document.querySelector(".pb-working"))
          state.old ||= textContent.includes("2 are open");
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await page.getByRole("button", { name: `Withdraw the invitation of ${name}` }).click();
    await page
      .getByRole("status")
      .getByText(`The invitation of ${name} is withdrawn. Its link works no more.`)
      .waitFor();
    await hasFocus(page, "main h1");
    await page.getByText("Invitations: 1 is open").waitFor();
    assert.equal(await page.evaluate(() => (globalThis as unknown as { old: boolean }).old), false);
    await look(page, "people with a withdrawn invitation", "Its link works no more.");
    const other = await emptyDesk(browser);
    await other.page.goto(dead);
    await other.page.getByText(/^This invitation was withdrawn/).waitFor();
    await look(other.page, "a withdrawn invitation", "This invitation does not work");
    await other.context.close();
    await page.getByRole("button", { name: `Send again to ${name}` }).click();
    await page
      .getByRole("status")
      .getByText(`A new link is on its way to ${name}. The one before works no more.`)
      .waitFor();
    await until("the new link arrives", () => mailsTo(email).length > 1);
    assert.notEqual(linkIn(mailsTo(email)[1]!), dead);
    await page.getByText("Invitations: 2 are open").waitFor();
    assert.deepEqual(owner.complaints, []);
  });

  it("seven words are written down, typed once, and the keys are tried before they count", async () => {
    person = await emptyDesk(browser);
    const { page } = person;
    await page.clock.install();
    await page.goto(link);
    await page.getByRole("heading", { name: "Write down your passphrase" }).waitFor();
    assert.equal(page.url(), `${t.world.staffOrigin}/join`, "the secret is out of the address");
    assert.match(await textOf(page), /Wren Alderton, wren\.alderton@opj\.harrowmere\.example/);
    await look(page, "join, the words", "Write down your passphrase");
    passphrase = await wordsOn(page);
    assert.match(passphrase, /^[a-z]+(?: [a-z]+){6}$/);
    await page.getByRole("button", { name: "I have written them down" }).click();
    assert.equal(await page.locator(".pb-words").count(), 0, "they are typed from paper");
    await page.getByRole("button", { name: "Make my keys" }).click();
    assert.deepEqual(await problems(page), ["Enter the seven words of your passphrase"]);
    await page.getByLabel("The seven words, from your paper").fill(passphrase.split(" ").toReversed().join(" "));
    await page.getByRole("button", { name: "Make my keys" }).click();
    await page
      .getByText(/^These are not the seven words that were shown/)
      .first()
      .waitFor();
    await look(page, "join, typed wrong", page.getByLabel("The seven words, from your paper"));
    await page.getByLabel("The seven words, from your paper").fill(passphrase.toUpperCase());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Compare six words with an owner" }).waitFor();
    await look(page, "waiting", "Waiting for an owner to begin.");
    assert.equal(await page.getByRole("navigation").count(), 0, "nothing of the body is shown");
    assert.deepEqual(person.complaints, []);
  });

  it("a link that was used, and one that nobody sent, say so and make nothing", async () => {
    const other = await emptyDesk(browser);
    for (const [address, says] of [
      [link, /^This invitation was used already/],
      [`${t.world.staffOrigin}/join#${"0".repeat(64)}`, /^This invitation is not known here/],
      [`${t.world.staffOrigin}/join`, /^This link is not whole/],
      [`${link.slice(0, -1)}`, /^This link is not whole/],
    ] as const) {
      // A page of another address first: only a fragment that changes loads nothing.
      await other.page.goto("about:blank");
      await other.page.goto(address);
      await other.page.getByText(says).waitFor();
    }
    await look(other.page, "an invitation that does not work", "This invitation does not work");
    // Opened in the page that stands already: it loads nothing, begins anew, and keeps no secret.
    await other.page.evaluate((hash) => void (location.hash = hash), new URL(link).hash);
    await other.page.getByText(/^This invitation was used already/).waitFor();
    assert.equal(other.page.url(), `${t.world.staffOrigin}/join`);
    await other.context.close();
  });

  it("whoever joined, and never heard the answer, is shown the way to sign in", async () => {
    const inviting = await t.visit(t.person("owner", 0, BODY));
    const token = await inviteByHand(inviting, BODY, {
      name: "Robin Lost",
      email: "robin.lost@opj.harrowmere.example",
      role: "reader",
    });
    const { page, context } = await emptyDesk(browser);
    await page.goto(`${t.world.staffOrigin}/join#${token}`);
    await page.getByRole("heading", { name: "Write down your passphrase" }).waitFor();
    const words = await wordsOn(page);
    await page.getByRole("button", { name: "I have written them down" }).click();
    await page.getByLabel("The seven words, from your paper").fill(words);
    // The server takes the keys; what it says does not arrive.
    await page.route("**/api/join", (route) => route.fetch().then(() => route.abort()), { times: 1 });
    await page.getByRole("button", { name: "Make my keys" }).click();
    await problems(page);
    await page.getByRole("button", { name: "Make my keys" }).click();
    await page.getByRole("heading", { name: "This invitation does not work" }).waitFor();
    await page.getByText(/^This invitation was used already/).waitFor();
    await goTo(page, "Go to sign in");
    await fillSignIn(page, "robin.lost@opj.harrowmere.example", words);
    await page.getByRole("heading", { name: "Compare six words with an owner" }).waitFor();

    // An owner who did not expect them turns them away: the page that waits is signed out.
    await goTo(owner.page, "Start");
    await goTo(owner.page, "People");
    await goTo(owner.page, "Compare six words with Robin Lost");
    await owner.page.getByRole("button", { name: "Turn away" }).click();
    await owner.page.getByText("Robin Lost is turned away.").waitFor();
    await ready(owner.page);
    assert.equal(await owner.page.getByText("robin.lost@opj.harrowmere.example").count(), 0);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await fillSignIn(page, "robin.lost@opj.harrowmere.example", words);
    await page
      .getByText(/^The e-mail address or passphrase is not right/)
      .first()
      .waitFor();
    await context.close();
  });

  it("wrong words confirm nobody, three times end it, and a new beginning has other words", async () => {
    const { page } = owner;
    await goTo(page, "Start");
    await goTo(page, "People");
    await goTo(page, `Compare six words with ${NAME}`);
    await look(page, "compare, before", page.getByRole("button", { name: /^I am speaking with them/ }));
    await page.getByRole("button", { name: /^I am speaking with them/ }).click();
    await person.page.locator(".pb-words").waitFor();
    const first = await wordsOn(person.page);
    await look(person.page, "the six words", "Read these words to Imogen Farrar");
    const words = page.getByLabel("The six words that you hear");
    await hasFocus(page, "#words");
    // They hold for fifteen minutes, in which nobody need touch that page: it locks after ten.
    await person.page.clock.fastForward("12:00");
    await person.page.clock.setSystemTime(Date.now());
    assert.equal(await wordsOn(person.page), first);
    assert.equal(await person.page.getByRole("dialog").count(), 0);
    assert.ok(!(await page.locator("body").innerText()).includes(first.split(" ").slice(0, 2).join(" ")));
    await words.fill("abandon");
    await page.getByRole("button", { name: /^Compare, and confirm/ }).click();
    await page
      .getByText(/^The six words are words from a list/)
      .first()
      .waitFor();
    const reversed = first.split(" ").toReversed().join(" ");
    assert.notEqual(reversed, first);
    await words.fill(reversed);
    await page.getByRole("button", { name: /^Compare, and confirm/ }).click();
    await page
      .getByText(/2 tries are left/)
      .first()
      .waitFor();
    assert.match(await textOf(page), /With spaces between them\. Until .+, 2 tries are left\./);
    await look(page, "compare, wrong words", words);
    await page.getByRole("button", { name: /^Compare, and confirm/ }).click();
    await page
      .getByText(/1 try is left/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: /^Compare, and confirm/ }).click();
    await page.getByText(/^WarningThis comparison is over/).waitFor();
    await hasFocus(page, "#over");
    await look(page, "compare, over", page.getByRole("button", { name: /^I am speaking with them/ }));
    await page.getByRole("button", { name: /^I am speaking with them/ }).click();
    await words.waitFor();
    let second = "";
    await until("six words that are others", async () => {
      second = await wordsOn(person.page);
      return second !== "" && second !== first;
    });
    await words.fill(second);
    await page.keyboard.press("Enter");
    await page.getByText(`${NAME} is confirmed.`).waitFor();
    await ready(page);
    assert.deepEqual(owner.complaints, []);
  });

  it("whoever answers for the body hears of it at once, except whoever confirmed", async () => {
    const about = (part: string, nth: number, words: RegExp): boolean =>
      mailsTo(t.person(part, nth, BODY).email).some((mail) => words.test(mail));
    const [joined, confirmed] = [/waits\. They can do nothing/, /An owner confirmed a new person/];
    await until("they hear that somebody joined, and the others that somebody was confirmed", () =>
      [
        about("owner", 0, joined),
        about("auditor", 0, joined),
        about("deputy owner", 0, confirmed),
        about("auditor", 0, confirmed),
      ].every(Boolean),
    );
    assert.ok(!about("owner", 0, confirmed));
  });

  it("the person is let in, and reads a letter once two others have agreed", async () => {
    const { page } = person;
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    await ready(page);
    const confirming = await t.visit(t.person("deputy owner", 0, BODY));
    const wren = (await confirming.api.people(BODY)).find(({ email }) => email === EMAIL)!;
    const request = await askFor(await t.visit(t.person("operator at the host")), BODY, {
      inbox: await t.inboxOf(t.forms.complaint),
      persons: [wren.person],
      scope: "all",
      until: Date.now() + YEAR,
      purpose: "case-handling",
      purposeText: "A new officer.",
    });
    // An owner decides on what the log says was asked for.
    await untilSigned(t.world);
    // Whoever confirmed them reads who can let them in, and has nothing to press but to decline.
    await goTo(owner.page, "Requests");
    await goTo(owner.page, /^Look at the request/);
    await look(
      owner.page,
      "a request for somebody whom this owner confirmed",
      `You confirmed ${NAME} when they joined. Nobody lets somebody in all alone, so another owner decides on this request. ${t.person("deputy owner", 0, BODY).name} can confirm it.`,
    );
    assert.equal(await owner.page.getByRole("button", { name: /^Confirm/ }).count(), 0);
    await confirm(confirming, BODY, request);
    // A grant is announced by nobody yet: the page is asked again.
    await page.goto(t.world.staffOrigin);
    await fillSignIn(page, EMAIL, passphrase);
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await ready(page);
    await goTo(page, "Your sign-ins");
    await look(page, "one's own sign-ins", "2 sign-ins run");
    await page.getByRole("button", { name: /^End the sign-in of/ }).click();
    await page.getByText("1 sign-in runs").waitFor();
    await hasFocus(page, "main h1");
    await page
      .getByRole("status")
      .getByText(/^The sign-in of .+ is ended\.$/)
      .waitFor();
    await goTo(page, "Start");
    await goTo(page, /^Read the letters/);
    await goTo(page, /^PB-/);
    await page.getByText(/heronsong/).waitFor();
    assert.deepEqual(person.complaints, []);
  });
});
