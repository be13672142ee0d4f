/** The codes of incidents in the words of the people who work on them. */
import type {
  AwareBasis,
  Choice,
  IncidentKind,
  Party,
  Question,
  Reason,
  Stage,
  WindowBasis,
} from "../../domain/incident/codes.ts";
import type { Clock } from "../../domain/incident/clock.ts";
import { HOUR } from "../../domain/incident/clock.ts";
import type { Lack } from "../../domain/incident/state.ts";
import { count } from "./format.ts";
import type { Colour } from "../parts/banner.tsx";

export const KINDS: Record<IncidentKind, string> = {
  "wrong-person": "The wrong person was let in",
  "key-lost": "An account, a device or a key was lost",
  "letter-astray": "An export or a letter went astray",
  "sealed-bytes": "Sealed letters could be reached by somebody who should not",
  elsewhere: "Something was exposed on another system",
  other: "Something else",
};

export const STAGE_WORDS: Record<Stage, string> = {
  open: "Open",
  contained: "Contained",
  answered: "Answered",
  closed: "Closed",
  dismissed: "Not a breach",
};
export const STAGE_COLOURS: Record<Stage, Colour> = {
  open: "red",
  contained: "orange",
  answered: "yellow",
  closed: "green",
  dismissed: "grey",
};

/** What it means to move there. */
export const MOVE_WORDS: Record<Stage, string> = {
  open: "Open again: it goes on, or it was one after all",
  contained: "Contained: nothing more can be reached",
  answered: "Answered: both decisions are made and carried out",
  closed: "Closed: nothing more is to be done",
  dismissed: "Not a breach: no personal data was compromised",
};

export const LACK_WORDS: Record<Lack, string> = {
  end: "The window has no end yet.",
  decisions: "One of the two decisions is not made yet.",
  assessment: "The severity is not assessed yet.",
  words: "Say why.",
};

export const PARTY_WORDS: Record<Party, string> = { controller: "This body", processor: "The host" };

export const AWARE_WORDS: Record<AwareBasis, string> = {
  finding: "A finding of the monitor",
  letter: "Somebody outside told us",
  "processor-told": "The host told us",
  staff: "A colleague noticed",
  press: "The press asked",
  regulator: "The regulator asked",
  other: "In another way",
};

export const BASIS_WORDS: Record<WindowBasis, string> = {
  finding: "A finding of the monitor",
  log: "The log of Pillarbox",
  "server-log": "The log of another system",
  statement: "What somebody says",
  assumed: "An assumption, to be on the safe side",
};

export const QUESTION_WORDS: Record<Question, string> = {
  regulator: "Tell the regulator?",
  people: "Tell the people affected?",
};
export const CHOICE_WORDS: Record<Choice, string> = { yes: "Yes", no: "No" };

export const REASON_WORDS: Record<Reason, string> = {
  "risk-possible": "A risk to people’s rights and freedoms is possible",
  "not-yet-known": "It is not known yet, so it is reported now and completed later",
  "risk-unlikely": "A risk to people’s rights and freedoms is unlikely",
  "no-personal-data": "No personal data was compromised",
  "high-risk": "The risk to the people is high",
  "by-choice": "The risk is not high, and they are told all the same",
  "not-high-risk": "The risk to the people is not high",
  unintelligible: "Whoever could reach the data could not read it",
  "risk-removed": "What was done since makes a high risk no longer likely",
  disproportionate: "Telling each of them would take disproportionate effort; a public notice is given instead",
};

/** "31 hours 20 minutes"; of less than an hour the minutes alone. */
function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? count(hours, "hour") : "", rest > 0 || hours === 0 ? count(rest, "minute") : ""]
    .filter(Boolean)
    .join(" ");
}

/** The clock in one line. */
export function clockWords(clock: Clock): string {
  switch (clock.kind) {
    case "not-begun":
      return "The 72 hours have not begun: nobody has recorded that this body is aware.";
    case "runs":
      return `${span(clock.left)} left to tell the regulator`;
    case "over":
      return `The 72 hours ended ${span(clock.left)} ago, and the regulator has not been told`;
    case "stopped":
      return STOPPED[clock.why](
        clock.at - clock.since > 72 * HOUR ? `, ${span(clock.at - clock.deadline)} after the 72 hours` : "",
      );
  }
}

const STOPPED: Record<Extract<Clock, { kind: "stopped" }>["why"], (late: string) => string> = {
  reported: (late) => `The regulator was told${late}`,
  "not-to-be-reported": () => "It was decided not to tell the regulator",
  dismissed: () => "This was not a breach",
};
