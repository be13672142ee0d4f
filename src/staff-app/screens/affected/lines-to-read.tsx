/**
 * Where a file does not say how its letters are written, names can come out wrong: somebody looks at them before anybody
 * is written to.
 */
import type { TextLine } from "../../../domain/affected/text.ts";
import { count, number } from "../../words/format.ts";
import { Choices } from "../../parts/fields.tsx";
import { problemOf, type Problem } from "../../parts/problems.tsx";

type Props = {
  readonly lines: readonly TextLine[];
  readonly looked: boolean;
  readonly onChange: (looked: boolean) => void;
  readonly problems: readonly Problem[];
};

const SHOWN = 50;

export function LinesToRead({ lines, looked, onChange, problems }: Props) {
  if (lines.length === 0) return null;
  return (
    <div>
      <h3 class="govuk-heading-s">Are these names written as they should be?</h3>
      <p class="govuk-body">
        The file does not say how its letters are written. {count(lines.length, "row")} of it{" "}
        {lines.length === 1 ? "holds" : "hold"} letters that may be wrong. If one of them is, save the table as “CSV
        UTF-8” in the program that it came from, and choose it again.
      </p>
      <ul class="govuk-list govuk-list--bullet">
        {lines.slice(0, SHOWN).map(({ line, text }) => (
          <li key={line} class="pb-written">
            Line {line}: {text}
          </li>
        ))}
      </ul>
      {lines.length > SHOWN ? <p class="govuk-body">And {number(lines.length - SHOWN)} more.</p> : null}
      <Choices
        id="lines-to-read"
        kind="checkbox"
        label="The names above"
        choices={[{ value: "right", label: "I looked at them, and they are written as they should be" }]}
        chosen={looked ? ["right"] : []}
        onChange={(now) => onChange(now.length > 0)}
        problem={problemOf(problems, "lines-to-read")}
      />
    </div>
  );
}
