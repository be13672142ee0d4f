/** What watchers report, what is made of it, and how the monitor sees what it must not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signingKeyOf } from "../../src/domain/person/sign.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { fieldsOf } from "../../src/domain/form/filled.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { CODES, keyOf, plainLine, type Observation } from "../../src/domain/watch/finding.ts";
import { judge, silenceOf, siteSilentSince } from "../../src/domain/watch/judge.ts";
import { isMarker, markerWords, signMarker } from "../../src/domain/watch/marker.ts";
import { openReport, signReport, type Report } from "../../src/domain/watch/report.ts";
import { titleOf, wordsOf } from "../../src/domain/watch/words.ts";
import { contentIn, isDenial, isRefusal } from "../../src/monitor/judge-answer.ts";
import type { Config } from "../../src/monitor/config.ts";
import { lookAtFile, placeOfFile } from "../../src/monitor/files.ts";
import { prove } from "../../src/monitor/prove.ts";
import { markerAnswers } from "../../src/monitor/letter.ts";
import { found, inBase64, needlesOf, SEALED } from "../../src/monitor/needles.ts";
import { spellings } from "../../src/monitor/routes.ts";
import type { Answer } from "../../src/monitor/stranger.ts";
import { partOf } from "../../src/server/watch/inspect.ts";
import { readForm } from "../support/counter-world.ts";
import fc from "../support/drawn.ts";

const seen = (place: string, code: Observation["code"] = "route-open"): Observation => ({
  code,
  place,
  body: null,
  form: null,
  evidence: ["GET / answered 200"],
});
const key = (place: string, code: Observation["code"] = "route-open"): string => keyOf("monitor", seen(place, code));

// Nothing is opened twice, what is seen stays open, and only what was looked at and gone is closed.
test("nothing is opened twice, and only what was looked at and gone is closed", () => {
  const open = new Set([key("a"), key("b"), key("c")]);
  const judged = judge(open, {
    watcher: "monitor",
    seen: [seen("a"), seen("d"), seen("d"), seen("a", "denial-differs")],
    cleared: [key("b"), key("a"), key("e")],
  });
  assert.deepEqual(
    judged.opened.map((one) => [one.place, one.code]),
    [
      ["d", "route-open"],
      ["a", "denial-differs"],
    ],
  );
  assert.deepEqual([...judged.again.keys()], [key("a")]);
  assert.deepEqual(judged.closed, [key("b")], "a was seen and is a partial fix; c was not looked at; e was never open");
});

test("a watcher without a whole round for three minutes is silent, as is one that never looked", () => {
  const now = 10_000_000;
  const minutes = 3 * 60_000;
  assert.equal(silenceOf([now - minutes, now], 0, now).silent, false);
  assert.deepEqual(silenceOf([now - minutes - 1, now], 0, now), { silent: true, since: now - minutes - 1 });
  assert.deepEqual(silenceOf([null, now], now - 1000, now), { silent: false, since: null });
  assert.deepEqual(silenceOf([null, now], now - minutes - 1, now), { silent: true, since: null });
});

// The watch of an old website is silent after a day, where there ever was one, and has ended after a week.
test("the watch of an old website is silent after a day, and has ended after a week", () => {
  const day = 24 * 60 * 60_000;
  const now = 100 * day;
  for (const [round, since] of [
    [null, null],
    [now, null],
    [now - day, null],
    [now - day - 1, now - day - 1],
    [now - 7 * day, now - 7 * day],
    [now - 7 * day - 1, null],
  ] as const)
    assert.equal(siteSilentSince(round, now), since);
});

test("a report is taken whole, from its own signer, for this installation, or not at all", () => {
  const secret = randomBytes(32);
  const installation = newId();
  const marker = signMarker(secret, installation, { body: "city", inbox: newId(), epoch: 1, submission: newId() });
  const report: Report = {
    installation,
    watcher: "monitor",
    at: 5,
    look: { kind: "round", began: 1, ended: 4, complete: true },
    seen: [seen("route staff GET /api/me")],
    cleared: [key("a")],
    plants: [marker],
  };
  const refused = (thrown: { code?: string }): boolean => ["REPORT_REFUSED", "MALFORMED"].includes(thrown.code ?? "");
  const open = (
    { report: bytes, signature }: { report: Uint8Array; signature: Uint8Array },
    of = installation,
    by = secret,
  ) => openReport(signingKeyOf(by), { installation: of, watcher: "monitor", now: 10 }, bytes, signature);
  assert.deepEqual(open(signReport(secret, report)), report);
  assert.throws(() => open(signReport(secret, report), newId()), refused);
  assert.throws(() => open(signReport(secret, report), installation, randomBytes(32)), refused);
  const signed = signReport(secret, report);
  for (let at = 0; at < signed.report.length; at += 7)
    assert.throws(
      () => open({ ...signed, report: signed.report.map((byte, i) => (i === at ? byte ^ 1 : byte)) }),
      refused,
    );
  for (const bad of [
    { watcher: "inspect" },
    { at: -1 },
    { look: { kind: "glance", began: 1, ended: 2, complete: true } },
    { seen: [{ ...seen("x"), code: "wrap-unstated" }] },
    { seen: [{ ...seen("x"), note: "more" }] },
    { seen: [{ ...seen("a name\u00e9") }] },
    { seen: [{ ...seen("x"), evidence: [] }] },
    { cleared: ["x"] },
  ])
    assert.throws(() => open(signReport(secret, { ...report, ...bad } as Report)), refused, JSON.stringify(bad));
  // From the future: the watcher would be looking for years to come, and no later report of it be taken.
  for (const ahead of [
    { at: 10 + 5 * 60_000 + 1 },
    { look: { kind: "round", began: 1, ended: 10 + 5 * 60_000 + 1, complete: true } },
  ])
    assert.throws(() => open(signReport(secret, { ...report, ...ahead } as Report)), refused, JSON.stringify(ahead));
  // Letters of the monitor's are planted by the monitor: with hundreds of another's it would be reminded of those, and
  // forget its own.
  for (const watcher of ["site", "inspect"] as const) {
    const others = (plants: Report["plants"]) => {
      const told = signReport(secret, { ...report, watcher, seen: [], plants });
      return openReport(signingKeyOf(secret), { installation, watcher, now: 10 }, told.report, told.signature);
    };
    others([]);
    assert.throws(() => others([marker]), refused, watcher);
  }
  assert.ok(isMarker(signingKeyOf(secret), installation, marker));
  for (const change of [{ epoch: 2 }, { submission: newId() }, { inbox: newId() }, { body: "town" }])
    assert.equal(isMarker(signingKeyOf(secret), installation, { ...marker, ...change }), false);
  assert.equal(isMarker(signingKeyOf(secret), newId(), marker), false);
});

test("every code has words for people, and none of them names a tool or a number of a rule", () => {
  for (const code of [...CODES.monitor, ...CODES.inspect]) {
    const { title, seen: what, now } = wordsOf(code);
    assert.ok(title.length > 10 && title.length < 80 && what.length > 40 && now.length >= 2, code);
    assert.doesNotMatch(
      [title, what, ...now].join(" "),
      /\b(?:SQL|HTTP|CSP|JSON|401|403|header|policy|endpoint)\b/i,
      code,
    );
  }
  assert.match(titleOf("a-code-of-a-later-version"), /no words/);
});

const answer = (bytes: Uint8Array | string, status = 200, method = "GET"): Answer => ({
  ask: { method, origin: "http://localhost", path: "/x" },
  status,
  headers: {},
  bytes: Buffer.from(bytes as string),
});
const of = { place: "page public /x", body: null, form: null };

// Sealed bytes and a marker are found raw, in hex and in base64, wherever they begin, and nothing is found where there
// is none.
test("sealed bytes and a marker are found raw, in hex and in base64, wherever they begin", () => {
  const [secret, submission] = [randomBytes(32), newId()];
  const sealed = new Uint8Array(Buffer.concat([Buffer.from("age-encryption.org/v1\n"), randomBytes(500)]));
  const words = markerWords(secret, submission);
  assert.equal(words.split(" ").length, 8);
  assert.equal(markerWords(secret, submission), words);
  assert.notEqual(markerWords(randomBytes(32), submission), words);
  const needles = [...SEALED, ...needlesOf(submission, words, [sealed])];
  const codes = (bytes: Uint8Array | string): string[] =>
    contentIn(of, answer(bytes), needles)
      .map((one) => one.code)
      .sort();
  const padded = (shift: number): Buffer => Buffer.concat([Buffer.alloc(shift, 65), sealed]);
  for (const shift of [0, 1, 2, 3]) {
    assert.deepEqual(codes(padded(shift)), ["marker-seen", "sealed-bytes"], `raw, ${shift}`);
    assert.deepEqual(codes(padded(shift).toString("base64")), ["marker-seen", "sealed-bytes"], `base64, ${shift}`);
    assert.deepEqual(
      codes(padded(shift).toString("base64url")),
      ["marker-seen", "sealed-bytes"],
      `base64url, ${shift}`,
    );
    assert.deepEqual(
      codes(padded(shift).toString("hex").toUpperCase()),
      ["marker-seen", "sealed-bytes"],
      `hex, ${shift}`,
    );
  }
  // The middle of a letter, without the line that gives a sealed file away.
  assert.deepEqual(codes(sealed.subarray(200)), ["marker-seen"]);
  for (const trace of [
    words,
    words.toUpperCase(),
    words.split(" ").slice(4).join(" "),
    submission,
    submission.toUpperCase(),
    referenceOf(submission),
  ])
    assert.deepEqual(codes(`<p>${trace}</p>`), ["marker-seen"], trace);
  assert.deepEqual(codes(`<p>${words.split(" ").slice(0, 2).join(" ")} and others</p>`), []);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => found(needles, Buffer.from(bytes)).length === 0));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 7 }), fc.uint8Array({ maxLength: 9 }), (before, after) =>
      inBase64(sealed.subarray(0, 21)).some((one) =>
        Buffer.concat([before, sealed.subarray(0, 21), after])
          .toString("base64")
          .includes(one.toString()),
      ),
    ),
  );
});

test("only our own refusal is one, and only the one denial is a denial", () => {
  const denial = JSON.stringify({
    code: "NOT_SIGNED_IN",
    sentence: "You are signed out. Nothing was lost. Sign in again.",
  });
  assert.ok(isDenial(answer(denial, 401)));
  assert.ok(isDenial(answer("", 401, "HEAD")));
  for (const other of [
    answer(denial, 200),
    answer("", 401),
    answer(denial.replace("}", ',"id":1}'), 401),
    answer(denial.replace("Sign in again", "Ask Jane"), 401),
    answer('{"code":"NOT_FOUND","sentence":"There is nothing at this address."}', 404),
    answer('{"code":"NOT_FOUND","sentence":"There is nothing at this address."}', 401),
  ])
    assert.equal(isDenial(other), false);
  assert.ok(isRefusal(answer('{"code":"NOT_FOUND","sentence":"There is nothing at this address."}', 404)));
  for (const other of [
    answer("<h1>Not found</h1>", 404),
    answer(denial, 500),
    answer("[]", 404),
    answer('{"code":"OTHER","sentence":"x"}', 400),
  ])
    assert.equal(isRefusal(other), false);
});

// The monitor's proof of itself passes with the detector as it is, and with none that is blind, half blind, or sees
// holes everywhere.
test("the monitor's proof of itself passes with the real detector, and with no broken one", async () => {
  const config = { secret: randomBytes(32), origins: { public: "http://localhost:1" } } as unknown as Config;
  assert.deepEqual(await prove(config), []);
  const half: typeof lookAtFile = async (...given) =>
    (await lookAtFile(...given)).filter((one) => one.code !== "marker-seen");
  const everywhere: typeof lookAtFile = async (_config, server, path) =>
    (["file-exposed", "marker-seen", "sealed-bytes"] as const).map((code) => ({
      code,
      place: placeOfFile(server, path),
      body: null,
      form: null,
      evidence: ["x"],
    }));
  for (const broken of [async () => [], half, everywhere])
    assert.deepEqual(
      (await prove(config, broken)).map((one) => one.code),
      ["detector-broken"],
    );
});

test("every other spelling of a path is another text, and the same path stands in it", () => {
  const path = "/api/bodies/harrowmere/people";
  const others = spellings(path);
  assert.ok(others.length >= 18);
  assert.equal(new Set(others).size, others.length);
  for (const other of others) assert.ok(other !== path && other.startsWith("/") && !/\s/.test(other), other);
});

test("a marker is a letter that each form accepts, with its words in what is written", () => {
  for (const id of ["police-complaint-handling", "victims-commissioner", "template"]) {
    const form = formOf(readForm(id));
    const words = markerWords(randomBytes(32), newId());
    const answers = markerAnswers(form, words);
    assert.ok(answers, id);
    assert.ok(checkAnswers(form, fieldsOf(form, answers)).ok, id);
    assert.ok(JSON.stringify(answers).includes(words), id);
  }
});

// A line of evidence is plain text whatever came, and lines of one part of the database are one finding.
test("a line of evidence is plain text, and lines of one part of the database are one finding", () => {
  fc.assert(fc.property(fc.string({ maxLength: 900 }), (text) => /^[\x20-\x7e]{1,400}$/.test(plainLine(text))));
  assert.equal(partOf("policy sealed opened: lets SELECT to pb_public using true"), "sealed");
  assert.equal(partOf("right sealed.bytes: pb_public may SELECT"), "sealed");
  assert.equal(partOf("table sealed: row security off"), "sealed");
  assert.equal(partOf("elsewhere: view public.seen"), "elsewhere: view public.seen");
  assert.equal(partOf("login pb_staff: enters"), "login pb_staff");
});
