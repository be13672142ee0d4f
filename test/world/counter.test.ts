/** The counter from outside: what a browser without script sends and sees, and what the public server gets. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";
import { parseStatement } from "../../src/domain/grant/statement.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { verifyChain } from "../../src/domain/grant/chain.ts";
import { statementHash } from "../../src/domain/grant/statement.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { counterWorld, readForm, type Page } from "../support/counter-world.ts";

type World = Awaited<ReturnType<typeof counterWorld>>;
type Sent = [string, string][];

/** A word that stands nowhere but in the answers. */
const MARKER = "Zinnwaldite-7261";
const HOSTILE = `${MARKER} <script>alert("1")</script> {{ 7*7 }} ' "`;
const answers: Sent = [
  ["on-behalf", "myself"],
  ["concerns", "outcome"],
  ["concerns", "delay"],
  ["what-happened", `${HOSTILE}\r\n\r\nThe end`],
  ["when-happened", "March 2024"],
  ["outcome-wanted", "An apology"],
  ["full-name", "Ada O’Neill"],
  ["contact-by", "email"],
  ["email", "ada@example.org"],
];

let world: World;
let written = "";
before(async () => {
  world = await counterWorld();
});
after(() => world.close());
beforeEach(() => {
  written = "";
  // Everything that the process writes, in which its own lines are kept from the test's report.
  const write = process.stdout.write.bind(process.stdout);
  mock.method(process.stdout, "write", (chunk: string | Uint8Array) => {
    written += Buffer.from(chunk as Uint8Array).toString("latin1");
    return typeof chunk === "string" && chunk.startsWith('{"time"') ? true : write(chunk);
  });
});
afterEach(() => {
  mock.restoreAll();
  world.requests.length = 0;
  world.trouble.length = 0;
  world.tamper = world.tamperDefinition = world.tamperRecord = null;
});

const title = ({ text }: Page): string => /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? "";
const reference = ({ text }: Page): string => /PB-[0-9A-Z-]+/.exec(text)?.[0] ?? "";
const answersStep = (fields: Sent = answers): Promise<Page> => world.post([...fields, ["_step", "answers"]]);
const sendStep = (check: Page): Promise<Page> => world.post([...check.hidden, ["_step", "send"]]);
const problems = ({ text }: Page): string[] =>
  [...text.matchAll(/<a href="#([^"]+)">([^<]+)<\/a>/g)]
    .map(([, id, words]) => `${id}: ${words}`)
    .filter((line) => !line.startsWith("main-content"));

// From the questions to the reference: what the owner opens is what was written, and nothing else left the counter.
test("what the owner opens is what was written, and nothing else left the counter", async () => {
  const check = await answersStep();
  assert.equal(check.status, 200);
  assert.match(check.text, /Check your answers before sending/);
  assert.doesNotMatch(check.text, /<script>alert/);
  assert.match(check.text, /Zinnwaldite-7261 &lt;script&gt;/);
  const sent = await sendStep(check);
  assert.equal(sent.status, 200);
  assert.match(reference(sent), /^PB-/);
  assert.match(sent.text, /5 January 2026 at 9:30am/);

  assert.equal(world.arrived.size, 1);
  const { letter, slip } = await world.open([...world.arrived.values()][0]!);
  assert.deepEqual(letter, {
    "on-behalf": "myself",
    concerns: ["delay", "outcome"],
    "what-happened": `${HOSTILE}\n\nThe end`,
    "when-happened": "March 2024",
    "outcome-wanted": "An apology",
    "full-name": "Ada O’Neill",
    "contact-by": "email",
    email: "ada@example.org",
  });
  assert.deepEqual(slip, { "on-behalf": "myself", concerns: ["delay", "outcome"], "full-name": "Ada O’Neill" });
  const outside = world.requests.map(({ path, body }) => path + body.toString("latin1")).join("\n");
  for (const word of [MARKER, "Neill", "ada@example.org"]) {
    assert.ok(!outside.includes(word), `${word} left the counter unsealed`);
    assert.ok(!written.includes(word), `${word} was written into the log`);
    assert.ok(!sent.text.includes(word), `${word} stands on the confirmation`);
  }
});

