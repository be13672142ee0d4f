/**
 * Plain alerts of the program itself to people who work with it: a closed set of sentences, filled with codes, counts,
 * times and addresses of our own pages. No field can hold a name or a sentence, so no alert can say whom anything is
 * about (T43). Whoever has something to tell names the kind and the values. Whoever sends makes the text, so that
 * nobody in between can write one, or put in a link of their own.
 */
import { Fault } from "../problem.ts";
import { LONDON, timeInZone, type Zone } from "../time.ts";
import type { Subject } from "./subject.ts";

/**
 * `page` is the page of the installation to which `{link}` leads; `{about}` is the id of a finding or an incident,
 * `{token}` the secret of an invitation, `{code}` a code of ours, `{form}` a short name, `{count}` and `{hours}` whole numbers, `{time}` an instant.
 */
export const ALERTS = {
  "finding.opened": {
    subject: "look",
    page: "findings/{about}",
    text: "Pillarbox has found something that a stranger can see and should not ({code}), first seen at the latest at {time}.\n\nPlease sign in and look now:\n{link}",
  },
  "finding.closed": {
    subject: "look",
    page: "findings/{about}",
    text: "What Pillarbox had found ({code}) could not be seen any more at {time}.\n\nWhat was found and when it ended:\n{link}",
  },
  "monitor.silent": {
    subject: "look",
    page: "findings",
    text: "The monitor has not reported since {time}. While it is silent, nobody looks from outside.\n\nPlease sign in and look:\n{link}",
  },
  "inspect.silent": {
    subject: "look",
    page: "findings",
    text: "The inspector has not reported since {time}. While it is silent, nobody looks whether the database is as it was signed.\n\nPlease sign in and look:\n{link}",
  },
  "site.silent": {
    subject: "look",
    page: "findings",
    text: "The watch of an old website has not reported since {time}. While it is silent, nobody looks at that website. If the watch was ended on purpose, there is nothing to do.\n\nWhat it found:\n{link}",
  },
  "incident.opened": {
    subject: "look",
    page: "incidents/{about}",
    text: "An incident was opened at {time}. The time for telling the regulator runs.\n\nPlease sign in:\n{link}",
  },
  "incident.clock": {
    subject: "reminder",
    page: "incidents/{about}",
    text: "{hours} of the 72 hours for telling the regulator about an incident have passed.\n\nWhat is still missing:\n{link}",
  },
  "messages.stopped": {
    subject: "look",
    page: "incidents/{about}/messages",
    text: "{count} messages wait for a person.\n\nPlease sign in and look:\n{link}",
  },
  "mail.returned": {
    subject: "look",
    page: "incidents/{about}/messages",
    text: "Something came back to a message about an incident that a program cannot judge: {count} to look at. It may be an answer of somebody who is affected, and perhaps in danger.\n\nPlease sign in and look:\n{link}",
  },
  "person.joined": {
    subject: "look",
    page: "people",
    text: "Somebody who was invited has made their keys at {time}, and waits. They can do nothing before an owner has compared six words with them.\n\nWho it is:\n{link}",
  },
  "person.confirmed": {
    subject: "look",
    page: "people",
    text: "An owner confirmed a new person at {time}. If you do not know of anybody new, look now.\n\nWho it is:\n{link}",
  },
  "unlocker.added": {
    subject: "look",
    page: "unlockers",
    text: "A passkey was added at {time} that opens your keys from now on. If that was not you, tell an owner of your body at once.\n\nWhat opens your keys:\n{link}",
  },
  "unlocker.removed": {
    subject: "look",
    page: "unlockers",
    text: "One of the ways to open your keys was removed at {time}. If that was not you, tell an owner of your body at once.\n\nWhat opens your keys:\n{link}",
  },
  "passphrase.changed": {
    subject: "look",
    page: "unlockers",
    text: "Your passphrase was changed at {time}. No earlier one signs you in any more. If that was not you, tell an owner of your body at once.\n\nWhat opens your keys:\n{link}",
  },
  "totp.on": {
    subject: "look",
    page: "unlockers",
    text: "From {time} on signing in with your passphrase asks for a code from an app, too. If that was not you, tell an owner of your body at once.\n\nWhat opens your keys:\n{link}",
  },
  "totp.off": {
    subject: "look",
    page: "unlockers",
    text: "Since {time} signing in with your passphrase asks for no code any more. If that was not you, tell an owner of your body at once.\n\nWhat opens your keys:\n{link}",
  },
  "totp.recovered": {
    subject: "look",
    page: "unlockers",
    text: "One of your recovery codes was used at {time}, in the place of a code from your app. If that was not you, make a new passphrase and tell an owner of your body at once.\n\nWhat opens your keys:\n{link}",
  },
  "totp.wrong": {
    subject: "look",
    page: "unlockers",
    text: "Somebody who has your passphrase has typed five wrong codes, the last at {time}. Codes are refused for a quarter of an hour from then. If that was not you, make a new passphrase and tell an owner of your body at once.\n\nWhat opens your keys:\n{link}",
  },
  "invitation.made": {
    subject: "invited",
    page: "join#{token}",
    text: "You are invited to work with letters that are sealed with Pillarbox. Open this link within seven days, on the device that you will work with. It works once:\n{link}\n\nAfterwards whoever invited you compares six words with you, on the telephone or side by side. Before that the link lets nobody read anything. If you did not expect this, do nothing.",
  },
  "key.reminder": {
    subject: "reminder",
    page: "",
    text: "The key of the form {form} is due. While nobody renews it, access that has run out stays with whoever holds the key.\n\nPlease sign in:\n{link}",
  },
} as const satisfies {
  readonly [kind: string]: { readonly subject: Subject; readonly page: string; readonly text: string };
};

