/** Until somebody has two unlockers: a sentence that asks for a second one, and the way to it. It hinders nothing. */
import { useEffect, useState } from "preact/hooks";
import { Inset } from "../../parts/banner.tsx";
import { Link } from "../../parts/link.tsx";
import { whenSteady } from "../../parts/steady.ts";
import { paths } from "../../route.ts";
import { useVisit } from "../../visit.ts";

export function SecondUnlocker() {
  const { api, me } = useVisit();
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let here = true;
    // Whether the visit must end is for what the person does to find out; this only asks.
    if (me.role !== "operator")
      api.unlockers().then(
        (all) => whenSteady(() => here && setMissing(all.length < 2)),
        () => undefined,
      );
    return () => {
      here = false;
    };
  }, []);
  return missing ? (
    <Inset>
      <p class="govuk-body" data-second-unlocker>
        Only one thing unlocks your keys. If you lose it, nobody can give you your keys back.{" "}
        <Link to={paths.unlockers}>Add a second one</Link>
      </p>
    </Inset>
  ) : null;
}
