/** What bad input gets: a code and a sentence, never a crash, never a row. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { end, open } from "../../demo/by-id.ts";
import { openForm } from "../../src/member/flows/forms.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { pairsOf, postStep } from "../../demo/writing/counter.ts";
import {
  encodeSubmission,
  SUBMISSION_MAX,
  SUBMISSION_TYPE,
  type SealedSubmission,
} from "../../src/domain/seal/envelope.ts";
import { sealAnswers } from "../../src/domain/seal/seal.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import fc, { values } from "../support/drawn.ts";
import { BODY, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
before(async () => {
  t = await staffedWorld({
    also: ["counter"],
    limits: { submissionsPerMinute: 100_000, signInsPerMinute: 1000, requestsPerMinute: 100_000 },
  });
});
after(() => t?.stop());

type Answer = { status: number; code: string; sentence: string };

async function post(
  body: Uint8Array | string,
  type = SUBMISSION_TYPE,
  headers: { [name: string]: string } = {},
): Promise<Answer> {
  const response = await fetch(`${t.config.publicOrigin}/submissions`, {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body: body as BodyInit,
  });
  const value = (await response.json()) as { code?: string; sentence?: string };
  return { status: response.status, code: value.code ?? "", sentence: value.sentence ?? "" };
}

const send = (sealed: SealedSubmission): Promise<Answer> => post(encodeSubmission(sealed));
const complaint = () => t.seal(t.forms.complaint, letterTo("complaint"));

async function stored(): Promise<number> {
  const db = await t.attacker();
  try {
    return Number((await db.query("SELECT count(*) FROM submission")).rows[0].count);
  } finally {
    await db.end();
  }
}

async function refusedAll(cases: [name: string, answer: Promise<Answer>, code: string][]): Promise<void> {
  const before = await stored();
  for (const [name, promise, code] of cases) {
    const answer = await promise;
    assert.equal(answer.code, code, name);
    assert.ok(answer.status >= 400 && answer.status < 500, `${name}: ${answer.status}`);
    assert.match(answer.sentence, /\w\.$/, name);
  }
  assert.equal(await stored(), before, "nothing was stored");
}

test("plaintext, nonsense and every wrong envelope are refused with a code and a sentence", async () => {
  const good = await complaint();
  const wire = encodeSubmission(good);
  const stranger = await newIdentity("hybrid");
  const classic = await newIdentity("x25519");
  const context = {
    form: good.form,
    formHash: good.formHash,
    inbox: good.inbox,
    epoch: good.epoch,
    submission: newId(),
    first: null,
  };
  const binding = { receipt: randomBytes(32), nonce: randomBytes(32), reply: (await newIdentity("hybrid")).recipient };
  const weaker = { ...binding, reply: (await newIdentity("x25519")).recipient };
  await refusedAll([
    ["plaintext as a form", post("name=Zo%C3%AB&what=happened", "application/x-www-form-urlencoded"), "WRONG_TYPE"],
    ["plaintext as JSON", post('{"name":"Zoë"}', "application/json"), "WRONG_TYPE"],
    ["plaintext under the right type", post("my name is Zoë"), "ENVELOPE_MALFORMED"],
    [
      "plaintext in the place of a letter",
      send({ ...good, submission: newId(), letter: new TextEncoder().encode("my name is Zoë") }),
      "ENVELOPE_NOT_SEALED",
    ],
    ["no type", post(wire, "text/plain"), "WRONG_TYPE"],
    ["nothing", post(""), "ENVELOPE_MALFORMED"],
    ["truncated", post(wire.subarray(0, wire.length - 7)), "ENVELOPE_MALFORMED"],
    ["something behind it", post(Buffer.concat([wire, new Uint8Array(9)])), "ENVELOPE_MALFORMED"],
    ["too large", post(new Uint8Array(SUBMISSION_MAX + 1)), "TOO_LARGE"],
    [
      "a version to come",
      post(Buffer.from(Buffer.from(wire).toString("latin1").replace("pillarbox/v1/sub", "pillarbox/v2/sub"), "latin1")),
      "UNKNOWN_VERSION",
    ],
    ["an unknown form", send({ ...good, form: "no-such-form" }), "FORM_UNKNOWN"],
    ["another form's inbox", send({ ...good, form: t.forms.contact.id }), "INBOX_UNKNOWN"],
    ["an inbox that nobody has", send({ ...good, inbox: newId() }), "INBOX_UNKNOWN"],
    ["an epoch to come", send({ ...good, epoch: 7 }), "EPOCH_UNKNOWN"],
    ["another version of the form", send({ ...good, formHash: "0".repeat(64) }), "FORM_CHANGED"],
    [
      "sealed with the weaker kind of key",
      sealAnswers({}, {}, context, weaker, classic.recipient).then(send),
      "ENVELOPE_MALFORMED",
    ],
  ]);
  // Sealed to a stranger: the server cannot know, and the reader's browser refuses to show it. It is no leak.
  assert.equal((await sealAnswers({}, {}, context, binding, stranger.recipient).then(send)).status, 201);
});

test("the same bytes again get the same answer; other bytes under the same id are refused", async () => {
  const sealed = await complaint();
  const first = await fetch(`${t.config.publicOrigin}/submissions`, {
    method: "POST",
    headers: { "content-type": SUBMISSION_TYPE },
    body: encodeSubmission(sealed) as BodyInit,
  });
  const answer = await first.text();
  for (let i = 0; i < 3; i++) {
    const again = await fetch(`${t.config.publicOrigin}/submissions`, {
      method: "POST",
      headers: { "content-type": SUBMISSION_TYPE },
      body: encodeSubmission(sealed) as BodyInit,
    });
    assert.equal(again.status, 201);
    assert.equal(await again.text(), answer);
  }
  await refusedAll([
    [
      "other bytes",
      send(await t.seal(t.forms.complaint, letterTo("complaint", "changed"), sealed.submission)),
      "ID_TAKEN",
    ],
  ]);
  const [one, two] = await Promise.all([
    send({ ...(await complaint()), submission: newId() }),
    Promise.all(Array.from({ length: 20 }, () => send(sealed))),
  ]);
  assert.equal(one.status, 201);
  assert.ok(
    two.every((each) => each.status === 201),
    "twenty at once are one",
  );
});

test("what was sealed to an epoch that has ended is refused, and the page seals again", async () => {
  const sealed = await complaint();
  const grant = await t.grant(t.forms.complaint, [t.person("case officer")]);
  await end(await t.visit(t.person("owner", 0, BODY)), BODY, {
    grant,
    person: t.person("case officer").person,
    reason: "left",
  });
  await refusedAll([["the old epoch", send(sealed), "EPOCH_ENDED"]]);
  assert.equal((await send(await complaint())).status, 201);
});

test("a counter without its credential is a browser", async () => {
  const known = t.world.given("counter")["PB_COUNTER_CREDENTIAL"]!;
  const last = known.endsWith("0") ? "1" : "0";
  for (const authorization of [
    "Pillarbox-Counter guess",
    "Pillarbox-Counter ",
    `Pillarbox-Counter ${known.slice(0, -1)}`,
    `Pillarbox-Counter ${known.slice(0, -1)}${last}`,
    `Pillarbox-Counter ${known}${last}`,
    `Pillarbox-Counters ${known.slice(0, -1)}`,
    `Bearer ${known}`,
    known,
  ])
    assert.equal((await post(encodeSubmission(await complaint()), SUBMISSION_TYPE, { authorization })).status, 201);
  const db = await t.attacker();
  const { rows } = await db.query("SELECT DISTINCT path FROM submission");
  await db.end();
  assert.deepEqual(
    rows.map((row) => row.path),
    ["browser"],
  );
});

test("no body makes a server fail, public or staff", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(SUBMISSION_TYPE, "application/json", "multipart/form-data; boundary=x", "nonsense"),
      async (bytes, type) => {
        const answer = await post(bytes, type);
        assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
      },
    ),
    { numRuns: values(60) },
  );
  const paths = [
    "/api/session",
    "/api/join",
    `/api/bodies/${BODY}/requests`,
    `/api/bodies/${BODY}/statements`,
    `/api/bodies/${BODY}/releases`,
    "/api/invitations",
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.oneof(fc.json(), fc.string()), async (path, body) => {
      const response = await fetch(t.config.staffOrigin + path, {
        method: "POST",
        headers: { "content-type": "application/json", origin: t.config.staffOrigin },
        body,
      });
      assert.ok(response.status >= 400 && response.status < 500, `${path}: ${response.status}`);
    }),
    { numRuns: values(60) },
  );
  const owner = await t.visit(t.person("owner", 0, BODY));
  for (const path of paths) {
    for (const body of [
      {},
      [],
      null,
      { statements: [{}] },
      { inbox: "x".repeat(100) },
      { persons: [1], inbox: newId() },
      { statements: [{ bytes: "AAAA", signature: "" }], wraps: [], recipients: [] },
    ]) {
      await assert.rejects(
        owner.client.post(path, body),
        (thrown: { code?: string }) => thrown.code !== "INTERNAL" && thrown.code !== "UNAVAILABLE",
        path,
      );
    }
  }
});

test("another site's page, or one without an origin, changes nothing for whoever is signed in", async () => {
  for (const headers of [
    { origin: "https://evil.example" },
    {},
    { origin: t.config.staffOrigin, "sec-fetch-site": "cross-site" },
    { origin: "null" },
  ]) {
    const response = await fetch(`${t.config.staffOrigin}/api/session`, {
      method: "DELETE",
      headers: headers as HeadersInit,
    });
    assert.equal(response.status, 403);
  }
});

test("slow and half-closed connections hold nobody up", async () => {
  const { hostname, port } = new URL(t.config.publicOrigin);
  const sockets = Array.from({ length: 40 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.write(
      `POST /submissions HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: ${SUBMISSION_TYPE}\r\nContent-Length: 5000\r\n\r\nhalf`,
    );
    return socket;
  });
  for (const socket of sockets.slice(0, 20)) socket.end();
  assert.equal((await send(await complaint())).status, 201);
  assert.equal((await fetch(`${t.config.publicOrigin}/health`)).status, 200);
  for (const socket of sockets) socket.destroy();
});

test("hostile text in every field arrives as text", async () => {
  const hostile = "<script>alert(1)</script> =1+1 \u202e {{7*7}} ' OR 1=1 -- %00 \ud83d\ude00";
  const written = t.forms.complaint.questions
    .filter(({ kind, id }) => kind === "long-text" && id in letterTo("complaint"))
    .map(({ id }) => id);
  assert.ok(written.length > 1);
  const fields = { ...letterTo("complaint"), ...Object.fromEntries(written.map((id) => [id, hostile])) };
  const sealed = await t.seal(t.forms.complaint, fields);
  assert.equal((await send(sealed)).status, 201);
  const letter = await open(
    await t.visit(t.person("owner", 0, BODY)),
    BODY,
    await t.inboxOf(t.forms.complaint),
    sealed.submission,
  );
  const said = (id: string): string => letter.rows.find(({ question }) => question === id)!.lines.join("\n");
  for (const id of written)
    assert.ok(said(id).includes("<script>alert(1)</script> =1+1") && said(id).includes("{{7*7}} ' OR 1=1 -- %00"), id);
});

// A form that takes only what a browser sealed refuses the counter, and its page holds no form.
test("a form for browsers only refuses the counter, and its page holds no form", async () => {
  const owner = await t.visit(t.person("owner", 0, BODY));
  const browserOnly = formOf({ ...JSON.parse(canonicalJson(t.forms.contact)), browserOnly: true });
  await owner.api.addForm(browserOnly.body, browserOnly);
  await openForm(owner, browserOnly);
  const page = await (await fetch(`${t.config.publicOrigin}/forms/${browserOnly.id}`)).text();
  assert.doesNotMatch(page, /<form\b/);
  const posted = await postStep(t.config.counterOrigin, browserOnly.id, [
    ...pairsOf(letterTo("contact")),
    ["_step", "answers"],
  ]);
  assert.doesNotMatch(posted.html, /<form\b/);
  assert.ok(posted.status >= 400, String(posted.status));
  const sealed = encodeSubmission(await t.seal(browserOnly, letterTo("contact")));
  // The attacker who has taken over the counter.
  const counter = t.world.given("counter")["PB_COUNTER_CREDENTIAL"]!;
  await refusedAll([
    [
      "through the counter all the same",
      post(sealed, SUBMISSION_TYPE, { authorization: `Pillarbox-Counter ${counter}` }),
      "COUNTER_REFUSED",
    ],
  ]);
  assert.equal((await post(sealed)).status, 201);
});
