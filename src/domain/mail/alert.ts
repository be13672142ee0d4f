/**
 * Plain alerts of the program itself to people who work with it: a closed set of sentences, filled with codes, counts,
 * times and addresses of our own pages. No field can hold a name or a sentence, so no alert can say whom anything is
 * about (T43).
 */
import { Fault } from "../problem.ts";
import type { Subject } from "./subject.ts";

/**
 * `{link}` leads to a page of this installation; `{code}` is a code of ours, `{form}` and `{body}` are short names,
 * `{count}` and `{hours}` whole numbers, `{time}` an instant.
 */
export const ALERTS = {
  "finding.opened": {
    subject: "look",
    text: "Pillarbox has found something that a stranger can see and should not ({code}), first seen at the latest at {time}.\n\nPlease sign in and look now:\n{link}",
  },
  "finding.closed": {
    subject: "look",
    text: "What Pillarbox had found ({code}) could not be seen any more at {time}.\n\nWhat was found and when it ended:\n{link}",
  },
  "monitor.silent": {
    subject: "look",
    text: "The monitor has not reported since {time}. While it is silent, nobody looks from outside.\n\nPlease sign in and look:\n{link}",
  },
  "inspect.silent": {
    subject: "look",
    text: "The inspector has not reported since {time}. While it is silent, nobody looks whether the database is as it was signed.\n\nPlease sign in and look:\n{link}",
  },
  "site.silent": {
    subject: "look",
    text: "The watch of an old website has not reported since {time}. While it is silent, nobody looks at that website. If the watch was ended on purpose, there is nothing to do.\n\nWhat it found:\n{link}",
  },
  "incident.opened": {
    subject: "look",
    text: "An incident was opened at {time}. The time for telling the regulator runs.\n\nPlease sign in:\n{link}",
  },
  "incident.clock": {
    subject: "reminder",
    text: "{hours} of the 72 hours for telling the regulator about an incident have passed.\n\nWhat is still missing:\n{link}",
  },
  "messages.stopped": {
    subject: "look",
    text: "{count} messages wait for a person.\n\nPlease sign in and look:\n{link}",
  },
  "key.reminder": {
    subject: "reminder",
    text: "The key of the form {form} is due. While nobody renews it, access that has run out stays with whoever holds the key.\n\nPlease sign in:\n{link}",
  },
} as const satisfies { readonly [kind: string]: { readonly subject: Subject; readonly text: string } };

export type AlertKind = keyof typeof ALERTS;
declare const closed: unique symbol;
/** A text of the closed set; made by `alertOf` alone. */
export type AlertText = string & { readonly [closed]: true };
export type Alert = { readonly subject: Subject; readonly text: AlertText };

type Values = {
  readonly code?: string;
  readonly form?: string;
  readonly body?: string;
  readonly count?: number;
  readonly hours?: number;
  /** milliseconds since the epoch */
  readonly time?: number;
  readonly link?: string;
};

const CODE = /^[A-Za-z0-9._-]{1,64}$/;
const SLUG = /^[a-z0-9-]{1,64}$/;
/** An address of the staff pages: a path of ids and short names, without a query. */
const LINK = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._-]*)*$/;

/** @throws `MALFORMED` when a value is missing or could hold more than its kind */
export function alertOf(kind: AlertKind, values: Values): Alert {
  const { subject, text } = ALERTS[kind];
  const whole = (value: number | undefined): string | null =>
    value !== undefined && Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  const given: { readonly [field: string]: string | null } = {
    code: CODE.test(values.code ?? "") ? values.code! : null,
    form: SLUG.test(values.form ?? "") ? values.form! : null,
    body: SLUG.test(values.body ?? "") ? values.body! : null,
    count: whole(values.count),
    hours: whole(values.hours),
    time:
      whole(values.time) === null ? null : `${new Date(values.time!).toISOString().slice(0, 16).replace("T", " ")} UTC`,
    link: LINK.test(values.link ?? "") ? values.link! : null,
  };
  const filled = text.replaceAll(/\{(\w+)\}/g, (_whole, field: string) => {
    const value = given[field];
    if (value === null || value === undefined) throw new Fault("MALFORMED", `an alert needs ${field}`);
    return value;
  });
  return {
    subject,
    text: `${filled}\n\nThis message was sent by a program. Nothing in it is about a person.\n` as AlertText,
  };
}
