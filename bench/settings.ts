/** What a run was asked: `npm run bench -- [--json] [--write] [--rounds N] [--connections N] [name …]`. */
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    rounds: { type: "string" },
    connections: { type: "string", multiple: true },
  },
});

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${text} is no number of rounds or connections`);
  return value;
};

export const SETTINGS = {
  /** the measures that are asked for; none: all */
  names: positionals,
  /** one JSON object a line on stdout, in place of a line for people */
  json: values.json,
  /** put the figures into docs/MEASURED.md */
  write: values.write,
  /** of measures that go in pairs with a floor; more say more on a machine that has other things to do */
  rounds: number(values.rounds ?? "5"),
  connections: (values.connections ?? ["16", "64"]).map(number),
} as const;
