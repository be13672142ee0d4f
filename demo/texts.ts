/** The words of an ordinary letter: from two lines to a full page. */
import type { Draw } from "./draw.ts";
import { CLOSINGS, DETAILS, HANDLING, IMPACT, OPENINGS, OUTCOMES } from "./letters/complaint-handling.ts";
import { COMPLAINT_TOPICS } from "./letters/complaint-topics.ts";
import { CONTACT_MORE, CONTACT_OPENINGS, CONTACT_TOPICS } from "./letters/contact-topics.ts";
import { fill } from "./words.ts";

export type Words = { readonly subject: string; readonly happened: string; readonly wanted: string | null };

/** How many sentences of each kind: short notes, usual letters, long ones, and a full page. */
type Size = {
  readonly share: number;
  readonly opening: number;
  readonly more: number;
  readonly handling: number;
  readonly details: number;
  readonly impact: number;
  readonly closing: number;
};

const SIZES: readonly Size[] = [
  { share: 18, opening: 0, more: 0, handling: 0, details: 0, impact: 1, closing: 0 },
  { share: 40, opening: 0, more: 0, handling: 1, details: 1, impact: 1, closing: 0 },
  { share: 28, opening: 1, more: 1, handling: 2, details: 3, impact: 1, closing: 1 },
  { share: 14, opening: 1, more: 3, handling: 6, details: 11, impact: 5, closing: 1 },
];

const TICKETS = SIZES.flatMap((size) => Array<Size>(size.share).fill(size));

/** Sentences in paragraphs of three or four, gaps filled. */
function paragraphs(draw: Draw, sentences: readonly string[]): string {
  const length = 3 + draw.below(2);
  const blocks: string[] = [];
  for (let at = 0; at < sentences.length; at += length)
    blocks.push(
      sentences
        .slice(at, at + length)
        .map((sentence) => fill(draw, sentence))
        .join(" "),
    );
  return blocks.join("\n\n");
}

/** Some people write without capitals, and some without stopping. */
function habit(draw: Draw, text: string): string {
  if (draw.chance(0.04)) return text.toLowerCase();
  if (draw.chance(0.03)) return text.replaceAll(". ", " ").replaceAll("\n\n", " ");
  return draw.chance(0.05) ? text.replaceAll("\n\n", "\n") : text;
}

export function complaintWords(draw: Draw): Words {
  const topic = draw.pick(COMPLAINT_TOPICS);
  const size = draw.pick(TICKETS);
  const sentences = [
    ...draw.some(OPENINGS, size.opening),
    draw.pick(topic.happened),
    ...draw.some(topic.more, size.more),
    ...draw.some(HANDLING, size.handling),
    ...draw.some(DETAILS, size.details),
    ...draw.some(IMPACT, size.impact),
    ...draw.some(CLOSINGS, size.closing),
  ];
  const wanted = draw
    .some(OUTCOMES, size.impact > 1 ? 2 : 1)
    .map((outcome) => fill(draw, outcome))
    .join(" ");
  return { subject: topic.subject, happened: habit(draw, paragraphs(draw, sentences)), wanted };
}

export function contactWords(draw: Draw): Words {
  const topic = draw.pick(CONTACT_TOPICS);
  const size = draw.pick(TICKETS);
  const sentences = [
    ...draw.some(CONTACT_OPENINGS, size.opening),
    draw.pick(topic.happened),
    ...draw.some(CONTACT_MORE, size.details),
    ...draw.some(IMPACT, Math.min(2, size.impact)),
    ...draw.some(CLOSINGS, size.closing),
  ];
  const wanted = draw.chance(0.9) ? fill(draw, draw.pick(topic.hope)) : null;
  return { subject: topic.subject, happened: habit(draw, paragraphs(draw, sentences)), wanted };
}
