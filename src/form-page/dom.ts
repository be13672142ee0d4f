/** Building elements without a sink: text is always text (CSP: Trusted Types with no policy at all). */

export type Child = Node | string;

/** An element with attributes and children; strings become text nodes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A paragraph of body text. */
export const paragraph = (...children: readonly Child[]): HTMLElement => el("p", { class: "govuk-body" }, ...children);

/** A button that does one thing; never `type=submit`, which would look for a form. */
export function button(text: string, act: () => void, classes = ""): HTMLButtonElement {
  const element = el(
    "button",
    { type: "button", class: `govuk-button ${classes}`.trim(), "data-module": "govuk-button" },
    text,
  );
  element.addEventListener("click", act);
  return element;
}

/** A link that acts in the page: it has an address only so that it is a link for everybody. */
export function actionLink(text: string, hidden: string, act: () => void): HTMLAnchorElement {
  const link = el("a", { class: "govuk-link", href: "#main-content" }, text);
  if (hidden) link.append(el("span", { class: "govuk-visually-hidden" }, ` ${hidden}`));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    act();
  });
  return link;
}
