/** The status pages as data for `views/`: the page where the words are entered, and what the counter shows for them. */
import { canonicalJson } from "../canonical.ts";
import { footerOf, layoutOf, type Hidden, type Site, type View } from "../form/page.ts";
import type { KeyKind } from "../seal/age.ts";
import { referenceOf } from "../seal/reference.ts";
import type { Held, Status } from "./status.ts";
import { toldOf, type ToldCase } from "./told.ts";

/** What the script verifies from, and where it asks. */
export type StatusSetup = {
  readonly installation: string;
  readonly roots: { readonly [body: string]: string };
  /** the log's verifier key */
  readonly logKey: string;
  /** the kind of the key that replies are sealed to */
  readonly sealing: KeyKind;
  readonly findUrl: string;
  readonly addUrl: string;
  readonly eraseUrl: string;
};

/**
 * Where “Exit this page” leads from the pages about a letter: somewhere that anybody might be. They have it always,
 * because before the words are typed nobody knows whether the letter's form has it.
 */
export const EXIT_PAGE = "https://www.bbc.co.uk/weather";

export type StatusPage = {
  readonly site: Site;
  readonly setup: StatusSetup | null;
  /** what was typed, to be put right */
  readonly reference?: string;
  readonly words?: string;
  readonly problems?: readonly { readonly field: "reference" | "words"; readonly text: string }[];
};

/** Where the page that checks a proof of receipt offline is kept from: a file for the writer's own device. */
export const CHECK_PAGE = "/check-receipt.html";

/** Where the words are entered; with problems it is the error page, and what was typed is kept. */
export function statusPageView({ site, setup, reference = "", words = "", problems = [] }: StatusPage): View {
  const layout = layoutOf(site, null, "What happened to your letter");
  const errorOf = (field: string) => problems.find((problem) => problem.field === field)?.text ?? null;
  return {
    template: "status.njk",
    data: {
      layout: { ...layout, title: `${problems.length > 0 ? "Error: " : ""}${layout.title}` },
      action: `${site.counterOrigin}/counter/status`,
      reference,
      words,
      referenceError: errorOf("reference"),
      wordsError: errorOf("words"),
      problems: problems.map(({ field, text }) => ({ text, href: `#${field}` })),
      checkHref: `${site.base}${CHECK_PAGE}`,
      exitHref: EXIT_PAGE,
      script:
        setup === null
          ? null
          : {
              guard: site.assets["form-page.guard.js"] ?? null,
              main: site.assets["status-page.js"] ?? null,
              setup: canonicalJson(setup),
            },
    },
  };
}

/** Of the process that draws it, or with what the letter says. */
const bodyOf = (site: Site, id: string) => site.bodies?.().find((body) => body.id === id) ?? { id };

export type ToldPage = {
  readonly site: Site;
  readonly status: Status;
  readonly held: Held;
  readonly done: ToldCase;
  /** The words travel on, hidden, and the receipt's own page keeps nothing. */
  readonly hidden: Hidden;
  /** Something that was just done, or could not be. */
  readonly said?: string;
  readonly problem?: string;
  /** what somebody was adding */
  readonly adding?: string;
};

/** What the counter shows: the same sentences as the script's page. */
export function toldView({ site, status, held, done, hidden, said, problem, adding = "" }: ToldPage): View {
  const title = `Your letter ${referenceOf(status.letter.submission)}`;
  const own = layoutOf(site, null, title);
  const layout = { ...own, footer: [...own.footer, ...footerOf(site, bodyOf(site, status.body))], footers: [] };
  return {
    template: "told.njk",
    data: {
      layout: problem === undefined ? layout : { ...layout, title: `Error: ${layout.title}` },
      action: `${site.counterOrigin}/counter/status`,
      hidden,
      sections: toldOf(status, { held, by: "counter" }, done).map(
        ({ id, heading, text = [], rows = [], list = [] }) => ({
          id,
          heading,
          text,
          rows,
          list,
        }),
      ),
      channels: status.channels,
      said: said ?? null,
      problem: problem ?? null,
      adding,
      mayAdd: status.erasure?.state !== "granted",
      mayAsk: status.erasure === null || status.erasure.state === "refused",
      proof: status.letter.received !== null,
      certificate: status.erasure?.done != null,
      checkHref: `${site.base}${CHECK_PAGE}`,
      exitHref: EXIT_PAGE,
    },
  };
}
