/**
 * Takes every way out of the document's form away, before any question can be used. Nothing puts them back:
 * there is no function here for it, and the page's own policy then refuses every form submission.
 */

const CONTROLS = "button, fieldset, input, object, output, select, textarea";
const FORM_EXITS = ["action", "method", "enctype", "target", "name", "accept-charset"];
const CONTROL_EXITS = ["name", "form", "formaction", "formmethod", "formenctype", "formtarget", "dirname"];

/** The attribute by which a field is known from then on. */
export const FIELD = "data-field";

/** Takes the ways out of one element: a form's address and method, a control's name. */
function takeAway(element: Element): void {
  if (element instanceof HTMLFormElement) for (const exit of FORM_EXITS) element.removeAttribute(exit);
  if (!element.matches(CONTROLS)) return;
  const name = element.getAttribute("name");
  if (name !== null) element.setAttribute(FIELD, name);
  for (const exit of CONTROL_EXITS) element.removeAttribute(exit);
}

/** The same for an element and everything in it. */
export function takeAllAway(root: Element | Document): void {
  if (root instanceof Element) takeAway(root);
  for (const element of root.querySelectorAll(`form, ${CONTROLS}`)) takeAway(element);
}

/** From now on no form of this document is submitted: not by a person, a script, or an extension. */
export function forbidSubmitting(): void {
  window.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "form-action 'none'";
  document.head.append(policy);
}