test("errors come back above the heading and at the field, with the answers kept and escaped", async () => {
  const before = world.arrived.size;
  const page = await answersStep([
    ["on-behalf", "someone-else"],
    ["what-happened", HOSTILE],
    ["contact-by", "post"],
    ["outcome-date-day", "31"],
    ["outcome-date-month", "2"],
    ["outcome-date-year", "2024"],
  ]);
  assert.equal(page.status, 400);
  assert.match(title(page), /^Error: Complain about/);
  assert.ok(page.text.indexOf("There is a problem") < page.text.indexOf("<h1"));
  assert.deepEqual(problems(page), [
    "their-name: Enter the name of the person you are complaining for",
    "consent: Select whether this person agrees that you complain for them",
    "outcome-date-day: The date of the outcome must be a real date",
    "concerns: Select what was wrong with how your complaint was handled",
    "when-happened: Enter when it happened, even if it is only a rough time",
    "outcome-wanted: Enter what you would like to happen now",
    "full-name: Enter your full name",
    "address-line1: Enter your address",
  ]);
  for (const line of problems(page)) {
    const [id, words] = line.split(/: (.*)/);
    assert.match(page.text, new RegExp(`id="${id}"`), `${id} can be gone to`);
    assert.ok(page.text.split(words!).length >= 3, `${words} stands at the field too`);
  }
  assert.match(page.text, /<textarea[^>]*>Zinnwaldite-7261 &lt;script&gt;/);
  assert.match(page.text, /name="outcome-date-year"[^>]* value="2024"/);
  assert.match(page.text, /value="someone-else" checked/);
  assert.equal(world.arrived.size, before, "nothing more was sent");
});

test("Change leads back to the question with every answer, and then onwards", async () => {
  const check = await answersStep();
  assert.match(
    check.text,
    /value="change full-name" formaction="[^"]*\/counter\/forms\/police-complaint-handling#q_full-name"/,
  );
  const form = await world.post([...check.hidden, ["_step", "change full-name"]]);
  assert.equal(form.status, 200);
  assert.match(form.text, /id="q_full-name"/);
  assert.match(form.text, /id="full-name"[^>]*value="Ada O’Neill"/);
  assert.doesNotMatch(form.text, /There is a problem/);
  assert.deepEqual(
    form.hidden,
    check.hidden.filter(([name]) => name.startsWith("_")),
    "the same entropy travels on",
  );
});

// The same answers sent again, after an answer that never came, are one submission with one reference; changed answers
// are another.
test("the same answers sent again are one submission; changed answers are another", async () => {
  world.arrived.clear();
  const check = await answersStep();
  world.trouble.push("after");
  const lost = await sendStep(check);
  assert.equal(lost.status, 503);
  assert.match(title(lost), /^Error: /);
  assert.match(lost.text, /We do not know whether your answers arrived when you sent them.*Nothing was lost/);
  assert.doesNotMatch(lost.text, /nothing was sent|could not be sent|not stored/i);
  assert.match(lost.text, /Zinnwaldite-7261/);
  assert.equal(reference(lost), referenceOf([...world.arrived.keys()][0]!));
  const again = await sendStep(lost);
  const third = await sendStep(check);
  assert.equal(again.status, 200);
  assert.equal(reference(again), reference(third));
  assert.equal(world.arrived.size, 1);
  const other = await world.post([
    ...check.hidden.map(([name, value]): [string, string] => [name, name === "full-name" ? "Ada Byron" : value]),
    ["_step", "send"],
  ]);
  assert.notEqual(reference(other), reference(again));
  assert.equal(world.arrived.size, 2);
  const fresh = await sendStep(await answersStep());
  assert.notEqual(reference(fresh), reference(again), "two people with the same words are two submissions");
});

const afterLost: [number, string, RegExp][] = [
  [409, "FORM_CLOSED", /has been closed.*reach us in another way/],
  [429, "TOO_MANY", /Too many people.*select Send again/],
  [413, "ENVELOPE_TOO_LARGE", /not taken this time/],
  [503, "CHAIN_BROKEN", /not taken this time/],
];
for (const [status, code, words] of afterLost) {
  // The page keeps the number of the try and the reference, too.
  test(`${code} after a lost answer: the page does not say that nothing was sent`, async () => {
    world.arrived.clear();
    const check = await answersStep();
    world.trouble.push("after", { status, code });
    const lost = await sendStep(check);
    const refused = await sendStep(lost);
    assert.match(refused.text, words);
    assert.match(refused.text, /We do not know whether your answers arrived/);
    assert.doesNotMatch(refused.text, /nothing was sent|nothing was stored|not stored/i);
    assert.match(refused.text, /Zinnwaldite-7261/);
    assert.equal(reference(refused), referenceOf([...world.arrived.keys()][0]!));
    assert.deepEqual(refused.hidden, lost.hidden);
    const again = await sendStep(refused);
    assert.deepEqual([again.status, reference(again), world.arrived.size], [200, reference(lost), 1]);
  });
}

