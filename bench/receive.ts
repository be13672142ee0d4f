/** Sealed submissions accepted a second, durable and with their event, over HTTP. */
import { SUBMISSION_TYPE } from "../src/domain/seal/envelope.ts";
import { besideTheFloor } from "./beside.ts";
import { rounded, say, type Measure } from "./figure.ts";
import { startFloor } from "./floor-process.ts";
import { sealLetters, templateOf } from "./letters.ts";
import { SETTINGS } from "./settings.ts";

const SEALED = 256;

export const measure: Measure = async (place, print) => {
  say(`  sealing ${SEALED} letters beforehand`);
  const templates = (await sealLetters(place, place.forms.contact, SEALED)).map(templateOf);
  const bytes = rounded(templates.reduce((sum, { bytes: { length } }) => sum + length, 0) / SEALED);
  const sent = { path: "/submissions", type: SUBMISSION_TYPE, templates };
  const floor = await startFloor(place.world);
  try {
    const beside = {
      world: place.world,
      ours: { ...sent, port: place.world.config.publicPort },
      servers: ["public", "log"],
      floor: { ...sent, port: floor.port, pid: floor.pid },
      expected: 201,
    } as const;
    for (const connections of SETTINGS.connections)
      print({ ...(await besideTheFloor(`receive, ${connections} connections`, connections, beside)), bytes });
  } finally {
    await floor.stop();
  }
};
