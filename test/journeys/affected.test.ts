/**
 * The part of an incident that reads another system's files: the real component, the real worker, a real browser.
 * Nothing of the files leaves it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { dataProblemForm } from "../../demo/forms.ts";
import type { AffectedPerson } from "../../src/domain/affected/person.ts";
import { BODY, staffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { emptyDesk, goTo, problems, ready, sitDown } from "../support/staff-desk.ts";

const root = resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "dist/manifest.json"), "utf8")) as Record<string, string>;

/**
 * Mounts the component as an incident's screen does, with a worker that holds no key: none is needed for reading files.
 */
const ENTRY = `
  import { render } from "preact";
  import { FindAffected } from "./src/staff-app/screens/affected/find-affected.tsx";
  import { newDrafts, tabStore } from "./src/staff-app/drafts.ts";
  import { makeKeyring } from "./src/staff-app/keyring.ts";
  import { VisitContext } from "./src/staff-app/visit.ts";
  import { workerStarter } from "./src/staff-app/worker-start.ts";
  const hands = makeKeyring(workerStarter(${JSON.stringify(manifest["staff-worker.js"])}));
  const drafts = newDrafts(hands, tabStore("a", "b"), false);
  const visit = { hands, drafts, endsWith: () => false };
  const draw = () => render(<VisitContext.Provider value={visit}><main class="govuk-main-wrapper pb-main"><h1 class="govuk-heading-l">Another system</h1><FindAffected onDone={(people) => { window.list = people; }} /></main></VisitContext.Provider>, document.getElementById("app"));
  // As after a lock: the screens begin anew, with what the visit has kept.
  window.again = () => { render(null, document.getElementById("app")); draw(); };
  draw();
`;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types pillarbox-worker";

let browser: Browser;
let origin: string;
const asked: string[] = [];
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  asked.push(`${request.method} ${request.url}`);
  const found = pathname.startsWith("/assets/") ? readFileSync(join(root, "dist", pathname)) : null;
  const [type, body] =
    pathname === "/"
      ? [
          "text/html",
          `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Another system</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="${manifest["staff.css"]}"></head><body class="govuk-template__body"><div class="govuk-width-container" id="app"></div><script type="module" src="/entry.js"></script></body></html>`,
        ]
      : pathname === "/entry.js"
        ? ["text/javascript", entry]
        : [
            pathname.endsWith(".css")
              ? "text/css"
              : pathname.endsWith(".js")
                ? "text/javascript"
                : "application/octet-stream",
            found,
          ];
  response
    .writeHead(body === null ? 404 : 200, { "content-type": type as string, "content-security-policy": POLICY })
    .end(body);
});
let entry = "";

before(async () => {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: "tsx" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "error",
  });
  entry = outputFiles[0]!.text;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

const line = (hour: string, target: string, status: number, address: string): string =>
  `${address} - - [11/Nov/2022:${hour}:12:01 +0000] "GET ${target} HTTP/1.1" ${status} 5120 "-" "Mozilla/5.0"\n`;
const TABLE =
  "\ufeffId;Name;E-Mail;Email;Address;In danger\r\n1;Jane O’Brien;jane@example.org;x;1 High St, HW1 4QT;no\r\n2;JANE O’BRIEN;Jane@example.org;x;;\r\n3;J Smith;;x;2 High St, HW1 4QT;yes\r\n4;John Smith;john@example.org;x;2 High Street, HW1 4QT;no\r\n5;Zoë =cmd();zoe@example.org;x;;perhaps\r\n";

