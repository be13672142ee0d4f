/**
 * Incidents: which act may follow which, and what an attacker who can write the rows cannot make anybody believe (T37).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../src/domain/bytes.ts";
import { draftAct, NO_PREV, type ActFields } from "../../src/domain/incident/act.ts";
import { QUESTIONS, REASONS, STAGES, type Stage } from "../../src/domain/incident/codes.ts";
import { decisionOf } from "../../src/domain/incident/decision.ts";
import {
  addAct,
  incidentOf,
  judge,
  lacksFor,
  MOVES,
  standing,
  type IncidentState,
} from "../../src/domain/incident/state.ts";
import {
  assessedFields,
  assessmentOf,
  AVAILABILITY,
  BASES,
  CONFIDENTIALITY,
  EASE,
  INTEGRITY,
  levelOf,
  LOWERING,
  MALICE,
  RAISING,
  scoreFits,
  severity,
  type Chosen,
} from "../../src/domain/incident/severity.ts";
import { windowOf } from "../../src/domain/incident/window.ts";
import { verifyActs, type StoredAct } from "../../src/domain/incident/verify.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey, type SignerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof } from "../../src/domain/log/proof.ts";
import { leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { Fault } from "../../src/domain/problem.ts";
import { signedBytes } from "../../src/domain/person/signed.ts";
import { sign } from "../../src/domain/person/sign.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import fc, { values } from "../support/drawn.ts";
import { actor, NOTE, OPENED, Story } from "../support/incident-story.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const HOUR = 3_600_000;

const aware = (awareAt: number, party = "controller", basis = "staff"): ActFields => ({
  kind: "incident.aware",
  party,
  awareAt,
  basis,
});
const ended = (at: number): ActFields => ({
  kind: "incident.window",
  earliest: at - 3 * HOUR,
  earliestBasis: "log",
  latest: at - 2 * HOUR,
  latestBasis: "finding",
  end: at - HOUR,
  endBasis: "statement",
});
const CHOSEN: Chosen = {
  base: "sensitive",
  factors: [],
  dpc: 4,
  ei: 100,
  confidentiality: 50,
  integrity: 0,
  availability: 0,
  malice: 0,
  over100: true,
  unintelligible: false,
};
const assessed = (chosen: Chosen = CHOSEN): ActFields => ({ kind: "incident.assessed", ...assessedFields(chosen) });
const decided = (about: string, choice: string, reason: string): ActFields => ({
  kind: "incident.decided",
  about,
  choice,
  reason,
});
const moved = (from: string, to: string): ActFields => ({ kind: "incident.moved", from, to });

/** One act of each kind that says nothing wrong by itself. */
const each = (at: number, stage: Stage): ActFields[] => [
  OPENED,
  aware(at - HOUR),
  ended(at),
  assessed(),
  decided("regulator", "yes", "risk-possible"),
  ...STAGES.map((to) => moved(stage, to)),
];

/** An incident in each stage, with everything that a move asks for. */
function inStage(stage: Stage): Story {
  const story = new Story().add(OPENED);
  if (stage === "dismissed") return story.add(moved("open", "dismissed"));
  if (stage === "open") return story;
  story
    .add(ended(story.at))
    .add(assessed())
    .add(decided("regulator", "yes", "risk-possible"))
    .add(decided("people", "no", "unintelligible"))
    .add(moved("open", "contained"));
  if (stage === "contained") return story;
  story.add(moved("contained", "answered"));
  return stage === "answered" ? story : story.add(moved("answered", "closed"));
}

test("every act in every stage is allowed or refused, by the table alone", () => {
  for (const stage of STAGES) {
    const story = inStage(stage);
    assert.equal(story.state.stage, stage);
    for (const fields of each(story.at, stage)) {
      const { event } = draftAct(story.head, story.owner, fields, NOTE);
      const allowed = judge(story.state, event, story.at).ok;
      const over = stage === "closed" || stage === "dismissed";
      const wanted =
        fields.kind === "incident.opened"
          ? false
          : fields.kind === "incident.moved"
            ? MOVES[stage].includes(fields.to as Stage) && lacksFor(story.state, fields.to as Stage, true).length === 0
            : fields.kind === "incident.aware" || !over;
      assert.equal(allowed, wanted, `${fields.kind} in ${stage}`);
    }
  }
  const { event } = draftAct(new Story().head, actor("owner"), aware(0), NOTE);
  assert.equal(judge(null, event, HOUR).ok, false, "an incident begins by being opened");
});

