/**
 * Messages to people affected, by somebody who has the list: written, looked at, sent, followed, rung, printed; read in
 * the mailbox.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeDocumentInbox, openIncident, seal } from "../../demo/by-id.ts";
import type { Browser } from "playwright-core";
import { listBytes } from "../../src/domain/affected/list.ts";
import type { AffectedPerson } from "../../src/domain/affected/person.ts";
import { someone, until } from "../support/messages.ts";
import { BODY, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { launchBrowser } from "../support/browser.ts";
import { look } from "../support/axe.ts";
import { thereAre } from "../support/counted.ts";
import { heldBack, pressWhile } from "../support/press.ts";
import { ready, sitDown, type Desk } from "../support/staff-desk.ts";

let t: StaffedWorld;
let browser: Browser;
let desk: Desk;
let incident: string;

/**
 * Thirty by e-mail, of whom one answers, one has moved and one does not exist; two by post; one in danger, one whom nobody asked.
 */
const PEOPLE: readonly AffectedPerson[] = [
  ...Array.from({ length: 28 }, (_, i) =>
    someone(`${i === 5 ? "answers." : ""}p${i}@people.example`, { name: `Person ${i} Example` }),
  ),
  someone("moved.one@people.example", { name: "Moved Example", post: ["2 High Street", "Harrowmere"] }),
  someone("gone.one@people.example", { name: "Gone Example", safe: ["email"] }),
  someone(null, { name: "Posta Example", post: ["1 High Street", "Harrowmere", "HW1 4QT"] }),
  someone("danger@people.example", { name: "Danger Example", inDanger: true, phone: "01632 960002", safe: ["phone"] }),
  someone("asked@people.example", { name: "Unasked Example", safe: null }),
];

before(async () => {
  t = await staffedWorld({ also: ["mailroom", "jobs", "post-office"] });
  browser = await launchBrowser();
  const owner = t.person("owner", 0, BODY);
  const visit = await t.visit(owner);
  incident = await openIncident(
    visit,
    { kind: "incident.opened", what: "wrong-person", source: "none" },
    { summary: "The wrong person was let in." },
  );
  await makeDocumentInbox(visit, incident);
  await seal(visit, incident, "affected", listBytes(PEOPLE), PEOPLE.length);
  desk = await sitDown(browser, t, owner, `/incidents/${incident}/messages`);
});
after(async () => {
  await browser?.close();
  await t?.stop();
});

const TEXTS = {
  nature: "A list of letters could be seen by somebody who should not see it.\n\nThis concerns {records}.",
  consequences: "They could have read what you wrote.",
  measures: "Their access was ended within an hour.",
  advice: "Tell us if anything unusual happens.",
  contact: "Write to dpo@harrowmere.example.",
  signature: "Chief officer\nHarrowmere",
};

// The message is not sent before it is written; kept, it is sealed to the incident and there again after signing in.
test("the message is not sent before it is written, and is there again after signing in", async () => {
  const { page } = desk;
  await page.getByText("0 of 33 people told").waitFor();
  assert.equal(await page.getByRole("button", { name: /Seal and hand in/ }).count(), 0);
  await look(page, "messages, nothing written", "0 of 33 people told");
  await page.getByRole("link", { name: "Write the message" }).click();
  await ready(page);
  await page.getByRole("button", { name: "Keep the message" }).click();
  await page.getByRole("heading", { name: "There is a problem" }).waitFor();
  await look(page, "writing, with problems", page.getByRole("heading", { name: "There is a problem" }));
  for (const [id, text] of Object.entries(TEXTS)) await page.locator(`#message-${id}`).fill(text);
  await page.getByRole("button", { name: "Keep the message" }).click();
  await page.getByText("The message is kept").waitFor();
  await desk.context.close();
  desk = await sitDown(browser, t, t.person("owner", 0, BODY), `/incidents/${incident}/messages`);
  await desk.page.getByRole("button", { name: "Seal and hand in 30 messages" }).waitFor();
});

