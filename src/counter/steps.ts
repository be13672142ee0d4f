/**
 * The three steps of a letter without script: answers, change, send. Everything that is known between them stands in
 * hidden fields of the page; nothing is kept here.
 */
import { checkAnswers, type AnswerProblem, type Answers } from "../domain/form/answers.ts";
import type { Fields } from "../domain/form/fields.ts";
import { fieldsOf } from "../domain/form/filled.ts";
import {
  checkView,
  closedView,
  confirmationView,
  formView,
  hiddenOf,
  type Site,
  type View,
} from "../domain/form/page.ts";
import { codeOf, sentence, type Code } from "../domain/problem.ts";
import { referenceOf } from "../domain/seal/reference.ts";
import type { Config } from "./config.ts";
import type { Forms } from "./forms.ts";
import { fieldsFor, ownFields, readPosted, submissionIdOf, type Posted } from "./letter.ts";
import { statusOf } from "./problems.ts";
import { sendLetter } from "./send.ts";
import type { VerifiedForm } from "./verified-form.ts";
import type { Wire } from "./wire.ts";

export type Desk = {
  readonly config: Pick<Config, "logKey" | "sealing">;
  readonly site: Site;
  readonly forms: Forms;
  readonly wire: Wire;
};
export type Page = { readonly status: number; readonly view: View };

/**
 * What a POST of the form `id` is answered with.
 * @throws what the server or the statements refuse before there is a page
 */
export async function answerPost(desk: Desk, id: string, body: unknown): Promise<Page> {
  const posted = readPosted(body);
  const found = await desk.forms.current(id);
  const checked = checkAnswers(found.form, posted.fields);
  if (found.browserOnly) return browserOnly(desk, found, posted, checked.ok ? checked.answers : null);
  if (!found.open)
    return checked.ok
      ? notSent(desk, found, posted, checked.answers, "FORM_CLOSED")
      : { status: 409, view: closedView(desk.site, found.form, found.body, "closed") };
  if (posted.formHash !== "" && posted.formHash !== found.formHash) return changedForm(desk, found, posted);
  if (posted.step.kind === "change") return formPage(desk, found, posted, posted.fields, [], 200);
  if (!checked.ok) return formPage(desk, found, posted, posted.fields, checked.problems, 400);
  if (posted.step.kind === "send") return send(desk, found, posted, checked.answers);
  return { status: 200, view: checkPage(desk, found, posted, checked.answers) };
}

async function send(desk: Desk, found: VerifiedForm, posted: Posted, answers: Answers): Promise<Page> {
  try {
    const { submission, words, receivedAt } = await sendLetter(desk, found, posted.entropy, answers);
    return {
      status: 200,
      view: confirmationView(desk.site, found.form, found.body, referenceOf(submission), words, receivedAt),
    };
  } catch (thrown) {
    const code = codeOf(thrown);
    if (UNKNOWN.has(code))
      return notSent(
        desk,
        found,
        { ...posted, tried: submissionIdOf(found.form, posted.entropy, answers) },
        answers,
        code,
      );
    if (code === "FORM_CHANGED") return changedForm(desk, await desk.forms.current(found.form.id, "anew"), posted);
    if (code === "COUNTER_REFUSED") return browserOnly(desk, found, posted, answers);
    return notSent(desk, found, posted, answers, code);
  }
}

/** The page for it says that nothing was stored, which is not known after a send without an answer. */
const browserOnly = (desk: Desk, found: VerifiedForm, posted: Posted, answers: Answers | null): Page =>
  posted.tried !== "" && answers
    ? notSent(desk, found, posted, answers, "COUNTER_REFUSED")
    : { status: 403, view: closedView(desk.site, found.form, found.body, "browser-only") };

/** After these a letter may have been stored although its answer never came. */
const UNKNOWN: ReadonlySet<Code> = new Set(["UNAVAILABLE", "INTERNAL"]);

/** Nobody loses what they wrote because we could not take it. */
const notSent = (desk: Desk, found: VerifiedForm, posted: Posted, answers: Answers, code: Code): Page => ({
  status: statusOf(code),
  view: checkPage(
    desk,
    found,
    posted,
    answers,
    posted.tried === ""
      ? (NOT_SENT[code] ?? `${sentence(code)} Your answers are still on this page.`)
      : notKnown(posted.tried, code),
  ),
});

const NOT_SENT: { readonly [code in Code]?: string } = {
  FORM_CLOSED:
    "This form was closed before your answers were sent. Nothing was sent. Your answers are still on this page: you can save them and reach us in another way.",
  TOO_MANY:
    "Your answers were not sent, because too many people are sending at the moment. Nothing was lost: they are still on this page. Wait a minute and select Send again.",
  ENVELOPE_TOO_LARGE:
    "Your answers are too long to send together, so nothing was sent. They are still on this page. Change the longest ones and select Send again.",
};

/**
 * Where an earlier send may have arrived, nothing is said of what was or was not sent. The same answers keep their
 * number.
 */
function notKnown(tried: string, code: Code): string {
  const why = WHY[code] ?? "Your answers were not taken this time.";
  const next =
    UNKNOWN.has(code) || code === "TOO_MANY"
      ? "Wait a minute and select Send again: if they did arrive, this does not make a second letter."
      : "Save your answers and reach us in another way, and tell us the reference.";
  return `${why} We do not know whether your answers arrived when you sent them. If they did, your reference is ${referenceOf(tried)}: write it down. Nothing was lost: your answers are still on this page. ${next}`;
}

const WHY: { readonly [code in Code]?: string } = {
  UNAVAILABLE: "The service did not answer.",
  INTERNAL: "The service did not answer.",
  TOO_MANY: "Too many people are sending at the moment.",
  FORM_CLOSED: "This form has been closed.",
  COUNTER_REFUSED: "This form now only takes answers that a browser with JavaScript has sealed.",
};

function checkPage(
  { site }: Desk,
  { form, formHash, body }: VerifiedForm,
  posted: Posted,
  answers: Answers,
  problem?: string,
): View {
  const hidden = [...ownFields(formHash, posted), ...hiddenOf(fieldsOf(form, answers))];
  return checkView({ site, form, body, answers, hidden, ...(problem !== undefined && { problem }) });
}

function formPage(
  { site }: Desk,
  { form, formHash, body, readers }: VerifiedForm,
  posted: Posted,
  fields: Fields,
  problems: readonly AnswerProblem[],
  status: number,
): Page {
  return {
    status,
    view: formView({ site, form, body, readers, setup: null, fields, problems, hidden: ownFields(formHash, posted) }),
  };
}

const changedForm = (desk: Desk, found: VerifiedForm, posted: Posted): Page =>
  formPage(
    desk,
    found,
    posted,
    fieldsFor(found.form, posted.fields),
    [{ question: "", field: "", text: posted.tried === "" ? CHANGED : changedSince(posted.tried) }],
    409,
  );

const CHANGED = "The form was changed while you were writing. Nothing was sent. Check your answers and continue";
const changedSince = (tried: string): string =>
  `The form was changed after you sent your answers, and we do not know whether they arrived. If they did, your reference is ${referenceOf(tried)}: write it down. What you send now is another letter, so you can ask us first`;
