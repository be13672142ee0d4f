/**
 * What is done about the letter that is open, beside answering it: who has it, notes, closing, opening it again. What was
 * typed or chosen outlives a lock, and somebody else's act that came first.
 */
import { useState } from "preact/hooks";
import type { Outcome } from "../../../domain/case/fold.ts";
import { checkNote } from "../../../domain/case/text.ts";
import { actOnCase } from "../../../member/flows/cases.ts";
import { handlersOf, type BodyWorld } from "../../../member/flows/world.ts";
import type { Letter, Stand, ThreadAct, Wish } from "../../../member/hands/tasks.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { useDraft } from "../../use-draft.ts";
import { useVisit } from "../../visit.ts";
import { roleName } from "../../words/format.ts";
import { OUTCOME_WORDS } from "../../words/words.ts";
import { Faster } from "./faster.tsx";
import { useCaseAct } from "./use-case-act.ts";

type Props = { readonly inbox: string; readonly letter: Letter; readonly world: BodyWorld };
type Standing = Props & { readonly stand: Stand };

/** What makes no sense now has no button, and still says what became of it: the other who was faster may be why. */
export function Handling(props: Standing) {
  return (
    <section class="pb-no-print" aria-labelledby="handling">
      <h2 class="govuk-heading-m" id="handling" tabIndex={-1}>
        Handle this letter
      </h2>
      <Assign {...props} />
      <Note {...props} />
      <Close {...props} />
      <Reopen {...props} />
    </section>
  );
}

/** One act of one kind, as its form sends it. */
function useWish(sent: Parameters<typeof useCaseAct>[0], { inbox, letter }: Props) {
  const visit = useVisit();
  const act = useCaseAct(sent, inbox, letter);
  const send = (wish: Wish, said: (which: string) => string) =>
    act.run((found) => actOnCase(visit, found, letter.submission, wish), said);
  return { ...act, send };
}

/** Taking it oneself is one press; giving it to somebody else names who can read it, and nobody else. */
function Assign(props: Standing) {
  const { inbox, letter, world, stand } = props;
  const { me } = useVisit();
  const isPossible = stand.step !== "closed";
  const [to, setTo] = useDraft<string>("assign/to", "");
  const isThis = (one: ThreadAct) => one.kind === "case.assigned" && (one.to === to || one.to === me.person);
  const act = useWish({ form: "assign", isPossible, isThis, empty: () => setTo("") }, props);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const others = handlersOf(world, inbox, letter.epoch, Date.now()).filter(
    ({ person }) => person !== me.person && person !== stand.to,
  );
  const give = () => {
    const chosen = others.find(({ person }) => person === to);
    setProblems(chosen ? [] : [{ field: "assign-to", text: "Select who is to have it" }]);
    if (chosen) act.send({ kind: "case.assigned", to }, (which) => `${chosen.name} has ${which} now.`);
  };
  return (
    <>
      <Faster
        world={world}
        fate={act.fate}
        lost="It was not given to anybody by you. Look at what they did above."
        had="You had said who has it already. It stands above, once."
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      {!isPossible || stand.to === me.person ? null : (
        <Button
          working={act.working}
          onPress={() => act.send({ kind: "case.assigned", to: me.person }, (which) => `You have ${which} now.`)}
        >
          Take it
        </Button>
      )}
      {!isPossible || others.length === 0 ? null : (
        <details class="govuk-details" open={to !== ""}>
          <summary class="govuk-details__summary">
            <span class="govuk-details__summary-text">Give it to somebody else</span>
          </summary>
          <div class="govuk-details__text">
            <ErrorSummary problems={problems} />
            <Choices
              id="assign-to"
              kind="radio"
              label="Who is to have it?"
              hint="Everybody here can read this letter. Nobody is told by e-mail: tell them."
              choices={others.map(({ person, name, role }) => ({ value: person, label: name, hint: roleName(role) }))}
              chosen={[to]}
              onChange={([one]) => setTo(one ?? "")}
              problem={problemOf(problems, "assign-to")}
            />
            <Button kind="secondary" working={act.working} onPress={give}>
              Give it to them
            </Button>
          </div>
        </details>
      )}
    </>
  );
}

