/** `pillarbox form add|open|close` against real servers, as an owner runs it at a desk. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { signInWith } from "../../src/cli/desk/desk.ts";
import { ownersNow } from "../../src/domain/grant/state.ts";
import { loadWorld, rowsOfPeople, stateOf } from "../../src/member/flows/world.ts";
import { formHash, formOf } from "../../src/domain/form/form.ts";
import type { DemoConfig } from "../../demo/config.ts";
import type { PreparedPerson, Prepared } from "../../demo/prepared.ts";
import type { World } from "../../demo/world.ts";
import { staffedWorld } from "../support/staffed.ts";

const root = new URL("../..", import.meta.url).pathname;
let world: World;
let prepared: Prepared;
let config: DemoConfig;
let path: string;
before(async () => {
  ({ world, config, prepared } = await staffedWorld());
  path = join(world.data, "form.json");
  write({ id: "fire-safety", body: "eastvale", title: "Ask about fire safety" });
});
after(() => world?.stop());

function write(changes: object): void {
  writeFileSync(
    path,
    JSON.stringify({
      ...JSON.parse(readFileSync(join(root, "forms/template.json"), "utf8")),
      id: "fire-safety",
      body: "eastvale",
      ...changes,
    }),
  );
}

const person = (body: string, part: string): PreparedPerson =>
  prepared.people.find((one) => one.body === body && one.part === part)!;

function pillarbox(
  args: string[],
  one: PreparedPerson,
  environment: Record<string, string> = { PILLARBOX_DATA: world.data },
): Promise<{ status: number | null; out: string; error: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(root, "src/cli/main.ts"), "form", ...args, "--server", world.staffOrigin, "--as", one.email],
      { env: environment, stdio: ["pipe", "pipe", "pipe"] },
    );
    let [out, error] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => (out += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (error += part));
    child.on("close", (status) => resolve({ status, out, error }));
    child.stdin.on("error", () => {});
    child.stdin.end(`${one.passphrase}\n`);
  });
}

const published = async () => {
  const owner = person("eastvale", "owner");
  return (await stateOf(await signInWith(config, owner.email, owner.unlocked), "eastvale")).forms.get("fire-safety");
};
const page = async () => {
  const response = await fetch(`${world.publicOrigin}/forms/fire-safety`);
  return { status: response.status, html: await response.text() };
};

test("added, a form is seen by nobody", async () => {
  const { status, out, error } = await pillarbox(["add", path], person("eastvale", "owner"));
  assert.equal(status, 0, error);
  assert.match(out, /stored as [0-9a-f]{16}/);
  assert.equal(await published(), undefined);
  assert.equal((await page()).status, 404);
});

test("opened, it gets an inbox that both owners hold; the root comes from --root", async () => {
  // An inbox without a form could be an incident's: those who read that are not those who read this form.
  const one = person("eastvale", "owner");
  const owner = await signInWith(config, one.email, one.unlocked);
  const people = await loadWorld(owner, { id: "eastvale", name: "" });
  const { inbox: formless, ...draft } = await owner.hands.atDesk("draftInbox", {
    body: "eastvale",
    holders: rowsOfPeople(people, ownersNow(people.state)),
    now: Date.now(),
  });
  await owner.api.post("eastvale", draft);
  const { status, out, error } = await pillarbox(
    ["open", path, "--root", world.config.roots["eastvale"]!],
    person("eastvale", "deputy owner"),
    {},
  );
  assert.equal(status, 0, error);
  assert.match(out, /held by the 2 owners/);
  assert.match(out, /open in version 1/);
  const form = await published();
  assert.deepEqual([form?.state, form?.version], ["open", 1]);
  assert.notEqual(form?.inbox, formless);
  assert.equal((await page()).status, 200);
});

test("opened again, nothing changes; changed, it is the next version of the same inbox", async () => {
  const first = await published();
  assert.match((await pillarbox(["open", path], person("eastvale", "owner"))).out, /already open in version 1/);
  write({ title: "Ask about smoke alarms" });
  const { status, out, error } = await pillarbox(["open", path], person("eastvale", "owner"));
  assert.equal(status, 0, error);
  assert.match(out, /open in version 2/);
  const second = await published();
  assert.deepEqual([second?.version, second?.inbox, second?.versions.size], [2, first?.inbox, 2]);
  assert.equal(second?.versions.get(formHash(formOf(JSON.parse(readFileSync(path, "utf8"))))), 2);
  assert.match((await page()).html, /Ask about smoke alarms/);
});

test("closed, its page names other ways; closed again, nothing changes", async () => {
  assert.match((await pillarbox(["close", path], person("eastvale", "owner"))).out, /is closed/);
  assert.equal((await published())?.state, "closed");
  const { html } = await page();
  assert.match(html, /01632|post|telephone/i);
  assert.doesNotMatch(html, /id="letter"/);
  assert.match((await pillarbox(["close", path], person("eastvale", "owner"))).out, /closed already/);
});

// Who is not an owner of the form's body, a wrong passphrase, an unknown root and a false root are each one sentence,
// and nothing changes.
test("no owner, a wrong passphrase, an unknown or false root: one sentence each, no change", async () => {
  const owner = person("eastvale", "owner");
  const before = (await published())?.at;
  const wrong = { ...owner, passphrase: person("eastvale", "deputy owner").passphrase };
  const false_ = "0".repeat(64);
  const cases: [Promise<{ status: number | null; error: string }>, RegExp][] = [
    [pillarbox(["open", path], person("harrowmere", "owner")), /Only an owner of the body “eastvale”/],
    [pillarbox(["open", path], wrong), /address or passphrase is not right/],
    [pillarbox(["open", path], owner, {}), /root of the body “eastvale” is not known here/],
    [pillarbox(["open", path, "--root", false_], owner), /do not hold together.*root/],
    [pillarbox(["open", path, "--root", "abc"], owner), /A root is 64 characters/],
  ];
  for (const [run, words] of cases) {
    const { status, error } = await run;
    assert.equal(status, 1);
    assert.match(error, words);
    assert.doesNotMatch(error, /\n\s+at /);
  }
  assert.equal((await published())?.at, before);
});
