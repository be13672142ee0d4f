/**
 * Runs first in every process of an installation (`node --import`): takes what this process alone may know from a
 * descriptor that only it was handed. The environment of a start can be read afterwards, by the same user and by root,
 * in `/proc/<pid>/environ`; what is put into it here cannot.
 */
import { closeSync, readFileSync } from "node:fs";

const descriptor = Number(process.env["PB_GIVEN"]);
delete process.env["PB_GIVEN"];
// 0, 1 and 2 are everybody's.
if (descriptor > 2) {
  Object.assign(process.env, JSON.parse(readFileSync(descriptor, "utf8")));
  closeSync(descriptor);
}