function Note(props: Props) {
  const { world } = props;
  const [typed, setTyped] = useDraft("note/text", "");
  const isThis = (one: ThreadAct) => {
    const checked = checkNote(typed);
    return one.kind === "case.noted" && checked.ok && one.text === checked.text;
  };
  const act = useWish({ form: "note", isPossible: true, isThis, empty: () => setTyped("") }, props);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const keep = () => {
    const checked = checkNote(typed);
    setProblems(checked.ok ? [] : [{ field: "note", text: checked.problem }]);
    if (checked.ok)
      act.send({ kind: "case.noted", text: checked.text }, (which) => `Your note about ${which} was kept, sealed.`);
  };
  return (
    <>
      <ErrorSummary problems={problems} />
      <Faster
        world={world}
        fate={act.fate}
        during="while you were writing"
        lost="Your note was not kept, and is still here. Keep it, or change it."
        had="Your note had been kept already. It stands above, once."
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      <TextArea
        id="note"
        label="Write a note"
        hint="For the readers of this form. Whoever wrote the letter does not see it. It is sealed in this browser."
        rows={4}
        value={typed}
        onChange={setTyped}
        problem={problemOf(problems, "note")}
      />
      <Button kind="secondary" working={act.working} onPress={keep}>
        {act.working ? "Sealing and keeping…" : "Keep this note"}
      </Button>
    </>
  );
}

const OUTCOMES = Object.entries(OUTCOME_WORDS).map(([value, label]) => ({ value: value as Outcome, label }));

/** What whoever wrote reads of it stands beside the choice: they are told at once. */
function Close(props: Standing) {
  const { world, stand } = props;
  const isPossible = stand.step !== "closed";
  const [outcome, setOutcome] = useDraft<string>("close/outcome", "");
  const isThis = (one: ThreadAct) => one.kind === "case.closed" && one.outcome === outcome;
  const act = useWish({ form: "close", isPossible, isThis, empty: () => setOutcome("") }, props);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const close = () => {
    const chosen = OUTCOMES.find(({ value }) => value === outcome);
    setProblems(chosen ? [] : [{ field: "outcome", text: "Select how it ends" }]);
    if (chosen)
      act.send(
        { kind: "case.closed", outcome: chosen.value },
        (which) => `You closed ${which}: ${chosen.label.toLowerCase()}.`,
      );
  };
  return (
    <>
      <Faster
        world={world}
        fate={act.fate}
        lost="You did not close it. Look at what they did above."
        had="You had closed it already. It stands above, once."
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      {isPossible ? (
        <details class="govuk-details" open={outcome !== ""}>
          <summary class="govuk-details__summary">
            <span class="govuk-details__summary-text">Close this letter</span>
          </summary>
          <div class="govuk-details__text">
            <ErrorSummary problems={problems} />
            <Choices
              id="outcome"
              kind="radio"
              label="How does it end?"
              hint="Whoever wrote it sees the outcome with their words, in a sentence and by your role. Give the reasons in a reply."
              choices={OUTCOMES}
              chosen={[outcome]}
              onChange={([one]) => setOutcome(one ?? "")}
              problem={problemOf(problems, "outcome")}
            />
            <Button kind="warning" working={act.working} onPress={close}>
              Close this letter
            </Button>
          </div>
        </details>
      ) : null}
    </>
  );
}

function Reopen(props: Standing) {
  const { world, stand } = props;
  const isPossible = stand.step === "closed";
  const isThis = (one: ThreadAct) => one.kind === "case.reopened";
  const act = useWish({ form: "reopen", isPossible, isThis, empty: () => {} }, props);
  return (
    <>
      <Faster
        world={world}
        fate={act.fate}
        lost="You did not open it again. Look at what they did above."
        had="You had opened it again already. It stands above, once."
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      {isPossible ? (
        <p class="govuk-body">
          <Button
            kind="secondary"
            working={act.working}
            onPress={() => act.send({ kind: "case.reopened" }, (which) => `You opened ${which} again.`)}
          >
            Open it again
          </Button>
        </p>
      ) : null}
    </>
  );
}
