/** The list of open forms, and in the demonstration the way through it. */
import type { Body } from "./body.ts";
import type { Form } from "./form.ts";
import { footerOf, layoutOf, type Link, type Site, type View } from "./page.ts";

export type OpenForms = { readonly body: Body; readonly forms: readonly Form[] };

export type Step = { readonly title: string; readonly text: string; readonly link: Link };

/** A notice that a body has published. */
export type Announced = { readonly body: Body; readonly title: string; readonly notice: string };

/**
 * The start page. With one body it bears that body's name; with several, each list does. Notices stand above the forms.
 * @param closed names of bodies whose first owner is not confirmed yet: they have no root, so nothing of theirs is open
 */
export function homeView(
  site: Site,
  groups: readonly OpenForms[],
  announced: readonly Announced[] = [],
  closed: readonly string[] = [],
): View {
  // The form about problems with data stands in the footer of every page, not among what a body is written to about.
  const shown = groups
    .map(({ body, forms }) => ({ body, forms: forms.filter(({ id }) => id !== body.dataProblem) }))
    .filter(({ forms }) => forms.length > 0);
  const only = shown.length === 1 ? shown[0]!.body : null;
  return {
    template: "home.njk",
    data: {
      // The links of each body stand beside its forms.
      layout: { ...layoutOf(site, only, "Forms"), footers: [] },
      statusHref: `${site.base}/status`,
      closed,
      steps: site.demonstration ? stepsOf(site, shown) : [],
      notices: announced.map(({ body, title, notice }) => ({
        name: body.name,
        title,
        href: `${site.base}/bodies/${body.id}/notices/${notice}`,
      })),
      groups: shown.map(({ body, forms }) => ({
        name: body.name,
        showName: only === null,
        footer: footerOf(site, body),
        forms: forms.map((form) => ({
          title: form.title,
          text: form.lead[0] ?? "",
          href: `${site.base}/forms/${form.id}`,
        })),
      })),
    },
  };
}

function stepsOf(site: Site, groups: readonly OpenForms[]): readonly Step[] {
  const first = groups[0]?.forms[0];
  const staff: Link = { text: "Go to the staff pages", href: site.staffOrigin };
  return [
    {
      title: "Write a letter",
      text: "Fill in a form as a member of the public would. What you write is sealed in your browser before it is sent. Try it with JavaScript off too.",
      link: {
        text: first ? "Open a form" : "See the forms below",
        href: first ? `${site.base}/forms/${first.id}` : "#forms",
      },
    },
    {
      title: "Ask as the operator",
      text: "The host’s operator looks after the website and holds no key. Sign in as the operator and ask that four case officers may read a form. Nothing changes yet.",
      link: staff,
    },
    {
      title: "Confirm as the owner",
      text: "Sign in as an owner at the body. See who would be able to read how many letters, until when, and confirm. Only now do the officers get a key.",
      link: staff,
    },
    {
      title: "Read as an officer",
      text: "Sign in as one of the four officers and open your letter. Then try the fifth colleague, who was not named.",
      link: staff,
    },
    {
      title: "Join as a new officer",
      text: "Sign in as an owner and invite a person, on the page People. The link arrives in the demonstration’s mailboxes, of which the terminal says the address: open it in a private window, make keys, and compare six words between the two windows.",
      link: staff,
    },
    {
      title: "Look at the log",
      text: "Sign in as the auditor. Who asked, who confirmed and which letters were handed to whom, in the order of a signed log.",
      link: staff,
    },
    {
      title: "Come back as the writer",
      text: "With the reference and the twelve words from step 1, see when and by which role your letter was opened. Add to it, ask for its erasure, keep a proof of receipt.",
      link: { text: "Go to the status page", href: `${site.base}/status` },
    },
    {
      title: "Answer a breach",
      text: "Say that an officer was the wrong person: as an owner end their access as granted by mistake, and open an incident. See whose letters could be reached and who looked, seal the list, and write to the people.",
      link: staff,
    },
  ];
}