export type AlertKind = keyof typeof ALERTS;

/** What is put into a sentence. */
export type AlertValues = {
  /** 32 hex */
  readonly about?: string;
  readonly code?: string;
  readonly form?: string;
  readonly count?: number;
  readonly hours?: number;
  /** milliseconds since the epoch */
  readonly time?: number;
};
export type Alert = AlertValues & { readonly kind: AlertKind };

/** Dates end in the year 275760 (ECMA-262). */
const LAST_DATE = 8.64e15;

/** What whoever sends adds by itself, and nothing keeps: the secret of an invitation's link, 64 hex. */
export type SentWith = { readonly token?: string };

const ID = /^[0-9a-f]{32}$/;
const TOKEN = /^[0-9a-f]{64}$/;
const SLUG = /^[a-z0-9-]{1,64}$/;
const ORIGIN = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?$/;

/** An alert to be told. @throws `MALFORMED` when a value is missing or could hold more than its kind */
export function alertOf(kind: AlertKind, values: AlertValues): Alert {
  const alert = { ...values, kind };
  alertText(alert, "https://staff.example", LONDON);
  return alert;
}

/**
 * Subject and text, made by the process that sends them.
 * @param staffOrigin of this installation, out of its configuration
 * @param zone of the body of whoever is told, out of it, too
 * @throws `MALFORMED` for an unknown kind, or when a value is missing or could hold more than its kind
 */
export function alertText(
  alert: AlertValues & SentWith & { readonly kind: string },
  staffOrigin: string,
  zone: Zone,
): { readonly subject: Subject; readonly text: string } {
  if (!Object.hasOwn(ALERTS, alert.kind)) throw new Fault("MALFORMED", "an alert of an unknown kind");
  if (!ORIGIN.test(staffOrigin)) throw new Fault("MALFORMED", "an alert leads to a page of ours");
  const { subject, page, text } = ALERTS[alert.kind as AlertKind];
  const whole = (value: number | undefined): string | null =>
    value !== undefined && Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  const fitting = (value: string | undefined, shape: RegExp): string | null =>
    shape.test(value ?? "") ? value! : null;
  const given: { readonly [field: string]: string | null } = {
    about: fitting(alert.about, ID),
    token: fitting(alert.token, TOKEN),
    code: fitting(alert.code, SLUG),
    form: fitting(alert.form, SLUG),
    count: whole(alert.count),
    hours: whole(alert.hours),
    time: whole(alert.time) === null || alert.time! > LAST_DATE ? null : timeInZone(alert.time!, zone),
  };
  const filled = text.replace("{link}", `${staffOrigin}/${page}`).replaceAll(/\{(\w+)\}/g, (_whole, field: string) => {
    const value = given[field];
    if (value === null || value === undefined) throw new Fault("MALFORMED", `an alert needs ${field}`);
    return value;
  });
  return { subject, text: `${filled}\n\nThis message was sent by a program. Nothing in it is about a person.\n` };
}
