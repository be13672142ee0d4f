/** Ways and states of messages in words. */
import type { Way } from "../../../domain/mail/channel.ts";
import type { CallOutcome, Fate } from "../../../domain/mail/fate.ts";
import type { DeliveryState, MailCode } from "../../../domain/mail/state.ts";
import { SUBJECTS } from "../../../domain/mail/subject.ts";
import type { Colour } from "../../parts/banner.tsx";
import { CALL_WORDS, MAIL_WORDS } from "../../words/words.ts";

const WHY: { readonly [why in Extract<Way, { by: "person" }>["why"]]: string } = {
  danger: "May be in danger, and no telephone was called safe",
  "none-safe": "Said that no channel is safe",
  "never-asked": "Was never asked which channel is safe",
  "no-address": "There is no address by which they may be told",
};

export const wayWords = (way: Way): string => {
  switch (way.by) {
    case "email":
      return "A message by e-mail";
    case "post":
      return "A letter by post";
    case "call":
      return way.why === "danger" ? "May be in danger: ring first" : "To be rung: no message can reach them safely";
    case "person":
      return `Find a way: ${(WHY[way.why][0] ?? "").toLowerCase()}${WHY[way.why].slice(1)}`;
    case "told":
      return "Told";
  }
};

export const STATE_WORDS: Record<DeliveryState, string> = {
  "handed-in": "Waits to be sent",
  intended: "Being sent",
  sent: "Sent",
  bounced: "Came back",
  rejected: "Refused",
  uncertain: "Uncertain",
  "hand-over-again": "To be handed over again",
  cancelled: "Taken back",
};
export const STATE_COLOURS: Record<DeliveryState, Colour> = {
  "handed-in": "grey",
  intended: "blue",
  sent: "green",
  bounced: "red",
  rejected: "red",
  uncertain: "orange",
  "hand-over-again": "yellow",
  cancelled: "grey",
};

export const fateWords = (fate: Fate): string =>
  fate.at === "told"
    ? `Told by ${{ email: "e-mail", post: "post", call: "telephone" }[fate.by]}`
    : fate.at === "waiting"
      ? "A message is on its way"
      : fate.at === "uncertain"
        ? "May or may not have got the message"
        : wayWords(fate.way);

export const codeWords = (code: string): string => (code === "NONE" ? "" : (MAIL_WORDS[code as MailCode] ?? code));
export const outcomeWords = (outcome: CallOutcome): string => CALL_WORDS[outcome] ?? outcome;
export const subjectWords = (subject: keyof typeof SUBJECTS): string => SUBJECTS[subject];
