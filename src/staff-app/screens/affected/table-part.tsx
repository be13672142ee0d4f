/**
 * The table of another system's people: what its columns hold, who is one person, and the list that letters are written
 * from.
 */
import { useState } from "preact/hooks";
import { columnsIn, PART_WORDS, PARTS, withColumn, type Columns, type Part } from "../../../domain/affected/columns.ts";
import { sha256, toHex } from "../../../domain/bytes.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import type { TableJoined, TableRead } from "../../../member/hands/tasks.ts";
import { count, number } from "../../words/format.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { Button } from "../../parts/button.tsx";
import { FileField } from "../../parts/file-field.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Working } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { SettleTable } from "./settle-table.tsx";

type Props = { readonly onDone: (people: readonly AffectedPerson[]) => void };

const SHOWN = 20;

export function TablePart({ onDone }: Props) {
  const visit = useVisit();
  const place = window.location.pathname;
  const act = useAct();
  const [file, setFile] = useState<File | null>(null);
  const [table, setTable] = useState<TableRead | null>(null);
  const [columns, setColumns] = useState<Columns | null>(null);
  const [mark, setMark] = useState("");
  const [joined, setJoined] = useState<TableJoined | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);

  const choose = (chosen: readonly File[]) => {
    const [one = null] = chosen;
    [setTable, setColumns, setJoined].forEach((forget) => forget(null));
    setFile(one);
    setProblems([]);
    if (!one) return;
    act.run(async () => {
      const answer = await visit.hands.call("readTable", { file: one });
      if (!answer.ok) return setProblems(answer.problems.map((text) => ({ field: "table-file", text })));
      // By its content: decisions on the lines of one table say nothing of another, whatever it is called.
      const digest = toHex(sha256(new Uint8Array(await one.arrayBuffer())));
      const kept = visit.drafts.read(place, `table/${digest}/columns`);
      setMark(digest);
      setTable(answer);
      setColumns(columnsIn(kept, answer.header.length) ?? answer.columns);
    });
  };

  const keep = (next: Columns) => {
    setColumns(next);
    visit.drafts.keep(place, `table/${mark}/columns`, next);
  };

  const join = (event: SubmitEvent) => {
    event.preventDefault();
    if (!file || !table || !columns) return;
    setJoined(null);
    act.run(async () => {
      const answer = await visit.hands.call("joinTable", { file, columns, repeated: table.repeated });
      setProblems(answer.ok ? [] : answer.problems.map((text) => ({ field: "column-0", text })));
      if (answer.ok) setJoined(answer);
    });
  };

  return (
    <section aria-labelledby="table-part">
      <h2 class="govuk-heading-m" id="table-part">
        Whose data it was: a table of people
      </h2>
      <ErrorSummary problems={problems} />
      <FileField
        id="table-file"
        label="Table as CSV"
        hint="As the system exports it, or as a spreadsheet saves it. The first row names the columns."
        onChange={choose}
        problem={problemOf(problems, "table-file")}
      />
      {table && columns ? (
        <Mapping table={table} columns={columns} onChange={keep} onSubmit={join} working={act.working} />
      ) : null}
      {act.working ? <Working text="Reading the table…" /> : null}
      {act.failure ? <Failed failure={act.failure} /> : null}
      {joined ? (
        <>
          <Found found={joined} />
          <SettleTable
            key={joined.entries[0]?.person}
            mark={mark}
            found={joined}
            setFound={setJoined}
            problems={problems}
            setProblems={setProblems}
            onDone={onDone}
          />
        </>
      ) : null}
    </section>
  );
}

type MappingProps = {
  readonly table: TableRead;
  readonly columns: Columns;
  readonly onChange: (columns: Columns) => void;
  readonly onSubmit: (event: SubmitEvent) => void;
  readonly working: boolean;
};

/** One select a column, so that a name or an address may be in several. */
function Mapping({ table, columns, onChange, onSubmit, working }: MappingProps) {
  const holds = (column: number): Part | "" => PARTS.find((part) => columns[part].includes(column)) ?? "";
  const twice = new Set(table.repeated.flatMap(({ columns: where }) => where));
  return (
    <form onSubmit={onSubmit} noValidate>
      <h3 class="govuk-heading-s">What do the columns hold?</h3>
      <p class="govuk-body">
        {count(table.rows, "row")} in {table.encoding}
        {table.empty > 0 ? `; ${count(table.empty, "row")} without anything left out` : ""}. Look whether names and
        letters with accents are shown as they should be.
      </p>
      <SummaryList
        rows={table.header.map((name, column) => ({
          key: `${column + 1}. ${name || "(without a name)"}`,
          value: (
            <>
              <label class="govuk-visually-hidden" for={`column-${column}`}>
                What column {column + 1}, {name || "without a name"}, holds
              </label>
              <select
                class="govuk-select"
                id={`column-${column}`}
                value={holds(column)}
                onChange={(event) =>
                  onChange(withColumn(columns, column, (event.currentTarget.value || null) as Part | null))
                }
              >
                <option value="">Not needed</option>
                {PARTS.map((part) => (
                  <option key={part} value={part}>
                    {PART_WORDS[part]}
                  </option>
                ))}
              </select>
              {twice.has(column) ? (
                <p class="govuk-body-s govuk-!-margin-top-1">Several columns bear this name. Choose the right one.</p>
              ) : null}
              <p class="govuk-body-s govuk-!-margin-top-1 pb-written pb-cell">
                {table.sample
                  .map((row) => row[column] ?? "")
                  .filter((cell) => cell !== "")
                  .slice(0, 3)
                  .join(" · ") || "(empty in the first rows)"}
              </p>
            </>
          ),
        }))}
      />
      <Button submit kind="secondary" working={working}>
        Use these columns
      </Button>
    </form>
  );
}

function Found({ found: { entries, notes, joined } }: { readonly found: TableJoined }) {
  const { people, joins } = joined;
  const without = people.filter(({ email, post, phone }) => email === null && post === null && phone === null).length;
  return (
    <div role="status">
      <h3 class="govuk-heading-s">What was found</h3>
      <SummaryList
        rows={[
          { key: "Rows", value: number(entries.length) },
          {
            key: "Joined for certain",
            value:
              joins.length === 0
                ? "None"
                : `${count(joins.length, "person", "people")} in ${number(joins.reduce((sum, one) => sum + one.entries.length - one.parted.length, 0))} rows`,
          },
          { key: "People so far", value: number(people.length) },
          { key: "In danger", value: number(people.filter(({ inDanger }) => inDanger).length) },
          { key: "No channel is safe", value: number(people.filter(({ safe }) => safe?.length === 0).length) },
          { key: "No address at all", value: number(without) },
        ]}
      />
      {notes.length > 0 ? (
        <>
          <p class="govuk-body">Look at these rows: what was not clear was taken to the safe side.</p>
          <ul class="govuk-list govuk-list--bullet">
            {notes.slice(0, SHOWN).map(({ line, text }, index) => (
              <li key={index}>
                Line {line}: {text}
              </li>
            ))}
          </ul>
          {notes.length > SHOWN ? <p class="govuk-body">And {number(notes.length - SHOWN)} more.</p> : null}
        </>
      ) : null}
    </div>
  );
}
