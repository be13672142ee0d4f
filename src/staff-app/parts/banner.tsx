/** Things said to a person outside the flow of a page. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";

/** Something that was done; spoken as soon as it appears. */
export const Success = ({ children }: { readonly children: ComponentChildren }) => (
  <div
    class="govuk-notification-banner govuk-notification-banner--success"
    role="alert"
    aria-labelledby="success-title"
  >
    <div class="govuk-notification-banner__header">
      <h2 class="govuk-notification-banner__title" id="success-title">
        Success
      </h2>
    </div>
    <div class="govuk-notification-banner__content">
      <p class="govuk-notification-banner__heading">{children}</p>
    </div>
  </div>
);

export const Important = ({
  id,
  title = "Important",
  children,
}: {
  readonly id: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}) => (
  <section class="govuk-notification-banner" aria-labelledby={id}>
    <div class="govuk-notification-banner__header">
      <h2 class="govuk-notification-banner__title" id={id}>
        {title}
      </h2>
    </div>
    <div class="govuk-notification-banner__content">{children}</div>
  </section>
);

export const Warning = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="govuk-warning-text">
    <span class="govuk-warning-text__icon" aria-hidden="true">
      !
    </span>
    <strong class="govuk-warning-text__text">
      <span class="govuk-visually-hidden">Warning</span>
      {children}
    </strong>
  </div>
);

export const Inset = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="govuk-inset-text">{children}</div>
);

const COLOURS = { green: "green", grey: "grey", blue: "blue", yellow: "yellow", red: "red", orange: "orange" } as const;
export type Colour = keyof typeof COLOURS;

export const Tag = ({
  colour = "grey",
  children,
}: {
  readonly colour?: Colour;
  readonly children: ComponentChildren;
}) => <strong class={`govuk-tag govuk-tag--${COLOURS[colour]}`}>{children}</strong>;

/** For somebody whose grant is over, but whose key still opens what is sent. */
export const HoldsStill = () => <Tag colour="orange">Holds the key until the next one</Tag>;

/** Long work: a line that is read out, and a bar where the end is known. */
export function Working({
  text,
  done,
  total,
}: {
  readonly text: string;
  readonly done?: number;
  readonly total?: number;
}) {
  // Read out at the beginning and at each quarter: a voice that says every step says nothing else.
  const quarter = total ? Math.floor(((done ?? 0) * 4) / total) : 0;
  const spoken = useMemo(() => text, [quarter, total]);
  return (
    <div class="pb-working">
      <p class="govuk-body" aria-hidden="true">
        {text}
      </p>
      <p class="govuk-visually-hidden" role="status">
        {spoken}
      </p>
      <progress
        class="pb-progress"
        aria-label={spoken}
        {...(total === undefined ? {} : { max: total, value: done ?? 0 })}
      />
    </div>
  );
}
