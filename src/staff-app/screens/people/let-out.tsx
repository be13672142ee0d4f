/** Letting a person out, an owner too: what it does, what it cannot do, and what must be done first. */
import { useState } from "preact/hooks";
import { END_REASONS } from "../../../domain/grant/statement.ts";
import { memberOf } from "../../../domain/grant/state.ts";
import { Fault } from "../../../domain/problem.ts";
import { letOut } from "../../../member/flows/granting.ts";
import { nameOf, ownWorld, type BodyWorld } from "../../../member/flows/world.ts";
import { Warning } from "../../parts/banner.tsx";
import { Button } from "../../parts/button.tsx";
import { NameAndEmail } from "../../parts/email.tsx";
import { Choices } from "../../parts/fields.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { roleName } from "../../words/format.ts";
import { END_WORDS } from "../../words/words.ts";

export function LetOut({ person }: { readonly person: string }) {
  const visit = useVisit();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const loaded = useLoad<BodyWorld>(async () => {
    const world = await ownWorld(visit);
    if (visit.me.role !== "owner" || person === visit.me.person) throw new Fault("REFUSED_ROLE");
    if (!memberOf(world.state, person)) throw new Fault("REFUSED_STATE");
    return world;
  });
  const name = loaded.at === "ready" ? nameOf(loaded.value, person).name : null;
  return (
    <Page
      title={name === null ? "Let a person out" : `Let ${name} out?`}
      tab="Let a person out"
      wrong={problems.length > 0}
      before={
        <>
          <BackLink to={paths.people}>People</BackLink>
          <ErrorSummary problems={problems} />
        </>
      }
    >
      <Loading loaded={loaded}>
        {(world, again) => (
          <Content world={world} person={person} problems={problems} onProblems={setProblems} again={again} />
        )}
      </Loading>
    </Page>
  );
}

type ContentProps = {
  readonly world: BodyWorld;
  readonly person: string;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly again: () => void;
};

function Content({ world, person, problems, onProblems, again }: ContentProps) {
  const visit = useVisit();
  const act = useAct();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { name, email, role } = nameOf(world, person);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const reason = END_REASONS.find((one) => one === chosen[0]);
    onProblems(reason ? [] : [{ field: "reason", text: "Select why they are let out" }]);
    if (reason)
      act.run(async () => {
        await letOut(visit, world, person, reason);
        visit.say(`${name} was let out, and each form that they could read has a new key.`);
        visit.go(paths.people);
      });
  };
  return (
    <form onSubmit={submit} noValidate>
      <SummaryList
        rows={[
          { key: "Who", value: <NameAndEmail name={name} email={email} /> },
          { key: "Role", value: roleName(role) },
        ]}
      />
      <h2 class="govuk-heading-m">What this does</h2>
      <ul class="govuk-list govuk-list--bullet">
        <li>{name} is signed out, and can do nothing here any more.</li>
        <li>Each form that they could read gets a new key at once, which they never have.</li>
        <li>What they signed and did before stays as it is.</li>
      </ul>
      <Warning>It cannot take back what {name} has already read or copied.</Warning>
      <Choices
        id="reason"
        kind="radio"
        label="Why are they let out?"
        choices={END_REASONS.map((value) => ({ value, label: END_WORDS[value] }))}
        chosen={chosen}
        onChange={setChosen}
        problem={problemOf(problems, "reason")}
      />
      {act.failure ? <Failed failure={act.failure} {...(act.failure.code === "CHAIN_MOVED" ? { again } : {})} /> : null}
      <Button submit kind="warning" working={act.working}>
        {act.working ? "Making the new keys…" : "Let them out now"}
      </Button>
    </form>
  );
}
