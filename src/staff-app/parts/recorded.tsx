/** Who recorded something about an incident and when: what they claim stands beside it, and is not mixed with it. */
import type { Recorded } from "../../domain/incident/state.ts";
import { inZone, number, roleName } from "../words/format.ts";
import type { Incident } from "../../member/flows/incidents.ts";
import { nameOf, type BodyWorld } from "../../member/flows/world.ts";
import type { Row } from "./summary-list.tsx";

export type AnyRecord = Recorded<object>;

/** "Nerys Probert, Auditor" */
export function whoOf(world: BodyWorld, person: string): string {
  const { name, role } = nameOf(world, person);
  return `${name}, ${roleName(role)}`;
}

/** The rows that say by whom, when by the server's clock, and when the log signed it. */
export const recordedRows = (
  { world, witnessed }: Incident,
  { seq, person, recordedAt, signedAt, leaf }: AnyRecord,
): readonly Row[] => [
  { key: "Recorded by", value: whoOf(world, person) },
  { key: "Recorded at", value: `${inZone(recordedAt)}, by the server’s clock` },
  {
    key: "In the log",
    value:
      leaf === null
        ? "Not signed yet"
        : `Entry ${number(leaf)}${signedAt ? `, signed by ${inZone(signedAt)} by the log’s clock` : ""}`,
  },
  ...(witnessed.has(seq)
    ? [{ key: "Witnessed", value: `${inZone(witnessed.get(seq)!.at)}, by the clock of ${witnessed.get(seq)!.name}` }]
    : []),
];

/** Words that were written down, or that they were erased. */
export const Words = ({
  words,
  field,
}: {
  readonly words: Readonly<Record<string, string>>;
  readonly field: string;
}) =>
  words[field] === undefined ? (
    <span class="pb-quiet">Not given, or erased</span>
  ) : (
    <span class="pb-written">{words[field]}</span>
  );
