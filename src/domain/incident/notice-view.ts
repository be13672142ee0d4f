/** A public notice as a page of its body. */
import { dayWords, dayFigures } from "../time.ts";
import { zoneOfBody, type CompleteBody } from "../form/body.ts";
import { layoutOf, type Site, type View } from "../form/page.ts";
import type { Notice } from "./notice.ts";

/** Everything is text; lines of a paragraph stay lines. */
export function noticeView(site: Site, body: CompleteBody, { title, paragraphs, at }: Notice): View {
  return {
    template: "notice.njk",
    data: {
      layout: layoutOf(site, body, title),
      heading: title,
      name: body.name,
      paragraphs: paragraphs.map((one) => one.split("\n")),
      day: dayWords(at, zoneOfBody(body)),
      machine: dayFigures(at, zoneOfBody(body)),
      contact: `${site.base}/bodies/${body.id}/contact`,
    },
  };
}
