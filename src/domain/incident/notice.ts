/**
 * A public notice (UK GDPR Art. 34(3)(c)): what a body says to everybody about an incident, under its own name. It is
 * published by an owner's signed act and shown only where that act holds: a row written into the database by hand is no
 * notice. A draft is never public.
 */
import { canonicalJson } from "../canonical.ts";
import type { PersonState } from "../grant/state.ts";
import { faultOfAct } from "../log/act.ts";
import { parseEntry, type Entry } from "../log/event.ts";
import { wordsCommitment, type ActEvent } from "./act.ts";
import type { StoredAct } from "./verify.ts";

export const NOTICE_STATES = ["published", "withdrawn"] as const;
export type NoticeStated = { readonly notice: string; readonly state: (typeof NOTICE_STATES)[number] };

/**
 * What an act says of a notice; null for a state that there is not, and for a notice without its text. Only an owner
 * speaks to the public.
 */
export function noticeOf(event: Extract<ActEvent, { kind: "incident.notice" }>): NoticeStated | null {
  const state = NOTICE_STATES.find((one) => one === event.state);
  if (state === undefined || event.role !== "owner" || (state === "published") !== (event.words !== undefined))
    return null;
  return { notice: event.notice, state };
}

/** A notice is published once and withdrawn once. */
export function mayNotice(before: readonly NoticeStated[], next: NoticeStated): boolean {
  const own = before.filter(({ notice }) => notice === next.notice);
  return next.state === "published" ? own.length === 0 : own.length === 1;
}

export const NOTICE_TITLE = 120;
export const NOTICE_TEXT = 4000;
/** Where its draft is kept among the typed answers, and how long each may be. */
export const NOTICE_DRAFT_FIELDS: Readonly<Record<string, number | undefined>> = Object.assign(Object.create(null), {
  "notice-title": NOTICE_TITLE,
  "notice-text": NOTICE_TEXT,
});

export type Notice = {
  readonly notice: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly at: number;
};

/**
 * The notice that a kept act publishes, if an owner of this body signed it and its words are those that were signed;
 * else null.
 */
export function publishedNotice(
  { entry, signature, person, bySalt, texts, salt }: Omit<StoredAct, "proof">,
  body: string,
  persons: ReadonlyMap<string, Pick<PersonState, "role" | "signingKey">>,
): Notice | null {
  try {
    const { v: _v, at, nonce: _nonce, ...rest } = parseEntry(entry);
    const event = rest as Omit<Entry, "v" | "at" | "nonce"> as ActEvent;
    if (event.kind !== "incident.notice" || event.body !== body || noticeOf(event)?.state !== "published") return null;
    if (event.role !== "owner" || faultOfAct(event, { person, signature, bySalt }, persons) !== null) return null;
    if (
      texts === null ||
      salt === null ||
      event.words !== wordsCommitment(salt, texts) ||
      canonicalJson(Object.keys(texts).sort()) !== '["text","title"]'
    )
      return null;
    return {
      notice: event.notice,
      title: texts["title"]!,
      paragraphs: texts["text"]!.split(/\n\s*\n/)
        .map((one) => one.trim())
        .filter((one) => one !== ""),
      at,
    };
  } catch {
    return null;
  }
}
