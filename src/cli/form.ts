/** `pillarbox form check|add|open|close FILE` */
import { readFileSync } from "node:fs";
import { parseForm, type Form } from "../domain/form/form.ts";
import { closeForm, openForm } from "../member/flows/forms.ts";
import { stateOf } from "../member/flows/world.ts";
import { signIn, signOut, type Desk } from "./desk/desk.ts";
import { installationAt } from "./installation.ts";
import type { Options } from "./options.ts";
import { askLine, passphrase } from "./prompt.ts";
import { Refusal, say } from "./say.ts";

const STEPS = ["check", "add", "open", "close"] as const;
type Step = (typeof STEPS)[number];

const FORM_HELP = [
  "pillarbox form check FILE   says everything that is wrong with a form file; needs no server",
  "pillarbox form add FILE     stores the file as a new version; nobody sees it yet",
  "pillarbox form open FILE    stores and publishes it; letters sent before open under their own version",
  "pillarbox form close FILE   closes the form; its page then names other ways to write, and what was sent stays",
  "",
  "  --as E-MAIL     the owner who acts (asked for otherwise)",
  "  --server URL    the staff pages, http://localhost:3001 unless said otherwise",
  "  --root HEX      the root of the body; found by itself next to a running installation's data",
  "",
  "The passphrase is asked for without showing it, or read from standard input or PILLARBOX_PASSPHRASE.",
];

/** Reads and checks a form file. @throws `Refusal` that lists every problem */
function readForm(file: string): Form {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Refusal(`The file ${file} cannot be read. Nothing was changed. Check its name and that you may read it.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new Refusal(
      `${file} is not JSON: ${thrown instanceof Error ? thrown.message : "it ends early"}. Nothing was changed. Look for a missing comma, quotation mark or bracket.`,
    );
  }
  const result = parseForm(value);
  if (result.ok) return result.form;
  const count = result.problems.length === 1 ? "one problem" : `${result.problems.length} problems`;
  throw new Refusal(
    [
      `${file} has ${count}:`,
      ...result.problems.map(({ where, text: what }) => `  ${where || "file"}: ${what}`),
      "Nothing was changed. Mend what is listed and try again.",
    ].join("\n"),
  );
}

/** Runs one step. @throws `Refusal`, `Fault` */
export async function form(options: Options): Promise<void> {
  const [step, file, ...more] = options.words;
  if (options.help || step === undefined) return FORM_HELP.forEach(say);
  if (!STEPS.includes(step as Step) || file === undefined || more.length > 0)
    throw new Refusal(
      "Say one of check, add, open or close, and one file. Nothing was changed. “pillarbox form --help” tells more.",
    );
  const found = readForm(file);
  if (step === "check") return say(`${file} is in order: “${found.title}”, ${found.questions.length} questions.`);
  const desk = await enter(options, found);
  try {
    await act(step as Exclude<Step, "check">, desk, found);
  } finally {
    await signOut(desk).catch(() => {});
  }
}

async function enter(options: Options, found: Form): Promise<Desk> {
  const setup = await installationAt(options.server, found.body, options.root);
  const account =
    options.as ??
    (await askLine(
      "E-mail address of the owner: ",
      "Say who acts, with --as and an e-mail address. Nothing was changed.",
    ));
  const desk = await signIn(setup, account, await passphrase());
  if (desk.me.role !== "owner" || desk.me.body?.id !== found.body)
    throw new Refusal(
      `Only an owner of the body “${found.body}” can do this, and ${desk.me.name} is not one. Nothing was changed.`,
    );
  await stateOf(desk, found.body);
  return desk;
}

async function act(step: Exclude<Step, "check">, desk: Desk, found: Form): Promise<void> {
  if (step === "close") {
    const closed = await closeForm(desk, found.body, found.id);
    return say(
      closed
        ? `“${found.title}” is closed. What was sent stays, and the form's page now names other ways to write.`
        : `“${found.title}” was closed already. Nothing was changed.`,
    );
  }
  const hash = await desk.api.addForm(found.body, found);
  if (step === "add")
    return say(
      `This version of “${found.title}” is stored as ${hash.slice(0, 16)}. Nobody sees it until you open it: pillarbox form open`,
    );
  const { version, madeFor, changed } = await openForm(desk, found);
  if (madeFor !== undefined)
    say(
      `The form had no inbox, so one was made. Its key is held by the ${madeFor} owners of the body and by nobody else.`,
    );
  say(
    changed
      ? `“${found.title}” is open in version ${version}. Letters sent before open under the version that they were written in.`
      : `“${found.title}” was already open in version ${version}. Nothing was changed.`,
  );
}
