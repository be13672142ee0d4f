/** A field's message, in the place and with the words of the library's own. */
import { el } from "../dom.ts";
import { describe, undescribe } from "../question.ts";

/** Puts the message at a field, or takes it away. */
export function fieldProblem(field: HTMLInputElement | HTMLTextAreaElement, text: string | null): void {
  const id = `${field.id}-error`;
  const error = field.tagName === "TEXTAREA" ? "govuk-textarea--error" : "govuk-input--error";
  const group = field.closest(".govuk-form-group");
  document.getElementById(id)?.remove();
  undescribe(field, id);
  field.classList.toggle(error, text !== null);
  group?.classList.toggle("govuk-form-group--error", text !== null);
  if (text === null) return;
  field.before(
    el("p", { id, class: "govuk-error-message" }, el("span", { class: "govuk-visually-hidden" }, "Error:"), ` ${text}`),
  );
  describe(field, id);
}