// Both files are read where they are; what the log covers stands with what it says, doubtful pairs are decided by a
// person, and nothing leaves the browser.
test("both files are read where they are, a person decides what is doubtful, and nothing leaves", async () => {
  const { page, context, complaints } = await emptyDesk(browser);
  await page.goto(origin);
  await page.getByRole("heading", { name: "Who looked: the access log" }).waitFor();
  await look(page, "before anything is chosen", "Who looked: the access log");

  await page.getByRole("button", { name: "Read the log" }).click();
  assert.deepEqual(await problems(page), ["Select the files of the access log"]);

  // Everything that was needed is there; from now on nothing is asked of anybody.
  await page.getByLabel("Files of the access log").setInputFiles([
    {
      name: "access.log.1.gz",
      mimeType: "application/gzip",
      buffer: gzipSync(
        line("09", "/", 200, "203.0.113.9") + line("10", "/%72esults/", 200, "203.0.113.9") + "broken\n",
      ),
    },
    { name: "access.log", mimeType: "text/plain", buffer: Buffer.from(line("12", "/results", 403, "198.51.100.4")) },
  ]);
  await page.getByLabel("Which addresses were exposed?").fill("results");
  await page.getByRole("button", { name: "Read the log" }).click();
  await page.getByText("“results” is not an address of the website").first().waitFor();
  const before = asked.length;
  await page.getByLabel("Which addresses were exposed?").fill("/results");
  await page.getByRole("button", { name: "Read the log" }).click();
  await page.locator("#log-verdict").waitFor();
  const said = await page.locator("#log-verdict").innerText();
  assert.match(
    said,
    /reached: 1 request from 1 address[\s\S]*The log covers 3 of 4 hours[\s\S]*1 line could not be read[\s\S]*without content: 1 refused/,
  );

  await page
    .getByLabel("Table as CSV")
    .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(TABLE) });
  await page.getByRole("heading", { name: "What do the columns hold?" }).waitFor();
  await page.getByRole("button", { name: "Use these columns" }).click();
  await page.getByText("Several columns are called “E-Mail” (3 and 4)").first().waitFor();
  await page.getByLabel("What column 3, E-Mail, holds").selectOption("email");
  await page.getByRole("button", { name: "Use these columns" }).click();
  await page.getByText("1 pair of 1 to decide.").waitFor();
  assert.match(
    await page.locator("main").innerText(),
    /Line 6: Whether this person is in danger is neither yes nor no, so it counts as yes/,
  );
  await look(page, "with a log judged and a pair to decide", "1 pair of 1 to decide.");
  await shoot(page, "both");

  // What was joined is taken apart by hand, and put together again.
  const soFar = (people: string) =>
    page.locator(".govuk-summary-list__row", { hasText: "People so far" }).getByText(people, { exact: true }).waitFor();
  await soFar("4");
  await page.getByLabel(/^Somebody else: line 3: JANE/).check();
  await soFar("5");
  await page.getByLabel(/^Somebody else: line 3: JANE/).uncheck();
  await soFar("4");

  await page.getByRole("button", { name: "Use this list" }).click();
  assert.deepEqual(await problems(page), ["Decide the last pair that may be one person"]);
  await page.getByLabel("One person, reached as line 5 says").check();
  await page.getByRole("button", { name: "Use this list" }).click();
  await page.waitForFunction(() => "list" in window);
  const list = (await page.evaluate(() => (window as unknown as { list: unknown }).list)) as AffectedPerson[];
  assert.deepEqual(
    list.map(({ name, email, inDanger, records }) => [name, email, inDanger, records]),
    [
      ["Jane O’Brien", "jane@example.org", false, ["1", "2"]],
      ["John Smith", "john@example.org", true, ["4", "3"]],
      ["Zoë =cmd()", "zoe@example.org", true, ["5"]],
    ],
  );

  assert.deepEqual(asked.slice(before), [], "nothing was asked of the server after the files were chosen");
  const kept = await page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    document.cookie,
    (await indexedDB.databases()).length,
    location.href.length,
  ]);
  assert.deepEqual(kept, [0, 0, "", 0, origin.length + 1]);
  assert.deepEqual(complaints, []);
  await context.close();
});