// Contained needs an end, answered both decisions, closed an assessment, dismissed a reason in words.
test("contained needs an end, answered both decisions, closed an assessment, dismissed a reason", () => {
  const story = new Story().add(OPENED);
  assert.deepEqual(lacksFor(story.state, "contained", true), ["end"]);
  story.add({ kind: "incident.window", earliest: 1, earliestBasis: "log", latest: 2, latestBasis: "log" });
  assert.deepEqual(lacksFor(story.state, "contained", true), ["end"]);
  story
    .add(ended(story.at))
    .add(moved("open", "contained"))
    .add(decided("regulator", "no", "risk-unlikely"));
  assert.deepEqual(lacksFor(story.state, "answered", true), ["decisions"]);
  story.add(decided("people", "no", "not-high-risk")).add(moved("contained", "answered"));
  assert.deepEqual(lacksFor(story.state, "closed", true), ["assessment"]);
  assert.deepEqual(lacksFor(story.state, "dismissed", false), ["words"]);
  const { event } = draftAct(story.head, story.owner, moved("answered", "closed"), NOTE);
  assert.equal(judge(story.state, event, story.at).ok, false);
});

test("nothing is overwritten: earlier windows, assessments and decisions stay, the newest stands", () => {
  const story = inStage("contained")
    .add(decided("people", "yes", "high-risk"))
    .add(assessed({ ...CHOSEN, confidentiality: 0 }))
    .add({ kind: "incident.window", earliest: 5, earliestBasis: "assumed", latest: 6, latestBasis: "log" });
  const { state } = story;
  assert.deepEqual(
    state.decisions.map(({ about, choice }) => `${about} ${choice}`),
    ["regulator yes", "people no", "people yes"],
  );
  assert.equal(standing(state, "people")?.choice, "yes");
  assert.deepEqual(
    state.assessments.map(({ se }) => se),
    [450, 400],
  );
  assert.deepEqual(
    state.windows.map(({ earliest }) => earliest),
    [story.at - 3 * HOUR, 5],
  );
  assert.equal(state.acts.length, story.stored.length);
});

test("a time in the future, a window out of order and a basis that nobody gave are refused", () => {
  const story = new Story().add(OPENED);
  const may = (fields: ActFields, texts = NOTE): boolean =>
    judge(story.state, draftAct(story.head, story.owner, fields, texts).event, story.at).ok;
  assert.equal(may(aware(story.at + HOUR)), false);
  assert.equal(may(aware(story.at, "host")), false);
  assert.equal(may(aware(story.at, "processor", "processor-told")), false, "the host is not told by itself");
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
      (earliest, latest, end) => {
        const event = {
          ...draftAct(
            story.head,
            story.owner,
            {
              kind: "incident.window",
              earliest,
              earliestBasis: "log",
              latest,
              latestBasis: "statement",
              ...(end === undefined ? {} : { end, endBasis: "finding" }),
            },
            NOTE,
          ).event,
        } as Parameters<typeof windowOf>[0];
        assert.equal(
          windowOf(event, 15) !== null,
          earliest <= latest && latest <= 15 && (end === undefined || (latest <= end && end <= 15)),
        );
        assert.equal(windowOf({ ...event, earliestBasis: "hearsay" }, 15), null);
        if (end !== undefined) assert.equal(windowOf({ ...event, endBasis: "" }, 15), null);
      },
    ),
  );
  assert.equal(may(ended(story.at), {}), false, "each time has its basis in words");
});

test("a decision has a reason of its own answer, and words; also when the answer is no", () => {
  const story = new Story().add(OPENED);
  for (const about of QUESTIONS) {
    for (const choice of ["yes", "no"] as const) {
      for (const reason of Object.values(REASONS).flatMap((one) => [...one.yes, ...one.no])) {
        const { event } = draftAct(story.head, story.owner, decided(about, choice, reason), NOTE);
        assert.equal(
          decisionOf(event as never) !== null,
          (REASONS[about][choice] as readonly string[]).includes(reason),
          `${about} ${choice} ${reason}`,
        );
      }
    }
  }
  assert.equal(
    judge(story.state, draftAct(story.head, story.owner, decided("people", "no", "not-high-risk"), {}).event, story.at)
      .ok,
    false,
    "without words",
  );
});

const any = <T extends Record<string, number>>(scale: T): fc.Arbitrary<number> =>
  fc.constantFrom(...Object.values(scale));
