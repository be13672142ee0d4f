/**
 * A real installation from `pillarbox init` to the first letter that two owners read: answers in a file, a mail server
 * that takes everything, browsers, and the commands as whoever looks after the machine types them.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { formOf, type Form } from "../../src/domain/form/form.ts";
import { freePorts } from "../../demo/world.ts";
import { homeOf } from "../../supervisor/embedded.ts";
import { readInstallation } from "../../supervisor/installation.ts";
import { fillForm, launchBrowser } from "../support/browser.ts";
import { carrierWorld, type CarrierWorld } from "../support/carrier.ts";
import { untilThere } from "../support/in-time.ts";
import { ROOT } from "../support/launched.ts";
import { answersOf, command, init, newPlace, type Command } from "../support/real.ts";
import { emptyDesk, fillSignIn, goTo, ready, textOf } from "../support/staff-desk.ts";

const FIRST = { name: "Ottilie Marsh", email: "ottilie@northmarsh.example" };
const DEPUTY = { name: "Dafydd Penrose", email: "dafydd@northmarsh.example" };

describe("a real installation", () => {
  const place = newPlace();
  const data = join(place, "data");
  const environment = { PILLARBOX_DATA: data };
  let carrier: CarrierWorld;
  let browser: Browser;
  let running: Command;
  let open: string;
  let staff: string;
  let root: string;
  let form: Form;
  let page: Page;
  let deputy: Page;
  const passphrases = { first: "", deputy: "" };

  const start = async (): Promise<void> => {
    running = command(["start"], environment);
    await running.says("Press Ctrl-C to stop.");
  };
  const stop = async (): Promise<void> => {
    running.child.kill("SIGINT");
    assert.equal((await running.ended).code, 0);
  };
  const wordsOn = async (one: Page): Promise<string> =>
    (await one.locator(".pb-words li").allInnerTexts()).map((word) => word.trim()).join(" ");
  const linkTo = (address: string): Promise<string> =>
    untilThere(async () => {
      const mails = carrier.arrived.filter(({ to }) => to.includes(address)).map(({ raw }) => raw);
      return mails.map((raw) => /\S+\/join#[0-9a-f]{64}/.exec(raw.replace(/=\r?\n/g, ""))?.[0]).find(Boolean);
    }, `a link for ${address}`);

  /** Opens a link, writes seven words down, types them, and waits. @returns the words */
  const join7 = async (one: Page, link: string, waits: string): Promise<string> => {
    await one.goto(link);
    await one.getByRole("heading", { name: "Write down your passphrase" }).waitFor();
    const words = await wordsOn(one);
    await one.getByRole("button", { name: "I have written them down" }).click();
    await one.getByLabel("The seven words, from your paper").fill(words);
    await one.getByRole("button", { name: "Make my keys" }).click();
    await one.getByRole("heading", { name: waits }).waitFor();
    return words;
  };

  before(async () => {
    carrier = await carrierWorld();
    browser = await launchBrowser();
    const ports = await freePorts();
    open = `http://127.0.0.1:${ports.public}`;
    staff = `http://localhost:${ports.staff}`;
    const answers = answersOf(place, {
      publicAddress: open,
      staffAddress: staff,
      counterAddress: `http://127.0.0.1:${ports.counter}`,
      ports: `${ports.public},${ports.staff},${ports.counter}`,
      mail: carrier.settings.smtpUrl,
      ownerName: FIRST.name,
      ownerEmail: FIRST.email,
    });
    const made = await init(place, answers);
    assert.equal(made.code, 0, made.error);
    const again = await init(place, answers);
    assert.equal(again.code, 1);
    assert.match(again.error, /^"data": .+ is not empty, and an installation is made once: .+\n$/);
    const given = JSON.parse(readFileSync(join(ROOT, "forms/victims-commissioner.json"), "utf8")) as object;
    form = formOf({ ...given, id: "northmarsh-complaint", body: "northmarsh" });
    writeFileSync(join(place, "form.json"), JSON.stringify(form));
  });
  after(async () => {
    await browser?.close();
    running?.child.kill("SIGINT");
    await running?.ended;
    carrier?.close();
    // As root the database is elsewhere.
    const installation = readInstallation(data);
    if (installation) rmSync(homeOf(data, installation.installation), { recursive: true, force: true });
    rmSync(place, { recursive: true, force: true });
  });

  it("has its alarm address tried, a configuration without secrets, and secrets for one reader", () => {
    assert.deepEqual(
      carrier.arrived.map(({ to }) => to),
      [["duty@it.example"]],
    );
    const modes = (...paths: string[]): number[] => paths.map((path) => statSync(join(data, path)).mode & 0o777);
    assert.deepEqual(modes("installation.json", "first-owner.json", "secrets/smtp-url"), [0o600, 0o600, 0o600]);
    assert.deepEqual(modes(".", "secrets"), [0o700, 0o700]);
    const configuration = readFileSync(join(data, "configuration.json"), "utf8");
    assert.doesNotMatch(configuration, /smtp:|postgres:|password|[0-9a-f]{48}/);
    const snippet = readFileSync(join(data, "proxy-nginx.conf"), "utf8");
    assert.match(snippet, /server_name 127\.0\.0\.1;/);
    assert.ok(snippet.includes(`location / { proxy_pass ${open}; }`));
    assert.doesNotMatch(snippet, /example\.org|PILLARBOX_/);
  });

  it("starts with nobody in it, shows no passphrase, and says that it is not open", async () => {
    await start();
    assert.match(running.out(), /The body northmarsh is not open yet/);
    assert.doesNotMatch(running.out(), /demonstration|invented|Mail {2}/);
    assert.ok(!existsSync(join(data, "demonstration.json")));
    const home = await (await fetch(open)).text();
    assert.match(home, /Northmarsh Ombudsman is not open yet/);
    assert.doesNotMatch(home, /demonstration|eight steps/i);
    const shell = await (await fetch(staff)).text();
    assert.match(shell, /"demoPeople":\[\],"demonstration":false/);
  });

  it("the first owner makes keys by a link of one use, and waits for the host", async () => {
    const link = await linkTo(FIRST.email);
    assert.ok(link.startsWith(`${staff}/join#`), link);
    ({ page } = await emptyDesk(browser));
    passphrases.first = await join7(page, link, "Compare six words with your host");
    const other = await emptyDesk(browser);
    await other.page.goto(link);
    await other.page.getByText(/^This invitation was used already/).waitFor();
    await other.context.close();
  });

  it("wrong words name no root, three times end it, and an owner alone opens nothing", async () => {
    const comparing = command(["confirm-owner"], environment);
    await comparing.says("The six words that they read to you: ");
    const shown = await untilThere(async () => {
      const words = await wordsOn(page);
      return words.split(" ").length === 6 ? words : null;
    }, "six words on the page");
    const wrong = shown.split(" ").toReversed().join(" ");
    assert.notEqual(wrong, shown);
    comparing.child.stdin.end(`${`${wrong}\n`.repeat(3)}${shown}\n`);
    const ended = await comparing.ended;
    assert.equal(ended.code, 1);
    assert.match(ended.error, /^The words did not fit three times: nothing was confirmed\./);
    assert.deepEqual(JSON.parse(readFileSync(join(data, "installation.json"), "utf8")).roots, {});
  });

  it("the words that are read out make the root, and it ends in the configuration alone", async () => {
    const before = await wordsOn(page);
    const comparing = command(["confirm-owner"], environment);
    await comparing.says("The six words that they read to you: ");
    const words = await untilThere(async () => {
      const now = await wordsOn(page);
      return now !== before && now.split(" ").length === 6 ? now : null;
    }, "other words");
    comparing.child.stdin.end(`${words.toUpperCase()}\n`);
    const ended = await comparing.ended;
    assert.equal(ended.code, 0, ended.error);
    root = /The root of northmarsh is ([0-9a-f]{64})\./.exec(ended.out)![1]!;
    assert.equal(JSON.parse(readFileSync(join(data, "installation.json"), "utf8")).roots.northmarsh, root);
    assert.ok(!existsSync(join(data, "first-owner.json")));
    const third = command(["confirm-owner"], environment);
    third.child.stdin.end();
    assert.match((await third.ended).error, /^The body northmarsh has its first owner already/);
    await stop();
    await start();
    assert.doesNotMatch(running.out(), /not open yet/);
  });

  it("the owner signs the first statement, and invites a deputy", async () => {
    await page.getByText("The words fitted.").waitFor();
    await page.getByRole("link", { name: "Load this page again" }).click();
    await fillSignIn(page, FIRST.email, passphrases.first);
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    await ready(page);
    await goTo(page, "People");
    await goTo(page, "Invite a person");
    await page.getByLabel("Full name").fill(DEPUTY.name);
    await page.getByLabel("E-mail address").fill(DEPUTY.email);
    await page.getByLabel("Owner").check();
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await page.getByText("Invitations: 1 is open").waitFor();
    const link = await linkTo(DEPUTY.email);
    ({ page: deputy } = await emptyDesk(browser));
    passphrases.deputy = await join7(deputy, link, "Compare six words with an owner");
    await goTo(page, "Start");
    await goTo(page, "People");
    await goTo(page, `Compare six words with ${DEPUTY.name}`);
    await page.getByRole("button", { name: /^I am speaking with them/ }).click();
    await deputy.locator(".pb-words").waitFor();
    await page.getByLabel("The six words that you hear").fill(await wordsOn(deputy));
    await page.keyboard.press("Enter");
    await page.getByText(`${DEPUTY.name} is confirmed.`).waitFor();
    await deputy.getByRole("navigation", { name: "Main" }).waitFor();
  });

  // At the owner's own desk: the root is on their paper, and no directory of the host is named.
  it("a form is published at a desk, and the first letter is read by both owners", async () => {
    for (const step of ["add", "open"]) {
      const words = ["form", step, join(place, "form.json")];
      const published = command([...words, "--server", staff, "--as", FIRST.email, "--root", root], {
        PILLARBOX_PASSPHRASE: passphrases.first,
      });
      published.child.stdin.end();
      const ended = await published.ended;
      assert.equal(ended.code, 0, ended.error);
    }
    const writer = await emptyDesk(browser);
    await writer.page.goto(`${open}/forms/${form.id}`);
    await fillForm(writer.page, form, "heronsong");
    await writer.page.getByRole("button", { name: /^(?:Accept and send|Send|Confirm and send)/ }).click();
    const panel = writer.page.getByText(/PB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}/).first();
    await panel.waitFor();
    // The monitor plants a letter of its own in each form: this one is asked for by its reference.
    const reference = /PB-[0-9A-Z-]{12}/.exec(await panel.innerText())![0];
    for (const [one, { email }, passphrase] of [
      [page, FIRST, passphrases.first],
      [deputy, DEPUTY, passphrases.deputy],
    ] as const) {
      await one.goto(staff);
      await fillSignIn(one, email, passphrase);
      await one.getByRole("button", { name: "Sign out" }).waitFor();
      await ready(one);
      await goTo(one, /^Read the letters/);
      await goTo(one, new RegExp(`^${reference}`));
      await one
        .getByText(/heronsong/)
        .first()
        .waitFor();
      assert.match(await textOf(one), /heronsong/);
    }
  });

  it("says whether it is up, without a secret or a name", async () => {
    const said = await untilThere(async () => {
      const one = command(["status"], environment);
      one.child.stdin.end();
      const ended = await one.ended;
      return ended.code === 0 ? ended.out : null;
    }, "a status in which all is well");
    for (const name of ["public", "staff", "counter", "log", "mailroom", "jobs", "inspect", "monitor"])
      assert.match(said, new RegExp(`^${name} +runs$`, "m"));
    assert.match(said, /^the log +is signed$/m);
    assert.match(said, /^mail +\d+ waiting$/m);
    assert.doesNotMatch(said, /northmarsh|Ottilie|Dafydd|smtp:|[0-9a-f]{32}/i);
  });

  it("is never started as a demonstration, nor with another's settings", async () => {
    await stop();
    const down = await command(["status"], environment).ended;
    assert.equal(down.code, 2);
    assert.match(down.error, /^Pillarbox does not run here/);
    const refused = async (says: RegExp, beside: { readonly [name: string]: string } = {}): Promise<void> => {
      const { code, error } = await command(["start"], { ...environment, ...beside }).ended;
      assert.equal(code, 1);
      assert.match(error, says);
      assert.equal(error.trimEnd().split("\n").length, 1, error);
      assert.ok(!existsSync(join(data, "demonstration.json")));
    };
    await refused(/^PILLARBOX_SMTP_URL is set, and .+ take it out/, { PILLARBOX_SMTP_URL: "smtp://localhost:25" });
    const kept = join(place, "kept.json");
    renameSync(join(data, "configuration.json"), kept);
    await refused(
      /configuration\.json is missing: this is a real installation and is never started as a demonstration/,
    );
    // The same file beside a demonstration's own, or another installation's.
    const other = join(place, "other");
    mkdirSync(other);
    const { real: _, ...demonstration } = JSON.parse(readFileSync(join(data, "installation.json"), "utf8"));
    writeFileSync(join(other, "installation.json"), JSON.stringify({ ...demonstration, demonstration: true }));
    renameSync(kept, join(other, "configuration.json"));
    await refused(/stands beside the files of another installation, or of a demonstration/, { PILLARBOX_DATA: other });
    assert.deepEqual(readdirSync(other).sort(), ["configuration.json", "installation.json"]);
  });
});
