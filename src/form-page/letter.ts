/** The letter being written: the document's own questions, out of any form, known by our own map of fields. */
import type { Fields } from "../domain/form/fields.ts";
import { Fault } from "../domain/problem.ts";
import { el } from "./dom.ts";
import { undescribe } from "./question.ts";
import { FIELD, takeAllAway } from "./take.ts";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export type Letter = {
  /** Where the questions stand. */
  readonly place: HTMLElement;
  readonly questions: ReadonlyMap<string, HTMLElement>;
  readonly read: () => Fields;
  readonly isEmpty: () => boolean;
  /** Forgets everything that was written, and removes the questions from the document. */
  readonly forget: () => void;
};

/**
 * Replaces the document's form by a plain element with the same questions. A control without a form cannot be submitted
 * by anything. Radios get a neutral group name, because without one a browser does not group them.
 */
export function takeLetter(): Letter {
  const found = document.getElementById("letter");
  if (!found) throw new Fault("CONFIG_INVALID", "the page has no questions");
  takeAllAway(document);
  const place = el("div", { id: "letter", hidden: "" });
  found.replaceWith(place);
  place.append(found instanceof HTMLTemplateElement ? found.content : found);
  if (!(found instanceof HTMLTemplateElement)) found.replaceWith(...found.childNodes);
  for (const rest of document.querySelectorAll("[data-without-script]")) {
    for (const described of place.querySelectorAll(`[aria-describedby~="${CSS.escape(rest.id)}"]`))
      undescribe(described, rest.id);
    rest.remove();
  }
  for (const rest of place.querySelectorAll("input[type=hidden], [type=submit], button:not([type]), #sealing-note"))
    rest.remove();
  takeAllAway(place);
  return letterIn(place);
}

function letterIn(place: HTMLElement): Letter {
  const questions = new Map<string, HTMLElement>();
  for (const element of place.querySelectorAll<HTMLElement>("[data-question]"))
    questions.set(element.dataset["question"]!, element);
  let controls = [...place.querySelectorAll<Control>(`[data-question] [${FIELD}]`)];
  [...questions.values()].forEach((question, index) => {
    for (const radio of question.querySelectorAll<HTMLInputElement>("input[type=radio]"))
      radio.name = `choice-${index}`;
  });
  for (const control of controls) {
    // Not kept by the browser for later either, unless the form says that it is the writer's own detail.
    if (!control.hasAttribute("autocomplete")) control.setAttribute("autocomplete", "off");
  }
  return {
    place,
    questions,
    read: () => readFields(controls),
    isEmpty: () => Object.values(readFields(controls)).every((value) => value.length === 0),
    forget() {
      for (const control of controls) clear(control);
      controls = [];
      place.remove();
    },
  };
}

const isChoice = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox");

function readFields(controls: readonly Control[]): Fields {
  const fields: { [name: string]: string | string[] } = {};
  for (const control of controls) {
    const name = control.getAttribute(FIELD)!;
    if (!isChoice(control)) fields[name] = control.value;
    else if (control.checked && control.type === "radio") fields[name] = control.value;
    else if (control.checked) fields[name] = [...(fields[name] ?? []), control.value];
  }
  return fields;
}

function clear(control: Control): void {
  if (isChoice(control)) control.checked = false;
  else control.value = "";
}
