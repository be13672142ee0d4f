/** Messages that need a person: those that may or may not have gone out, and those that came back or were refused. */
import { decideDelivery, everybody, type Decision, type MessageWorld } from "../../../member/flows/messages.ts";
import { shortMoment } from "../../words/format.ts";
import { TextButton } from "../../parts/button.tsx";
import { NameAndEmail } from "../../parts/email.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Tag } from "../../parts/banner.tsx";
import { Table } from "../../parts/table.tsx";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { codeWords, fateWords, STATE_COLOURS, STATE_WORDS } from "./words.ts";

type Props = { readonly world: MessageWorld; readonly onDone: () => Promise<void> };

export function Undecided({ world, onDone }: Props) {
  const visit = useVisit();
  const act = useAct();
  const shown = world.messages.deliveries.filter(
    ({ state }) => state === "uncertain" || state === "bounced" || state === "rejected",
  );
  if (shown.length === 0) return null;
  const people = new Map(everybody(world).map((one) => [one.person.person, one]));
  const decide = (delivery: string, decision: Decision) =>
    act.run(async () => {
      await decideDelivery(visit, world, delivery, decision);
      await onDone();
    });
  const columns = [
    { id: "who", title: "Who" },
    { id: "state", title: "What became of it" },
    { id: "next", title: "Next" },
  ];
  return (
    <section aria-labelledby="undecided">
      <h2 class="govuk-heading-m" id="undecided">
        Messages that need a person
      </h2>
      <p class="govuk-body">
        An uncertain message is never sent again by itself: the connection broke after the mail server had it and before
        it said yes. Ask the person, or decide.
      </p>
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Table
        caption="Messages that need a person"
        captionHidden
        columns={columns}
        rows={shown.map((one) => {
          const somebody = people.get(one.person);
          const name = somebody?.person.name || "Name not known";
          return {
            id: one.delivery,
            cells: [
              <NameAndEmail name={name} email={(one.channel === "email" ? somebody?.person.email : null) ?? ""} />,
              <span>
                <Tag colour={STATE_COLOURS[one.state]}>{STATE_WORDS[one.state]}</Tag>
                <br />
                {codeWords(one.code)}
                <br />
                <span class="pb-quiet">{shortMoment(one.changedAt)}</span>
              </span>,
              one.state === "uncertain" ? (
                <ul class="pb-actions">
                  <li>
                    <TextButton onPress={() => decide(one.delivery, "judged-sent")} hidden={`, the message to ${name}`}>
                      It arrived
                    </TextButton>
                  </li>
                  <li>
                    <TextButton
                      onPress={() => decide(one.delivery, "judged-again")}
                      hidden={`, the message to ${name}`}
                    >
                      Send it again
                    </TextButton>
                  </li>
                  <li>
                    <TextButton onPress={() => decide(one.delivery, "cancelled")} hidden={`, the message to ${name}`}>
                      Do not send it
                    </TextButton>
                  </li>
                </ul>
              ) : somebody ? (
                fateWords(somebody.fate)
              ) : (
                ""
              ),
            ],
          };
        })}
      />
    </section>
  );
}