// A form that is closed, changed or kept for browsers after an answer that never came: still not known, and the way
// through Change keeps that.
test("a form changed after a lost answer: still not known, and the way through Change keeps that", async () => {
  const form = formOf(readForm("police-complaint-handling"));
  world.arrived.clear();
  const check = await answersStep();
  world.trouble.push("after");
  const lost = await sendStep(check);
  const changing = await world.post([...lost.hidden, ["_step", "change full-name"]]);
  assert.deepEqual(
    changing.hidden,
    lost.hidden.filter(([name]) => name.startsWith("_")),
  );
  world.publish(form, "closed");
  const closed = await sendStep(lost);
  world.publish(formOf({ ...readForm("police-complaint-handling"), title: "Complain, in other words" }));
  const changed = await sendStep(lost);
  world.publish(formOf({ ...readForm("police-complaint-handling"), browserOnly: true }));
  const refused = await sendStep(lost);
  world.publish(form);
  assert.deepEqual(
    [closed, changed, refused].map(({ status }) => status),
    [409, 409, 403],
  );
  for (const page of [closed, changed, refused]) {
    assert.match(page.text, /not know whether/);
    assert.doesNotMatch(page.text, /nothing was (sent|stored)/i);
    assert.equal(reference(page), reference(lost));
    assert.match(page.text, /Zinnwaldite-7261/);
  }
});

test("a key that has just changed: sealed again by itself, to the new key", async () => {
  world.arrived.clear();
  const check = await answersStep();
  const seen = world.requests.length;
  await world.rekey();
  world.trouble.push({ status: 409, code: "EPOCH_ENDED" });
  const sent = await sendStep(check);
  assert.equal(sent.status, 200);
  assert.equal(world.requests.slice(seen).filter(({ path }) => path === "/submissions").length, 2);
  const [arrived] = [...world.arrived.values()];
  assert.equal(arrived!.submission.epoch, 2);
  assert.match(JSON.stringify((await world.open(arrived!)).letter), /Zinnwaldite/);
});

const troubles: [number, string, RegExp][] = [
  [503, "UNAVAILABLE", /select Send again/],
  [429, "TOO_MANY", /select Send again/],
  [413, "ENVELOPE_TOO_LARGE", /too long to send/],
  [409, "FORM_CLOSED", /reach us in another way/],
  [500, "A_CODE_OF_NOBODY", /select Send again/],
];
for (const [status, code, words] of troubles) {
  test(`${code} from the server: nothing is lost, and the page says what to do`, async () => {
    const check = await answersStep();
    world.trouble.push({ status, code });
    const page = await sendStep(check);
    assert.ok(page.status >= 400);
    assert.match(page.text, words);
    assert.match(page.text, /Zinnwaldite-7261/);
    const tried = page.hidden.filter(([name]) => name === "_tried");
    assert.deepEqual(
      page.hidden.filter(([name]) => name !== "_tried"),
      check.hidden,
    );
    assert.equal(tried.length, status >= 500 ? 1 : 0, "only what may have arrived is remembered as tried");
  });
}

// What the server says is not believed: another key, chain, definition, body or kind is refused before anything is
// sealed.
test("what the server says is not believed: what does not verify is refused before sealing", async () => {
  // An older key is one that the statements up to it name, and no later ones.
  const newest = (): number =>
    world.chain.signed.findIndex(({ bytes }) => {
      const said = parseStatement(bytes);
      return said.kind === "inbox.key" && said.epoch === 2;
    });
  if (newest() < 0) await world.rekey();
  const older = newest();
  const foreign = await counterWorld();
  const lies: [string, (key: Record<string, any>) => unknown][] = [
    ["another key", (key) => ({ ...key, recipient: foreignRecipient })],
    ["a key of another kind", (key) => ({ ...key, recipient: hybrid.recipient })],
    ["no key", (key) => ({ ...key, recipient: "" })],
    [
      "another chain",
      (key) => ({
        ...key,
        statements: foreign.chain.signed.map(({ bytes, signature }) => ({
          bytes: Buffer.from(bytes).toString("base64"),
          signature: Buffer.from(signature).toString("base64"),
        })),
      }),
    ],
    [
      "a key that no statement of the chain names",
      (key) => ({ ...key, statements: key["statements"].slice(0, older) }),
    ],
    ["a chain without its root", (key) => ({ ...key, statements: key["statements"].slice(1) })],
    [
      "a broken signature",
      (key) => ({
        ...key,
        statements: key["statements"].map((one: any, at: number, all: unknown[]) =>
          at === all.length - 1 ? { ...one, signature: Buffer.alloc(64).toString("base64") } : one,
        ),
      }),
    ],
    ["another body", (key) => ({ ...key, body: "eastvale" })],
    ["no statements", (key) => ({ ...key, statements: [] })],
    ["statements of nothing", (key) => ({ ...key, statements: [null] })],
    ["a list", () => []],
    ["nothing", () => null],
    ["a body that is a path", (key) => ({ ...key, body: "../forms/x" })],
  ];
  const foreignRecipient = (await newIdentity("x25519")).recipient;
  const hybrid = await newIdentity("hybrid");
  try {
    const check = await answersStep();
    const count = world.arrived.size;
    for (const [name, lie] of lies) {
      world.tamper = lie;
      const page = await sendStep(check);
      assert.equal(page.status, 503, name);
      assert.match(page.text, /Nothing was sent/, name);
      assert.equal(world.arrived.size, count, `${name}: something was sent`);
    }
    world.tamper = null;
    world.publish(formOf(readForm("police-complaint-handling")));
    world.tamperDefinition = (bytes) =>
      Buffer.from(bytes.toString().replace("What happened?", "Tell us your password"));
    assert.equal((await sendStep(check)).status, 409);
    world.tamperDefinition = null;
    world.tamperRecord = { id: "harrowmere", name: "A body without its pages", host: "x" };
    assert.equal((await sendStep(check)).status, 503);
    assert.equal(world.arrived.size, count);
  } finally {
    await foreign.close();
  }
});

