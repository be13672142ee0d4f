/** The three states of a screen that loads: waiting, failed, ready. */
import type { ComponentChildren } from "preact";
import type { Failure } from "../failure.ts";
import type { Progress } from "../../member/member.ts";
import type { Loaded } from "../use-load.ts";
import { Button } from "./button.tsx";
import { Working } from "./banner.tsx";

type Props<T> = {
  readonly loaded: Loaded<T>;
  readonly text?: (progress: Progress | null) => string;
  readonly children: (value: T, again: () => void) => ComponentChildren;
};

export function Loading<T>({ loaded, text = () => "Loading…", children }: Props<T>) {
  if (loaded.at === "ready") return <>{children(loaded.value, loaded.again)}</>;
  if (loaded.at === "failed") return <Failed failure={loaded.failure} again={loaded.again} />;
  const { progress } = loaded;
  return <Working text={text(progress)} {...(progress ? { done: progress.done, total: progress.total } : {})} />;
}

export const Failed = ({ failure, again }: { readonly failure: Failure; readonly again?: () => void }) => (
  <div class="pb-failed" role="alert">
    <h2 class="govuk-heading-m">This did not work</h2>
    <p class="govuk-body">{failure.text}</p>
    {again ? (
      <Button kind="secondary" onPress={again}>
        Try again
      </Button>
    ) : null}
  </div>
);
