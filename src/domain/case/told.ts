/**
 * What was done about a letter, for whoever has its words: held against log and statements first, and opened only then.
 * By role, never by name; of notes nothing is told, and nothing of to whom it was given.
 */
import type { Bytes } from "../bytes.ts";
import type { BodyState } from "../grant/state.ts";
import { Fault } from "../problem.ts";
import type { ReadingRole, Status } from "../receipt/status.ts";
import { ROLES, type ToldCase, type ToldReply } from "../receipt/told.ts";
import { timeInZone } from "../time.ts";
import { dueTold } from "./due-told.ts";
import { firstReply } from "./due.ts";
import { heldCase, type HeldAct } from "./held.ts";
import type { CaseAct, CaseState, Outcome } from "./fold.ts";
import type { ReplyContext } from "./reply.ts";

/** @param open with the identity that follows from the words */
export async function toldCase(
  status: Status,
  body: BodyState,
  logKey: string,
  open: (sealed: Bytes, context: ReplyContext) => Promise<string>,
): Promise<ToldCase> {
  const { state, acts } = heldCase(status, body, logKey);
  const replies: ToldReply[] = [];
  for (const [nth, held] of acts.entries()) {
    const reply = held === null ? falseReply(status, nth) : await toldReply(held, open);
    if (reply !== null) replies.push(reply);
  }
  const isWrong = state === null || replies.some(({ kind }) => kind === "false");
  const steps = acts.flatMap((held) => (held === null ? [] : stepOf(held.act, status)));
  const due = state === null ? [] : dueTold(status, { replied: firstReply(state), step: state.step });
  return { stands: state === null ? WRONG : standsIn(state, status), due, steps, replies, isWrong };
}

const falseReply = ({ acts }: Status, nth: number): ToldReply | null =>
  acts[nth]?.sealed === null ? null : { kind: "false" };

async function toldReply(
  { act, sealed }: HeldAct,
  open: (sealed: Bytes, context: ReplyContext) => Promise<string>,
): Promise<ToldReply | null> {
  if (act.kind !== "case.replied" || sealed === null) return null;
  const { at, role, submission, reply } = act;
  try {
    return { kind: "read", at, role, text: await open(sealed, { submission, reply }) };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { kind: "false" };
  }
}

const WRONG: readonly string[] = [
  "What this website says was done about your letter does not fit its signed log or its signatures. Do not rely on it.",
];

const OUTCOMES: { readonly [outcome in Outcome]: string } = {
  upheld: "they agree with what you wrote",
  partly: "they agree with a part of what you wrote",
  "not-upheld": "they do not agree with what you wrote",
  withdrawn: "it was taken back",
  "not-for-us": "it is not for them to deal with",
  junk: "they do not treat it as a letter that needs an answer",
};

type Names = Pick<Status, "bodyName" | "zone">;
const by = ({ role, at }: CaseAct, { bodyName, zone }: Names): string =>
  `by ${ROLES[role as ReadingRole] ?? "somebody"} at ${bodyName}, ${timeInZone(at, zone)}`;

/** Where a letter stands, in plain words. Of one about which nothing was done nothing is said here. */
function standsIn({ step, acts, outcome }: CaseState, names: Names): readonly string[] {
  const { bodyName } = names;
  const last = acts.findLast(({ kind }) => kind === (step === "closed" ? "case.closed" : "case.replied"));
  switch (step) {
    case "new":
      return [];
    case "in-hand":
      return [`Somebody at ${bodyName} is looking at it.`];
    case "answered":
      return [`Answered ${by(last!, names)}. The reply stands below.`];
    case "closed":
      return [`Closed ${by(last!, names)}. The outcome: ${OUTCOMES[outcome!]}.`];
  }
}

function stepOf(act: CaseAct, names: Names): readonly string[] {
  const [who, when] = [
    `${ROLES[act.role as ReadingRole] ?? "somebody"} at ${names.bodyName}`,
    timeInZone(act.at, names.zone),
  ];
  switch (act.kind) {
    case "case.assigned":
      return [`${when}: ${who} said who looks at it`];
    case "case.replied":
      return [`${when}: ${who} answered`];
    case "case.closed":
      return [`${when}: ${who} closed it: ${OUTCOMES[act.outcome]}`];
    case "case.reopened":
      return [`${when}: ${who} opened it again`];
    case "case.noted":
      return [];
  }
}
