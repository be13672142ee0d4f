/**
 * What somebody adds to a letter that they have sent: one text. The form is part of the program, so that no body can
 * ask for more by it.
 */
import { formHash, type Form, type FormDefinition } from "./form.ts";

/** The one question's id. */
export const ADDED = "added";

const definition: FormDefinition = {
  id: "addition",
  title: "Added to a letter",
  body: "any",
  lead: ["What you add is sealed like your letter."],
  retention: { months: 1200, why: "as long as the letter" },
  browserOnly: false,
  exitPage: null,
  otherChannels: [{ label: "The body", text: "As for the letter" }],
  next: { text: ["It is read with your letter."], days: 20 },
  declaration: null,
  questions: [
    {
      id: ADDED,
      kind: "long-text",
      title: "What do you want to add?",
      category: "not-yet-known",
      slip: false,
      errors: { missing: "Write what you want to add" },
    },
  ],
};

/**
 * The one form that `parseForm` would refuse: nothing of it stands on the slip, because its letter tells readers what
 * it is about.
 */
export const additionForm = definition as Form;

/** Stands where a letter has the hash of its form's version; no published form has it, because it names no body. */
export const ADDITION_HASH = formHash(additionForm);
