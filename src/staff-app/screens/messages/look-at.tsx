/** The message as each person will get it, on the real list. */
import { useState } from "preact/hooks";
import { everybody, isWritten } from "../../../member/flows/messages.ts";
import { number } from "../../words/format.ts";
import { Button } from "../../parts/button.tsx";
import { Email } from "../../parts/email.tsx";
import { BackLink, Link } from "../../parts/link.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { MessageDocument } from "./message-document.tsx";
import type { MessageProps } from "./page.ts";
import { fateWords, subjectWords } from "./words.ts";

export function LookAt({ world }: MessageProps) {
  const [at, setAt] = useState(0);
  const messages = paths.incident(world.incident, "messages");
  const people = everybody(world);
  const one = people[Math.min(at, people.length - 1)]!;
  const turn = (to: number) => {
    setAt(to);
    document.getElementById("which")?.focus();
  };
  if (!isWritten(world))
    return (
      <p class="govuk-body">
        The message is not written yet.{" "}
        <Link to={paths.incident(world.incident, "messages", "write")}>Write the message</Link>
      </p>
    );
  const { person, fate } = one;
  return (
    <>
      <BackLink to={messages}>Messages</BackLink>
      <h2 class="govuk-heading-m" id="which" tabIndex={-1}>
        Person {number(at + 1)} of {number(people.length)}
      </h2>
      <SummaryList
        rows={[
          { key: "Name", value: person.name || "Not known" },
          { key: "How they are told", value: fateWords(fate) },
          ...(fate.at === "to-do" && fate.way.by === "email"
            ? [
                { key: "To", value: <Email address={fate.way.to} /> },
                { key: "Subject", value: subjectWords(world.draft.template.subject) },
              ]
            : []),
        ]}
      />
      <MessageDocument template={world.draft.template} person={person} />
      <nav class="govuk-button-group" aria-label="People">
        {at > 0 ? (
          <Button kind="secondary" onPress={() => turn(at - 1)}>
            Person before
          </Button>
        ) : null}
        {at < people.length - 1 ? (
          <Button kind="secondary" onPress={() => turn(at + 1)}>
            Next person
          </Button>
        ) : null}
      </nav>
    </>
  );
}
