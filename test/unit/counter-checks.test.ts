/** What the counter checks by itself, each check with the lie that it is there for. */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { parseConfig, type Config } from "../../src/counter/config.ts";
import { readPosted } from "../../src/counter/letter.ts";
import { verifyForm } from "../../src/counter/verified-form.ts";
import { wireTo } from "../../src/counter/wire.ts";
import { fromHex } from "../../src/domain/bytes.ts";
import { canonicalBytes } from "../../src/domain/canonical.ts";
import { formHash, formOf, type Form } from "../../src/domain/form/form.ts";
import { draftForm, draftInbox } from "../../src/domain/grant/drafts.ts";
import { Fault } from "../../src/domain/problem.ts";
import { readForm } from "../support/counter-world.ts";
import { SignedChain, keyedPerson, type KeyedPerson } from "../support/signed-body.ts";

const is =
  (code: string, words = "") =>
  (thrown: unknown) =>
    thrown instanceof Fault && thrown.code === code && thrown.detail.includes(words);
const raw = {
  installation: "0".repeat(32),
  publicOrigin: "http://localhost:1",
  staffOrigin: "http://localhost:1",
  counterOrigin: "http://localhost:2",
  counterPort: 0,
  publicPort: 1,
  host: "localhost",
  demonstration: true,
  sealing: "x25519",
  roots: {},
  logKey: "example.com/log+00000000+AA==",
  dist: `${import.meta.dirname}/../../dist`,
  root: `${import.meta.dirname}/../..`,
};

let chain: SignedChain;
let owner: KeyedPerson, deputy: KeyedPerson;
const form = formOf(readForm("police-complaint-handling"));
const record = readForm("bodies/harrowmere");

before(async () => {
  [owner, deputy] = [await keyedPerson("An Owner", "owner"), await keyedPerson("A Deputy", "owner")];
  chain = new SignedChain();
  chain.found(owner);
  chain.confirm(owner, deputy);
});

/** What the server would answer if an owner had published this definition under this name. */
async function published(definition: Form, name: string) {
  const made = await draftInbox(
    chain.state,
    owner.actor,
    [owner, deputy].map((one) => chain.person(one)),
    "x25519",
    chain.now,
  );
  chain.add(made);
  chain.add(
    draftForm(
      chain.state,
      owner.actor,
      { form: name, formHash: fromHex(formHash(definition)), inbox: made.inbox, state: "open", browserOnly: false },
      chain.now,
    ),
  );
  const config = {
    ...parseConfig(JSON.stringify(raw), "x"),
    installation: chain.where.installation,
    roots: new Map([["harrowmere", chain.expected.root]]),
  };
  return {
    key: { body: "harrowmere", statements: chain.signed, recipient: made.recipients[0]!.recipient },
    described: { definition: canonicalBytes(definition), record },
    config,
  };
}

test("a key of the weaker kind is not sealed to, even one that owners signed", async () => {
  const { key, described, config } = await published(form, form.id);
  assert.equal(verifyForm(form.id, key, described, config).formHash, formHash(form));
  const stricter: Config = { ...config, sealing: "hybrid" };
  assert.throws(() => verifyForm(form.id, key, described, stricter), is("RECIPIENT_MISMATCH"));
});

test("a signed definition counts for its own name, its own body and that body's own record", async () => {
  const renamed = await published(form, "another-name");
  assert.throws(
    () => verifyForm("another-name", renamed.key, renamed.described, renamed.config),
    is("CHAIN_BROKEN", "another form"),
  );
  const abroad = formOf({ ...readForm("police-complaint-handling"), id: "abroad", body: "eastvale" });
  const foreign = await published(abroad, "abroad");
  assert.throws(
    () => verifyForm("abroad", foreign.key, foreign.described, foreign.config),
    is("CHAIN_BROKEN", "another form"),
  );
  const own = formOf({ ...readForm("police-complaint-handling"), id: "own" });
  const good = await published(own, "own");
  assert.equal(verifyForm("own", good.key, good.described, good.config).form.id, "own");
  assert.throws(
    () => verifyForm("own", good.key, { ...good.described, record: { ...record, id: "eastvale" } }, good.config),
    is("CHAIN_BROKEN", "another form"),
  );
});

test("the credential follows no redirect", async () => {
  const seen: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end("{}");
  }).listen(0, "localhost");
  await once(elsewhere, "listening");
  const target = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(307, { location: `${target}/forms/x/key` }).end();
  }).listen(0, "localhost");
  await once(server, "listening");
  after(() => [server, elsewhere].forEach((one) => one.close()));
  const wire = wireTo(
    parseConfig(JSON.stringify({ ...raw, publicPort: (server.address() as AddressInfo).port }), "a-credential"),
  );
  const submission = {
    form: "x",
    formHash: "0".repeat(64),
    inbox: "0".repeat(32),
    epoch: 1,
    submission: "0".repeat(32),
    first: null,
    receipt: "0".repeat(64),
    commitment: "0".repeat(64),
    slip: new Uint8Array(8),
    letter: new Uint8Array(8),
  };
  for (const ask of [
    () => wire.key("x"),
    () => wire.definition("x"),
    () => wire.record("x"),
    () => wire.submit(submission),
  ])
    await assert.rejects(ask, is("UNAVAILABLE"));
  assert.deepEqual([asked, seen], [4, []]);
});

test("entropy that is not 256 bits in hex is made anew; what was tried is a number or nothing", () => {
  const good = "0123456789abcdef".repeat(4);
  assert.equal(readPosted({ _entropy: good }).entropy, good);
  for (const bad of [
    "",
    "0",
    good.slice(1),
    `${good}0`,
    good.toUpperCase(),
    `${good}\n`,
    good.replace("f", "g"),
    ["", "x"],
  ]) {
    const { entropy } = readPosted({ _entropy: bad });
    assert.match(entropy, /^[0-9a-f]{64}$/);
    assert.notEqual(entropy, readPosted({ _entropy: bad }).entropy, "it is random");
  }
  assert.equal(readPosted({ _tried: good.slice(32) }).tried, good.slice(32));
  for (const bad of ["", good, "PB-1", `${good.slice(32)}\n`, [good.slice(32), "x"]])
    assert.equal(readPosted({ _tried: bad }).tried, "");
  assert.deepEqual(readPosted({ _entropy: good, _tried: good, _form: "", _step: "send", a: "b" }).fields, { a: "b" });
});

test("the credential is not in the environment of the process once it is ready", async () => {
  // Asked inside the very process, because the system keeps showing the environment that it was started with.
  const ears = 'process.on("message", () => process.send({ names: Object.keys(process.env) }));';
  const counter = fork(`${import.meta.dirname}/../../src/counter/main.ts`, {
    execArgv: ["--import", `data:text/javascript,${encodeURIComponent(ears)}`],
    env: { PB_CONFIG: JSON.stringify(raw), PB_COUNTER_CREDENTIAL: "a-credential", PB_MARK: "1" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const gone = once(counter, "exit");
  try {
    const [ready] = (await once(counter, "message")) as [unknown];
    assert.deepEqual(ready, { ready: true });
    counter.send("which?");
    const [{ names }] = (await once(counter, "message")) as [{ names: string[] }];
    assert.ok(names.includes("PB_MARK"));
    assert.ok(!names.includes("PB_COUNTER_CREDENTIAL"));
  } finally {
    counter.kill("SIGTERM");
    await gone;
  }
});
