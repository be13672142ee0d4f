/**
 * The page when the form cannot be used: what happened, that nothing was sent, and the other ways to reach the body.
 */
import { el, paragraph, type Child } from "./dom.ts";

/** Why the form stands still when one of the page's scripts is missing. */
export const NOT_LOADED =
  "Part of this page did not load, so your answers could not be sealed. Nothing was sent. Reload the page to try again.";

/** Why the form stands still when one of its scripts met something that it did not expect. */
export const BROKEN =
  "This page has stopped working in your browser. Another browser, or the same one after an update, may be able to use it.";

type Channel = { readonly label: string; readonly text: string };

/** The body's other channels, from the form's own data; none if that cannot be read. */
function otherChannels(): readonly Channel[] {
  try {
    const form = JSON.parse(document.getElementById("pillarbox-form")?.textContent ?? "") as {
      otherChannels?: readonly Channel[];
    };
    return form.otherChannels ?? [];
  } catch {
    return [];
  }
}

/** The other channels as a list. */
export const channelList = (channels: readonly Channel[]): HTMLElement =>
  el(
    "dl",
    { class: "pb-channels" },
    ...channels.map(({ label, text }) => el("div", {}, el("dt", {}, label), el("dd", {}, text))),
  );

/** The same with its sentence, or nothing where there is none. */
export function elsewhere(): readonly HTMLElement[] {
  const channels = otherChannels();
  return channels.length === 0 ? [] : [paragraph("You can also reach us in another way:"), channelList(channels)];
}

/** Puts the banner at the top of `place`; a screen reader reads it at once. */
export function stopBanner(place: Element, ...content: readonly Child[]): HTMLElement {
  const banner = el(
    "div",
    { class: "govuk-error-summary", role: "alert", "data-stopped": "" },
    el("h2", { class: "govuk-error-summary__title" }, "You cannot use this form at the moment"),
    el(
      "div",
      { class: "govuk-error-summary__body" },
      ...content.map((part) => (typeof part === "string" ? paragraph(part) : part)),
      ...elsewhere(),
    ),
  );
  place.prepend(banner);
  return banner;
}
