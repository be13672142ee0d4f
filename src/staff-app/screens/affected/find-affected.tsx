/**
 * Who was affected by an exposure of another system: its access log says who looked, its table says whose data it was.
 * Both are read in this browser and sent nowhere; the list goes to whoever mounted this, to be sealed.
 */
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import { LogPart } from "./log-part.tsx";
import { TablePart } from "./table-part.tsx";

type Props = {
  /** the list that letters are written from, once every doubtful pair was decided */
  readonly onDone: (people: readonly AffectedPerson[]) => void;
};

export function FindAffected({ onDone }: Props) {
  return (
    <>
      <p class="govuk-body">
        The files that you choose here are read in this browser. They are not sent to anybody, and are forgotten when
        you leave this page. What you decide about them outlives a lock: choose the same files again.
      </p>
      <LogPart />
      <TablePart onDone={onDone} />
    </>
  );
}
