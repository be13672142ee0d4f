/** Pairs that may be one person, decided by somebody who knows more than a program does. */
import { useState } from "preact/hooks";
import type { Decision, Doubt, Joined } from "../../../domain/affected/join.ts";
import { WHY_WORDS } from "../../../domain/affected/join.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import { count, number } from "../../words/format.ts";
import { TextButton } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";

type Props = {
  readonly joined: Joined;
  /** an entry in words, and where it stands */
  readonly words: (entry: AffectedPerson) => string;
  /** an entry in so few words that a choice can be called by them: "line 3" */
  readonly short: (entry: AffectedPerson) => string;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly onChange: (decisions: ReadonlyMap<string, Decision>) => void;
};

/** So many at once: a page of two thousand pairs is read by nobody. */
const SHOWN = 25;

export function Doubts({ joined, words, short, decisions, onChange }: Props) {
  const { doubts, moreDoubts } = joined;
  const open = doubts.filter(({ id }) => !decisions.has(id));
  const [page, setPage] = useState(0);
  const shown = doubts.slice(page * SHOWN, (page + 1) * SHOWN);
  const next = Math.min(SHOWN, doubts.length - (page + 1) * SHOWN);
  if (doubts.length === 0) return <p class="govuk-body">No pair is doubtful.</p>;
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
          words={words}
          short={short}
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
  readonly words: Props["words"];
  readonly short: Props["short"];
  readonly decision: Decision | undefined;
  readonly onChange: (decision: Decision) => void;
};

function Pair({ doubt: { id, one, other, why }, words, short, decision, onChange }: PairProps) {
  return (
    <Choices
      id={`doubt-${id}`}
      kind="radio"
      label={`${WHY_WORDS[why]}: ${one.name || "(no name)"} and ${other.name || "(no name)"}`}
      hint={`${words(one)} — ${words(other)}`}
      choices={[
        { value: "different", label: "Two people" },
        { value: "one", label: `One person, reached as ${short(one)} says` },
        { value: "other", label: `One person, reached as ${short(other)} says` },
      ]}
      chosen={decision ? [decision] : []}
      onChange={([value]) => onChange(value as Decision)}
    />
  );
}

/** An entry as somebody wrote it: who it is, and how to reach them. */
export const entryWords = ({ name, email, post, phone }: AffectedPerson): string =>
  [name || "(no name)", email, post?.join(", "), phone].filter(Boolean).join("; ");

/** What was decided against itself, for whoever has to decide again. */
export const againstWords = (pairs: readonly (readonly [AffectedPerson, AffectedPerson])[]): string =>
  `Decide again: ${pairs
    .slice(0, 3)
    .map(([one, other]) => `${one.name || "(no name)"} and ${other.name || "(no name)"}`)
    .join("; ")} were called two people, and are one person by way of others`;
