/** A button that cannot be pressed twice: while it works it says so and does nothing more. */
import type { ComponentChildren } from "preact";

type Props = {
  readonly children: ComponentChildren;
  readonly onPress?: () => void;
  readonly kind?: "primary" | "secondary" | "warning";
  readonly working?: boolean;
  readonly submit?: boolean;
  readonly id?: string;
  readonly hidden?: string;
};

const CLASSES = { primary: "", secondary: " govuk-button--secondary", warning: " govuk-button--warning" } as const;

export function Button({ children, onPress, kind = "primary", working = false, submit = false, hidden, id }: Props) {
  // `aria-disabled` keeps the focus where it is; `disabled` would drop it to the top of the page.
  const press = (event: MouseEvent) => {
    if (working) event.preventDefault();
    else onPress?.();
  };
  return (
    <button
      {...(id ? { id } : {})}
      type={submit ? "submit" : "button"}
      class={`govuk-button${CLASSES[kind]}`}
      onClick={press}
      {...(working ? { "aria-disabled": "true" as const } : {})}
    >
      {children}
      {hidden ? <span class="govuk-visually-hidden"> {hidden}</span> : null}
    </button>
  );
}

/** A button that looks like a link, for acts that change the page and not the address. */
export const TextButton = ({
  children,
  onPress,
  hidden,
}: {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly hidden?: string;
}) => (
  <button type="button" class="pb-text-button" onClick={onPress}>
    {children}
    {hidden ? <span class="govuk-visually-hidden"> {hidden}</span> : null}
  </button>
);
