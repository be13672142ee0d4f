/**
 * The 394 synthetic complainants: as many as had to be told in the incident that this product exists for, and none of
 * them real.
 */
import { drawFor, type Draw } from "./draw.ts";
import type { Behalf, Day, Letter, Reply } from "./letter.ts";
import { ADJUSTMENTS } from "./letters/complaint-handling.ts";
import { SAFE_NOTES, SAFE_WAYS } from "./letters/contact-topics.ts";
import { HOSTILE } from "./letters/hostile.ts";
import { FOREIGN } from "./letters/languages.ts";
import { REPEATED } from "./letters/same-person.ts";
import { complaintWords, contactWords, type Words } from "./texts.ts";
import { fill, MONTHS } from "./words.ts";
import { drawName, drawWriter } from "./writer.ts";

export const LETTER_COUNT = 394;
const COMPLAINTS = 247;
const BY_COUNTER = 0.1;

/** The people are the same in every demonstration, so that two installations can be compared. */
const SEED = "harrowmere";

/** What is known of a letter before it is drawn: a special one brings its own name or words. */
type Plan = {
  readonly name?: string;
  readonly email?: string | null;
  readonly words?: Words;
  readonly to?: Letter["to"];
};

function specials(): Plan[] {
  const hostile = HOSTILE.map(
    ({ what, name, happened, wanted }): Plan => ({ name, words: { subject: what, happened, wanted } }),
  );
  const foreign = FOREIGN.flatMap(({ language, names, happened, wanted }) =>
    names.map((name): Plan => ({ name, words: { subject: language, happened, wanted } })),
  );
  const repeated = REPEATED.flatMap(({ spellings }) =>
    spellings.map((spelling): Plan => ({ ...spelling, to: "complaint" })),
  );
  return [...hostile, ...foreign, ...repeated];
}

/** All letters, in the order in which they are sent. */
export function syntheticLetters(): readonly Letter[] {
  const draw = drawFor(SEED, "order");
  const plans: Plan[] = [...specials()];
  while (plans.length < LETTER_COUNT) plans.push({});
  const forced = plans.filter((plan) => plan.to === "complaint").length;
  const others = draw.some(
    Array.from({ length: LETTER_COUNT - forced }, (_, i): Letter["to"] =>
      i < COMPLAINTS - forced ? "complaint" : "contact",
    ),
    LETTER_COUNT,
  );
  return draw
    .some(plans, LETTER_COUNT)
    .map((plan, number) => letter(number, { ...plan, to: plan.to ?? others.pop()! }));
}

function letter(number: number, plan: Plan & Pick<Letter, "to">): Letter {
  const draw = drawFor(SEED, `letter ${number}`);
  const writer = drawWriter(draw, plan.name ?? drawName(draw), plan.email);
  const complaint = plan.to === "complaint";
  const words = plan.words ?? (complaint ? complaintWords(draw) : contactWords(draw));
  const reply = complaint
    ? writer.email !== null && draw.chance(0.75)
      ? "email"
      : "post"
    : contactReply(draw, writer.email !== null);
  return {
    number,
    to: plan.to,
    path: draw.chance(BY_COUNTER) ? "counter" : "browser",
    writer,
    behalf: complaint && draw.chance(0.16) ? behalf(draw) : null,
    earlier: draw.chance(0.75) ? reference(draw) : null,
    ...words,
    when: when(draw),
    told: draw.chance(0.6) ? day(draw) : null,
    reply,
    safeWay: draw.pick(SAFE_WAYS),
    safeNote: reply !== "none" && draw.chance(0.5) ? draw.pick<string>(SAFE_NOTES[reply]) : null,
    adjustments: draw.chance(0.22) ? draw.pick(ADJUSTMENTS) : null,
  };
}

function contactReply(draw: Draw, email: boolean): Reply {
  const way = draw.pick<Reply>(["email", "email", "email", "email", "telephone", "telephone", "post", "other", "none"]);
  return way === "email" && !email ? "post" : way;
}

const behalf = (draw: Draw): Behalf => ({
  name: drawName(draw),
  consent: draw.pick(["agreed", "agreed", "agreed", "parent", "authority", "died", "cannot-ask"]),
});

const reference = (draw: Draw): string =>
  draw.pick(["CO/0", "PSD-", "CM/0", "IX/"]) + String(1_000 + draw.below(9_000)) + draw.pick(["/24", "/25", ""]);

const day = (draw: Draw): Day => ({
  day: 1 + draw.below(28),
  month: 1 + draw.below(12),
  year: draw.pick([2023, 2024, 2025]),
});

/** People remember days in many ways. */
function when(draw: Draw): string {
  const { day: date, month, year } = day(draw);
  const name = MONTHS[month - 1]!;
  return draw.pick([
    `${date} ${name} ${year}`,
    `${name} ${year}`,
    `${date}/${month}/${year}`,
    `the ${draw.pick(["first", "second", "last"])} week of ${name}`,
    "over several months last year",
    fill(draw, "about {months} months ago"),
    `${draw.pick(["spring", "summer", "autumn", "winter"])} ${year}, in the evening`,
    "I don't know exactly",
  ]);
}
