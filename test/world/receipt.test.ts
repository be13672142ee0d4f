/** The submitter's view over HTTP: what a receipt finds, what it does not, and what somebody without one learns. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { list, open } from "../../demo/by-id.ts";
import { formKey, sealFields, sendSealed } from "../../demo/writing/send.ts";
import { fromBase64, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { canonicalBytes, canonicalJson } from "../../src/domain/canonical.ts";
import { ADDED, ADDITION_HASH, additionForm } from "../../src/domain/form/addition.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { parseEntry } from "../../src/domain/log/event.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { vkeyOfLog } from "../../src/domain/log/names.ts";
import { verifyProof } from "../../src/domain/log/proof.ts";
import { ADDITION_TYPE, encodeAddition } from "../../src/domain/receipt/adding.ts";
import { bindingOf, replyKeys } from "../../src/domain/receipt/binding.ts";
import { answersNonce, receiptSignIn } from "../../src/domain/receipt/keys.ts";
import { parseStatus, type Status } from "../../src/domain/receipt/status.ts";
import { kindOfRecipient, recipientHash } from "../../src/domain/seal/age.ts";
import { answersCommitment } from "../../src/domain/seal/commitment.ts";
import { encodeSubmission, SUBMISSION_TYPE, type SealedSubmission } from "../../src/domain/seal/envelope.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { sealAnswers } from "../../src/domain/seal/seal.ts";
import { parseConfig } from "../../src/server/config.ts";
import { publicApp } from "../../src/server/public/app.ts";
import { openPool } from "../../src/server/database/pool.ts";
import { assertSound } from "../support/judge.ts";
import { BODY, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
const form = () => t.forms.contact;

before(async () => {
  t = await staffedWorld({
    limits: {
      submissionsPerMinute: 100_000,
      signInsPerMinute: 10_000,
      requestsPerMinute: 100_000,
      receiptsPerMinute: 100_000,
    },
  });
});
after(() => t?.stop());

type Answer = { readonly status: number; readonly bytes: Uint8Array; readonly head: string };

async function post(path: string, body: unknown, type = "application/json"): Promise<Answer> {
  const response = await fetch(t.config.publicOrigin + path, {
    method: "POST",
    headers: { "content-type": type, "accept-encoding": "br, gzip" },
    body: (type === "application/json" ? JSON.stringify(body) : body) as BodyInit,
  });
  const head = [...response.headers]
    .filter(([name]) => name !== "date")
    .map((pair) => pair.join(": "))
    .join("\n");
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()), head };
}
const find = (entropy: Uint8Array): Promise<Answer> => post("/status/find", { signIn: toHex(receiptSignIn(entropy)) });
const codeOf = ({ status, bytes }: Answer): string =>
  `${status} ${(JSON.parse(Buffer.from(bytes).toString()) as { code?: string }).code ?? ""}`;

async function statusOf(entropy: Uint8Array): Promise<Status> {
  const { status, bytes } = await find(entropy);
  assert.equal(status, 200);
  const found = parseStatus(bytes);
  assert.ok(found);
  return found;
}

/** A letter whose words are known. */
async function letter(): Promise<{ entropy: Uint8Array; sealed: SealedSubmission }> {
  const entropy = randomBytes(16);
  const sealed = await sealFields(
    form(),
    await formKey(t.config, form()),
    letterTo("contact", "heronsong"),
    newId(),
    entropy,
  );
  await sendSealed(t.config.publicOrigin, sealed);
  return { entropy, sealed };
}

async function addition(
  entropy: Uint8Array,
  first: string,
  text: string,
  change: Partial<SealedSubmission> = {},
): Promise<SealedSubmission> {
  const checked = checkAnswers(additionForm, { [ADDED]: text });
  assert.ok(checked.ok);
  const { inbox, epoch, recipient } = await formKey(t.config, form());
  const submission = newId();
  const context = { form: form().id, formHash: ADDITION_HASH, inbox, epoch, submission, first, ...change };
  return sealAnswers(
    checked.answers,
    {},
    context,
    await bindingOf(entropy, submission, kindOfRecipient(recipient)),
    recipient,
  );
}
const add = (entropy: Uint8Array, sealed: SealedSubmission): Promise<Answer> =>
  post("/status/additions", encodeAddition(receiptSignIn(entropy), encodeSubmission(sealed)), ADDITION_TYPE);

