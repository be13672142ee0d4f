/**
 * Telling an installation what was found on an old website, signed, so that its people are told as of any other
 * finding. What could not be told is told with the next round.
 */
import { readFileSync } from "node:fs";
import { answerOf, requestOf } from "../../contract/route.ts";
import { takeReport, type ReportAnswer } from "../../contract/watch.ts";
import { fromHex, type Bytes } from "../../domain/bytes.ts";
import { keyOf, plainLine, type Observation } from "../../domain/watch/finding.ts";
import { signReport } from "../../domain/watch/report.ts";
import { Refusal } from "./pinned.ts";
import type { Site } from "./site.ts";
import type { Open, Place as Spot, State } from "./state.ts";
import type { Happened } from "./watch.ts";

type Place = {
  readonly installation: string;
  readonly staffOrigin: string;
  readonly key: string;
  readonly credential: string;
};

/** The file that the installation wrote (`watch-site.json` in its data directory). @throws `Refusal` */
export function readPlace(file: string): Place {
  try {
    const place = JSON.parse(readFileSync(file, "utf8")) as Place;
    const { protocol, hostname } = new URL(place.staffOrigin);
    if (
      (protocol === "https:" || ["localhost", "127.0.0.1"].includes(hostname)) &&
      /^[0-9a-f]{32}$/.test(place.installation) &&
      /^[0-9a-f]{64}$/.test(place.key) &&
      place.credential
    )
      return place;
  } catch {
    // said below
  }
  throw new Refusal(
    `${file} is not the file that an installation writes for the watch. It is called watch-site.json and stands in its data directory. Nothing was looked at.`,
  );
}

const PATIENCE = 10_000;

export type Reporter = { readonly tell: (happened: Happened, state: State) => Promise<void> };

/** @param say is told in a sentence when the installation cannot be told */
export function reporterTo(
  place: Place,
  site: Site,
  say: (line: string) => void,
  now: () => number = Date.now,
): Reporter {
  let [last, told] = [0, true];
  const closed = new Set<string>();
  const observation = (path: string, open: Open, form: string | null): Observation => ({
    code: open.code,
    place: plainLine(site.origin + path),
    body: site.body,
    form,
    evidence: open.evidence.map(plainLine),
    cleanAt: open.cleanAt,
  });
  const formOf = (path: string): string | null =>
    site.forms.find(({ results, exports }) => results.includes(path) || exports.includes(path))?.name ?? null;

  async function report(
    state: State,
    look: { readonly began: number; readonly ended: number; readonly complete: boolean },
  ): Promise<void> {
    const seen = Object.entries(state.places).flatMap(([path, { open }]) =>
      open ? [observation(path, open, formOf(path))] : [],
    );
    last = Math.max(now(), last + 1);
    const cleared = [...closed];
    const signed = signReport(fromHex(place.key), {
      installation: place.installation,
      watcher: "site",
      at: last,
      look: { kind: "round", ...look },
      seen,
      cleared,
      plants: [],
    });
    const answer = await send(place, signed);
    if (answer.ok) {
      for (const key of cleared) closed.delete(key);
      // A watch that was stopped between a look and telling of it finds here what it has to close.
      for (const one of answer.open)
        if (one.place.startsWith(`${site.origin}/`) && isOver(state.places[one.place.slice(site.origin.length)]))
          closed.add(one.key);
    } else if (told)
      say(
        `The installation at ${place.staffOrigin} could not be told (${answer.why}). It is told with the next round.`,
      );
    told = answer.ok;
  }

  return {
    tell: async (happened, state) => {
      if (happened.kind === "closed")
        for (const code of ["site-open", "site-answers"] as const)
          closed.add(keyOf("site", { code, place: plainLine(site.origin + happened.place), body: site.body }));
      // At once, and again with every round until it is taken.
      if (happened.kind === "opened" || happened.kind === "closed")
        await report(state, { began: now(), ended: now(), complete: false });
      else if (happened.kind === "round")
        await report(state, {
          began: happened.began,
          ended: happened.ended,
          complete: happened.notLooked.length === 0,
        });
    },
  };
}

const isOver = (place: Spot | undefined): boolean =>
  place !== undefined && place.open === null && place.cleanAt !== null;

type Answered =
  | { readonly ok: true; readonly open: ReportAnswer["open"] }
  | { readonly ok: false; readonly why: string };

type Signed = { readonly report: Bytes; readonly signature: Bytes };

async function send({ staffOrigin, credential }: Place, signed: Signed): Promise<Answered> {
  const { method, path, body } = requestOf(takeReport, {}, signed);
  try {
    const answer = await fetch(`${staffOrigin}${path}`, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        origin: staffOrigin,
        "content-type": "application/json",
        accept: "application/json",
        authorization: `Pillarbox-Watch ${credential}`,
      },
      body: body as string,
    });
    if (answer.status !== 200) return { ok: false, why: `it answered ${answer.status}` };
    const { open } = answerOf(takeReport, answer.status, new Uint8Array(await answer.arrayBuffer()));
    return { ok: true, open };
  } catch {
    return { ok: false, why: "it does not answer" };
  }
}
