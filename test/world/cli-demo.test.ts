/**
 * The demonstration against the real servers: filled over HTTP, interrupted and gone on with, then asked for,
 * confirmed, read and ended as its people would.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { askFor } from "../../src/member/flows/asking.ts";
import { confirm, end, list, open, untilAsked } from "../../demo/by-id.ts";
import { signInWith, type Desk } from "../../src/cli/desk/desk.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { Fault } from "../../src/domain/problem.ts";
import { sendByCounter } from "../../demo/writing/counter.ts";
import { formKey, sealFields, sendSealed } from "../../demo/writing/send.ts";
import { dataProblemForm, demoForms } from "../../demo/forms.ts";
import { fieldsFor } from "../../demo/fit.ts";
import { syntheticLetters } from "../../demo/letters.ts";
import { preparedOf, type PreparedPerson, type Prepared } from "../../demo/prepared.ts";
import { rowsOf } from "../../src/domain/form/display.ts";
import type { Inbox } from "../../src/contract/statements.ts";
import { demoConfig, type DemoConfig } from "../../demo/config.ts";
import { startWorld, type World } from "../../demo/world.ts";

const root = new URL("../..", import.meta.url).pathname;
const forms = demoForms(root);
const problems = dataProblemForm(root);
const letters = syntheticLetters();
const YEAR = 365 * 86_400_000;

let world: World;
let prepared: Prepared;
let config: DemoConfig;
before(async () => {
  world = await startWorld({ demonstration: true, also: ["counter"] });
  config = demoConfig(canonicalJson(world.config));
  prepared = preparedOf(JSON.parse(JSON.stringify(world.prepared)));
});
after(() => world?.stop());

/** Kills the process that says how many letters it has sent before it can send them all. */
const killedAt = (letters: number): string => `
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text, ...more) => {
    if (String(text).startsWith("progress ${letters} ")) process.kill(process.pid, "SIGKILL");
    return write(text, ...more);
  };`;