// A receipt finds its letter, how many can read it, each reading by role and never by name, and the proof of receipt.
test("a receipt finds its letter, each reading by role, never by name, and the proof", async () => {
  const { entropy, sealed } = await letter();
  await letter();
  const before = await statusOf(entropy);
  assert.deepEqual(
    [
      before.letter.submission,
      before.form,
      before.letter.readings,
      before.additions,
      before.erasure,
      before.readers.count,
    ],
    [sealed.submission, form().id, [], [], null, 2],
  );

  const officers = [0, 1, 2, 3].map((nth) => t.person("case officer", nth));
  await t.grant(form(), officers);
  const officer = await t.visit(officers[0]!);
  const inbox = await t.inboxOf(form());
  const loaded = await list(officer, BODY, inbox);
  await open(officer, BODY, inbox, sealed.submission);
  const told = await statusOf(entropy);
  assert.deepEqual([told.readers.count, told.readers.owners, told.readers.officers], [6, 2, 4]);
  assert.ok(told.readers.since > before.readers.since);
  const [opened, listed, ...rest] = told.letter.readings;
  assert.deepEqual([opened?.part, opened?.role, opened?.count, rest], ["letter", "reader", 1, []]);
  assert.ok(opened!.openedAt! >= opened!.at);
  assert.deepEqual(
    [listed?.part, listed?.role, listed?.count, listed?.openedAt],
    ["slip", "reader", loaded.length, null],
  );
  for (const { name, person } of officers)
    for (const secret of [name, person]) assert.ok(!JSON.stringify(told).includes(secret));

  const { entry, proof } = told.letter.received!;
  verifyProof(proof, fromBase64(entry), parseVerifierKey(vkeyOfLog(t.world.config.logKey, told.body)));
  const received = parseEntry(fromBase64(entry));
  assert.ok(received.kind === "submission.received" && received.submission === sealed.submission);
  const answers = checkAnswers(form(), letterTo("contact", "heronsong"));
  assert.ok(answers.ok);
  assert.equal(
    received.commitment,
    toHex(
      answersCommitment(
        answersNonce(entropy, sealed.submission),
        canonicalBytes(answers.answers),
        recipientHash((await replyKeys(entropy, t.config.sealing)).recipient),
      ),
    ),
    "the words and the answers give the commitment in the log",
  );
});

// What is added is sealed, told to its writer, listed and opened with the letter, and stands in the log; twice the same
// is one.
test("what is added is sealed, listed and opened with the letter, and logged; twice is once", async () => {
  const { entropy, sealed } = await letter();
  const added = await addition(entropy, sealed.submission, "I forgot the date: it was a Tuesday. ospreywing");
  for (const _ of [1, 2]) assert.equal((await add(entropy, added)).status, 201);
  const told = await statusOf(entropy);
  assert.deepEqual(
    told.additions.map((one) => one.submission),
    [added.submission],
  );
  const owner = await t.visit(t.person("owner", 0, BODY));
  const inbox = await t.inboxOf(form());
  const row = (await list(owner, BODY, inbox)).find((one) => one.submission === added.submission);
  assert.equal(row?.first, sealed.submission);
  assert.match(JSON.stringify((await open(owner, BODY, inbox, added.submission)).rows), /ospreywing/);
  assert.equal((await statusOf(entropy)).additions[0]!.readings[0]!.part, "letter");
  await assertSound(t.world);
});

test("nobody adds to a letter without its words, or as a letter of its own", async () => {
  const [mine, theirs] = [await letter(), await letter()];
  const refusals: [string, Promise<Answer>, string][] = [
    [
      "words of nothing",
      addition(randomBytes(16), mine.sealed.submission, "x").then((one) => add(randomBytes(16), one)),
      "404 RECEIPT_UNKNOWN",
    ],
    [
      "words of another",
      addition(theirs.entropy, mine.sealed.submission, "x").then((one) => add(theirs.entropy, one)),
      "404 RECEIPT_UNKNOWN",
    ],
    [
      "another receipt inside",
      addition(theirs.entropy, mine.sealed.submission, "x").then((one) => add(mine.entropy, one)),
      "404 RECEIPT_UNKNOWN",
    ],
    ["to nothing", addition(mine.entropy, newId(), "x").then((one) => add(mine.entropy, one)), "404 RECEIPT_UNKNOWN"],
    [
      "another form",
      addition(mine.entropy, mine.sealed.submission, "x", { formHash: mine.sealed.formHash }).then((one) =>
        add(mine.entropy, one),
      ),
      "409 FORM_CHANGED",
    ],
    [
      "a key that never was",
      addition(mine.entropy, mine.sealed.submission, "x", { epoch: 99 }).then((one) => add(mine.entropy, one)),
      "400 EPOCH_UNKNOWN",
    ],
    [
      "as a letter",
      addition(mine.entropy, mine.sealed.submission, "x").then((one) =>
        post("/submissions", encodeSubmission(one), SUBMISSION_TYPE),
      ),
      "400 ENVELOPE_MALFORMED",
    ],
    ["plaintext", post("/status/additions", toUtf8("my name is Zoë"), ADDITION_TYPE), "400 ENVELOPE_MALFORMED"],
  ];
  for (const [what, answer, code] of refusals) assert.equal(codeOf(await answer), code, what);
  assert.deepEqual((await statusOf(mine.entropy)).additions, []);
});

