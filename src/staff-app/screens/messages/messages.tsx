/** Letters to the people affected: which page of them. */
import { DELIVERY_STATES } from "../../../domain/mail/state.ts";
import { loadLetters } from "../../../member/flows/messages.ts";
import { count } from "../../words/format.ts";
import { Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Inset } from "../../parts/banner.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import type { Letters as LettersAnswer } from "../../../contract/messages.ts";
import { useVisit } from "../../visit.ts";
import type { PartProps } from "../incidents/part.ts";
import { Calls } from "./calls.tsx";
import { LookAt } from "./look-at.tsx";
import { Overview } from "./overview.tsx";
import type { LetterProps } from "./page.ts";
import { Print } from "./print.tsx";
import { STATE_WORDS } from "./words.ts";
import { Write } from "./write.tsx";

export function Letters({ incident, rest }: PartProps) {
  const visit = useVisit();
  const loaded = useLoad(() => loadLetters(visit, incident));
  return (
    <Loading loaded={loaded} text={() => "Opening the list of people…"}>
      {(world) =>
        world === null ? (
          <NoList incident={incident.head.incident} />
        ) : "sealed" in world ? (
          <Sealed letters={world.letters} />
        ) : (
          <Which world={world} rest={rest} />
        )
      }
    </Loading>
  );
}

function Which({ world, rest }: LetterProps & Pick<PartProps, "rest">) {
  const [page, one] = rest;
  if (world.people.length === 0) return <Inset>The list of people is empty: there is nobody to write to.</Inset>;
  switch (page) {
    case undefined:
      return <Overview world={world} />;
    case "write":
      return <Write world={world} />;
    case "look":
      return <LookAt world={world} />;
    case "calls":
      return <Calls world={world} chosen={one} />;
    case "print":
      return <Print world={world} />;
    default:
      return (
        <p class="govuk-body">
          There is no such page of the letters.{" "}
          <Link to={paths.incident(world.incident, "letters")}>Go to the letters</Link>
        </p>
      );
  }
}

/** For an auditor, say: how far the letters are, without anybody's name. */
const Sealed = ({ letters }: { readonly letters: LettersAnswer }) => (
  <>
    <p class="govuk-body">
      You hold no key to the papers of this incident, so you see how far the letters are, and nobody’s name.
    </p>
    {letters.deliveries.length === 0 ? (
      <p class="govuk-body">No letter was handed in yet.</p>
    ) : (
      <SummaryList
        rows={DELIVERY_STATES.flatMap((state) => {
          const found = letters.deliveries.filter((one) => one.state === state).length;
          return found === 0 ? [] : [{ key: STATE_WORDS[state], value: count(found, "letter") }];
        })}
      />
    )}
  </>
);

const NoList = ({ incident }: { readonly incident: string }) => (
  <>
    <p class="govuk-body">Nobody can be written to yet, because this incident has no list of the people affected.</p>
    <p class="govuk-body">
      <Link to={paths.incident(incident, "affected")}>Find out who was affected</Link>
    </p>
  </>
);
