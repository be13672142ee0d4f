/** GOV.UK error summary: the same words at the top and at the field, focus on the summary. */
import { useEffect, useRef } from "preact/hooks";
import { forgetSaid } from "../said.ts";

export type Problem = { readonly field: string; readonly text: string };

/** The problem of one field, if it has one. */
export const problemOf = (problems: readonly Problem[], field: string): string | undefined =>
  problems.find((p) => p.field === field)?.text;

export function ErrorSummary({ problems }: { readonly problems: readonly Problem[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length === 0) return;
    forgetSaid();
    box.current?.focus();
  }, [problems]);
  if (problems.length === 0) return null;
  const jump = (event: MouseEvent, field: string) => {
    event.preventDefault();
    const target = document.getElementById(field);
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  };
  return (
    <div class="govuk-error-summary" tabIndex={-1} ref={box}>
      <div role="alert">
        <h2 class="govuk-error-summary__title">There is a problem</h2>
        <div class="govuk-error-summary__body">
          <ul class="govuk-list govuk-error-summary__list">
            {problems.map(({ field, text }) => (
              <li key={field + text}>
                <a href={`#${field}`} onClick={(event) => jump(event, field)}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

export const ErrorMessage = ({ id, text }: { readonly id: string; readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p id={id} class="govuk-error-message">
      <span class="govuk-visually-hidden">Error:</span> {text}
    </p>
  );
