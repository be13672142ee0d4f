/** `pillarbox form check|add|open|close FILE` */
import { readFileSync } from "node:fs";
import { doubledKeys } from "../domain/form/doubled.ts";
import { parseForm, type Form } from "../domain/form/form.ts";
import { formHints } from "../domain/form/hints.ts";
import type { Problem } from "../domain/form/read.ts";
import { closeForm, openForm } from "../member/flows/forms.ts";
import { stateOf } from "../member/flows/world.ts";
import { signIn, signOut, type Desk } from "./desk/desk.ts";
import { installationAt } from "./installation.ts";
import type { Options } from "./options.ts";
import { askLine, code, passphrase } from "./prompt.ts";
import { Refusal, say } from "./say.ts";

const STEPS = ["check", "add", "open", "close"] as const;
type Step = (typeof STEPS)[number];

const FORM_HELP = [
  "pillarbox form check FILE   says everything that is wrong with a form file, and what is probably not meant; needs no server",
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

/** The text of a file as UTF-8, without the mark that some editors put before it. @throws `Refusal` */
function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new Refusal(`The file ${file} cannot be read. Nothing was changed. Check its name and that you may read it.`);
  }
  if (
    bytes.subarray(0, 2).equals(Buffer.of(0xff, 0xfe)) ||
    bytes.subarray(0, 2).equals(Buffer.of(0xfe, 0xff)) ||
    bytes.subarray(0, 4).includes(0)
  )
    throw new Refusal(`${file} is saved as UTF-16. Nothing was changed. Save it as UTF-8, and try again.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(`${file} is not saved as UTF-8. Nothing was changed. Save it as UTF-8, and try again.`);
  }
}

/** Where a comma stands before a closing bracket, as a sentence; many editors allow it, JSON does not. */
function strayComma(text: string): string | null {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"/g, (whole) => '"'.padEnd(whole.length, "x"));
  const at = /,\s*[\]}]/.exec(bare)?.index;
  return at === undefined
    ? null
    : `there is a comma in line ${text.slice(0, at).split("\n").length} with nothing after it but a closing bracket`;
}

/** Reads and checks a form file. @throws `Refusal` that lists every problem */
function readForm(file: string): { readonly form: Form; readonly hints: readonly Problem[] } {
  const text = readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new Refusal(
      `${file} is not JSON: ${strayComma(text) ?? (thrown instanceof Error ? thrown.message : "it ends early")}. Nothing was changed. Look for a missing comma, quotation mark or bracket.`,
    );
  }
  const result = parseForm(value);
  if (result.ok) return { form: result.form, hints: [...doubledKeys(text), ...formHints(result.form)] };
  const count = result.problems.length === 1 ? "one problem" : `${result.problems.length} problems`;
  throw new Refusal(
    [
      `${file} has ${count}:`,
      ...result.problems.map(line),
      ...doubledKeys(text).map(line),
      "Nothing was changed. Mend what is listed and try again.",
    ].join("\n"),
  );
}

const line = ({ where, text }: Problem): string => `  ${where || "file"}: ${text}`;

/** Runs one step. @throws `Refusal`, `Fault` */
export async function form(options: Options): Promise<void> {
  const [step, file, ...more] = options.words;
  if (options.help || step === undefined) return FORM_HELP.forEach(say);
  if (!STEPS.includes(step as Step) || file === undefined || more.length > 0)
    throw new Refusal(
      "Say one of check, add, open or close, and one file. Nothing was changed. “pillarbox form --help” tells more.",
    );
  const { form: found, hints } = readForm(file);
  if (hints.length > 0)
    say([`${file}: please look at this. Nothing is refused for it.`, ...hints.map(line)].join("\n"));
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
  const desk = await signIn(setup, account, await passphrase(), code);
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