// A letter about a problem with the data reaches the data protection officer and becomes an incident; another system's
// people are sealed to it, and nothing of them leaves readable.
test("a letter about data becomes an incident, and another system's people are sealed to it", async () => {
  const place = await staffedWorld();
  try {
    const form = dataProblemForm(place.config.root);
    await place.write(form, {
      "what-kind": "found-public",
      where: "A page of the old website",
      "still-there": "yes",
      "what-happened": "heronsong was on it",
      reply: "none",
    });
    const officer = await sitDown(browser, place, place.person("auditor"));
    await goTo(officer.page, /^Read the letters/);
    await officer.page.locator("tbody a").first().click();
    await officer.page.getByText("heronsong was on it").waitFor();
    await shoot(officer.page, "letter");
    await officer.page.getByRole("link", { name: "Open an incident from this letter" }).click();
    await ready(officer.page);
    assert.match(officer.page.url(), /\/incidents\/new\/submission\/[0-9a-f]{32}$/);
    await officer.page.getByLabel("Something was exposed on another system").check();
    await officer.page.getByLabel("In a few words").fill("Results of the old website were open.");
    await officer.page.getByLabel("Yes, since").check();
    await officer.page.getByRole("button", { name: "Open the incident" }).click();
    await officer.page.waitForURL(/\/incidents\/[0-9a-f]{32}$/);
    const { pathname } = new URL(officer.page.url());
    await officer.context.close();

    const { page, context, complaints } = await sitDown(
      browser,
      place,
      place.person("owner", 0, BODY),
      `${pathname}/documents`,
    );
    await page.getByRole("button", { name: "Make the documents" }).click();
    await page.getByText("The documents are made").waitFor();
    await goTo(page, "Affected");
    await goTo(page, "Read files of another system");
    const sent: string[] = [];
    page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
    await page.getByLabel("Table as CSV").setInputFiles({
      name: "people.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(
        'Id,Name,Email,Address\n1,Wilhelmina Thrupp,thrupp@example.org,\n2,WILHELMINA THRUPP,Thrupp@example.org,\n3,Osbert Quill,quill@example.org,"5 Mill Lane, HW1 4QT"\n',
      ),
    });
    await page.getByRole("button", { name: "Use these columns" }).click();
    await page.getByText("No pair is doubtful").waitFor();
    await look(page, "another system", "No pair is doubtful");
    await page.getByRole("button", { name: "Use this list" }).click();
    await page.getByText("A list of 2 people was sealed to the incident.").waitFor();
    await page.getByText("Newest list: 2 people").waitFor();
    await shoot(page, "sealed");
    await page.getByRole("button", { name: "Open the list" }).click();
    await page.getByText("Osbert Quill").waitFor();
    assert.ok(sent.length > 0 && !/thrupp|quill|Mill Lane/i.test(sent.join("\n")), "nothing readable left the browser");
    assert.deepEqual(complaints, []);
    await context.close();
  } finally {
    await place.stop();
  }
});

// After a lock the files are chosen again, and what was said about them stands; of another table it says nothing.
test("what was decided about a table and asked of a log is there again after a lock", async () => {
  const { page, context } = await emptyDesk(browser);
  await page.goto(origin);
  const choose = (text: string) =>
    page
      .getByLabel("Table as CSV")
      .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const use = () => page.getByRole("button", { name: "Use these columns" }).click();
  const column = page.getByLabel("What column 3, E-Mail, holds");
  const soFar = (people: string) =>
    page.locator(".govuk-summary-list__row", { hasText: "People so far" }).getByText(people, { exact: true }).waitFor();
  await page.getByLabel("Which addresses were exposed?").fill("/results");
  await choose(TABLE);
  await column.selectOption("email");
  await use();
  await page.getByText("1 pair of 1 to decide.").waitFor();
  await page.getByLabel(/^Somebody else: line 3: JANE/).check();
  await soFar("5");
  await page.getByLabel("One person, reached as line 5 says").check();
  await page.getByText("All 1 pairs are decided.").waitFor();

  await page.evaluate("window.again()");
  assert.equal(await page.getByLabel("Which addresses were exposed?").inputValue(), "/results");
  await choose(TABLE);
  await column.waitFor();
  assert.equal(await column.inputValue(), "email");
  await use();
  await page.getByText("All 1 pairs are decided.").waitFor();
  await soFar("5");
  assert.ok(await page.getByLabel("One person, reached as line 5 says").isChecked());
  assert.ok(await page.getByLabel(/^Somebody else: line 3: JANE/).isChecked());

  await page.evaluate("window.again()");
  await choose(TABLE.replace("3;J Smith", "3;K Smith"));
  await column.waitFor();
  assert.equal(await column.inputValue(), "", "another table begins anew");
  await context.close();
});

/** For a person to look at; nowhere unless asked for. */
async function shoot(page: Page, name: string): Promise<void> {
  const { PILLARBOX_PICTURES: pictures } = process.env;
  for (const width of pictures ? [390, 1280] : []) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(pictures!, `affected-${name}-${width}.png`), fullPage: true });
  }
}
