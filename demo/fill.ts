/**
 * Sends the 394 letters through the real routes, sealed by the real code. Interrupted, it is run again: what was sent
 * is known by its id.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fromHex, taggedHash, toHex } from "../src/domain/bytes.ts";
import type { Form } from "../src/domain/form/form.ts";
import { codeOf, Fault } from "../src/domain/problem.ts";
import { sendByCounter } from "./writing/counter.ts";
import { formKey, sealFields, sendSealed, type FormKey } from "./writing/send.ts";
import type { DemoConfig } from "./config.ts";
import { fieldsFor } from "./fit.ts";
import { demoForms } from "./forms.ts";
import type { Letter } from "./letter.ts";
import { syntheticLetters } from "./letters.ts";
import type { Prepared } from "./prepared.ts";
import { setUpBodies } from "./set-up.ts";

/** So many letters are under way at once: enough that sealing never waits for the disk. */
const AT_ONCE = 8;

/** Always the same id for the same letter of one demonstration. */
const idOf = (seed: string, letter: Letter): string =>
  toHex(taggedHash("demo-submission", fromHex(seed), letter.number).subarray(0, 16));

/** Always the same answers and entropy, so always the same submission for the counter, too. */
const entropyOf = (seed: string, letter: Letter): string =>
  toHex(taggedHash("demo-entropy", fromHex(seed), letter.number));

/** @param progress told after each letter @throws the first refusal that is not "already sent" */
export async function fill(
  config: DemoConfig,
  prepared: Prepared,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const forms = demoForms(config.root);
  await setUpBodies(config, prepared, forms);
  const letters = syntheticLetters();
  const keys = new Map<string, Promise<FormKey>>();
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let letter = letters[next++]; letter; letter = letters[next++]) {
      await patiently(() => sendOne(config, prepared.seed, keys, forms[letter.to], letter));
      progress(++done, letters.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const TRIES = 5;

/** A server that was ended from outside is started again within seconds; the letter waits for it. */
async function patiently(send: () => Promise<void>): Promise<void> {
  for (let turn = 1; ; turn++) {
    try {
      return await send();
    } catch (thrown) {
      if (codeOf(thrown) !== "UNAVAILABLE" || turn === TRIES) throw thrown;
      await sleep(turn * 500);
    }
  }
}

async function sendOne(
  config: DemoConfig,
  seed: string,
  keys: Map<string, Promise<FormKey>>,
  form: Form,
  letter: Letter,
): Promise<void> {
  try {
    if (letter.path === "counter") await byCounter(config, form, letter, entropyOf(seed, letter));
    else
      await sendSealed(
        config.publicOrigin,
        await sealFields(form, await keyOf(), fieldsFor(letter), idOf(seed, letter)),
      );
  } catch (thrown) {
    const code = codeOf(thrown);
    // Sealed anew, the same letter has other bytes: the server keeps the first, and says so.
    if (code === "ID_TAKEN") return;
    // Closed by somebody who tried the demonstration meanwhile: what is not sent yet stays unsent.
    if (code === "FORM_CLOSED") return;
    keys.delete(form.id);
    if (code !== "EPOCH_ENDED") throw thrown;
    return sendOne(config, seed, keys, form, letter);
  }

  function keyOf(): Promise<FormKey> {
    const known = keys.get(form.id) ?? formKey(config, form);
    keys.set(form.id, known);
    return known;
  }
}

/** @throws `FORM_CLOSED`, `UNAVAILABLE`: a page tells a person why, so the program asks for the key to know it */
async function byCounter(config: DemoConfig, form: Form, letter: Letter, entropy: string): Promise<void> {
  const page = await sendByCounter(config.counterOrigin, form.id, fieldsFor(letter), entropy).catch(
    async (thrown: unknown) => {
      await formKey(config, form);
      throw thrown;
    },
  );
  if (page.status === 200) return;
  await formKey(config, form);
  throw new Fault("UNAVAILABLE", `the counter answered ${page.status}`);
}
