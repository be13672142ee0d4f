/** Opened slips: filter, sort, pages; how it was looked at is kept for the way back from a letter. */
import { useState } from "preact/hooks";
import { sentence } from "../../../domain/problem.ts";
import { referenceOf } from "../../../domain/seal/reference.ts";
import {
  countIn,
  dueOfRow,
  filterProblems,
  inView,
  isDateUnknown,
  isDueAt,
  isUnseen,
  lettersIn,
  PAGE_SIZE,
  pageOf,
  pagesOf,
  shownIn,
  type IsDue,
} from "./filtering.ts";
import { age, machine, number, shortMoment } from "../../words/format.ts";
import { nameOf, type BodyWorld } from "../../../member/flows/world.ts";
import type { SlipRow } from "../../../member/hands/tasks.ts";
import { VIEWS, type Filter, type ListMemory, type View } from "../../list-memory.ts";
import { paths } from "../../route.ts";
import { useVisit } from "../../visit.ts";
import { Link } from "../../parts/link.tsx";
import { Tag } from "../../parts/banner.tsx";
import { Pagination } from "../../parts/pagination.tsx";
import { ErrorSummary, type Problem } from "../../parts/problems.tsx";
import { NextDate } from "./next-date.tsx";
import { StandTag } from "./stand.tsx";
import { SlipFilter } from "./slip-filter.tsx";
import { Table, type Sort } from "../../parts/table.tsx";

const NEWEST_FIRST: Sort = { column: "received", down: true };

/** What is due is looked at by its dates; and no other view keeps that order unasked. */
function sortFor(view: View, sort: Sort): Sort {
  if (view === "due") return { column: "due", down: false };
  return sort.column === "due" ? NEWEST_FIRST : sort;
}

type Props = { readonly inbox: string; readonly first: ListMemory; readonly world: BodyWorld };

export function SlipList({ inbox, first, world }: Props) {
  const { lists, me } = useVisit();
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
  const now = Date.now();
  const isDue = isDueAt(list.times, now);
  const rows = shownIn(list, me.person, now);
  const pages = pagesOf(rows.length);
  const page = Math.min(list.page, pages);
  const from = (page - 1) * PAGE_SIZE;
  const look = (view: View) => change({ view, page: 1, sort: sortFor(view, list.sort) });
  const turn = (to: number) => {
    change({ page: to });
    document.getElementById("letters")?.focus();
  };
  return (
    <>
      <ErrorSummary problems={problems} />
      <Views rows={list.rows} view={list.view} me={me.person} isDue={isDue} onView={look} />
      <SlipFilter list={list} problems={problems} onApply={apply} />
      <p class="govuk-body" role="status" id="letters" tabIndex={-1}>
        {rows.length === 0
          ? inView(list.rows, list.view, me.person, isDue).length === 0
            ? EMPTY[list.view]
            : "No letter fits the filter."
          : rows.length === list.rows.length && pages === 1
            ? `${lettersIn(rows)}.`
            : `Showing ${number(from + 1)} to ${number(Math.min(from + PAGE_SIZE, rows.length))} of ${lettersIn(rows)}.`}
      </p>
      {rows.length === 0 ? null : (
        <SlipTable
          inbox={inbox}
          list={list}
          world={world}
          rows={pageOf(rows, page)}
          onSort={(sort) => change({ sort, page: 1 })}
        />
      )}
      <Pagination page={page} pages={pages} onPage={turn} label="Pages of letters" />
    </>
  );
}

type TableProps = {
  readonly inbox: string;
  readonly world: BodyWorld;
  readonly list: ListMemory;
  readonly rows: readonly SlipRow[];
  readonly onSort: (sort: Sort) => void;
};

function SlipTable({ inbox, list, world, rows, onSort }: TableProps) {
  const now = Date.now();
  const columns = [
    { id: "received", title: "Received", sortable: true },
    { id: "stand", title: "State", sortable: true },
    { id: "due", title: "Next date", sortable: true },
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
            <span class="pb-quiet"> ({age(row.receivedAt, now)})</span>
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
          row.marker ? "" : <StandCell row={row} world={world} />,
          isDateUnknown(row, list.times) ? (
            "Not known"
          ) : row.marker || row.first !== null ? (
            ""
          ) : (
            <NextDate due={dueOfRow(row, list.times)} now={now} />
          ),
          ...list.columns.map(({ id }) =>
            row.code !== null || row.first !== null ? "" : <Cell text={row.cells[id]} />,
          ),
          <Path path={row.path} />,
        ],
      }))}
    />
  );
}

/** How many letters stand in each, and which is shown. */
function Views({ rows, view, me, isDue, onView }: ViewsProps) {
  return (
    <nav class="pb-views" aria-label="Views">
      <ul class="pb-views__list">
        {VIEWS.map((one) => (
          <li key={one}>
            <button
              type="button"
              class="pb-views__view"
              {...(one === view ? { "aria-current": "true" as const } : {})}
              onClick={() => onView(one)}
            >
              {VIEW_WORDS[one]} <span class="pb-views__count">{number(countIn(rows, one, me, isDue))}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
type ViewsProps = {
  readonly rows: readonly SlipRow[];
  readonly view: View;
  readonly me: string;
  readonly isDue: IsDue;
  readonly onView: (view: View) => void;
};

const VIEW_WORDS: Record<View, string> = {
  mine: "Mine",
  new: "New",
  due: "Due",
  open: "Open",
  closed: "Closed",
  all: "All",
};
const EMPTY: Record<View, string> = {
  mine: "No letter was given to you, or all of them are closed.",
  new: "No letter waits for a first step.",
  due: "Nothing is overdue, and nothing is due within 5 working days.",
  open: "No letter is in hand.",
  closed: "No letter is closed.",
  all: "No letter fits the filter.",
};

/** Where a letter stands and who has it; a word and not a colour alone. */
function StandCell({ row, world }: { readonly row: SlipRow; readonly world: BodyWorld }) {
  const { stand } = row;
  if (stand === null)
    return (
      <span>
        <Tag colour="red">Not as logged</Tag>
        <br />
        <span class="pb-quiet">{sentence("CASE_BROKEN")}</span>
      </span>
    );
  return (
    <span>
      <StandTag stand={stand} />
      {stand.to === null ? null : (
        <>
          <br />
          <span class="pb-quiet">With {nameOf(world, stand.to).name}</span>
        </>
      )}
      {isUnseen(row) ? (
        <>
          <br />
          Written after it was closed
        </>
      ) : null}
    </span>
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
