/**
 * What the public pages show, as data for `views/`: the server and the counter draw the same pages from the same words.
 * Everything is text; nothing here is HTML.
 */
import { timeInZone, type Zone } from "../time.ts";
import { canonicalJson } from "../canonical.ts";
import type { AnswerProblem, Answers } from "./answers.ts";
import { zoneOfBody, type Body, type CompleteBody } from "./body.ts";
import { controlsOf } from "./controls.ts";
import { rowsOf } from "./display.ts";
import { valuesIn, type Fields } from "./fields.ts";
import type { Form } from "./form.ts";
import { hostSentence, keptSentence, lookedSentence, readersSentence, type ReaderCount } from "./who.ts";

export type View = { readonly template: string; readonly data: { readonly [name: string]: unknown } };
export type Link = { readonly text: string; readonly href: string };

/** What all pages of one process have in common. */
export type Site = {
  /** Before addresses of the public server: "" there, its origin on the counter. */
  readonly base: string;
  readonly counterOrigin: string;
  readonly staffOrigin: string;
  readonly demonstration: boolean;
  /** name → address, as in `dist/manifest.json`; the counter puts its own path in front. */
  readonly assets: { readonly [name: string]: string };
  /** Every body of the installation, as far as the process knows them. */
  readonly bodies?: () => readonly Body[];
  /** Modules that the form page's script needs first. */
  readonly preload: readonly string[];
};

export type Layout = {
  readonly title: string;
  readonly service: string;
  readonly home: string;
  readonly demonstration: boolean;
  readonly assets: Site["assets"];
  readonly footer: readonly Link[];
  /** on a page of no one body: the links of each */
  readonly footers: readonly { readonly name: string; readonly links: readonly Link[] }[];
};

/**
 * Title, header and footer. A page of no one body (the status page, an error) has the way to the forms and, where the
 * bodies are known, what each of them says of itself.
 */
export function layoutOf(site: Site, body: Body | null, title: string): Layout {
  const bodies = site.bodies?.() ?? [];
  const only = body ?? (bodies.length === 1 ? bodies[0]! : null);
  const own = only === null ? [] : footerOf(site, only);
  return {
    title: body ? `${title} – ${body.name}` : title,
    service: body?.name ?? "Pillarbox",
    home: `${site.base}/`,
    demonstration: site.demonstration,
    assets: site.assets,
    footer: [
      ...(body === null ? [{ text: "Forms", href: `${site.base}/` }] : []),
      { text: "What happened to your letter", href: `${site.base}/status` },
      ...own,
    ],
    footers: only === null ? bodies.map((one) => ({ name: one.name, links: footerOf(site, one) })) : [],
  };
}

/** What a body must say of itself on each of its pages. */
export function footerOf(site: Site, { id, dataProblem }: Pick<Body, "id" | "dataProblem">): readonly Link[] {
  const page = (name: string): string => `${site.base}/bodies/${id}/${name}`;
  return [
    { text: "Privacy notice", href: page("privacy") },
    { text: "Accessibility statement", href: page("accessibility") },
    { text: "Cookies", href: page("cookies") },
    { text: "Contact us", href: page("contact") },
    ...(dataProblem === undefined
      ? []
      : [{ text: "Tell us about a problem with our data", href: `${site.base}/forms/${dataProblem}` }]),
  ];
}

/** Only what `views/` needs to know about an address to which a form is posted, and the fields that travel hidden. */
export type Hidden = readonly { readonly name: string; readonly value: string }[];

/** What the script verifies from; on the counter, where no script runs, there is none. */
export type PageSetup = {
  readonly installation: string;
  readonly body: string;
  readonly root: string;
  /** where the body's clock hangs */
  readonly zone: Zone;
  readonly publicOrigin: string;
  readonly formHash: string;
  readonly keyUrl: string;
  readonly submissionsUrl: string;
};

export type FormPage = {
  readonly site: Site;
  readonly form: Form;
  readonly body: CompleteBody;
  readonly readers: ReaderCount;
  readonly setup: PageSetup | null;
  /** when a look from outside last showed nothing, milliseconds; null or left out where nobody has looked */
  readonly lookedAt?: number | null;
  readonly fields?: Fields;
  readonly problems?: readonly AnswerProblem[];
  readonly hidden?: Hidden;
};

