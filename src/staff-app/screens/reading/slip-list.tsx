/** Opened slips: filter, sort, pages; how it was looked at is kept for the way back from a letter. */
import { useState } from "preact/hooks";
import { sentence } from "../../../domain/problem.ts";
import { referenceOf } from "../../../domain/seal/reference.ts";
import { filtered, filterProblems, lettersIn, PAGE_SIZE, pageOf, pagesOf, sorted } from "./filtering.ts";
import { machine, number, shortMoment } from "../../words/format.ts";
import type { SlipRow } from "../../../member/hands/tasks.ts";
import type { Filter, ListMemory } from "../../list-memory.ts";
import { paths } from "../../route.ts";
import { useVisit } from "../../visit.ts";
import { Link } from "../../parts/link.tsx";
import { Tag } from "../../parts/banner.tsx";
import { Pagination } from "../../parts/pagination.tsx";
import { ErrorSummary, type Problem } from "../../parts/problems.tsx";
import { SlipFilter } from "./slip-filter.tsx";
import { Table, type Sort } from "../../parts/table.tsx";

export function SlipList({ inbox, first }: { readonly inbox: string; readonly first: ListMemory }) {
  const { lists } = useVisit();
  const [list, setList] = useState(first);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const change = (part: Partial<ListMemory>) => {
    const next = { ...list, ...part };
    lists.set(inbox, next);
    setList(next);
  };
  const apply = (filter: Filter) => {
    const found = filterProblems(filter);
    setProblems(found);
    if (found.length === 0) change({ filter, page: 1 });
  };
  const rows = sorted(filtered(list.rows, list.filter), list.sort);
  const pages = pagesOf(rows.length);
  const page = Math.min(list.page, pages);
  const from = (page - 1) * PAGE_SIZE;
  const turn = (to: number) => {
    change({ page: to });
    document.getElementById("letters")?.focus();
  };
  return (
    <>
      <ErrorSummary problems={problems} />
      <SlipFilter list={list} problems={problems} onApply={apply} />
      <p class="govuk-body" role="status" id="letters" tabIndex={-1}>
        {rows.length === 0
          ? "No letter fits the filter."
          : rows.length === list.rows.length && pages === 1
            ? `${lettersIn(rows)}.`
            : `Showing ${number(from + 1)} to ${number(Math.min(from + PAGE_SIZE, rows.length))} of ${lettersIn(rows)}.`}
      </p>
      {rows.length === 0 ? null : (
        <SlipTable inbox={inbox} list={list} rows={pageOf(rows, page)} onSort={(sort) => change({ sort, page: 1 })} />
      )}
      <Pagination page={page} pages={pages} onPage={turn} label="Pages of letters" />
    </>
  );
}

type TableProps = {
  readonly inbox: string;
  readonly list: ListMemory;
  readonly rows: readonly SlipRow[];
  readonly onSort: (sort: Sort) => void;
};

function SlipTable({ inbox, list, rows, onSort }: TableProps) {
  const columns = [
    { id: "received", title: "Received", sortable: true },
    ...list.columns.map(({ id, title }) => ({ id, title, sortable: true })),
    { id: "path", title: "Path" },
  ];
  return (
    <Table
      caption="Letters"
      captionHidden
      columns={columns}
      sort={list.sort}
      onSort={onSort}
      rows={rows.map((row) => ({
        id: row.submission,
        cells: [
          <span>
            <Link to={paths.letter(inbox, row.submission)}>
              <span class="pb-reference">{row.reference}</span>
            </Link>
            <br />
            <time dateTime={machine(row.receivedAt)}>{shortMoment(row.receivedAt)}</time>
            {row.marker ? (
              <span>
                <br />
                <Tag colour="blue">Marker</Tag>
              </span>
            ) : null}
            {row.first === null ? null : (
              <>
                <br />
                Added to{" "}
                <Link to={paths.letter(inbox, row.first)}>
                  <span class="pb-reference">{referenceOf(row.first)}</span>
                </Link>
              </>
            )}
            {row.code === null ? null : <Unopened code={row.code} />}
          </span>,
          ...list.columns.map(({ id }) =>
            row.code !== null || row.first !== null ? "" : <Cell text={row.cells[id]} />,
          ),
          <Path path={row.path} />,
        ],
      }))}
    />
  );
}

/** Four lines at most: the letter shows the rest. */
const Cell = ({ text }: { readonly text: string | undefined }) =>
  text === undefined ? <span class="pb-quiet">Not provided</span> : <span class="pb-cell">{text}</span>;

const Unopened = ({ code }: { readonly code: NonNullable<SlipRow["code"]> }) => (
  <span>
    <br />
    <Tag colour="red">Not opened</Tag>
    <br />
    <span class="pb-quiet">{sentence(code)}</span>
  </span>
);

/** By which door a letter came: sealed in the writer's browser, or by the counter, which saw it. */
export const Path = ({ path }: { readonly path: SlipRow["path"] }) => (
  <Tag colour={path === "browser" ? "grey" : "blue"}>{path === "browser" ? "Browser" : "Counter"}</Tag>
);
