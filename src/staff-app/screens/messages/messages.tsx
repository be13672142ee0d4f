/** Messages to the people affected: which page of them. */
import { DELIVERY_STATES } from "../../../domain/mail/state.ts";
import { loadMessages } from "../../../member/flows/messages.ts";
import { count } from "../../words/format.ts";
import { Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Inset } from "../../parts/banner.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import type { Messages as MessagesAnswer } from "../../../contract/messages.ts";
import { useVisit } from "../../visit.ts";
import type { PartProps } from "../incidents/part.ts";
import { Calls } from "./calls.tsx";
import { LookAt } from "./look-at.tsx";
import { Overview } from "./overview.tsx";
import type { MessageProps } from "./page.ts";
import { Print } from "./print.tsx";
import { STATE_WORDS } from "./words.ts";
import { Write } from "./write.tsx";

export function Messages({ incident, rest }: PartProps) {
  const visit = useVisit();
  const loaded = useLoad(() => loadMessages(visit, incident));
  return (
    <Loading loaded={loaded} text={() => "Opening the list of people…"}>
      {(world) =>
        world === null ? (
          <NoList incident={incident.head.incident} />
        ) : "sealed" in world ? (
          <Sealed messages={world.messages} />
        ) : (
          <Which world={world} rest={rest} />
        )
      }
    </Loading>
  );
}

function Which({ world, rest }: MessageProps & Pick<PartProps, "rest">) {
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
          There is no such page of the messages.{" "}
          <Link to={paths.incident(world.incident, "messages")}>Go to the messages</Link>
        </p>
      );
  }
}

/** For an auditor, say: how far the messages are, without anybody's name. */
const Sealed = ({ messages }: { readonly messages: MessagesAnswer }) => (
  <>
    <p class="govuk-body">
      You hold no key to the documents of this incident, so you see how far the messages are, and nobody’s name.
    </p>
    {messages.returned.some(({ said }) => said === null) ? (
      <p class="govuk-body">
        {count(messages.returned.filter(({ said }) => said === null).length, "thing")} came back that nobody has looked
        at. Ask somebody who holds a key.
      </p>
    ) : null}
    {messages.deliveries.length === 0 ? (
      <p class="govuk-body">No message was handed in yet.</p>
    ) : (
      <SummaryList
        rows={DELIVERY_STATES.flatMap((state) => {
          const found = messages.deliveries.filter((one) => one.state === state).length;
          return found === 0 ? [] : [{ key: STATE_WORDS[state], value: count(found, "message") }];
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
