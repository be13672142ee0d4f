/**
 * Who was affected. For this body's own forms from the verified log; the list of people is sealed to the incident's
 * documents.
 */
import { useState } from "preact/hooks";
import { allEpochs, epochsHeldBy, type Scope } from "../../../domain/incident/reach.ts";
import { keysClaim } from "../../../domain/incident/keys-claim.ts";
import { reachable } from "../../../domain/incident/window.ts";
import type { ReachAnswer } from "../../../member/hands/tasks.ts";
import { and, count, inZone, number, roleName } from "../../words/format.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { Button } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Important, Inset, Warning, Working } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { Table } from "../../parts/table.tsx";
import { whoWasReached } from "../../../member/flows/reach.ts";
import { paths } from "../../route.ts";
import { useAct, type Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { nameOf, readersOf, type BodyWorld, type Found } from "../../../member/flows/world.ts";
import { Elsewhere, ELSEWHERE } from "./elsewhere.tsx";
import { Names } from "./names.tsx";
import { evidenceWords, LOOK_WORDS, WHAT_RECORDS_ARE } from "./reach-words.ts";
import { SealedLists } from "./sealed-lists.tsx";
import type { PartProps } from "./part.ts";

export function Affected({ incident, rest }: PartProps) {
  const window = incident.state.windows.at(-1);
  if (rest[0] === ELSEWHERE) return <Elsewhere incident={incident} />;
  return (
    <>
      <SealedLists incident={incident} />
      <h2 class="govuk-heading-m">This body’s forms</h2>
      {window ? (
        <OwnForms incident={incident} />
      ) : (
        <Important id="window-first" title="First">
          <p class="govuk-notification-banner__heading">
            The window decides who is affected.{" "}
            <Link to={paths.incident(incident.state.incident, "window")} class="govuk-notification-banner__link">
              Record the window
            </Link>
          </p>
        </Important>
      )}
      <h2 class="govuk-heading-m">Another system</h2>
      <p class="govuk-body">
        For a website or a system that is not Pillarbox: its access log says who looked, and a table of its people
        becomes the list.{" "}
        <Link to={paths.incident(incident.state.incident, "affected", ELSEWHERE)}>Read files of another system</Link>
      </p>
    </>
  );
}

const ALL = "all";

/** The grant that the incident was opened from, if it was. */
const grantOf = ({ state, world }: Incident) =>
  state.opened.source === "grant" && state.opened.sourceId ? world.state.grants.get(state.opened.sourceId) : undefined;

/** Everybody who was ever given a key of this inbox, once each. */
const everHeldOf = ({ state }: BodyWorld, inbox: string): readonly string[] => [
  ...new Set((state.inboxes.get(inbox)?.epochs ?? []).flatMap(({ holders }) => [...holders.keys()])),
];

const ALL_LETTERS = { value: ALL, label: "All letters that were here in the window" };
const lettersOf = (world: BodyWorld, person: string) => ({
  value: person,
  label: `Those whose key ${nameOf(world, person).name} was given`,
  hint: roleName(nameOf(world, person).role),
});

const ReadingLog = ({ progress }: Pick<Act, "progress">) => (
  <Working
    text={
      progress ? `Reading the log: ${number(progress.done)} of ${number(progress.total)} entries` : "Reading the log…"
    }
    {...(progress ?? {})}
  />
);

function OwnForms({ incident }: { readonly incident: Incident }) {
  const visit = useVisit();
  const act = useAct();
  const { world, state } = incident;
  const grant = grantOf(incident);
  const [inbox, setInbox] = useState<readonly string[]>(
    grant ? [grant.inbox] : world.inboxes.length === 1 ? [world.inboxes[0]!.inbox] : [],
  );
  const [person, setPerson] = useState<readonly string[]>(
    grant ? [(grant.persons.find(({ ended }) => ended) ?? grant.persons[0]!).person] : [ALL],
  );
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [answer, setAnswer] = useState<{
    readonly reach: ReachAnswer;
    readonly found: Found;
    readonly scope: Scope;
  } | null>(null);
  const found = world.inboxes.find((one) => one.inbox === inbox[0]);
  const everHeld = found ? everHeldOf(world, found.inbox) : [];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const window = state.windows.at(-1);
    setProblems(found ? [] : [{ field: "inbox", text: "Select a form" }]);
    if (!found || !window) return;
    const { from, until } = reachable(window);
    const one = everHeld.find((id) => id === person[0]);
    const scope: Scope = {
      inbox: found.inbox,
      epochs: one ? epochsHeldBy(world.state, found.inbox, one) : allEpochs(world.state, found.inbox),
      until,
    };
    act.run(async (tell) =>
      setAnswer({
        reach: await whoWasReached(visit, incident, scope, from, tell),
        found: { world, inbox: found },
        scope,
      }),
    );
  };
  return (
    <>
      <form onSubmit={submit} noValidate>
        <p class="govuk-body">The whole log is read and verified in this browser. Nothing is opened.</p>
        <ErrorSummary problems={problems} />
        <Choices
          id="inbox"
          kind="radio"
          label="Which form?"
          choices={world.inboxes.map((one) => ({ value: one.inbox, label: one.title }))}
          chosen={inbox}
          onChange={(next) => {
            setInbox(next);
            setPerson([ALL]);
            setAnswer(null);
          }}
          problem={problemOf(problems, "inbox")}
        />
        {found ? (
          <Choices
            id="person"
            kind="radio"
            label="Which letters could be reached?"
            chosen={person}
            onChange={(next) => {
              setPerson(next);
              setAnswer(null);
            }}
            choices={[ALL_LETTERS, ...everHeld.map((id) => lettersOf(world, id))]}
          />
        ) : null}
        {act.failure ? <Failed failure={act.failure} /> : null}
        {act.working ? <ReadingLog progress={act.progress} /> : null}
        <Button submit working={act.working}>
          {act.working ? "Reading…" : "Work out who could be reached"}
        </Button>
      </form>
      {answer ? <Answer incident={incident} {...answer} /> : null}
    </>
  );
}

