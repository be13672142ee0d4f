/**
 * Where each letter of a list stands: 10,000 letters with three acts each, by the log's entries, beside the signature
 * checks alone. The first time in a visit, and again.
 */
import { standOf } from "../src/member/hands/cases.ts";
import { newVault } from "../src/member/hands/vault.ts";
import type { ListBytes } from "../src/member/hands/tasks.ts";
import { faultOfSignedAct } from "../src/domain/case/by.ts";
import { caseOfActs, type CaseAct } from "../src/domain/case/fold.ts";
import type { BodyState } from "../src/domain/grant/state.ts";
import { LogIndex } from "../src/domain/incident/log-index.ts";
import { draftSigned } from "../src/domain/log/act.ts";
import { encodeEntry, parseEntry, type LogEvent } from "../src/domain/log/event.ts";
import { leafHash } from "../src/domain/log/tree.ts";
import { toHex, type Bytes } from "../src/domain/bytes.ts";
import { signingKeyOf } from "../src/domain/person/sign.ts";
import { newId, randomBytes } from "../src/domain/seal/random.ts";
import { rounded, say, type Measure } from "./figure.ts";

const LETTERS = 10_000;
const KINDS = ["case.noted", "case.closed", "case.reopened"] as const;

export const measure: Measure = async (_place, print) => {
  say(`signing ${LETTERS * KINDS.length} acts …`);
  const [body, inbox, person, signingSecret] = ["city", newId(), newId(), randomBytes(32)];
  const state = {
    persons: new Map([[person, { person, role: "reader", signingKey: signingKeyOf(signingSecret) }]]),
    inboxes: new Map([
      [inbox, { inbox, epochs: [{ epoch: 1, at: 1, holders: new Map([[person, randomBytes(32)]]) }] }],
    ]),
  } as unknown as BodyState;
  const [index, letters] = [new LogIndex(), [] as string[]];
  const done: { entry: Bytes; person: string; bySalt: Bytes; signature: Bytes; to: null }[] = [];
  for (let i = 0; i < LETTERS; i++) {
    const letter = newId();
    letters.push(letter);
    let prev = toHex(leafHash(randomBytes(32)));
    for (const [seq, kind] of KINDS.entries()) {
      const of = { body, inbox, case: letter, seq, prev, epoch: 1 };
      const fields =
        kind === "case.noted"
          ? { kind, ...of, note: newId(), digest: "ab".repeat(32), size: 300 }
          : kind === "case.closed"
            ? { kind, ...of, outcome: "upheld" as const }
            : { kind, ...of };
      const act = draftSigned({ person, role: "reader", signingSecret }, fields as never);
      const entry = encodeEntry({ ...(act.event as LogEvent), at: 2 }, randomBytes(32));
      index.add(parseEntry(entry));
      done.push({ entry, person, bySalt: act.bySalt, signature: act.signature, to: null });
      prev = toHex(leafHash(entry));
    }
  }
  const vault = newVault();
  vault.bodies.set(body, { state } as never);
  const ask = { body, inbox, done, known: done.length } as unknown as ListBytes;

  const spent = (): number => process.cpuUsage().user / 1_000_000;
  const timed = (work: () => void): number => {
    const before = spent();
    work();
    return spent() - before;
  };
  const list = (): void => {
    const stand = standOf(vault, ask, index);
    if (letters.some((letter) => stand(letter)?.step !== "in-hand"))
      throw new Error("a letter does not stand as it was done");
  };
  const acts = done.map((one): [CaseAct, typeof one] => [parseEntry(one.entry) as CaseAct, one]);
  const floor = timed(() => {
    if (acts.some(([act, one]) => faultOfSignedAct(state, act, one) !== null))
      throw new Error("a signature does not hold");
  });
  for (const name of ["first", "next"]) {
    const value = timed(list);
    print({
      name: `where ${LETTERS} letters with ${KINDS.length} acts each stand, the ${name} list of a visit`,
      value: rounded(value, 2),
      unit: "s of processor time",
      floor: rounded(floor, 2),
      ratio: rounded(value / floor, 2),
    });
  }

  // One letter with very many acts: what is copied for each act shows here.
  const entries: Bytes[] = [];
  let prev = "0".repeat(64);
  for (let seq = 0; seq < LETTERS; seq++) {
    const of = {
      v: 1,
      body,
      inbox,
      case: letters[0]!,
      seq,
      prev,
      epoch: 1,
      by: "ab".repeat(32),
      role: "reader",
      at: 2,
    };
    const entry = encodeEntry(
      { kind: "case.noted", ...of, note: newId(), digest: "ab".repeat(32), size: 1 } as never,
      randomBytes(32),
    );
    entries.push(entry);
    prev = toHex(leafHash(entry));
  }
  const parsed = timed(() => entries.forEach((entry) => void parseEntry(entry)));
  const folded = timed(() => void caseOfActs(entries as [Bytes, ...Bytes[]]));
  print({
    name: `fold one letter with ${LETTERS} acts`,
    value: rounded(folded, 3),
    unit: "s of processor time",
    floor: rounded(parsed, 3),
    ratio: rounded(folded / parsed, 2),
  });
};
