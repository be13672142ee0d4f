/** Pages of a list that is already here: buttons, because the address does not change. */

type Props = {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
  readonly label: string;
};

/** The first, the last, and those around the current one; 0 stands for a gap. */
function pageNumbers(page: number, pages: number): number[] {
  const near = [1, page - 1, page, page + 1, pages].filter((n, i, all) => n >= 1 && n <= pages && all.indexOf(n) === i);
  return near.flatMap((n, i) => {
    const before = near[i - 1];
    if (before === undefined || n === before + 1) return [n];
    return n === before + 2 ? [before + 1, n] : [0, n];
  });
}

export function Pagination({ page, pages, onPage, label }: Props) {
  if (pages < 2) return null;
  return (
    <nav class="govuk-pagination pb-pagination" aria-label={label}>
      {page > 1 ? (
        <div class="govuk-pagination__prev">
          <button type="button" class="pb-text-button pb-page" onClick={() => onPage(page - 1)}>
            <span aria-hidden="true">‹ </span>Previous<span class="govuk-visually-hidden"> page</span>
          </button>
        </div>
      ) : null}
      <ul class="govuk-pagination__list">
        {pageNumbers(page, pages).map((number, index) =>
          number === 0 ? (
            <li class="govuk-pagination__item govuk-pagination__item--ellipsis" key={`gap-${index}`}>
              ⋯
            </li>
          ) : (
            <li
              class={`govuk-pagination__item${number === page ? " govuk-pagination__item--current" : ""}`}
              key={number}
            >
              <button
                type="button"
                class="pb-text-button pb-page"
                aria-label={`Page ${number}`}
                onClick={() => onPage(number)}
                {...(number === page ? { "aria-current": "page" as const } : {})}
              >
                {number}
              </button>
            </li>
          ),
        )}
      </ul>
      {page < pages ? (
        <div class="govuk-pagination__next">
          <button type="button" class="pb-text-button pb-page" onClick={() => onPage(page + 1)}>
            Next<span class="govuk-visually-hidden"> page</span>
            <span aria-hidden="true"> ›</span>
          </button>
        </div>
      ) : null}
    </nav>
  );
}
