/** From a code to what a person sees: status, heading, sentence. */
import { errorView, type Site, type View } from "../domain/form/page.ts";
import { Fault, codeOf, sentence, type Code } from "../domain/problem.ts";

const STATUS: { readonly [code in Code]?: number } = {
  NOT_FOUND: 404,
  FORM_UNKNOWN: 404,
  FORM_CLOSED: 409,
  FORM_CHANGED: 409,
  COUNTER_REFUSED: 403,
  RECEIPT_UNKNOWN: 404,
  LETTER_ERASED: 409,
  EPOCH_ENDED: 409,
  TOO_LARGE: 413,
  ENVELOPE_TOO_LARGE: 413,
  WRONG_TYPE: 415,
  TOO_MANY: 429,
  BAD_REQUEST: 400,
  UNAVAILABLE: 503,
  // What the public server says and the statements do not: nothing is sealed until it is mended.
  CHAIN_BROKEN: 503,
  RECIPIENT_MISMATCH: 503,
  SEAL_RECIPIENTS: 503,
  BODY_INCOMPLETE: 503,
  FORM_INVALID: 503,
  MALFORMED: 503,
};

/** The HTTP status of a code; what is not the caller's doing is ours. */
export const statusOf = (code: Code): number => STATUS[code] ?? 500;

type Words = { readonly heading: string; readonly text: string };

const WORDS: { readonly [code in Code]?: Words } = {
  NOT_FOUND: { heading: "Page not found", text: "There is nothing at this address. Nothing was sent." },
  FORM_UNKNOWN: { heading: "Form not found", text: sentence("FORM_UNKNOWN") },
  TOO_LARGE: {
    heading: "Your answers are too long",
    text: "Together they are longer than we can take. Nothing was sent. Your browser may still have them if you go back: shorten the longest answer and try again. A very long text can be sent to us by post.",
  },
  WRONG_TYPE: {
    heading: "This could not be read",
    text: "It was not sent from one of our forms. Nothing was stored. Open the form and try again.",
  },
  TOO_MANY: {
    heading: "Too many requests",
    text: "Too many requests came from your network. Nothing was stored this time. Wait a minute, then reload this page: your browser sends your answers again.",
  },
  BAD_REQUEST: {
    heading: "This could not be read",
    text: "It did not arrive whole. Nothing was stored. Reload this page: your browser sends your answers again.",
  },
};

const UNUSABLE: Words = {
  heading: "Sorry, the form cannot be used at the moment",
  text: "Nothing was sent this time. Your answers are not lost as long as you stay on this page: wait a minute and reload it, and your browser sends them again. You can also reach us in another way.",
};

/** The page for a fault, with a way on. */
export const problemView = (site: Site, code: Code): View => {
  const { heading, text } = WORDS[code] ?? UNUSABLE;
  return errorView(site, null, heading, text, [{ text: "Go to the list of forms", href: `${site.base}/` }]);
};

/** What Fastify itself refuses, in our codes. */
export function codeOfHttp(thrown: unknown): Code {
  if (thrown instanceof Fault) return thrown.code;
  const { statusCode } = thrown as { readonly statusCode?: number };
  if (statusCode === 413) return "TOO_LARGE";
  if (statusCode === 415) return "WRONG_TYPE";
  if (statusCode === 404) return "NOT_FOUND";
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? "BAD_REQUEST" : codeOf(thrown);
}