const counterAddress = (site: Site, form: Form): string => `${site.counterOrigin}/counter/forms/${form.id}`;

/** The form with all its questions; with problems it is the error page, and the answers are kept. */
export function formView({
  site,
  form,
  body,
  readers,
  setup,
  lookedAt = null,
  fields = {},
  problems = [],
  hidden = [],
}: FormPage): View {
  const layout = layoutOf(site, body, form.title);
  return {
    template: "form.njk",
    data: {
      layout: problems.length > 0 ? { ...layout, title: `Error: ${layout.title}` } : layout,
      form,
      action: counterAddress(site, form),
      hidden: setup === null ? hidden : [{ name: "_form", value: setup.formHash }, ...hidden],
      privacyHref: `${site.base}/bodies/${body.id}/privacy`,
      browsersHref: `${site.base}/bodies/${body.id}/accessibility`,
      controls: controlsOf(form.questions, fields, problems),
      problems: problems.map(({ field, text }) => (field ? { text, href: `#${field}` } : { text })),
      who: {
        readers: readersSentence(readers, body.name),
        host: hostSentence(body),
        kept: keptSentence(form, body.name),
        looked: lookedAt === null ? null : lookedSentence(lookedAt, zoneOfBody(body)),
        ...readers,
      },
      script:
        setup === null
          ? null
          : {
              guard: site.assets["form-page.guard.js"] ?? null,
              main: site.assets["form-page.js"] ?? null,
              preload: site.preload,
              form: canonicalJson(form),
              setup: canonicalJson(setup),
            },
    },
  };
}

export type CheckPage = {
  readonly site: Site;
  readonly form: Form;
  readonly body: CompleteBody;
  readonly answers: Answers;
  readonly hidden: Hidden;
  /** Why sending failed, as a sentence; the answers are still there. */
  readonly problem?: string;
};

/** "Check your answers" of the counter: the answers travel on as hidden fields. */
export function checkView({ site, form, body, answers, hidden, problem }: CheckPage): View {
  const address = counterAddress(site, form);
  const layout = layoutOf(site, body, `Check your answers – ${form.title}`);
  return {
    template: "check.njk",
    data: {
      layout: problem === undefined ? layout : { ...layout, title: `Error: ${layout.title}` },
      form,
      action: address,
      hidden,
      problems: problem === undefined ? [] : [{ text: problem }],
      rows: rowsOf(form, answers).map((row) => ({
        ...row,
        step: `change ${row.question}`,
        changeTo: `${address}#q_${row.question}`,
      })),
    },
  };
}

/** The confirmation. `receivedAt` in milliseconds since the epoch, or null where only that it was received is known. */
export function confirmationView(
  site: Site,
  form: Form,
  body: CompleteBody,
  reference: string,
  words: readonly string[],
  receivedAt: number | null,
): View {
  const received = receivedAt === null ? null : timeInZone(receivedAt, zoneOfBody(body));
  return {
    template: "confirmation.njk",
    data: {
      layout: layoutOf(site, body, `Sent – ${form.title}`),
      form,
      body,
      reference,
      words,
      received,
      statusHref: `${site.base}/status`,
      formHref: `${site.base}/forms/${form.id}`,
    },
  };
}

/** A form that is closed, or that takes only what a browser has sealed: the other ways to reach the body. */
export function closedView(site: Site, form: Form, body: CompleteBody, why: "closed" | "browser-only"): View {
  const data = {
    layout: layoutOf(site, body, form.title),
    form,
    body,
    why,
    statusHref: `${site.base}/status`,
    formHref: `${site.base}/forms/${form.id}`,
  };
  return { template: "closed.njk", data };
}

/** A page for what went wrong; `sentence` is one of `SENTENCES`. */
export function errorView(
  site: Site,
  body: Body | null,
  heading: string,
  sentence: string,
  links: readonly Link[] = [],
): View {
  return { template: "error.njk", data: { layout: layoutOf(site, body, heading), heading, sentence, links } };
}

/** Hidden fields that carry answers from page to page. */
export const hiddenOf = (fields: Fields): Hidden =>
  Object.keys(fields).flatMap((name) => valuesIn(fields, name).map((value) => ({ name, value })));
