/** What the program joined by itself: each join can be looked at, and taken apart by whoever knows better. */
import { useState } from "preact/hooks";
import type { Joined } from "../../../domain/affected/join.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import { count, number } from "../../words/format.ts";
import { TextButton } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";

type Props = {
  readonly joined: Joined;
  /** who was taken out, by `person` */
  readonly out: ReadonlySet<string>;
  /** an entry in words, and where it stands */
  readonly words: (entry: AffectedPerson) => string;
  readonly onChange: (parted: ReadonlySet<string>) => void;
};

const SHOWN = 25;

export function Joins({ joined: { joins }, out, words, onChange }: Props) {
  const [page, setPage] = useState(0);
  if (joins.length === 0) return null;
  const shown = joins.slice(page * SHOWN, (page + 1) * SHOWN);
  const next = Math.min(SHOWN, joins.length - (page + 1) * SHOWN);
  return (
    <div>
      <h3 class="govuk-heading-s">Joined: the same full name, and nothing that differs</h3>
      <p class="govuk-body">
        {count(joins.length, "join")}. If two of them are two people all the same, say so: each is then told.
      </p>
      {shown.map(({ id, entries }) => (
        <Choices
          key={id}
          id={`join-${id}`}
          kind="checkbox"
          label={`${entries[0]!.name || "(no name)"}: is one of these somebody else?`}
          hint="Leave all of them empty where it is one person."
          choices={entries.map((entry) => ({ value: entry.person, label: `Somebody else: ${words(entry)}` }))}
          chosen={entries.map(({ person }) => person).filter((person) => out.has(person))}
          onChange={(now) =>
            onChange(new Set([...[...out].filter((one) => !entries.some(({ person }) => person === one)), ...now]))
          }
        />
      ))}
      {next > 0 ? (
        <p class="govuk-body">
          <TextButton onPress={() => setPage(page + 1)}>Show the next {number(next)} joins</TextButton>
        </p>
      ) : null}
      {page > 0 ? (
        <p class="govuk-body">
          <TextButton onPress={() => setPage(page - 1)}>Show the {SHOWN} joins before</TextButton>
        </p>
      ) : null}
    </div>
  );
}
