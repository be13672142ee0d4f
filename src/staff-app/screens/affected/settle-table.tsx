/**
 * From entries to the list that letters are written from: names that may have come out wrong, what was joined, and what
 * is doubtful.
 */
import { useState } from "preact/hooks";
import type { Decision } from "../../../domain/affected/join.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import type { TableJoined } from "../../../member/hands/tasks.ts";
import { Button } from "../../parts/button.tsx";
import { Failed } from "../../parts/loading.tsx";
import type { Problem } from "../../parts/problems.tsx";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { againstWords, Doubts, entryWords } from "./doubts.tsx";
import { Joins } from "./joins.tsx";
import { LinesToRead } from "./lines-to-read.tsx";

type Props = {
  readonly found: TableJoined;
  readonly setFound: (found: TableJoined) => void;
  readonly problems: readonly Problem[];
  readonly setProblems: (problems: readonly Problem[]) => void;
  readonly onDone: (people: readonly AffectedPerson[]) => void;
};

export function SettleTable({ found, setFound, problems, setProblems, onDone }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const [looked, setLooked] = useState(false);
  const { entries, joined, lines, toRead } = found;
  const line = ({ person }: AffectedPerson): string => `line ${lines.get(person)}`;
  const words = (entry: AffectedPerson): string => `${line(entry)}: ${entryWords(entry)}`;

  const part = (parted: ReadonlySet<string>) => {
    setOut(parted);
    act.run(async () => setFound({ ...found, joined: await visit.hands.call("joinAgain", { entries, parted }) }));
  };

  const done = () => {
    if (toRead.length > 0 && !looked)
      return setProblems([{ field: "lines-to-read", text: "Look at the names, and say whether they are right" }]);
    act.run(async () => {
      // Anew, so that what is ticked holds, however quickly it was ticked.
      const now = await visit.hands.call("joinAgain", { entries, parted: out });
      setFound({ ...found, joined: now });
      const answer = await visit.hands.call("settleList", { entries, joined: now, decisions });
      if (answer.ok) return onDone(answer.people);
      if (answer.open.length === 0) return setProblems([{ field: "doubts", text: againstWords(answer.against) }]);
      const open = answer.open.length === 1 ? "the last pair" : `the ${answer.open.length} pairs`;
      setProblems([{ field: `doubt-${answer.open[0]!.id}`, text: `Decide ${open} that may be one person` }]);
    });
  };

  return (
    <>
      <LinesToRead lines={toRead} looked={looked} onChange={setLooked} problems={problems} />
      <Joins joined={joined} out={out} words={words} onChange={part} />
      <div id="doubts" tabIndex={-1}>
        <Doubts joined={joined} words={words} short={line} decisions={decisions} onChange={setDecisions} />
      </div>
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button onPress={done} working={act.working}>
        Use this list
      </Button>
    </>
  );
}
