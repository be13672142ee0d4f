/** Ending a grant: what it does and what it cannot do, before it is done. */
import { useState } from "preact/hooks";
import { END_REASONS, type EndReason } from "../../../domain/grant/statement.ts";
import { Fault } from "../../../domain/problem.ts";
import { and, day, roleName } from "../../words/format.ts";
import { endGrant } from "../../../member/flows/granting.ts";
import { Button } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";
import { Email } from "../../parts/email.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { END_WORDS } from "../../words/words.ts";
import { findInbox, nameOf, readersOf, type Found } from "../../../member/flows/world.ts";
import type { GrantState } from "../../../domain/grant/state.ts";

type Props = { readonly inbox: string; readonly grant: string; readonly person: string };
type Held = { readonly found: Found; readonly made: GrantState };

export function EndGrant({ inbox, grant, person }: Props) {
  const visit = useVisit();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const loaded = useLoad<Held>(async () => {
    if (visit.me.role !== "owner") throw new Fault("REFUSED_ROLE");
    const found = await findInbox(visit, inbox);
    const made = found.world.state.grants.get(grant);
    if (!made || made.inbox !== inbox || !made.persons.some((one) => one.person === person && !one.ended))
      throw new Fault("REFUSED_STATE");
    return { found, made };
  });
  const ready = loaded.at === "ready" ? loaded.value : null;
  const name = ready ? nameOf(ready.found.world, person).name : "this person";
  return (
    <Page
      title={ready ? `End the grant of ${name}?` : "End a grant"}
      tab="End a grant"
      caption={ready?.found.inbox.title}
      wrong={problems.length > 0}
      before={
        <>
          <BackLink to={paths.access(inbox)}>Who can read this</BackLink>
          <ErrorSummary problems={problems} />
        </>
      }
    >
      <Loading loaded={loaded}>
        {(held, again) => (
          <Content {...held} person={person} problems={problems} onProblems={setProblems} again={again} />
        )}
      </Loading>
    </Page>
  );
}

type ContentProps = Held & {
  readonly person: string;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly again: () => void;
};

function Content({ found, made, person, problems, onProblems, again }: ContentProps) {
  const visit = useVisit();
  const act = useAct();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { world, inbox } = found;
  const { name, email, role } = nameOf(world, person);
  const staying = readersOf(world, inbox.inbox, Date.now()).filter((reader) => reader.person !== person);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const reason = END_REASONS.find((one) => one === chosen[0]);
    onProblems(reason ? [] : [{ field: "reason", text: "Select why the grant ends" }]);
    if (reason) end(reason);
  };
  const end = (reason: EndReason) =>
    act.run(async () => {
      await endGrant(visit, found, made.grant, person, reason);
      visit.say(`The grant of ${name} has ended, and the form has a new key. ${name} cannot open what comes next.`);
      // Somebody who should never have been let in is a breach to look into (UK GDPR Art. 4(12)); the incident begins
      // with what the statements know.
      visit.go(
        reason === "granted-by-mistake" || reason === "key-lost"
          ? paths.newIncident("grant", made.grant, person)
          : paths.access(inbox.inbox),
      );
    });
  return (
    <form onSubmit={submit} noValidate>
      <SummaryList
        rows={[
          {
            key: "Who",
            value: (
              <>
                <strong>{name}</strong>
                <br />
                <Email address={email} />
                {email ? ", " : ""}
                {roleName(role)}
              </>
            ),
          },
          { key: "Would end by itself", value: day(made.until) },
          {
            key: "Goes on reading",
            value: staying.length === 0 ? "No one" : and(staying.map((reader) => reader.name)),
          },
        ]}
      />
      <h2 class="govuk-heading-m">What this does</h2>
      <ul class="govuk-list govuk-list--bullet">
        <li>The server gives {name} nothing more of this form, from now.</li>
        <li>The form gets a new key at once. What is sent from now on is sealed to it, and {name} never has it.</li>
        <li>Everyone else goes on reading as before.</li>
      </ul>
      <Warning>It cannot take back what {name} has already read or copied.</Warning>
      <Choices
        id="reason"
        kind="radio"
        label="Why does it end?"
        choices={END_REASONS.map((value) => ({ value, label: END_WORDS[value] }))}
        chosen={chosen}
        onChange={setChosen}
        problem={problemOf(problems, "reason")}
      />
      {act.failure ? (
        <Failed
          failure={act.failure}
          {...(["CHAIN_MOVED", "REFUSED_STATE"].includes(act.failure.code) ? { again } : {})}
        />
      ) : null}
      <Button submit kind="warning" working={act.working}>
        {act.working ? "Ending and making the new key…" : "End the grant now"}
      </Button>
    </form>
  );
}
