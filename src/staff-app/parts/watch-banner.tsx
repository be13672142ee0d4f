/** Above every page, for everybody: that something is open which should not be, or that nobody is looking. */
import { useEffect, useState } from "preact/hooks";
import { count, moment } from "../words/format.ts";
import { paths } from "../route.ts";
import { useVisit } from "../visit.ts";
import type { WatchState } from "../../contract/watch.ts";
import { Link } from "./link.tsx";
import { whenSteady } from "./steady.ts";

const LOOK_EVERY_MS = 20_000;

export function WatchBanner() {
  const { api, me } = useVisit();
  const [state, setState] = useState<WatchState | null>(null);
  useEffect(() => {
    let here = true;
    // Whether the visit must end is for what the person does to find out; this only looks.
    const look = () =>
      void api.watch().then(
        (now) => whenSteady(() => here && setState(now)),
        () => undefined,
      );
    look();
    const timer = window.setInterval(look, LOOK_EVERY_MS);
    return () => {
      here = false;
      window.clearInterval(timer);
    };
  }, []);
  if (state === null || (state.open === 0 && !state.silent && state.siteSince === null)) return null;
  const answers = me.role === "owner" || me.role === "auditor";
  return (
    <div class="pb-watch" role="alert" data-watch>
      {state.open > 0 ? (
        <>
          <h2 class="govuk-heading-m">{count(state.open, "finding is", "findings are")} open</h2>
          {answers ? (
            <p class="govuk-body">
              Something can be seen or changed that should not be.{" "}
              <Link to={paths.findings}>See what was found and what to do now</Link>
            </p>
          ) : (
            <p class="govuk-body">
              Something is not as it should be.{" "}
              {me.role === "operator"
                ? "The owners and auditors of the bodies see what it is: ask them."
                : "The owners and auditors of your body see what it is and what to do."}
            </p>
          )}
        </>
      ) : null}
      {state.silent ? (
        <>
          <h2 class="govuk-heading-m">Nobody is looking</h2>
          <p class="govuk-body">
            {state.since === null
              ? "The monitor or the inspector has never looked at this installation."
              : `The monitor or the inspector last looked at this installation on ${moment(state.since)}.`}{" "}
            Until it looks again, nobody would notice if something became visible.{" "}
            {me.role === "operator"
              ? "Find out why it has stopped: the logs of the installation say."
              : "Tell the organisation that runs this website."}
          </p>
        </>
      ) : null}
      {state.siteSince !== null ? (
        <>
          <h2 class="govuk-heading-m">Nobody is looking at the old website</h2>
          <p class="govuk-body">
            Its watch last looked on {moment(state.siteSince)}. Until it looks again, nobody would notice if something
            became visible there. If the watch was ended on purpose, there is nothing to do: this goes away a week after
            it last looked.
          </p>
        </>
      ) : null}
    </div>
  );
}