test("a form published anew while somebody wrote: the answers are kept as far as they fit", async () => {
  const check = await answersStep();
  const newer = readForm("police-complaint-handling");
  newer["questions"] = newer["questions"].filter(({ id }: { id: string }) => id !== "when-happened");
  world.publish(formOf(newer));
  const page = await sendStep(check);
  assert.equal(page.status, 409);
  assert.match(page.text, /The form was changed while you were writing\. Nothing was sent/);
  assert.match(page.text, /Zinnwaldite-7261/);
  const again = await world.post([
    ...page.hidden,
    ...answers.filter(([name]) => name !== "when-happened"),
    ["_step", "answers"],
  ]);
  assert.equal(again.status, 200);
  world.publish(formOf(readForm("police-complaint-handling")));
});

test("a closed form and a browser-only form take nothing, and name the other channels", async () => {
  const form = formOf(readForm("police-complaint-handling"));
  const check = await answersStep();
  const count = world.arrived.size;
  world.publish(form, "closed");
  const closed = await world.post([["_step", "answers"]]);
  assert.deepEqual(
    [closed.status, /This form is closed/.test(closed.text), /01632 960 410/.test(closed.text)],
    [409, true, true],
  );
  const late = await sendStep(check);
  assert.match(late.text, /Nothing was sent/);
  assert.match(late.text, /Zinnwaldite-7261/);
  world.publish(formOf({ ...readForm("police-complaint-handling"), browserOnly: true }));
  const refused = await sendStep(check);
  assert.deepEqual(
    [refused.status, /only takes answers that your own browser has sealed/.test(refused.text), refused.hidden.length],
    [403, true, 0],
  );
  assert.equal(world.arrived.size, count);
  world.publish(form);
});

test("every answer: no store, no script, no cookie, no frame, nothing from elsewhere", async () => {
  for (const page of [
    await answersStep(),
    await answersStep([]),
    await world.request("/counter/nothing"),
    await world.request("/counter/forms/nothing-here", { method: "POST", body: new URLSearchParams() }),
  ]) {
    assert.equal(page.headers.get("cache-control"), "no-store");
    assert.equal(page.headers.get("set-cookie"), null);
    assert.equal(page.headers.get("referrer-policy"), "no-referrer");
    assert.equal(page.headers.get("x-frame-options"), "DENY");
    // Two say that nobody frames it: a browser that knows only one of them is enough.
    const policy = (page.headers.get("content-security-policy") ?? "").split(";").map((one) => one.trim());
    for (const directive of [
      "default-src 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
    ])
      assert.ok(policy.includes(directive), directive);
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
    assert.match(page.headers.get("x-robots-tag") ?? "", /noindex/);
    assert.doesNotMatch(page.headers.get("content-security-policy") ?? "", /script-src|unsafe/);
    assert.doesNotMatch(page.text, /<script|<style| style=|onclick|javascript:/i);
    for (const [, address] of page.text.matchAll(/(?:src|href)="(https?:[^"]+)"/g))
      assert.ok(address!.startsWith(world.publicOrigin) || address!.startsWith("http://localhost:"), address);
  }
});

