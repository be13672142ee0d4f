/** Memory of each process of an installation to which nobody talks. */
import { setTimeout as wait } from "node:timers/promises";
import { CORE } from "../supervisor/servers.ts";
import { rounded, type Measure } from "./figure.ts";
import { familyOf, residentOf, shareOf } from "./processes.ts";

const MB = 1024 * 1024;

export const measure: Measure = async ({ world }, print) => {
  await wait(3_000);
  for (const name of [...CORE, "counter", "database"] as const) {
    const family = familyOf(world.pid(name));
    if (family.length === 1)
      print({
        name: `memory at rest, ${name}`,
        value: rounded(residentOf(family[0]!) / MB, 1),
        unit: "MB resident",
      });
    // Processes of one program share much of their memory: a sum of resident sizes would count it again and again.
    else
      print({
        name: `memory at rest, ${name}`,
        value: rounded(family.reduce((sum, pid) => sum + shareOf(pid), 0) / MB, 1),
        unit: "MB proportional",
        processes: family.length,
      });
  }
};
