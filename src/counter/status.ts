/**
 * The status without script: the words are posted, the sign-in part is derived from them, the public server is asked,
 * and the page is drawn. The words travel on in hidden fields of that page; here nothing is kept.
 */
import { randomBytes } from "node:crypto";
import { fromHex, taggedHash, toHex, type Bytes } from "../domain/bytes.ts";
import { ADDED, ADDITION_HASH, additionForm } from "../domain/form/addition.ts";
import { checkAnswers } from "../domain/form/answers.ts";
import { valuesIn } from "../domain/form/fields.ts";
import type { Hidden } from "../domain/form/page.ts";
import { slipOf } from "../domain/form/slip.ts";
import { codeOf, Fault, sentence, type Code } from "../domain/problem.ts";
import { checkStatus } from "../domain/log/status-check.ts";
import { certificateFile, receiptFile } from "../domain/receipt/file.ts";
import { bindingOf, replyKeys } from "../domain/receipt/binding.ts";
import { receiptSignIn } from "../domain/receipt/keys.ts";
import { statusPageView, toldView } from "../domain/receipt/page.ts";
import type { Status } from "../domain/receipt/status.ts";
import { readWords, wordsOf, wordsProblem } from "../domain/receipt/words.ts";
import { kindOfRecipient } from "../domain/seal/age.ts";
import { plainReference, referenceOf } from "../domain/seal/reference.ts";
import { sealAnswers } from "../domain/seal/seal.ts";
import { nativeFile } from "./native-file.ts";
import { statusOf as httpStatus } from "./problems.ts";
import { openReplies } from "./replies.ts";
import type { Desk, Page } from "./steps.ts";

export type File = { readonly name: string; readonly file: string };

type Asked = {
  readonly step: string;
  readonly reference: string;
  readonly words: string;
  readonly added: string;
  /** makes an addition posted twice the same addition */
  readonly entropy: string;
};

function readAsked(body: unknown): Asked {
  const all = (body ?? {}) as { [name: string]: string | string[] };
  const one = (name: string): string => valuesIn(all, name).at(-1) ?? "";
  const entropy = one("_entropy");
  return {
    step: one("_step"),
    reference: one("reference"),
    words: one("words"),
    added: one(ADDED),
    entropy: /^[0-9a-f]{64}$/.test(entropy) ? entropy : randomBytes(32).toString("hex"),
  };
}

const unstopped = (text: string): string => text.replace(/\.$/, "");

/** What a POST of the status page is answered with. */
export async function answerStatus(desk: Desk, body: unknown): Promise<Page | File> {
  const asked = readAsked(body);
  const again = (field: "reference" | "words", text: string, status = 400): Page => ({
    status,
    view: statusPageView({
      site: desk.site,
      setup: null,
      reference: asked.reference,
      words: asked.words,
      problems: [{ field, text }],
    }),
  });
  const read = readWords(asked.words);
  if (!read.ok) return again("words", wordsProblem(read));
  const signIn = receiptSignIn(read.entropy);
  let found: Status | null;
  try {
    found = await desk.wire.status(signIn);
  } catch (thrown) {
    const code = codeOf(thrown);
    return again("words", unstopped(sentence(code)), httpStatus(code));
  }
  if (!found) return again("words", unstopped(sentence("RECEIPT_UNKNOWN")), 404);
  const own = referenceOf(found.letter.submission);
  if (asked.reference !== "" && plainReference(asked.reference) !== plainReference(own))
    return again(
      "reference",
      `These receipt words belong to another letter, ${own}. Take the reference away to see it`,
    );
  return act(desk, asked, read.entropy, signIn, found);
}

