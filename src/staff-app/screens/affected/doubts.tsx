/** Pairs that may be one person, decided by somebody who knows more than a program does. */
import { useState } from "preact/hooks";
import type { Decision, Doubt } from "../../../domain/affected/join.ts";
import { WHY_WORDS } from "../../../domain/affected/join.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import type { TableJoined } from "../../../member/hands/tasks.ts";
import { count, number } from "../../words/format.ts";
import { TextButton } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";

type Props = {
  readonly found: TableJoined;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly onChange: (decisions: ReadonlyMap<string, Decision>) => void;
};

/** So many at once: a page of two thousand pairs is read by nobody. */
const SHOWN = 25;

export function Doubts({ found, decisions, onChange }: Props) {
  const { doubts, moreDoubts } = found.joined;
  const open = doubts.filter(({ id }) => !decisions.has(id));
  const [page, setPage] = useState(0);
  const shown = doubts.slice(page * SHOWN, (page + 1) * SHOWN);
  const next = Math.min(SHOWN, doubts.length - (page + 1) * SHOWN);
  if (doubts.length === 0) return <p class="govuk-body">No rows are doubtful: whoever is one person was joined.</p>;
  return (
    <div>
      <h3 class="govuk-heading-s">May these be one person?</h3>
      <p class="govuk-body" role="status">
        {open.length === 0
          ? `All ${number(doubts.length)} pairs are decided.`
          : `${count(open.length, "pair")} of ${number(doubts.length)} to decide.`}{" "}
        Where you do not know, say that they are two: a letter too many does less harm than one that is missing.
      </p>
      {moreDoubts > 0 ? (
        <p class="govuk-body">
          So many rows are alike that {number(moreDoubts)} further comparisons are not shown; those stay apart. Look at
          the table and its columns first.
        </p>
      ) : null}
      {shown.map((doubt) => (
        <Pair
          key={doubt.id}
          doubt={doubt}
          lines={found.lines}
          decision={decisions.get(doubt.id)}
          onChange={(decision) => onChange(new Map(decisions).set(doubt.id, decision))}
        />
      ))}
      {next > 0 ? (
        <p class="govuk-body">
          <TextButton onPress={() => setPage(page + 1)}>Show the next {next}</TextButton>
        </p>
      ) : null}
      {page > 0 ? (
        <p class="govuk-body">
          <TextButton onPress={() => setPage(page - 1)}>Show the {SHOWN} before</TextButton>
        </p>
      ) : null}
      {open.length > 1 ? (
        <p class="govuk-body">
          <TextButton
            onPress={() => onChange(new Map([...open.map(({ id }) => [id, "different"] as const), ...decisions]))}
          >
            All {number(open.length)} that are left are two people each
          </TextButton>
        </p>
      ) : null}
    </div>
  );
}

type PairProps = {
  readonly doubt: Doubt;
  readonly lines: TableJoined["lines"];
  readonly decision: Decision | undefined;
  readonly onChange: (decision: Decision) => void;
};

function Pair({ doubt: { id, one, other, why }, lines, decision, onChange }: PairProps) {
  const words = (person: AffectedPerson): string =>
    [
      `Line ${lines.get(person.person)}: ${person.name || "(no name)"}`,
      person.email ?? "",
      (person.post ?? []).join(", "),
      person.phone ?? "",
    ]
      .filter((part) => part !== "")
      .join("; ");
  return (
    <Choices
      id={`doubt-${id}`}
      kind="radio"
      label={`${WHY_WORDS[why]}: ${one.name || "(no name)"} and ${other.name || "(no name)"}`}
      hint={`${words(one)} — ${words(other)}`}
      choices={[
        { value: "different", label: "Two people" },
        { value: "one", label: `One person, reached as line ${lines.get(one.person)} says` },
        { value: "other", label: `One person, reached as line ${lines.get(other.person)} says` },
      ]}
      chosen={decision ? [decision] : []}
      onChange={([value]) => onChange(value as Decision)}
    />
  );
}
