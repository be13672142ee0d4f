/** Something came back: what was written to a return address and is no bounce. Somebody opens it and says what it was. */
import { useState } from "preact/hooks";
import type { ReturnedMail } from "../../../contract/messages.ts";
import type { ReturnedContent } from "../../../domain/mail/returned-content.ts";
import type { ReturnedSaid } from "../../../domain/mail/returned.ts";
import { openReturned } from "../../../member/flows/message-documents.ts";
import { judgeReturned, type MessageWorld } from "../../../member/flows/messages.ts";
import { shortMoment } from "../../words/format.ts";
import { RETURNED_WORDS, SAID_WORDS } from "../../words/words.ts";
import { Tag } from "../../parts/banner.tsx";
import { Button, TextButton } from "../../parts/button.tsx";
import { Failed } from "../../parts/loading.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";

type Props = { readonly world: MessageWorld; readonly onDone: () => Promise<void> };

export function Returned({ world, onDone }: Props) {
  const { returned, deliveries } = world.messages;
  if (returned.length === 0) return null;
  const personOf = new Map(deliveries.map(({ delivery, person }) => [delivery, person]));
  const names = new Map(world.people.map(({ person, name }) => [person, name]));
  return (
    <section aria-labelledby="returned">
      <h2 class="govuk-heading-m" id="returned">
        Something came back
      </h2>
      <p class="govuk-body">
        Somebody, or a program of theirs, wrote to the address that their message came from. It is sealed to this
        incident. Each opening is logged. Until somebody has said what it was, their message counts as sent.
      </p>
      {returned.map((mail) => (
        <One
          key={mail.document}
          world={world}
          mail={mail}
          name={names.get(personOf.get(mail.delivery) ?? "") || "Name not known"}
          onDone={onDone}
        />
      ))}
    </section>
  );
}

const SAID: readonly ReturnedSaid[] = ["arrived", "came-back", "nothing"];

function One({ world, mail, name, onDone }: Props & { readonly mail: ReturnedMail; readonly name: string }) {
  const visit = useVisit();
  const act = useAct();
  const [content, setContent] = useState<ReturnedContent | null>(null);
  const open = () => act.run(async () => setContent(await openReturned(visit, world.incident, mail)));
  const say = (said: ReturnedSaid) =>
    act.run(async () => {
      await judgeReturned(visit, world, mail, said);
      await onDone();
    });
  const about = `, what came back from ${name}, ${shortMoment(mail.at)}`;
  return (
    <section class="pb-edge" aria-label={`What came back from ${name}, ${shortMoment(mail.at)}`}>
      <p class="govuk-body">
        <strong>{name}</strong>, {shortMoment(mail.at)}.{" "}
        <Tag colour={mail.said === null ? "yellow" : "grey"}>
          {mail.said === null ? "Nobody has looked" : (SAID_WORDS[mail.said] ?? mail.said)}
        </Tag>
        <br />
        {RETURNED_WORDS[mail.kind] ?? mail.kind}
      </p>
      {act.failure ? <Failed failure={act.failure} /> : null}
      {content === null ? (
        <Button kind="secondary" working={act.working} onPress={open} hidden={about}>
          {act.working ? "Opening…" : "Open it"}
        </Button>
      ) : (
        <>
          <SummaryList
            rows={[
              { key: "From", value: content.from || "Not said" },
              { key: "Subject", value: content.subject || "None" },
            ]}
          />
          <p class="govuk-body">
            <span class="pb-written">{content.text || "It has no text that could be read."}</span>
          </p>
          {content.cut ? <p class="govuk-body">It was longer than 256 KB. This is from its beginning.</p> : null}
        </>
      )}
      {content !== null && mail.said === null ? (
        <ul class="pb-actions">
          {SAID.map((said) => (
            <li key={said}>
              <TextButton onPress={() => say(said)} hidden={about}>
                {SAID_WORDS[said] ?? said}
              </TextButton>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