test("erasure is asked for once, by the letter's words only, and the status says how it stands", async () => {
  const { entropy } = await letter();
  assert.equal(codeOf(await post("/status/erasure", { signIn: toHex(randomBytes(32)) })), "404 RECEIPT_UNKNOWN");
  for (const _ of [1, 2])
    assert.equal((await post("/status/erasure", { signIn: toHex(receiptSignIn(entropy)) })).status, 200);
  assert.equal((await statusOf(entropy)).erasure?.state, "open");
});

// A miss has the status, the head, the length and the shape of a hit, and a stored hash is no key.
test("a miss looks and measures like a hit, and a stored hash is no key", async () => {
  const { entropy } = await letter();
  const [hit, miss] = [await find(entropy), await find(randomBytes(16))];
  assert.deepEqual([miss.status, miss.head, miss.bytes.length], [hit.status, hit.head, hit.bytes.length]);
  assert.deepEqual([parseStatus(miss.bytes), JSON.parse(Buffer.from(miss.bytes).toString())], [null, { status: null }]);
  const database = await t.attacker();
  const { rows } = await database.query<{ hash: Buffer }>("SELECT hash FROM receipt");
  await database.end();
  for (const { hash } of rows)
    assert.equal(parseStatus((await post("/status/find", { signIn: hash.toString("hex") })).bytes), null);
  for (const wrong of [
    {},
    { signIn: "" },
    { signIn: "x".repeat(64) },
    { signIn: "0".repeat(62) },
    { signIn: "0".repeat(64), more: 1 },
    { signIn: 5 },
  ])
    assert.match(codeOf(await post("/status/find", wrong)), /^400 (?:BAD_REQUEST|MALFORMED)$/);
  assert.equal(codeOf(await post("/status/find", toUtf8("x"), "text/plain")), "415 WRONG_TYPE");
});

test("whether something was found does not show in the time", async () => {
  const { entropy, sealed } = await letter();
  await add(entropy, await addition(entropy, sealed.submission, "more to look up"));
  // The quickest of many: whatever else the machine does makes an answer later, and none sooner.
  const quickest = { hit: Infinity, miss: Infinity };
  for (let round = 0; round < 48; round++) {
    for (const kind of round % 2 === 0 ? (["hit", "miss"] as const) : (["miss", "hit"] as const)) {
      const began = performance.now();
      await find(kind === "hit" ? entropy : randomBytes(16));
      quickest[kind] = Math.min(quickest[kind], performance.now() - began);
    }
  }
  const ratio = quickest.hit / quickest.miss;
  assert.ok(ratio > 0.9 && ratio < 1.1, `hits take ${ratio.toFixed(3)} times as long as misses`);
});

test("guessing is held up: 30 look-ups a minute from one network", async () => {
  // As an installation has it: nothing is said of the number.
  const { limits: _others, ...installed } = t.world.config;
  const config = parseConfig(canonicalJson(installed));
  const pool = openPool(t.world.databaseUrl("pb_public"), 1);
  const app = await publicApp(config, pool, "x");
  try {
    const answers: number[] = [];
    for (let i = 0; i < 32; i++)
      answers.push(
        (await app.inject({ method: "POST", url: "/status/find", payload: { signIn: toHex(randomBytes(32)) } }))
          .statusCode,
      );
    assert.deepEqual(answers, [...Array<number>(30).fill(200), 429, 429]);
  } finally {
    await app.close();
    await pool.end();
  }
});