const chosen = fc.record({
  base: fc.constantFrom(...(Object.keys(BASES) as (keyof typeof BASES)[])),
  factors: fc.subarray([...RAISING, ...LOWERING]),
  dpc: fc.integer({ min: 1, max: 4 }),
  ei: any(EASE),
  confidentiality: any(CONFIDENTIALITY),
  integrity: any(INTEGRITY),
  availability: any(AVAILABILITY),
  malice: any(MALICE),
  over100: fc.boolean(),
  unintelligible: fc.boolean(),
});

// Severity is DPC × EI + CB, as in the worked examples, and the log carries exactly what was chosen.
test("severity is DPC × EI + CB, as in the worked examples, and the log carries the choices", () => {
  const example = (base: keyof typeof BASES, confidentiality: number): number =>
    severity({ ...CHOSEN, base, dpc: BASES[base], confidentiality });
  assert.deepEqual(
    [
      example("simple", 0),
      example("simple", 50),
      example("financial", 0),
      example("financial", 50),
      example("sensitive", 0),
      example("sensitive", 50),
    ],
    [100, 150, 300, 350, 400, 450],
  );
  assert.deepEqual([0, 199, 200, 299, 300, 399, 400, 550].map(levelOf), [
    "low",
    "low",
    "medium",
    "medium",
    "high",
    "high",
    "very-high",
    "very-high",
  ]);
  const story = new Story().add(OPENED);
  fc.assert(
    fc.property(chosen, (one) => {
      const event = draftAct(story.head, story.owner, assessed(one), {}).event as Parameters<typeof assessmentOf>[0];
      const read = assessmentOf(event);
      assert.equal(read !== null, scoreFits(one));
      if (!read) return;
      const { se, level, ...rest } = read;
      assert.deepEqual({ ...rest, factors: [...rest.factors].sort() }, { ...one, factors: [...one.factors].sort() });
      assert.equal(
        se,
        Math.round(
          (one.dpc * (one.ei / 100) + (one.confidentiality + one.integrity + one.availability + one.malice) / 100) *
            100,
        ),
      );
      assert.equal(level, levelOf(se));
      assert.equal(assessmentOf({ ...event, se: se + 25 }), null, "another sum");
      assert.equal(assessmentOf({ ...event, ei: 60 }), null);
    }),
  );
  assert.equal(
    scoreFits({ base: "simple", factors: [], dpc: 4 }),
    false,
    "a score above its base names what raises it",
  );
  assert.equal(
    scoreFits({ base: "simple", factors: ["vulnerable"], dpc: 4 }),
    true,
    "a list of people who must not be found scores 4",
  );
  assert.equal(scoreFits({ base: "sensitive", factors: ["volume"], dpc: 3 }), false);
});

// An act that was changed, moved, taken out, written by hand or said by somebody else is an alarm.
test("an act that was changed, moved, taken out, forged or said by somebody else is an alarm", () => {
  const story = new Story()
    .add(OPENED)
    .later(HOUR)
    .add(aware(1_800_000_000_000))
    .later(HOUR)
    .add(aware(1_800_000_000_000 + HOUR, "controller", "finding"));
  const [first, second, third] = story.stored as [
    (typeof story.stored)[0],
    (typeof story.stored)[0],
    (typeof story.stored)[0],
  ];
  const broken = (stored: typeof story.stored, why: string): void =>
    assert.throws(() => incidentOf(story.verify(stored).acts), is("INCIDENT_BROKEN"), why);
  const entryOf = (nth: number, change: object): Uint8Array =>
    encodeEntry({ ...story.signed[nth]!.event, ...change, at: story.at } as never, randomBytes(32));
  assert.equal(incidentOf(story.verify().acts).awareness.length, 2);
  broken([first, { ...second, entry: entryOf(1, { awareAt: story.at }) }, third], "awareness edited in its entry");
  broken([first, { ...second, texts: { summary: "Something else." } }, third], "other words");
  broken([first, { ...second, texts: NOTE, salt: null }, third], "words without their salt");
  broken([first, third], "one taken out of the middle");
  broken([second, third], "the first taken away");
  broken([first, third, second], "two exchanged");
  broken([first, second, third, third], "one doubled");
  broken([first, second, { ...third, person: story.auditor.person }], "said to be another's");
  broken([first, second, { ...third, bySalt: randomBytes(32) }], "a commitment that means nobody");
  const stranger = actor("owner");
  for (const by of [
    stranger,
    { ...stranger, person: story.owner.person },
    { ...story.auditor, role: "owner" as const },
  ]) {
    const forged = draftAct(story.head, by, aware(story.at), NOTE);
    broken(
      [
        ...story.stored,
        {
          entry: encodeEntry({ ...forged.event, at: story.at }, randomBytes(32)),
          signature: forged.signature,
          person: by.person,
          bySalt: forged.bySalt,
          texts: forged.texts,
          salt: forged.salt,
          proof: null,
          signedAt: null,
        },
      ],
      `by ${by.role}`,
    );
  }
  const owners = (head: typeof story.head): (typeof story.stored)[0] => {
    const act = draftAct(head, story.owner, aware(story.at), NOTE);
    return {
      entry: encodeEntry({ ...act.event, at: story.at }, randomBytes(32)),
      signature: sign(story.owner.signingSecret, signedBytes(act.event)),
      person: story.owner.person,
      bySalt: act.bySalt,
      texts: act.texts,
      salt: act.salt,
      proof: null,
      signedAt: null,
    };
  };
  incidentOf(story.verify([...story.stored, owners(story.head)]).acts);
  broken([...story.stored, owners({ ...story.head, incident: newId() })], "moved from another incident");
  broken([...story.stored, owners({ ...story.head, body: "eastvale" })], "moved from another body");
  broken([...story.stored, owners({ ...story.head, prev: toHex(randomBytes(32)) })], "after an act that is not here");
  broken([...story.stored, owners({ ...story.head, seq: story.head.seq + 1 })], "after a gap");
  const erased = [first, { ...second, texts: null, salt: null }, third];
  assert.equal(incidentOf(story.verify(erased).acts).awareness.length, 2, "words may be erased; the act stays");
});

