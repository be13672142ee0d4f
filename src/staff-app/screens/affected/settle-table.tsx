/**
 * From entries to the list that letters are written from: names that may have come out wrong, what was joined, and what
 * is doubtful.
 */
import { useEffect } from "preact/hooks";
import type { Decision, Doubt } from "../../../domain/affected/join.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import type { TableJoined } from "../../../member/hands/tasks.ts";
import { Button } from "../../parts/button.tsx";
import { Failed } from "../../parts/loading.tsx";
import type { Problem } from "../../parts/problems.tsx";
import { useAct } from "../../use-load.ts";
import { useDraft } from "../../use-draft.ts";
import { useVisit } from "../../visit.ts";
import { againstWords, Doubts, entryWords } from "./doubts.tsx";
import { Joins } from "./joins.tsx";
import { LinesToRead } from "./lines-to-read.tsx";

/** What was decided, by the lines of the table: entries have other ids each time that it is read. */
type Kept = {
  /** "12 45": the two lines of a pair */
  readonly decided: { readonly [pair: string]: Decision };
  readonly out: readonly number[];
  readonly looked: boolean;
};
const NONE: Kept = { decided: {}, out: [], looked: false };

type Props = {
  /** of the table that was read */
  readonly mark: string;
  readonly found: TableJoined;
  readonly setFound: (found: TableJoined) => void;
  readonly problems: readonly Problem[];
  readonly setProblems: (problems: readonly Problem[]) => void;
  readonly onDone: (people: readonly AffectedPerson[]) => void;
};

export function SettleTable({ mark, found, setFound, problems, setProblems, onDone }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [kept, setKept] = useDraft(`table/${mark}/decided`, NONE);
  const { entries, joined, lines, toRead } = found;
  const { looked } = kept;
  const lineOf = ({ person }: Pick<AffectedPerson, "person">): number => lines.get(person)!;
  const pairOf = ({ one, other }: Doubt): string => `${lineOf(one)} ${lineOf(other)}`;
  const decisions: ReadonlyMap<string, Decision> = new Map(
    joined.doubts.flatMap((doubt) => {
      const decision = kept.decided[pairOf(doubt)];
      return decision ? [[doubt.id, decision]] : [];
    }),
  );
  const out: ReadonlySet<string> = new Set(
    entries.filter((entry) => kept.out.includes(lineOf(entry))).map(({ person }) => person),
  );
  const decide = (next: ReadonlyMap<string, Decision>): void => {
    const now = joined.doubts.flatMap((doubt) => {
      const decision = next.get(doubt.id);
      return decision ? [[pairOf(doubt), decision] as const] : [];
    });
    setKept((before) => ({ ...before, decided: { ...before.decided, ...Object.fromEntries(now) } }));
  };
  const line = ({ person }: AffectedPerson): string => `line ${lines.get(person)}`;
  const words = (entry: AffectedPerson): string => `${line(entry)}: ${entryWords(entry)}`;

  const part = (parted: ReadonlySet<string>) => {
    setKept((before) => ({ ...before, out: entries.filter(({ person }) => parted.has(person)).map(lineOf) }));
    act.run(async () => setFound({ ...found, joined: await visit.hands.call("joinAgain", { entries, parted }) }));
  };

  // What was taken out before a lock is out of the table that was read again.
  useEffect(() => {
    if (out.size > 0) part(out);
  }, []);

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
      <LinesToRead
        lines={toRead}
        looked={looked}
        onChange={(now) => setKept((before) => ({ ...before, looked: now }))}
        problems={problems}
      />
      <Joins joined={joined} out={out} words={words} onChange={part} />
      <div id="doubts" tabIndex={-1}>
        <Doubts joined={joined} words={words} short={line} decisions={decisions} onChange={decide} />
      </div>
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button onPress={done} working={act.working}>
        Use this list
      </Button>
    </>
  );
}
