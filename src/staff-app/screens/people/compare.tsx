/**
 * An owner compares six words with somebody who has joined. This screen never shows them: the owner types what is heard,
 * and the comparison is where the keys are. Only after a match is there anything to sign.
 */
import { useState } from "preact/hooks";
import { COMPARING_MAX } from "../../../domain/grant/comparing.ts";
import { codeOf, Fault, sentence } from "../../../domain/problem.ts";
import { beginComparing, confirmCompared, turnAway } from "../../../member/flows/joining.ts";
import type { CheckedPerson } from "../../../member/hands/tasks.ts";
import { ownWorld } from "../../../member/flows/world.ts";
import { Inset, Warning } from "../../parts/banner.tsx";
import { Button } from "../../parts/button.tsx";
import { NameAndEmail } from "../../parts/email.tsx";
import { focusOn } from "../../parts/focus.ts";
import { TextField } from "../../parts/fields.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { clock, count, roleName } from "../../words/format.ts";

export function Compare({ person }: { readonly person: string }) {
  const visit = useVisit();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const loaded = useLoad(async () => {
    if (visit.me.role !== "owner" || !visit.me.body) throw new Fault("REFUSED_ROLE");
    const row = (await ownWorld(visit)).people.find((one) => one.person === person);
    if (!row) throw new Fault("PERSON_UNKNOWN");
    if (row.code !== "PERSON_UNCONFIRMED" || row.recipient === "") throw new Fault("REFUSED_STATE");
    return { row, body: visit.me.body.id };
  });
  const name = loaded.at === "ready" ? loaded.value.row.name : null;
  return (
    <Page
      title={name === null ? "Compare six words" : `Compare six words with ${name}`}
      tab="Compare six words"
      wrong={problems.length > 0}
      before={
        <>
          <BackLink to={paths.people}>People</BackLink>
          <ErrorSummary problems={problems} />
        </>
      }
    >
      <Loading loaded={loaded}>
        {({ row, body }) => <Comparing row={row} body={body} problems={problems} onProblems={setProblems} />}
      </Loading>
    </Page>
  );
}

/** Whoever waits and is not whom the owner invited, or comes no more. */
function TurnAway({ row, body }: Pick<Props, "row" | "body">) {
  const visit = useVisit();
  const act = useAct();
  const refuse = () =>
    act.run(async () => {
      await turnAway(visit, body, row.person);
      visit.say(`${row.name} is turned away. To let them in after all, invite them again.`);
      visit.go(paths.people);
    });
  return (
    <section aria-labelledby="turn-away">
      <h2 class="govuk-heading-m" id="turn-away">
        If this is not whom you invited
      </h2>
      <p class="govuk-body">
        Turn them away: they are signed out at once, and their keys, name and address are deleted. They have read
        nothing. That you did it stands in the history.
      </p>
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button kind="warning" onPress={refuse} working={act.working}>
        {act.working ? "Turning away…" : "Turn away"}
      </Button>
    </section>
  );
}

type Props = {
  readonly row: CheckedPerson;
  readonly body: string;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
};

function Comparing({ row, body, problems, onProblems }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [until, setUntil] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const [typed, setTyped] = useState("");
  const [left, setLeft] = useState<number>(COMPARING_MAX);
  const begin = () =>
    act.run(async () => {
      setUntil(await beginComparing(visit, body, row));
      setLeft(COMPARING_MAX);
      setOver(false);
      focusOn("#words");
    });
  const stop = () => {
    setUntil(null);
    setTyped("");
    setOver(true);
    focusOn("#over");
  };
  const attempt = async (): Promise<void> => {
    const { same, left: more } = await visit.hands.call("tryWords", { person: row.person, typed, now: Date.now() });
    if (same) {
      await confirmCompared(visit, body, row.person);
      visit.say(`${row.name} is confirmed.`);
      return visit.go(paths.people);
    }
    if (more === 0) return stop();
    setLeft(more);
    onProblems([
      {
        field: "words",
        text: `These are not the words that belong to this person’s keys. Have them read to you again: ${count(more, "try is", "tries are")} left`,
      },
    ]);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onProblems([]);
    act.run(async () => {
      try {
        await attempt();
      } catch (thrown) {
        const code = codeOf(thrown);
        if (code === "WORDS_OVER") stop();
        else if (code === "WORDS_INVALID") onProblems([{ field: "words", text: sentence(code) }]);
        else throw thrown;
      }
    });
  };
  return (
    <>
      <SummaryList
        rows={[
          { key: "Who", value: <NameAndEmail name={row.name} email={row.email} /> },
          { key: "Role", value: roleName(row.role) },
        ]}
      />
      {over ? (
        <div role="alert" id="over" tabIndex={-1}>
          <Warning>{sentence("WORDS_OVER")}</Warning>
        </div>
      ) : null}
      <div role="status">
        {until === null ? null : <p class="govuk-body">Six words appear on {row.name}’s screen now.</p>}
      </div>
      {until === null ? (
        <>
          <p class="govuk-body">
            Six words appear on {row.name}’s screen. They read them to you, and you type what you hear. If the words
            fit, nobody has put other keys in the place of theirs.
          </p>
          <Inset>
            Use a telephone number that you knew before, or sit side by side. An e-mail could come from whoever took the
            invitation.
          </Inset>
          {act.failure ? <Failed failure={act.failure} /> : null}
          <Button onPress={begin} working={act.working}>
            I am speaking with them: begin
          </Button>
          <TurnAway row={row} body={body} />
        </>
      ) : (
        <form onSubmit={submit} noValidate>
          <TextField
            id="words"
            label="The six words that you hear"
            hint={`With spaces between them. Until ${clock(until)}, ${count(left, "try is", "tries are")} left.`}
            value={typed}
            onChange={setTyped}
            problem={problemOf(problems, "words")}
          />
          {act.failure ? <Failed failure={act.failure} /> : null}
          <Button submit working={act.working}>
            Compare, and confirm if they fit
          </Button>
        </form>
      )}
    </>
  );
}
