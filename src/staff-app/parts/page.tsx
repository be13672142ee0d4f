/** The frame of a screen: one h1, a title without content, focus on arrival. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

type Props = {
  readonly title: string;
  readonly caption?: string | undefined;
  /** before the h1: a way back, an error summary, a notification */
  readonly before?: ComponentChildren;
  /** true while a form on the page has problems */
  readonly wrong?: boolean;
  /** what stands in the browser's title; never content */
  readonly tab?: string;
  readonly children: ComponentChildren;
};

let arrived = false;

/** Screens after the first take the focus to their heading, so that a screen reader hears where it is. */
export function Page({ title, caption, before, wrong = false, tab = title, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${wrong ? "Error: " : ""}${tab} – Pillarbox staff`;
  }, [tab, wrong]);
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true });
    arrived = true;
  }, []);
  return (
    <main class="govuk-main-wrapper pb-main" id="main-content">
      {before}
      {caption ? <span class="govuk-caption-l">{caption}</span> : null}
      <h1 class="govuk-heading-l" tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </main>
  );
}
