/** The pages that the law asks for, written out from a body's record. */
import type { CompleteBody } from "./body.ts";
import { browsersText, PUBLIC_BROWSERS } from "./browsers.ts";
import type { Link, View } from "./page.ts";
import { layoutOf, type Site } from "./page.ts";

export const INFO_PAGES = ["privacy", "accessibility", "cookies", "contact"] as const;
export type InfoPage = (typeof INFO_PAGES)[number];

export type Section = {
  readonly heading: string;
  readonly text?: readonly string[];
  readonly list?: readonly string[];
  readonly lines?: readonly string[];
  readonly link?: Link;
  readonly after?: readonly string[];
};

const TITLES: { readonly [page in InfoPage]: string } = {
  privacy: "Privacy notice",
  accessibility: "Accessibility statement",
  cookies: "Cookies",
  contact: "Contact us",
};

/** One of the four pages that every public page links to. */
export function infoView(site: Site, body: CompleteBody, page: InfoPage): View {
  const sections = { privacy, accessibility, cookies, contact }[page](body);
  return {
    template: "info.njk",
    data: { layout: layoutOf(site, body, TITLES[page]), heading: TITLES[page], sections },
  };
}

const mail = (email: string): Link => ({ text: email, href: `mailto:${email}` });

function privacy({ privacy: p, contact }: CompleteBody): readonly Section[] {
  return [
    { heading: "Who is responsible", text: p.controller, lines: contact.address },
    {
      heading: "Our data protection officer",
      text: [`You can write to our ${p.dpo.name} about anything on this page.`],
      lines: [p.dpo.address],
      link: mail(p.dpo.email),
    },
    { heading: "Why we ask, and what we do with it", list: p.purposes },
    { heading: "The law that lets us", text: p.lawfulBasis },
    { heading: "Who can see it", list: p.recipients },
    {
      heading: "How it is kept safe",
      text: [
        "What you write is sealed before it is stored, and can be opened only with keys that named people hold. Each time a letter is handed to one of them is written into a signed log before it happens.",
      ],
    },
    { heading: "Other countries", text: [p.transfers] },
    { heading: "How long we keep it", list: p.retention },
    { heading: "Your rights", list: p.rights },
    { heading: "Do you have to tell us?", text: [p.obligation] },
    { heading: "Decisions by computer", text: [p.automated] },
    {
      heading: "If you want to complain",
      text: [p.regulator.text],
      link: { text: p.regulator.name, href: p.regulator.url },
    },
    { heading: "When this page changed", text: [`This notice was last changed on ${p.updated}.`] },
  ];
}

function accessibility({ accessibility: a, contact }: CompleteBody): readonly Section[] {
  return [
    { heading: "How accessible these pages are", text: [a.standard], list: a.works },
    a.gaps.length > 0
      ? { heading: "What is not accessible yet", list: a.gaps }
      : {
          heading: "What is not accessible yet",
          text: ["We know of nothing at the moment. If you find something, tell us."],
        },
    {
      heading: "Browsers",
      text: [
        `In ${browsersText(PUBLIC_BROWSERS)}, what you write is sealed in your browser before it is sent. In every other browser, and with JavaScript turned off, the forms work too: there your answers are sealed as they arrive, before anything is stored. A form that takes only what a browser has sealed says so, and how else to reach us.`,
      ],
    },
    { heading: "Tell us about a problem", text: [a.feedback], link: mail(contact.email) },
    { heading: "If you are not satisfied", text: [a.enforcement] },
    { heading: "How we tested", text: [a.tested] },
  ];
}

function cookies(): readonly Section[] {
  return [
    {
      heading: "We use none",
      text: [
        "The public pages of this website set no cookies and keep nothing in your browser. Nobody measures or follows what you do here, and no other website is told that you came.",
      ],
    },
    {
      heading: "What we do note",
      text: [
        "When a page is asked for, we note the time, the page and how long the answer took. We do not note your internet address with it.",
      ],
    },
  ];
}

function contact({ contact: c, name }: CompleteBody): readonly Section[] {
  return [
    {
      heading: "Email",
      link: mail(c.email),
      after: ["Email is not sealed. For anything private, use one of our forms."],
    },
    { heading: "Telephone", text: [c.telephone, c.hours] },
    { heading: "Text relay", text: [`Dial 18001 then ${c.telephone}.`] },
    { heading: "Post", text: c.address[0] === name ? [] : [name], lines: c.address },
  ];
}
