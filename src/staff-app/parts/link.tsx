/**
 * Links inside the app: real addresses, so that they can be copied and opened in another tab, followed without a
 * reload.
 */
import type { ComponentChildren } from "preact";
import { useGo } from "../visit.ts";

type Props = {
  readonly to: string;
  readonly class?: string;
  readonly current?: "page" | "true" | false;
  readonly hidden?: string;
  readonly children: ComponentChildren;
};

export function Link({ to, class: name = "govuk-link", current = false, hidden, children }: Props) {
  const go = useGo();
  const follow = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    go(to);
  };
  return (
    <a class={name} href={to} onClick={follow} {...(current ? { "aria-current": current } : {})}>
      {children}
      {hidden ? <span class="govuk-visually-hidden"> {hidden}</span> : null}
    </a>
  );
}

export const BackLink = ({ to, children }: { readonly to: string; readonly children: string }) => (
  <Link to={to} class="govuk-back-link">
    {children}
  </Link>
);
