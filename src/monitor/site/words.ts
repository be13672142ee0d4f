/**
 * What happened, for people who are not engineers, and as JSON for programs. Neither holds anything of what was sent.
 */
import { LONDON, instantText, timeOfLogExactly } from "../../domain/time.ts";
import type { Site } from "./site.ts";
import type { Happened } from "./watch.ts";

const many = (n: number, one: string, more: string): string => `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;

export function wordsOf(site: Site, happened: Happened, now: number): readonly string[] {
  switch (happened.kind) {
    case "proved":
      return [
        `${site.origin} shows that it may be watched (${happened.by === "file" ? "its file" : "its DNS record"}).`,
      ];
    case "planted":
      return [`A marked letter was sent through the form “${happened.form}”. It is looked for from now on.`];
    case "not-planted":
      return [
        `No marked letter could be sent through the form “${happened.form}”: ${happened.why}. Until one is, an open page may not be noticed. It is tried again in a minute.`,
      ];
    case "opened": {
      const { place, form, open } = happened;
      const what = form === null ? "what was sent" : `what was sent with the form “${form}”`;
      return [
        "",
        `FOUND: anybody can see ${what}, at ${site.origin}${place}`,
        open.code === "site-open"
          ? `  Besides our marked letter ${many(open.beside, "other entry is", "other entries are")} shown there.`
          : `  ${many(open.beside, "entry is", "entries are")} shown there to somebody who is not signed in. Our marked letter is not among them.`,
        open.cleanAt === null
          ? `  It was found at ${timeOfLogExactly(open.since, LONDON)}. Nobody had looked before, so it may have been so for long.`
          : `  It was not so at ${timeOfLogExactly(open.cleanAt, LONDON)}, and was found at ${timeOfLogExactly(open.since, LONDON)}.`,
        "  What to do now: have whoever runs the site close this address for strangers. Keep its access logs: they say who looked. If people’s data was shown, the 72 hours run.",
        ...open.evidence.map((line) => `  (${line})`),
        "",
      ];
    }
    case "again":
      return [];
    case "closed":
      return [
        `CLOSED: ${site.origin}${happened.place} shows nothing to a stranger any more, as of ${timeOfLogExactly(now, LONDON)}. It was found at ${timeOfLogExactly(happened.open.since, LONDON)}.`,
      ];
    case "round":
      return happened.notLooked.length > 0
        ? [
            `${many(happened.notLooked.length, "address", "addresses")} could not be looked at in this round (${happened.notLooked.slice(0, 3).join(", ")}). That says nothing about ${happened.notLooked.length === 1 ? "it" : "them"}.`,
          ]
        : [];
  }
}

/** One object a line; the members are what other programs may rely on. Times in UTC. */
export function jsonOf(site: Site, happened: Happened, now: number): string {
  const at = (time_: number | null): string | null => (time_ === null ? null : instantText(time_));
  const base = { at: at(now), site: site.origin, event: happened.kind };
  switch (happened.kind) {
    case "opened":
    case "closed":
    case "again": {
      const { place, form, open } = happened;
      return JSON.stringify({
        ...base,
        code: open.code,
        place,
        form,
        since: at(open.since),
        cleanAt: at(open.cleanAt),
        beside: open.beside,
        evidence: open.evidence,
      });
    }
    case "round":
      return JSON.stringify({
        ...base,
        hot: happened.hot,
        open: happened.open,
        notLooked: happened.notLooked,
        began: at(happened.began),
        ended: at(happened.ended),
      });
    default:
      return JSON.stringify({ ...base, ...happened, kind: undefined });
  }
}
