/**
 * Who could read now? Everything that somebody without a grant can ask for is asked for, and searched for the words of
 * the letters and for sealed bytes.
 */
import type { Desk } from "../src/cli/desk/desk.ts";
import { list as listSlips, open as openLetter } from "../demo/by-id.ts";
import { BODY, type Place } from "./place.ts";

type Row = { readonly door: "public" | "staff"; readonly method: string; readonly url: string };

export type Probe = {
  /** @returns how many answers held a word of a letter in clear */
  readonly exposed: () => Promise<{ readonly plaintext: number; readonly sealed: number; readonly asked: number }>;
};

const AT_ONCE = 8;

/**
 * @param routes the real table of routes
 * @param words words that stand in the letters and nowhere else
 * @param sealed what was sent of them, as base64: its middle is looked for
 */
export function probe(
  place: Place,
  routes: readonly Row[],
  live: { readonly inbox: string; readonly form: string; readonly submission: string },
  words: readonly string[],
  sealedParts: readonly string[],
  without: readonly Desk[],
): Probe {
  const { publicOrigin, staffOrigin, counterOrigin } = place.world;
  const values: { readonly [part: string]: string } = { body: BODY, ...live, hash: "0".repeat(64), "*": "0/000" };
  const filled = (url: string): string =>
    url
      .replace(/:(\w+)(?:\([^)]*\))?/g, (_, part: string) => values[part] ?? live.submission)
      .replace("*", values["*"]!);
  const pages = routes
    .filter(({ method }) => method === "GET")
    .map(({ door, url }) => (door === "public" ? publicOrigin : staffOrigin) + filled(url))
    .concat(`${counterOrigin}/`, `${counterOrigin}/forms/${live.form}`);
  const middles = sealedParts.map((part) => part.slice(1000, 1060));
  return {
    exposed: async () => {
      let [plaintext, sealed, asked] = [0, 0, 0];
      const judge = (text: string): void => {
        asked += 1;
        if (words.some((word) => text.includes(word))) plaintext += 1;
        if (middles.some((middle) => text.includes(middle))) sealed += 1;
      };
      const visitors = [{}, ...without.map((visit) => ({ cookie: visit.cookie() }))];
      for (const headers of visitors) {
        for (let from = 0; from < pages.length; from += AT_ONCE) {
          await Promise.all(
            pages
              .slice(from, from + AT_ONCE)
              .map(async (page) => judge(await (await fetch(page, { headers, redirect: "manual" })).text())),
          );
        }
      }
      for (const visit of without) {
        for (const read of [
          () => listSlips(visit, BODY, live.inbox),
          () => openLetter(visit, BODY, live.inbox, live.submission),
        ])
          judge(JSON.stringify(await read().catch(() => "")));
      }
      return { plaintext, sealed, asked };
    },
  };
}
