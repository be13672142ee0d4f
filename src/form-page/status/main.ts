/**
 * The status page, in the order in which things happen. The words are typed here and stay here: they stand in no
 * address, title, history or storage, and what is asked with is derived from them.
 */
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { codeOf, Fault, sentence, type Code } from "../../domain/problem.ts";
import { receiptSignIn } from "../../domain/receipt/keys.ts";
import { readWords, wordsProblem } from "../../domain/receipt/words.ts";
import { plainReference, referenceOf } from "../../domain/seal/reference.ts";
import { capable } from "../capable.ts";
import { button, el } from "../dom.ts";
import { watchLeaving } from "../exit.ts";
import { errorSummary, focusSummary } from "../errors.ts";
import { NOT_LOADED, stopBanner } from "../stop.ts";
import { FIELD, forbidSubmitting, takeAllAway } from "../take.ts";
import { find } from "./ask.ts";
import { fieldProblem } from "./fields.ts";
import { toldPage } from "./told.ts";
import { readSetup } from "./setup.ts";

/** The fields without the form around them, still hidden. */
function takeFields(): HTMLElement {
  const form = document.getElementById("letter");
  if (!form) throw new Fault("CONFIG_INVALID", "the page has no fields");
  for (const rest of document.querySelectorAll("[data-without-script], #letter button")) rest.remove();
  const place = el("div", { id: "letter" });
  form.replaceWith(place);
  place.append(...form.childNodes);
  return place;
}

function start(): void {
  // 1. Every way out of the document is taken away, and nothing puts it back.
  forbidSubmitting();
  takeAllAway(document);
  const setup = readSetup();
  const place = takeFields();
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  for (const link of document.querySelectorAll("[data-module=govuk-skip-link]")) new SkipLink(link);

  // 2. The fields, and what is asked with them.
  const column = place.parentElement!;
  const [reference, words] = [
    place.querySelector<HTMLInputElement>(`[${FIELD}=reference]`)!,
    place.querySelector<HTMLTextAreaElement>(`[${FIELD}=words]`)!,
  ];
  const banners = el("div");
  column.prepend(banners);
  const title = document.title;
  let busy = false;
  const look = button("See what happened", () => void (busy ? undefined : ask()));
  place.append(look);
  reference.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!busy) void ask();
  });

  function problem(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
    fieldProblem(field, text);
    const summary = errorSummary([{ question: "", field: field.id, text }]);
    banners.replaceChildren(summary);
    document.title = `Error: ${title}`;
    focusSummary(summary);
  }

  async function ask(): Promise<void> {
    banners.replaceChildren();
    document.title = title;
    for (const field of [reference, words]) fieldProblem(field, null);
    const read = readWords(words.value);
    if (!read.ok) return problem(words, wordsProblem(read));
    busy = true;
    look.textContent = "Looking…";
    look.setAttribute("aria-disabled", "true");
    try {
      const signIn = receiptSignIn(read.entropy);
      const status = await find(setup.findUrl, signIn);
      if (status === null) return problem(words, sentence("RECEIPT_UNKNOWN").replace(/\.$/, ""));
      const typed = plainReference(reference.value);
      const own = referenceOf(status.letter.submission);
      if (typed !== "" && typed !== plainReference(own))
        return problem(
          reference,
          `These receipt words belong to another letter, ${own}. Take the reference away to see it`,
        );
      words.value = "";
      const { replyKeys } = await import("../../domain/receipt/binding.ts");
      const replying = await replyKeys(read.entropy, setup.sealing);
      await toldPage(column, { setup, entropy: read.entropy, signIn, replying }, status);
    } catch (thrown) {
      problem(words, unstopped(codeOf(thrown)));
    } finally {
      busy = false;
      look.textContent = "See what happened";
      look.removeAttribute("aria-disabled");
    }
  }

  // What was typed and what came is gone from the page before it is left in haste.
  watchLeaving({ isEmpty: () => true, forget: () => forget(column) }, () => location.reload());
  place.hidden = false;
}

/** For a field, without its full stop. */
const unstopped = (code: Code): string =>
  code === "INTERNAL"
    ? "The page could not show the answer. Reload it and try again"
    : sentence(code).replace(/\.$/, "");

function forget(column: HTMLElement): void {
  for (const field of column.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea"))
    field.value = "";
  column.replaceChildren();
}

try {
  // A browser that is too old keeps the fields as they came, which are posted to the counter.
  if (capable()) {
    start();
    document.documentElement.dataset["pillarbox"] = "started";
  }
} catch {
  document.documentElement.dataset["pillarbox"] = "stopped";
  stopBanner(document.querySelector("[data-pillarbox-status]") ?? document.body, NOT_LOADED);
}