// Each person is shown their own message; who may be in danger stands first on the call list and is not written to.
test("each person is shown their own message; who may be in danger is rung first", async () => {
  const { page } = desk;
  await page.getByRole("link", { name: "Look at it" }).click();
  await page.getByText("Dear Person 0 Example,").waitFor();
  await page.getByRole("button", { name: "Next person" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Dear Person 1 Example,").waitFor();
  await look(page, "looking at a message", "Dear Person 1 Example,");
  await page.goBack();
  await ready(page);
  await page.getByRole("link", { name: "Open the call list" }).click();
  await ready(page);
  const rows = await page.locator("tbody tr").allInnerTexts();
  assert.match(rows[0]!, /Danger Example[\s\S]*May be in danger[\s\S]*01632 960002/);
  assert.equal(rows.length, 2);
  await look(page, "call list", page.getByRole("link", { name: "Note a call with Danger Example" }));
  await page.getByRole("link", { name: "Note a call with Danger Example" }).click();
  await ready(page);
  await page.getByRole("button", { name: "Note the call" }).click();
  await page.getByText("Select what came of it").first().waitFor();
  await page.getByLabel("They were told").check();
  await page.getByLabel("What was agreed").fill("Spoke with her at work; no message.");
  await look(page, "noting a call", page.getByRole("button", { name: "Note the call" }));
  await page.getByRole("button", { name: "Note the call" }).click();
  await page.getByText("The call was noted").waitFor();
  await ready(page);
  await thereAre(1, page.locator("tbody tr"));
});

// Sealed here and sent: progress to the end, what is refused or comes back falls to the next safe way, and the mailbox
// has one message.
test("sealed here and sent: what is refused or comes back falls to the next safe way", async () => {
  const { page, complaints } = desk;
  await page.getByRole("link", { name: "Messages", exact: true }).first().click();
  await ready(page);
  const bodies: string[] = [];
  page.on("request", (request) => void (request.method() === "POST" && bodies.push(request.postData() ?? "")));
  await page.getByRole("button", { name: "Seal and hand in 30 messages" }).click();
  await page
    .getByText(/(29|30) of 33 people told/)
    .first()
    .waitFor();
  for (const word of ["Person 3 Example", "p3@people.example", "could have read"])
    assert.ok(!bodies.some((one) => one.includes(word)), `${word} left the browser unsealed`);
  await page.getByText("There is no such mailbox").first().waitFor();
  const rows = await t.attacker();
  try {
    await until("one message came back, and the others have an end", async () => {
      const { rows: all } = await rows.query<{ state: string }>("SELECT state FROM delivery WHERE incident = $1", [
        incident,
      ]);
      const states = all.map(({ state }) => state);
      return states.includes("bounced") && !states.includes("intended") && !states.includes("handed-in");
    });
    await until("an answer is kept", async () => (await rows.query("SELECT FROM returned_mail")).rowCount === 1);
  } finally {
    await rows.end();
  }
  await desk.context.close();
  desk = await sitDown(browser, t, t.person("owner", 0, BODY), `/incidents/${incident}/messages`);
  await desk.page.getByText("Came back", { exact: true }).waitFor();
  await desk.page.getByText(/29 of 33 people told/).waitFor();
  await look(desk.page, "messages, with some that need a person", /29 of 33 people told/);
  assert.deepEqual(complaints, []);

  const answer = desk.page.getByRole("region", { name: /^What came back from Person 5 Example/ });
  await answer.getByRole("button", { name: /^Open it/ }).click();
  await answer.getByText("Please ring me instead").waitFor();
  await look(desk.page, "something that came back, opened", "Please ring me instead");
  await answer.getByRole("button", { name: /^The message has arrived/ }).click();
  await answer.getByText("Nobody has looked").waitFor({ state: "detached" });
  await desk.page.getByText(/29 of 33 people told/).waitFor();

  const box = await browser.newPage();
  await box.goto(`${t.world.config.mailOrigin}/mailbox/${encodeURIComponent("p3@people.example")}`);
  assert.match(
    await box.locator("main").innerText(),
    /A letter for you[\s\S]*Dear Person 3 Example,[\s\S]*They could have read what you wrote\.[\s\S]*Chief officer/,
  );
  await look(box, "mailbox", "Dear Person 3 Example,");
  await thereAre(1, box.locator("article"));
  await box.goto(t.world.config.mailOrigin);
  // Beside them those whom the program told that something came back.
  await thereAre(28, box.locator("tbody tr").filter({ hasText: "@people.example" }));
  await look(box, "post office", box.locator("tbody tr").first());
});

// While messages go out the page looks by itself, and what it finds moves what stands below: a press is not taken away.
test("a page that follows what is sent takes no press away from somebody who presses", async () => {
  const { page } = desk;
  const address = `**/incidents/${incident}/messages`;
  const come = await heldBack(page, address, async (route) => {
    const response = await route.fetch();
    const said = (await response.json()) as { deliveries: { state: string }[] };
    said.deliveries.find(({ state }) => state === "sent")!.state = "handed-in";
    await route.fulfill({ response, json: said });
  });
  await page.getByRole("link", { name: "Messages", exact: true }).first().click();
  await page.getByText("28 of 33 people told. 1 message on the way…").first().waitFor();
  const calls = page.getByRole("link", { name: "Open the call list" });
  await pressWhile(calls, come, page.getByText("29 of 33 people told.", { exact: true }));
  await page.waitForURL(/\/messages\/calls$/);
  await page.unroute(address);
  await page.getByRole("link", { name: "Messages", exact: true }).first().click();
  await page.getByText("29 of 33 people told.", { exact: true }).waitFor();
});

test("messages by post: one page each, nothing else on paper, and noted as posted", async () => {
  const { page } = desk;
  // Nobody watches here, which an alarm above every page says as soon as it is noticed; on paper it says nothing.
  const nobody = { lookedAt: null, provedAt: null, rowsAt: null, bytesAt: null, siteSince: null };
  await page.route("**/api/watch", (route) =>
    route.fulfill({ json: { open: 0, silent: true, since: null, broken: false, ...nobody } }),
  );
  await page.getByRole("link", { name: "Print their messages" }).click();
  await ready(page);
  await thereAre(2, page.locator(".pb-message"));
  await look(page, "printing", page.getByRole("button", { name: /^Print/ }));
  await page.locator("[data-watch]").waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("[data-watch]").isVisible(), false);
  assert.equal(await page.locator("h1").isVisible(), false);
  assert.equal(await page.getByRole("button", { name: /^Print/ }).isVisible(), false);
  const pages = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g)?.length;
  assert.equal(pages, 2);
  await page.emulateMedia({ media: "screen" });
  await page.getByLabel("All 2 messages were printed and posted").check();
  await page.getByRole("button", { name: "Note that they were posted" }).click();
  await page.getByText("2 messages are noted as posted").waitFor();
  await page.getByText("31 of 33 people told").waitFor();
});