function Answer({
  incident,
  reach,
  found,
  scope,
}: {
  readonly incident: Incident;
  readonly reach: ReachAnswer;
  readonly found: Found;
  readonly scope: Scope;
}) {
  const { letters, erased, evidence, coverage, hidden, looks } = reach;
  const times = letters.map(({ receivedAt }) => receivedAt);
  return (
    <section aria-labelledby="reached">
      <h2 class="govuk-heading-m" id="reached" tabIndex={-1}>
        What the log says
      </h2>
      {hidden > 0 ? (
        <Warning>
          The log holds {count(hidden, "entry", "entries")} about this incident that {hidden === 1 ? "is" : "are"} not
          shown. Somebody has shortened it. Tell your data protection officer, and have the log verified.
        </Warning>
      ) : null}
      <SummaryList
        rows={[
          { key: "Letters that could be reached", value: <strong>{number(letters.length)}</strong> },
          ...(times.length === 0
            ? []
            : [
                {
                  key: "Received",
                  value: (
                    <>
                      From {inZone(times.reduce((a, b) => Math.min(a, b)))}
                      <br />
                      to {inZone(times.reduce((a, b) => Math.max(a, b)))}
                    </>
                  ),
                },
              ]),
          ...(erased === 0
            ? []
            : [
                {
                  key: "Erased since",
                  value: `${count(erased, "letter")}: nobody can be told by ${erased === 1 ? "it" : "them"} any more`,
                },
              ]),
          { key: "Access", value: evidenceWords(evidence) },
          { key: "What the records are", value: WHAT_RECORDS_ARE },
          { key: "Who was ever given their key", value: <Keys world={found.world} scope={scope} /> },
          {
            key: "Log",
            value: `${number(coverage.entries)} entries, all verified in this browser, from ${inZone(coverage.from)} to ${inZone(coverage.until)}`,
          },
        ]}
      />
      {looks.length > 0 ? <Looks world={found.world} reach={reach} /> : null}
      <Names
        incident={incident}
        found={found}
        letters={letters}
        scope={scope}
        mayRead={readersOf(found.world, found.inbox.inbox, Date.now())}
      />
    </section>
  );
}

/** For Art. 34(3)(a): what the statements prove, and in the same breath what they do not. */
function Keys({ world, scope }: { readonly world: BodyWorld; readonly scope: Scope }) {
  const { holders } = keysClaim(world.state, scope.inbox, scope.epochs);
  return (
    <>
      {and(holders.map(({ person }) => nameOf(world, person).name))}
      <br />
      <span class="pb-quiet">
        The signed statements name everybody to whom Pillarbox gave the key. They do not prove that nobody handed it on,
        or that no device was read.
      </span>
    </>
  );
}

const MOST_ROWS = 200;

function Looks({ world, reach }: { readonly world: BodyWorld; readonly reach: ReachAnswer }) {
  const ids = new Set(reach.letters.map(({ submission }) => submission));
  const touched = (letters: ReadonlySet<string> | null): string =>
    letters === null ? "Not known any more" : number([...letters].filter((id) => ids.has(id)).length);
  const columns = [
    { id: "who", title: "To whom" },
    { id: "role", title: "Role" },
    { id: "when", title: "Released" },
    { id: "what", title: "What" },
    { id: "letters", title: "Of these letters" },
    { id: "opened", title: "Opened" },
  ];
  const rows = reach.looks.slice(0, MOST_ROWS).map((look) => ({
    id: look.release,
    cells: [
      look.person === null ? "Not known any more" : nameOf(world, look.person).name,
      roleName(look.role),
      inZone(look.at),
      LOOK_WORDS[look.purpose],
      touched(look.letters),
      look.purpose === "list" ? "The lines of the list" : look.opened === null ? "Not reported" : inZone(look.opened),
    ],
  }));
  return (
    <>
      <Table caption="Who was given these letters in the window" columns={columns} rows={rows} />
      {reach.looks.length > MOST_ROWS ? (
        <Inset>{number(reach.looks.length - MOST_ROWS)} more are in the log.</Inset>
      ) : null}
      <p class="govuk-body">Released is the most that somebody saw, opened the least.</p>
    </>
  );
}
