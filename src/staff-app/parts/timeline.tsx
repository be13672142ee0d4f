/** What happened, newest first: what, by whom, when. */
import type { ComponentChildren } from "preact";
import { machine, moment } from "../words/format.ts";

export type Happening = {
  readonly id: string;
  readonly title: string;
  readonly by: string | null;
  readonly at: number;
  readonly more?: ComponentChildren;
};

export const Timeline = ({ items }: { readonly items: readonly Happening[] }) => (
  <ol class="pb-timeline">
    {items.map(({ id, title, by, at, more }) => (
      <li class="pb-timeline__item" key={id}>
        <h2 class="pb-timeline__title">{title}</h2>
        {by ? <span class="pb-timeline__by"> {by}</span> : null}
        <p class="pb-timeline__date">
          <time dateTime={machine(at)}>{moment(at)}</time>
        </p>
        {more}
      </li>
    ))}
  </ol>
);