test("a page asked for leads to the public form; health answers; the unknown is not found", async () => {
  const page = await world.request("/counter/forms/police-complaint-handling");
  assert.deepEqual(
    [page.status, page.headers.get("location")],
    [303, `${world.publicOrigin}/forms/police-complaint-handling`],
  );
  assert.equal((await world.request("/health")).status, 200);
  for (const path of [
    "/",
    "/forms/police-complaint-handling",
    "/counter/forms/..%2f..%2fhealth",
    "/counter/forms/A",
    "/counter/assets/../../package.json",
    "/counter/assets/staff-app.js",
    "/counter/assets/",
  ])
    assert.equal((await world.request(path)).status, 404, path);
  assert.equal((await world.post(answers, "no-such-form")).status, 404);
});

test("bad input: wrong type, too large, plaintext as JSON, a sealed body, half a request", async () => {
  const path = "/counter/forms/police-complaint-handling";
  for (const type of [
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/vnd.pillarbox.submission",
  ])
    assert.equal(
      (
        await world.request(path, {
          method: "POST",
          body: `{"what-happened":"${MARKER}"}`,
          headers: { "content-type": type },
        })
      ).status,
      415,
      type,
    );
  const large = await world.request(path, {
    method: "POST",
    body: `what-happened=${"x".repeat(5_000_000)}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  assert.equal(large.status, 413);
  assert.match(large.text, /shorten the longest answer/);
  for (const body of [
    "%",
    "%ff%fe=%00",
    "=",
    "&&&&",
    "__proto__=x&constructor=y&__proto__[a]=b",
    "_step=send&_entropy=zz&_form=zz",
    "_step=change+nothing",
    "a=b&".repeat(50_000),
  ]) {
    const page = await world.request(path, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    assert.ok([200, 400, 409].includes(page.status), `${body.slice(0, 30)} ${page.status}`);
  }
  assert.equal((await world.request(path, { method: "POST" })).status, 400);
  // A connection that dies in the middle of a letter takes nothing with it and leaves the counter standing.
  await new Promise<void>((done) => {
    const socket = connect(Number(new URL(world.origin).port), "localhost", () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\nwhat-happened=${MARKER}`,
      );
      setTimeout(() => socket.destroy(), 50);
    });
    socket.on("close", () => done());
    socket.on("error", () => done());
  });
  assert.equal((await answersStep()).status, 200);
  assert.ok(!written.includes(MARKER), "a refused body was written into the log");
  assert.ok(!world.requests.some(({ body }) => body.includes(MARKER)), "a refused body was sent on");
});

// What no hook sees: an address that cannot be read and bytes that are no request quote nothing and are kept nowhere.
test("an unreadable address and bytes that are no request are not quoted and not kept", async () => {
  const raw = (text: string): Promise<string> =>
    new Promise((done, failed) => {
      let answer = "";
      const socket = connect(Number(new URL(world.origin).port), "localhost", () => socket.write(text));
      socket.on("data", (part) => (answer += part.toString()));
      socket.on("close", () => done(answer));
      // Whoever is answered in the middle of a request may be cut off after that.
      socket.on("error", (fault) => answer === "" && failed(fault));
    });
  const requests = [
    `GET /counter/forms/%${MARKER} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    `GET /counter/forms/${MARKER}${"x".repeat(5_000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    `${MARKER}\r\n\r\n`,
    `GET /${"x".repeat(100_000)} HTTP/1.1\r\n\r\n`,
  ];
  for (const request of requests) {
    const answer = await raw(request);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /);
    assert.ok(!answer.includes(MARKER), answer.slice(0, 200));
    assert.match(answer, /cache-control: no-store/i);
    assert.match(answer, /x-robots-tag: noindex/i);
    assert.match(answer, /content-security-policy: default-src 'none'/i);
  }
  assert.ok(!written.includes(MARKER));
});

test("of the built files only the public style sheet is served", async () => {
  const names = readdirSync(`${import.meta.dirname}/../../dist/assets`);
  assert.ok(names.some((name) => name.startsWith("staff-")) && names.some((name) => name.startsWith("form-page")));
  for (const name of names) {
    const page = await world.request(`/counter/assets/${name}`);
    assert.equal(page.status, /^public-[\w-]+\.css$/.test(name) ? 200 : 404, name);
  }
});

// The world of this test is the real one: its chain holds, and the root is the first statement.
test("the world of this test is the real one: its chain holds, from its first statement", () => {
  assert.ok(verifyChain(world.chain.signed, world.chain.expected).forms.has("police-complaint-handling"));
  assert.equal(
    Buffer.from(statementHash(world.chain.signed[0]!.bytes)).toString("hex"),
    createHash("sha256").update(world.chain.signed[0]!.bytes).digest("hex"),
  );
});
