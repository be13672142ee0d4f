/** `pillarbox form check` as somebody runs it: a real process, real files, every problem at once. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const root = new URL("../..", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "pillarbox-cli-"));
after(() => rmSync(directory, { recursive: true }));

function pillarbox(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), ...args], {
    encoding: "utf8",
    input: "",
    env: { PATH: process.env["PATH"] },
  });
  return { status, stdout, stderr };
}

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

test("the forms of the repository are in order", () => {
  for (const name of readdirSync(join(root, "forms")).filter((one) => one.endsWith(".json"))) {
    const { status, stdout, stderr } = pillarbox("form", "check", join(root, "forms", name));
    assert.equal(status, 0, `${name}: ${stderr}`);
    assert.match(stdout, /is in order/);
  }
});

test("every problem is listed at once, each with its place, and the exit code is 1", () => {
  const form = JSON.parse(readFileSync(join(root, "forms/police-complaint-handling.json"), "utf8"));
  delete form.title;
  form.retention.months = -1;
  form.questions[0].kind = "essay";
  const { status, stdout, stderr } = pillarbox("form", "check", file("three.json", JSON.stringify(form)));
  assert.equal(status, 1);
  assert.equal(stdout, "");
  for (const place of ["title", "retention.months", "questions.0.kind"])
    assert.ok(stderr.includes(`  ${place}: `), `${place} in ${stderr}`);
  assert.match(stderr, /Nothing was changed/);
});

test("a file that is not JSON is told with the place where it stops being JSON", () => {
  const { status, stderr } = pillarbox("form", "check", file("broken.json", '{\n  "id": "x",\n  "title": oops\n}'));
  assert.equal(status, 1);
  assert.match(stderr, /is not JSON: .*oops.*Nothing was changed/s);
});

// Small forms, each with one thing that editors and people do; the right answer stands beside it.
const CASES: { readonly [name: string]: readonly [status: number, says: RegExp] } = {
  "bom.json": [0, /^[^\n]*bom\.json is in order/],
  "http-exit.json": [1, /exitPage\.url: This must be an address that begins with https/],
  "nfd-title.json": [0, /^[^\n]*nfd-title\.json is in order/],
  "rtl-mark-title.json": [0, /title: There is a character that nobody sees \(U\+200F\)/],
  "same-label-twice.json": [0, /questions\.1\.options\.1\.label: Another option is called “Email” too/],
  "trailing-comma.json": [1, /there is a comma in line 265 with nothing after it but a closing bracket/],
  "two-questions-same-title.json": [
    0,
    /questions\.1\.title: Another question is called “What should we call you\?” too/,
  ],
  "utf16.json": [1, /is saved as UTF-16\. Nothing was changed\. Save it as UTF-8/],
  "when-never.json": [
    0,
    /questions\.3\.when\.is: Whoever chooses “Telephone” .* is never asked “What is your telephone/,
  ],
  "zero-width-title.json": [1, /title: This must be text that can be seen/],
};
test("each small form file has its right answer", () => {
  assert.deepEqual(readdirSync(join(root, "test/cases/form")).sort(), Object.keys(CASES).sort());
  for (const [name, [status, says]] of Object.entries(CASES)) {
    const told = pillarbox("form", "check", join(root, "test/cases/form", name));
    assert.equal(told.status, status, `${name}: ${told.stderr}`);
    assert.match(status === 0 ? told.stdout : told.stderr, says, name);
  }
});

test("a key that stands twice, and a text in no UTF-8, is said", () => {
  const text = readFileSync(join(root, "forms/template.json"), "utf8");
  const twice = pillarbox("form", "check", file("twice.json", text.replace("{", '{"title":"Another",')));
  assert.equal(twice.status, 0);
  assert.match(twice.stdout, / {2}title: “title” stands here twice, and only the last counts/);
  const latin = join(directory, "latin.json");
  writeFileSync(latin, Buffer.from(text.replace('"title": "', '"title": "\u00fc'), "latin1"));
  assert.match(pillarbox("form", "check", latin).stderr, /is not saved as UTF-8/);
});

test("a file that is not there, an unknown command or option is one sentence, without a stack", () => {
  for (const args of [
    ["form", "check", join(directory, "none.json")],
    ["form", "burn", "x"],
    ["fly"],
    ["form", "check", "--public", "x"],
    ["form", "add", "--server", "http://elsewhere.example", "x"],
  ]) {
    const { status, stderr } = pillarbox(...args);
    assert.equal(status, 1, args.join(" "));
    assert.doesNotMatch(stderr, /\n\s+at |node:internal/);
    assert.ok(stderr.trim().length > 0);
  }
});

test("adding without a server says so and does nothing", () => {
  const { status, stderr } = pillarbox(
    "form",
    "add",
    join(root, "forms/victims-commissioner.json"),
    "--as",
    "imogen.farrar@opj.harrowmere.example",
    "--server",
    "http://localhost:3699",
  );
  assert.equal(status, 1);
  assert.match(stderr, /Nobody answers at http:\/\/localhost:3699\. Nothing was changed/);
});

test("help names every step", () => {
  const { status, stdout } = pillarbox("form", "--help");
  assert.equal(status, 0);
  for (const step of ["check", "add", "open", "close"]) assert.ok(stdout.includes(`pillarbox form ${step}`));
});
