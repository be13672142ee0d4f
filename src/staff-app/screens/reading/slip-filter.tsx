/** The filter of a list, with what is selected on top. */
import { useState } from "preact/hooks";
import { NO_FILTER, type Filter, type ListMemory } from "../../list-memory.ts";
import { Button, TextButton } from "../../parts/button.tsx";
import { DateField, NO_DAY, TextField, type Day } from "../../parts/fields.tsx";
import { problemOf, type Problem } from "../../parts/problems.tsx";

type Props = {
  readonly list: ListMemory;
  readonly problems: readonly Problem[];
  readonly onApply: (filter: Filter) => void;
};

const dayText = ({ day, month, year }: Day): string => `${day}/${month}/${year}`;

export function SlipFilter({ list, problems, onApply }: Props) {
  const [draft, setDraft] = useState(list.filter);
  const versions = [...list.versions].sort(([, a], [, b]) => b - a);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onApply(draft);
  };
  const put = (filter: Filter) => {
    setDraft(filter);
    onApply(filter);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: it must be a form, so that Enter filters
    <form class="pb-filter" onSubmit={submit} noValidate role="search" aria-label="Letters">
      <Selected filter={list.filter} versions={list.versions} onChange={put} />
      <div class="pb-filter__words">
        <TextField
          id="words"
          label="Words on the slip or reference"
          small
          type="search"
          value={draft.words}
          onChange={(words) => setDraft({ ...draft, words })}
        />
        <Button submit>Filter</Button>
      </div>
      <details class="govuk-details govuk-!-margin-bottom-0" open={problems.length > 0}>
        <summary class="govuk-details__summary">
          <span class="govuk-details__summary-text">Filter by date{versions.length > 1 ? " or form version" : ""}</span>
        </summary>
        <div class="govuk-details__text pb-filter__more">
          <DateField
            id="from"
            label="Received from"
            hint="For example, 27 3 2026"
            value={draft.from}
            onChange={(from) => setDraft({ ...draft, from })}
            problem={problemOf(problems, "from")}
          />
          <DateField
            id="to"
            label="Received to"
            hint="For example, 31 3 2026"
            value={draft.to}
            onChange={(to) => setDraft({ ...draft, to })}
            problem={problemOf(problems, "to")}
          />
          {versions.length > 1 ? (
            <div class="govuk-form-group">
              <label class="govuk-label govuk-label--s" for="version">
                Form version
              </label>
              <select
                class="govuk-select"
                id="version"
                value={draft.form}
                onChange={(event) => setDraft({ ...draft, form: event.currentTarget.value })}
              >
                <option value="">All versions</option>
                {versions.map(([hash, version]) => (
                  <option value={hash} key={hash}>
                    Version {version}
                  </option>
                ))}
              </select>
            </div>
          ) : null}
        </div>
      </details>
    </form>
  );
}

type SelectedProps = {
  readonly filter: Filter;
  readonly versions: ReadonlyMap<string, number>;
  readonly onChange: (filter: Filter) => void;
};

/** What is selected, each with a way to take it off. */
function Selected({ filter, versions, onChange }: SelectedProps) {
  const typed = (day: Day): boolean => day.day.trim() !== "";
  const tags = [
    ...(filter.words.trim() === "" ? [] : [{ text: `Words: ${filter.words}`, off: { ...filter, words: "" } }]),
    ...(filter.form === ""
      ? []
      : [{ text: `Version ${versions.get(filter.form) ?? ""}`, off: { ...filter, form: "" } }]),
    ...(typed(filter.from) ? [{ text: `From ${dayText(filter.from)}`, off: { ...filter, from: NO_DAY } }] : []),
    ...(typed(filter.to) ? [{ text: `To ${dayText(filter.to)}`, off: { ...filter, to: NO_DAY } }] : []),
  ];
  if (tags.length === 0) return null;
  return (
    <div class="pb-filter__selected">
      <h2 class="govuk-heading-s govuk-!-margin-bottom-1">Selected filters</h2>
      <ul class="pb-filter__tags">
        {tags.map(({ text, off }) => (
          <li key={text}>
            <button type="button" class="pb-filter__tag" onClick={() => onChange(off)}>
              <span class="govuk-visually-hidden">Remove this filter: </span>
              {text} <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
      </ul>
      <TextButton onPress={() => onChange(NO_FILTER)}>Clear filters</TextButton>
    </div>
  );
}