async function act(desk: Desk, asked: Asked, entropy: Bytes, signIn: Bytes, found: Status): Promise<Page | File> {
  const own = referenceOf(found.letter.submission);
  const fields = (carried: string): Hidden => [
    { name: "words", value: wordsOf(entropy).join(" ") },
    { name: "_entropy", value: carried },
  ];
  const told = async (
    status: Status,
    rest: { readonly said?: string; readonly problem?: string; readonly adding?: string } = {},
    carried = asked.entropy,
    http = 200,
  ): Promise<Page> => ({
    status: http,
    view: toldView({
      site: desk.site,
      status,
      held: checkStatus(status, desk.config.logKey),
      done: await openReplies(desk, status, entropy),
      hidden: fields(carried),
      ...rest,
    }),
  });
  const done = async (said: string): Promise<Page> =>
    told((await desk.wire.status(signIn).catch(() => null)) ?? found, { said }, randomBytes(32).toString("hex"));
  const notDone = (code: Code, problem: string): Promise<Page> =>
    told(found, { problem, adding: asked.added }, asked.entropy, httpStatus(code));
  switch (asked.step) {
    case "proof": {
      const file = receiptFile(found, entropy, (await replyKeys(entropy, desk.config.sealing)).recipient);
      return file === null
        ? told(found, { said: "The proof is ready as soon as the log has been signed. Look again in a minute." })
        : { name: `${own}-receipt.txt`, file };
    }
    case "certificate": {
      const file = certificateFile(found);
      return file === null ? told(found) : { name: `${own}-erasure.txt`, file };
    }
    case "erase":
      try {
        await desk.wire.askErasure(signIn);
      } catch (thrown) {
        return notDone(codeOf(thrown), sentence(codeOf(thrown)));
      }
      return done("You have asked that your letter be erased.");
    case "add": {
      const checked = checkAnswers(additionForm, { [ADDED]: asked.added });
      if (!checked.ok)
        return told(found, { problem: checked.problems[0]!.text, adding: asked.added }, asked.entropy, 400);
      try {
        await sealAndAdd(desk, asked.entropy, entropy, signIn, found, checked.answers);
      } catch (thrown) {
        const code = codeOf(thrown);
        return notDone(code, ADDING[code] ?? `${sentence(code)} What you wrote is still on this page.`);
      }
      return done("What you added was received, sealed.");
    }
    default:
      return told(found);
  }
}

const ADDING: { readonly [code in Code]?: string } = {
  UNAVAILABLE:
    "We got no answer, so we do not know whether it arrived. It is still on this page. Select “Send this” again: if it did arrive, this does not make a second one.",
  // Nothing of the field is shown again: an erased letter has none.
  LETTER_ERASED: sentence("LETTER_ERASED"),
  COUNTER_REFUSED:
    "This form only takes what a browser with JavaScript has sealed. Nothing was stored. Turn JavaScript on, or reach the body in another way.",
};

/** Seals and hands over, once more by itself if the key has just changed. */
async function sealAndAdd(
  desk: Desk,
  pageEntropy: string,
  entropy: Bytes,
  signIn: Bytes,
  found: Status,
  answers: Parameters<typeof slipOf>[1],
): Promise<void> {
  const first = found.letter.submission;
  // As the id of a letter: the same text sent twice by an impatient hand is the same addition (docs/decisions/0009).
  const submission = toHex(
    taggedHash("counter-addition", fromHex(first), fromHex(pageEntropy), answers[ADDED] as string).subarray(0, 16),
  );
  for (const how of ["fresh", "anew"] as const) {
    const { form, inbox, epoch, recipient } = await desk.forms.current(found.form, how);
    const context = { form: form.id, formHash: ADDITION_HASH, inbox, epoch, submission, first };
    const sealed = await sealAnswers(
      answers,
      slipOf(additionForm, answers),
      context,
      await bindingOf(entropy, submission, kindOfRecipient(recipient)),
      recipient,
      nativeFile,
    );
    try {
      return await desk.wire.add(signIn, sealed);
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === "ID_TAKEN") return;
      if (how === "anew" || (code !== "EPOCH_ENDED" && code !== "EPOCH_UNKNOWN")) throw thrown;
    }
  }
  throw new Fault("UNAVAILABLE");
}
