/** Messages that go by post: one page each, ready to print, and the note that they were posted. */
import { useState } from "preact/hooks";
import type { Way } from "../../../domain/mail/channel.ts";
import { newId } from "../../../domain/seal/random.ts";
import { everybody, isWritten, notePosted } from "../../../member/flows/messages.ts";
import { count, day } from "../../words/format.ts";
import { Button } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";
import { BackLink, Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { MessageDocument } from "./message-document.tsx";
import type { MessageProps } from "./page.ts";

export function Print({ world }: MessageProps) {
  const visit = useVisit();
  const act = useAct();
  const [sure, setSure] = useState<readonly string[]>([]);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const messages = paths.incident(world.incident, "messages");
  const due = everybody(world).flatMap(({ person, fate }) =>
    fate.at === "to-do" && fate.way.by === "post"
      ? [{ person, to: (fate.way as Extract<Way, { by: "post" }>).to }]
      : [],
  );
  if (!isWritten(world))
    return (
      <p class="govuk-body">
        The message is not written yet.{" "}
        <Link to={paths.incident(world.incident, "messages", "write")}>Write the message</Link>
      </p>
    );
  const posted = (event: SubmitEvent) => {
    event.preventDefault();
    const found = sure.length > 0 ? [] : [{ field: "posted", text: "Confirm that the messages are in the post" }];
    setProblems(found);
    if (found.length > 0) return;
    act.run(async () => {
      await notePosted(
        visit,
        world,
        due.map(({ person }) => ({ delivery: newId(), person: person.person })),
      );
      visit.say(`${count(due.length, "message is", "messages are")} noted as posted.`);
      visit.go(messages);
    });
  };
  return (
    <>
      <div class="pb-no-print">
        <BackLink to={messages}>Messages</BackLink>
        <ErrorSummary problems={problems} />
        <h2 class="govuk-heading-m">{count(due.length, "message")} by post</h2>
        {due.length === 0 ? (
          <p class="govuk-body">There is no message left to print.</p>
        ) : (
          <>
            <p class="govuk-body">
              Each message begins on a page of its own, with the address where a window envelope shows it. Nothing on
              the outside says what it is about.
            </p>
            <Button onPress={() => window.print()}>Print {count(due.length, "message")}</Button>
            <form onSubmit={posted} noValidate>
              <Choices
                id="posted"
                kind="checkbox"
                label="When they are in the post"
                choices={[{ value: "yes", label: `All ${count(due.length, "message")} were printed and posted` }]}
                chosen={sure}
                onChange={setSure}
                problem={problemOf(problems, "posted")}
              />
              {act.failure ? <Failed failure={act.failure} /> : null}
              <Button submit kind="secondary" working={act.working}>
                Note that they were posted
              </Button>
            </form>
          </>
        )}
      </div>
      {due.map(({ person, to }) => (
        <MessageDocument
          key={person.person}
          template={world.draft.template}
          person={person}
          to={to}
          from={visit.me.body?.name ?? ""}
          on={day(Date.now())}
        />
      ))}
    </>
  );
}