/** Runs `demo.ts fill` as the launcher does; killed when so many letters were sent, in the very process: it is certain. */
function fill(until: number | null = null): Promise<{ code: number | null; last: string; error: string }> {
  return new Promise((resolve) => {
    const early = until === null ? [] : ["--import", `data:text/javascript,${encodeURIComponent(killedAt(until))}`];
    const child = spawn(process.execPath, [...early, join(root, "demo/main.ts"), "fill"], {
      env: { PB_CONFIG: JSON.stringify(world.config) },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let [last, error, rest] = ["", "", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      last = lines.at(-1) ?? last;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => (error += part));
    child.on("close", (code) => resolve({ code, last, error }));
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(world.prepared));
  });
}

const peopleAt = (body: string, part: string): PreparedPerson[] =>
  prepared.people.filter((one) => one.body === body && one.part === part);
const enter = (one: PreparedPerson | undefined): Promise<Desk> => signInWith(config, one!.email, one!.unlocked);
const inboxFor = async (visit: Desk, form: string): Promise<Inbox> =>
  (await visit.api.inboxes("harrowmere")).find((inbox) => inbox.form === form)!;
const receivedIn = (inbox: Inbox): number => inbox.epochs.reduce((sum, epoch) => sum + epoch.received, 0);
const refusal = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;

test("filled, killed in the middle, and filled again: 394 letters, none twice", async () => {
  const cut = await fill(120);
  assert.equal(cut.code, null, cut.error);
  const { code, last, error } = await fill();
  assert.equal(code, 0, error);
  assert.equal(last, "progress 394 394");
  const owner = await enter(peopleAt("harrowmere", "owner")[0]);
  const counted = (await owner.api.inboxes("harrowmere")).map((inbox) => [inbox.form, receivedIn(inbox)]);
  const sent = [forms.complaint, forms.contact].map((form) => [
    form.id,
    letters.filter((letter) => forms[letter.to].id === form.id).length,
  ]);
  assert.deepEqual(counted.sort(), [...sent, [problems.id, 0]].sort());
});

// Everybody is confirmed, all forms are open under two owners, the data protection officer may read the one about data,
// and the second body has none.
test("everybody is confirmed, all forms are open under two owners, the second body has none", async () => {
  const owner = await enter(peopleAt("harrowmere", "owner")[0]);
  const state = await stateOf(owner, "harrowmere");
  assert.equal(state.persons.size, 8);
  assert.deepEqual(
    [...state.forms.values()].map((form) => form.state),
    ["open", "open", "open"],
  );
  const about = state.forms.get(problems.id)!.inbox;
  for (const inbox of state.inboxes.values())
    assert.equal(inbox.epochs[0]!.holders.size, inbox.inbox === about ? 3 : 2);
  const [officer] = peopleAt("harrowmere", "auditor");
  assert.deepEqual(
    [...state.grants.values()].map(({ inbox, persons }) => [inbox, persons.map(({ person }) => person)]),
    [[about, [officer!.person]]],
  );
  const east = await stateOf(await enter(peopleAt("eastvale", "owner")[0]), "eastvale");
  assert.deepEqual([east.persons.size, east.forms.size], [2, 0]);
});

test("before anything is asked, only the owners read", async () => {
  const inbox = await inboxFor(await enter(peopleAt("harrowmere", "owner")[0]), forms.complaint.id);
  const others = [
    ...peopleAt("harrowmere", "case officer"),
    ...peopleAt("harrowmere", "colleague without a grant"),
    ...peopleAt("harrowmere", "auditor"),
    ...peopleAt("eastvale", "owner"),
    ...peopleAt("", "operator at the host"),
  ];
  for (const one of others)
    await assert.rejects(async () => list(await enter(one), "harrowmere", inbox.inbox), Fault, one.name);
});

// The operator asks for four officers, the owner confirms, each officer reads every letter as it was written, and the
// others still fail.
test("the operator asks, the owner confirms, four officers read every letter, and no others", async () => {
  const [operator, owner] = [
    await enter(peopleAt("", "operator at the host")[0]),
    await enter(peopleAt("harrowmere", "owner")[0]),
  ];
  const officers = peopleAt("harrowmere", "case officer");
  const persons = officers.map((one) => one.person);
  const inbox = await inboxFor(owner, forms.complaint.id);
  const asking = {
    inbox: inbox.inbox,
    persons,
    scope: "all" as const,
    until: Date.now() + YEAR,
    purpose: "case-handling" as const,
    purposeText: "To work on what was sent",
  };
  await assert.rejects(askFor(operator, "harrowmere", { ...asking, persons: [] }), refusal("REFUSED_EMPTY"));
  const request = await askFor(operator, "harrowmere", asking);
  await untilAsked(owner, "harrowmere", request);
  await assert.rejects(
    enter(officers[0]).then((visit) => confirm(visit, "harrowmere", request)),
    Fault,
  );
  await confirm(owner, "harrowmere", request);

  const wanted = new Map(letters.map((letter) => [JSON.stringify(checked(letter.number)), letter]));
  const slips = await list(await enter(officers[0]), "harrowmere", inbox.inbox);
  assert.equal(slips.length, receivedIn(inbox));
  assert.equal(new Set(slips.map((slip) => slip.submission)).size, slips.length);
  assert.ok(slips.some((slip) => slip.path === "counter") && slips.some((slip) => slip.path === "browser"));
  for (const [index, one] of officers.entries()) {
    const visit = await enter(one);
    const letter = await open(visit, "harrowmere", inbox.inbox, slips[index * 7]!.submission);
    const written = wanted.get(JSON.stringify(letter.rows));
    assert.ok(written, `${letter.reference} is as it was written`);
    assert.equal(letter.path, written.path);
  }
  const others = [
    ...peopleAt("harrowmere", "colleague without a grant"),
    ...peopleAt("harrowmere", "auditor"),
    ...peopleAt("eastvale", "owner"),
    ...peopleAt("", "operator at the host"),
  ];
  for (const one of others)
    await assert.rejects(async () => list(await enter(one), "harrowmere", inbox.inbox), Fault, one.name);
});

test("one officer's grant is ended: what comes next is under a key the leaver never had", async () => {
  const owner = await enter(peopleAt("harrowmere", "owner")[0]);
  const [leaver, stays] = peopleAt("harrowmere", "case officer");
  const grant = [...(await stateOf(owner, "harrowmere")).grants.values()].find(({ persons }) =>
    persons.some(({ person }) => person === leaver!.person),
  )!.grant;
  await end(owner, "harrowmere", { grant, person: leaver!.person, reason: "left" });
  const key = await formKey(config, forms.complaint);
  assert.equal(key.epoch, 2);
  const letter = letters.find((one) => one.to === "complaint")!;
  const { reference } = await sendSealed(world.publicOrigin, await sealFields(forms.complaint, key, fieldsFor(letter)));
  assert.match(reference, /^PB-/);
  await assert.rejects(async () => list(await enter(leaver), "harrowmere", key.inbox), refusal("REFUSED_GRANT_ENDED"));
  const state = await stateOf(owner, "harrowmere");
  assert.equal(state.inboxes.get(key.inbox)!.epochs[1]!.holders.has(leaver!.person), false);
  const after = await list(await enter(stays), "harrowmere", key.inbox);
  assert.ok(after.some((slip) => slip.reference === reference && slip.epoch === 2));
});

test("a letter through the counter's pages answers with a reference, and again with the same one", async () => {
  const letter = letters.find((one) => one.to === "contact")!;
  const page = await sendByCounter(world.counterOrigin, forms.contact.id, fieldsFor(letter), "ab".repeat(32));
  assert.equal(page.status, 200);
  const reference = /PB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(page.html)?.[0];
  assert.ok(reference);
  const repeated = await sendByCounter(world.counterOrigin, forms.contact.id, fieldsFor(letter), "ab".repeat(32));
  assert.ok(repeated.html.includes(reference));
});

// The people list of a colleague who may not read still names everyone, so that an asker sees the namesakes.
test("the people list of a colleague who may not read still names everyone, namesakes too", async () => {
  const rows = await (await enter(peopleAt("", "operator at the host")[0])).api.people("harrowmere");
  assert.deepEqual(
    rows
      .filter((row) => /Marsden/.test(row.name))
      .map((row) => row.name)
      .sort(),
    ["Joanna Marsden", "Joanne Marsden"],
  );
});

function checked(number: number): object {
  const letter = letters[number]!;
  const result = checkAnswers(forms[letter.to], fieldsFor(letter));
  assert.ok(result.ok);
  return rowsOf(forms[letter.to], result.answers);
}