test("an act that the rules forbid is not believed, although it is signed and logged", () => {
  const story = new Story().add(OPENED).add(moved("open", "closed"));
  assert.throws(() => story.state, is("INCIDENT_BROKEN"));
  assert.throws(() => addAct(null, new Story().add(aware(1)).verify().acts[0]!), is("INCIDENT_BROKEN"));
  assert.throws(() => incidentOf([]), is("INCIDENT_UNKNOWN"));
  assert.equal(new Story().head.prev, NO_PREV);
});

test("whatever is recorded in whatever order, what was allowed is read back, and nothing else", () => {
  const kinds = fc.array(fc.nat({ max: 9 }), { maxLength: 12 });
  fc.assert(
    fc.property(kinds, (order) => {
      const story = new Story().add(OPENED);
      let before: IncidentState = story.state;
      for (const nth of order) {
        const fields = each(story.at, before.stage)[nth]!;
        const { event } = draftAct(story.head, story.owner, fields, NOTE);
        if (!judge(before, event, story.at).ok) continue;
        before = story.add(fields).later(1000).state;
      }
      assert.equal(incidentOf(story.verify().acts).acts.length, story.stored.length);
    }),
    { numRuns: values(10) },
  );
});

// An act from before the log got another key holds under the key of its own log, which was led to, and under no other.
test("an act from before a rotation holds under its own log's key, and under no other", () => {
  const story = new Story().add(OPENED).add(aware(1));
  const [old, next, stranger] = ["example.org/log", "example.org/log/1", "example.org/mine"].map((name, seed) =>
    signerKey(name, new Uint8Array(32).fill(seed + 1)),
  ) as [SignerKey, SignerKey, SignerKey];
  const key = (one: SignerKey): string => formatVerifierKey(one.verifier);
  const under = (seq: number, signer: SignerKey) => {
    const one = story.stored[seq]!;
    const checkpoint = signCheckpoint(
      { origin: signer.name, size: 1, root: treeRoot(1, nodesOf([leafHash(one.entry)])), extensions: [] },
      signer,
    );
    return { ...one, proof: encodeProof({ index: 0, hashes: [], checkpoint }) };
  };
  const read = (stored: readonly StoredAct[], logs?: ReadonlyMap<string, string>) =>
    verifyActs(stored, {
      body: story.body,
      incident: story.incident,
      persons: story.persons,
      logKey: key(next),
      ...(logs && { logs }),
    });
  const both = new Map([old, next].map((one) => [one.name, key(one)]));
  const stored = [under(0, old), under(1, next)];
  assert.equal(read(stored, both).acts.length, 2);
  assert.throws(() => read(stored), is("INCIDENT_BROKEN"));
  assert.throws(() => read(stored, new Map([[next.name, key(next)]])), is("INCIDENT_BROKEN"));
  assert.throws(() => read([under(0, stranger), under(1, next)], both), is("INCIDENT_BROKEN"));
  assert.throws(
    () => read([under(0, signerKey(old.name, new Uint8Array(32).fill(9))), under(1, next)], both),
    is("INCIDENT_BROKEN"),
    "the old name under another key",
  );
});
