/** Pairs of a name and what it says. */
import type { ComponentChildren } from "preact";

export type Row = { readonly key: string; readonly value: ComponentChildren };

export const SummaryList = ({ rows, plain = false }: { readonly rows: readonly Row[]; readonly plain?: boolean }) => (
  <dl class={`govuk-summary-list${plain ? " govuk-summary-list--no-border" : ""}`}>
    {rows.map(({ key, value }, index) => (
      <div class="govuk-summary-list__row" key={`${index} ${key}`}>
        <dt class="govuk-summary-list__key">{key}</dt>
        <dd class="govuk-summary-list__value">{value}</dd>
      </div>
    ))}
  </dl>
);
