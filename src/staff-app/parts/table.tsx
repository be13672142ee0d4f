/**
 * A table that becomes a list of cards where it does not fit. The roles are spelled out because `display: block` would
 * take them away.
 */
import type { ComponentChildren } from "preact";

export type Sort = { readonly column: string; readonly down: boolean };
export type Column = {
  readonly id: string;
  readonly title: string;
  readonly sortable?: boolean;
  readonly hiddenTitle?: boolean;
};
export type TableRow = { readonly id: string; readonly cells: readonly ComponentChildren[] };

type Props = {
  readonly caption: string;
  readonly captionHidden?: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
};

export function Table({ caption, captionHidden = false, columns, rows, sort, onSort }: Props) {
  return (
    <table class="govuk-table pb-table" role="table">
      <caption class={captionHidden ? "govuk-visually-hidden" : "govuk-table__caption govuk-table__caption--m"}>
        {caption}
      </caption>
      <thead class="govuk-table__head" role="rowgroup">
        <tr class="govuk-table__row" role="row">
          {columns.map((column) => (
            <Heading key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body" role="rowgroup">
        {rows.map((row) => (
          <tr class="govuk-table__row" role="row" key={row.id}>
            {row.cells.map((cell, index) => {
              const column = columns[index];
              const title =
                column && !column.hiddenTitle ? (
                  <span class="pb-table__label" aria-hidden="true">
                    {column.title}
                  </span>
                ) : null;
              return index === 0 ? (
                <th class="govuk-table__header" scope="row" role="rowheader" key={column?.id}>
                  {title}
                  {cell}
                </th>
              ) : (
                <td class="govuk-table__cell" role="cell" key={column?.id}>
                  {title}
                  {cell}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type HeadingProps = {
  readonly column: Column;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
};

function Heading({ column, sort, onSort }: HeadingProps) {
  const { id, title, sortable = false, hiddenTitle = false } = column;
  const sorted = sort?.column === id ? (sort.down ? "descending" : "ascending") : "none";
  if (!sortable || !onSort) {
    return (
      <th class="govuk-table__header" scope="col" role="columnheader">
        {hiddenTitle ? <span class="govuk-visually-hidden">{title}</span> : title}
      </th>
    );
  }
  const mark = sorted === "none" ? "↕" : sorted === "ascending" ? "▲" : "▼";
  return (
    <th class="govuk-table__header" scope="col" role="columnheader" aria-sort={sorted}>
      <button type="button" onClick={() => onSort({ column: id, down: sorted === "ascending" })}>
        {title}{" "}
        <span class="pb-sort" aria-hidden="true">
          {mark}
        </span>
      </button>
    </th>
  );
}
