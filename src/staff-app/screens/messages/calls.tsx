/** The call list: those who may be in danger first. Who was rung, when, and what was agreed. */
import { useState } from "preact/hooks";
import { callList } from "../../../domain/mail/channel.ts";
import { CALL_OUTCOMES, type CallOutcome } from "../../../domain/mail/fate.ts";
import { everybody, noteCall, type MessageWorld, type Somebody } from "../../../member/flows/messages.ts";
import { keepNote, readNote } from "../../../member/flows/message-documents.ts";
import { count, moment } from "../../words/format.ts";
import { Button, TextButton } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { BackLink, Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Tag, Warning } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { MessageProps } from "./page.ts";
import type { Call } from "../../../contract/messages.ts";
import { outcomeWords, wayWords } from "./words.ts";
import { useDraft } from "../../use-draft.ts";

export function Calls({ world, chosen }: MessageProps & { readonly chosen: string | undefined }) {
  const people = everybody(world);
  const one = people.find(({ person }) => person.person === chosen);
  return one ? <Note world={world} somebody={one} /> : <List world={world} people={people} />;
}

const lastOf = (world: MessageWorld, person: string) =>
  world.messages.calls.filter((call) => call.person === person).at(-1);

function List({ world, people }: { readonly world: MessageWorld; readonly people: readonly Somebody[] }) {
  const due = callList(people.flatMap(({ person, fate }) => (fate.at === "to-do" ? [{ person, way: fate.way }] : [])));
  const columns = [
    { id: "who", title: "Who" },
    { id: "phone", title: "Telephone" },
    { id: "why", title: "Why" },
    { id: "last", title: "Last call" },
    { id: "note", title: "Action", hiddenTitle: true },
  ];
  return (
    <>
      <BackLink to={paths.incident(world.incident, "messages")}>Messages</BackLink>
      <h2 class="govuk-heading-m">
        {due.length === 0
          ? "Nobody is left to ring"
          : `${count(due.length, "person", "people")} to ring or to find a way to`}
      </h2>
      {due.some(({ person }) => person.inDanger) ? (
        <Warning>
          Those who may be in danger stand first. Somebody else may answer, or stand beside them: say who you are only
          when you know that you speak with the person, and that it is safe.
        </Warning>
      ) : null}
      {due.length === 0 ? null : (
        <Table
          caption="Call list"
          captionHidden
          columns={columns}
          rows={due.map(({ person, way }) => {
            const last = lastOf(world, person.person);
            const name = person.name || "Name not known";
            return {
              id: person.person,
              cells: [
                <span>
                  {name}
                  {person.inDanger ? (
                    <>
                      <br />
                      <Tag colour="red">May be in danger</Tag>
                    </>
                  ) : null}
                </span>,
                way.by === "call" ? (
                  <span class="pb-reference">{way.phone}</span>
                ) : (
                  <span class="pb-quiet">None that is safe</span>
                ),
                wayWords(way),
                last ? (
                  <span>
                    {outcomeWords(last.outcome)}
                    <br />
                    <span class="pb-quiet">
                      {moment(last.at)}, {last.name ?? "somebody"}
                    </span>
                  </span>
                ) : (
                  "Not yet"
                ),
                <Link to={paths.incident(world.incident, "messages", "calls", person.person)} hidden={`with ${name}`}>
                  Note a call
                </Link>,
              ],
            };
          })}
        />
      )}
    </>
  );
}

/** What came of a call; the words are opened on request, which is an entry in the log. */
function CallWords({ world, call }: { readonly world: MessageWorld; readonly call: Call }) {
  const visit = useVisit();
  const act = useAct();
  const [words, setWords] = useDraft<string | null>("call/words", null);
  const { document } = call;
  return (
    <span>
      {outcomeWords(call.outcome)}, noted by {call.name ?? "somebody"}
      {document && words === null ? (
        <>
          <br />
          <TextButton
            onPress={() => act.run(async () => setWords(await readNote(visit, world.incident, document)))}
            hidden={`of ${moment(call.at)}`}
          >
            {act.working ? "Opening…" : "Open what was agreed"}
          </TextButton>
        </>
      ) : null}
      {words === null ? null : (
        <>
          <br />
          <span class="pb-written">{words}</span>
        </>
      )}
      {act.failure ? <Failed failure={act.failure} /> : null}
    </span>
  );
}

const HINTS: { readonly [outcome in CallOutcome]?: string } = {
  told: "They know what happened, and no message is wanted.",
  "agreed-email": "They said that a message to their e-mail address is safe.",
  "agreed-post": "They said that a message to their postal address is safe.",
};

function Note({ world, somebody }: MessageProps & { readonly somebody: Somebody }) {
  const visit = useVisit();
  const act = useAct();
  const [words, setWords] = useState("");
  const [outcome, setOutcome] = useDraft<readonly string[]>("call/outcome", []);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const list = paths.incident(world.incident, "messages", "calls");
  const { person, fate } = somebody;
  const calls = world.messages.calls.filter((call) => call.person === person.person).toReversed();
  const may = CALL_OUTCOMES.filter(
    (one) => (one !== "agreed-email" || person.email !== null) && (one !== "agreed-post" || person.post !== null),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = CALL_OUTCOMES.find((one) => one === outcome[0]);
    setProblems(chosen ? [] : [{ field: "outcome", text: "Select what came of it" }]);
    if (!chosen) return;
    act.run(async () => {
      const said = words.trim();
      const document =
        said === "" ? null : await keepNote(visit, world.incident, `${person.name || "Name not known"}: ${said}`);
      await noteCall(visit, world, { person: person.person, outcome: chosen, document });
      visit.done("call", "The call was noted.");
      visit.go(list);
    });
  };
  return (
    <>
      <BackLink to={list}>Call list</BackLink>
      <ErrorSummary problems={problems} />
      <h2 class="govuk-heading-m">Note a call</h2>
      <SummaryList
        rows={[
          {
            key: "Name",
            value: (
              <span>
                {person.name || "Not known"}
                {person.inDanger ? (
                  <>
                    {" "}
                    <Tag colour="red">May be in danger</Tag>
                  </>
                ) : null}
              </span>
            ),
          },
          {
            key: "Telephone",
            value: fate.at === "to-do" && fate.way.by === "call" ? fate.way.phone : "None that is safe",
          },
          { key: "Their letters or records", value: person.records.join(", ") || "Not known" },
          ...calls.map((call) => ({ key: moment(call.at), value: <CallWords world={world} call={call} /> })),
        ]}
      />
      <form onSubmit={submit} noValidate>
        <Choices
          id="outcome"
          kind="radio"
          label="What came of it?"
          choices={may.map((value) => ({
            value,
            label: outcomeWords(value),
            ...(HINTS[value] ? { hint: HINTS[value] } : {}),
          }))}
          chosen={outcome}
          onChange={setOutcome}
          problem={problemOf(problems, "outcome")}
        />
        <TextArea
          id="words"
          label="What was agreed"
          hint="Sealed to the documents of this incident."
          rows={4}
          value={words}
          onChange={setWords}
        />
        {act.failure ? <Failed failure={act.failure} /> : null}
        <Button submit working={act.working}>
          {act.working ? "Noting…" : "Note the call"}
        </Button>
      </form>
    </>
  );
}
