/** Letters that have been kept as long as their form says. An owner looks and chooses; nothing is chosen beforehand. */
import { useState } from "preact/hooks";
import { count, day } from "../../words/format.ts";
import { Button, TextButton } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Inset, Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { Said } from "../../parts/said.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Due } from "../../../contract/erasure.ts";
import { eraseDue } from "../../../member/flows/erasing.ts";
import { ownWorld, type BodyWorld } from "../../../member/flows/world.ts";

type Held = { readonly world: BodyWorld; readonly due: readonly Due[] };

export function DueScreen() {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const world = await ownWorld(visit);
    return { world, due: await visit.api.due(world.body.id) };
  });
  return (
    <Page
      title="Letters kept as long as the form says"
      before={
        <>
          <BackLink to={paths.erasures}>Erasure</BackLink>
          <Said />
        </>
      }
    >
      <p class="govuk-body">
        Each form tells people how long their letter is kept. Nothing is erased by itself: a letter may be needed as
        evidence, and you know that.
      </p>
      <Loading loaded={loaded}>
        {(held, again) =>
          held.due.length === 0 ? (
            <p class="govuk-body">No letter has reached the end of its period.</p>
          ) : (
            <Chooser {...held} again={again} />
          )
        }
      </Loading>
    </Page>
  );
}

function Chooser({ world, due, again }: Held & { readonly again: () => void }) {
  const visit = useVisit();
  const act = useAct();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  if (visit.me.role !== "owner")
    return (
      <>
        <Inset>
          Only an owner at {world.body.name} can decide about {due.length === 1 ? "it" : "them"}.
        </Inset>
        <ul class="govuk-list">
          {due.map((one) => (
            <li key={one.submission}>{titleOf(world, one)}</li>
          ))}
        </ul>
      </>
    );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = chosen.length === 0 ? [{ field: "letters", text: "Select the letters to erase" }] : [];
    setProblems(found);
    if (found.length > 0) return;
    act.run(async () => {
      await eraseDue(
        visit,
        world.body.id,
        due.filter((one) => chosen.includes(one.submission)),
      );
      for (const one of due) visit.lists.delete(one.inbox);
      visit.say(`${count(chosen.length, "letter was", "letters were")} erased.`);
      visit.go(paths.erasures);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <Choices
        id="letters"
        label={`${count(due.length, "letter")}, the oldest first`}
        kind="checkbox"
        chosen={chosen}
        onChange={setChosen}
        problem={problemOf(problems, "letters")}
        choices={due.map((one) => ({ value: one.submission, label: one.reference, hint: titleOf(world, one) }))}
      />
      <p class="govuk-body">
        {chosen.length < due.length ? (
          <TextButton onPress={() => setChosen(due.map((one) => one.submission))}>
            Select all {count(due.length, "letter")}
          </TextButton>
        ) : (
          <TextButton onPress={() => setChosen([])}>Select none</TextButton>
        )}
      </p>
      {chosen.length > 0 ? <Warning>Erasing {count(chosen.length, "letter")} cannot be taken back.</Warning> : null}
      {act.failure ? (
        <Failed failure={act.failure} {...(["NOT_DUE", "ACT_MOVED"].includes(act.failure.code) ? { again } : {})} />
      ) : null}
      <Button submit kind="warning" working={act.working}>
        {act.working
          ? "Erasing…"
          : `Erase ${chosen.length === 0 ? "the selected letters" : count(chosen.length, "letter")}`}
      </Button>
    </form>
  );
}

const titleOf = (world: BodyWorld, { inbox, receivedAt, months }: Due): string =>
  `${world.inboxes.find((one) => one.inbox === inbox)?.title ?? "A form"}: received on ${day(receivedAt)}, to be kept for ${count(months, "month")}`;
