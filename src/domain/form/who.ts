/** "Who can read this", in sentences: the same words from the server, the counter and the page's own check. */
import { timeInZone, type Zone } from "../time.ts";
import type { Body } from "./body.ts";
import type { Form } from "./form.ts";

/**
 * How many people hold the key, and as what; computed from verified statements only. Every role has its own number:
 * the sentence is a promise, and nobody is called what they are not.
 */
export type ReaderCount = {
  readonly count: number;
  readonly owners: number;
  readonly officers: number;
  readonly auditors: number;
};

/** Who can open what is sent now. */
export const readersSentence = (readers: ReaderCount, bodyName: string): string =>
  readers.count === 0
    ? `Nobody at ${bodyName} can read what you send yet.`
    : sentenceOf(readers, bodyName, "what you send");

/** Who can open what was sent once. */
export const readersNowSentence = (readers: ReaderCount, bodyName: string): string =>
  readers.count === 0 ? `Nobody at ${bodyName} can read it at the moment.` : sentenceOf(readers, bodyName, "it");

const some = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;

function sentenceOf({ count, owners, officers, auditors }: ReaderCount, bodyName: string, what: string): string {
  const who = count === 1 ? "1 named person" : `${count} named people`;
  const can = `${who} at ${bodyName} can read ${what}`;
  const responsible = "responsible for the information";
  if (owners === count) return `${can}. ${count === 1 ? "This person is" : "They are"} ${responsible}.`;
  const parts = [
    ...(owners > 0 ? [`${owners} who ${owners === 1 ? "is" : "are"} ${responsible}`] : []),
    ...(officers > 0 ? [some(officers, "case officer")] : []),
    ...(auditors > 0 ? [some(auditors, "data protection officer")] : []),
  ];
  const last = parts.pop()!;
  if (parts.length === 0) return `${can}: ${last}.`;
  return `${can}: ${parts.join(", ")}${parts.length > 1 || owners > 0 ? "," : ""} and ${last}.`;
}

export const hostSentence = (body: Body): string =>
  body.host === body.name
    ? "The people who run this website cannot read it, and nor can the public."
    : `${body.host}, which runs this website, cannot read it, and nor can the public.`;

/**
 * When somebody last looked from outside whether anything can be seen, and saw nothing.
 * @param at milliseconds since the epoch
 */
export function lookedSentence(at: number, zone: Zone): string {
  return `Last checked from outside: ${timeInZone(at, zone)}. A program looks all the time whether a stranger can see what is sent here; it could not.`;
}

/** The body's own duty; nothing here deletes by itself yet, so nothing here says so. */
export const keptSentence = (form: Form, bodyName: string): string => `${bodyName} keeps it for ${form.retention.why}.`;
