/**
 * The same through the counter: the last step of a letter without script, which the counter checks, seals and sends on.
 * The floor stores sealed bytes.
 */
import { pairsOf, hiddenFields, postStep } from "../demo/writing/counter.ts";
import { SUBMISSION_TYPE } from "../src/domain/seal/envelope.ts";
import type { StaffedWorld } from "../test/support/staffed.ts";
import { besideTheFloor } from "./beside.ts";
import { say, type Measure } from "./figure.ts";
import { startFloor } from "./floor-process.ts";
import { fieldsOfLetters, sealLetters, templateOf, type Template } from "./letters.ts";
import { SETTINGS } from "./settings.ts";

const LETTERS = 64;

export const measure: Measure = async (place, print) => {
  say(`  writing ${LETTERS} letters up to their last step`);
  const templates = await lastSteps(place);
  const sealed = (await sealLetters(place, place.forms.contact, LETTERS)).map(templateOf);
  const { config } = place.world;
  const floor = await startFloor(place.world);
  try {
    const ours = {
      port: config.counterPort,
      path: `/counter/forms/${place.forms.contact.id}`,
      type: "application/x-www-form-urlencoded",
      templates,
    };
    const beside = {
      world: place.world,
      ours,
      servers: ["counter", "public", "log"],
      floor: { port: floor.port, pid: floor.pid, path: "/", type: SUBMISSION_TYPE, templates: sealed },
      expected: 200,
    } as const;
    for (const connections of SETTINGS.connections)
      print(await besideTheFloor(`counter, ${connections} connections`, connections, beside));
  } finally {
    await floor.stop();
  }
};

/** The form of the page "Check your answers" as a browser would post it; another entropy makes it another letter. */
async function lastSteps({ config, forms: { contact } }: StaffedWorld): Promise<Template[]> {
  const templates: Template[] = [];
  for (const fields of fieldsOfLetters(contact, LETTERS)) {
    const page = await postStep(config.counterOrigin, contact.id, [...pairsOf(fields), ["_step", "answers"]]);
    const pairs = hiddenFields(page.html, "send");
    const entropy = pairs.find(([name]) => name === "_entropy")![1];
    const bytes = Buffer.from(new URLSearchParams(pairs).toString());
    templates.push({ bytes, at: bytes.indexOf(entropy), length: entropy.length, as: "hex" });
  }
  return templates;
}
