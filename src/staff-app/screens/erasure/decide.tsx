/** Yes or no to an erasure, each with its reason. */
import { useState } from "preact/hooks";
import { GRANT_REASONS, REFUSE_REASONS } from "../../../domain/log/erasure.ts";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Erasure } from "../../../contract/erasure.ts";
import { erase, keep } from "../../../member/flows/erasing.ts";
import { GRANT_WORDS, REFUSE_WORDS } from "../../words/words.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Warning } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { useDraft } from "../../use-draft.ts";

type Props = { readonly body: string; readonly erasure: Erasure; readonly again: () => void };

const LONGEST = 500;
const AGAIN: readonly string[] = ["REFUSED_STATE", "ACT_MOVED"];
const BUTTONS: Readonly<Record<string, string>> = { yes: "Erase the letter", no: "Keep the letter" };

export function DecideErasure({ body, erasure, again }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [answer, setAnswer] = useDraft("decide/answer", "");
  const [grant, setGrant] = useDraft("decide/grant", "");
  const [refuse, setRefuse] = useDraft("decide/refuse", "");
  const [words, setWords] = useDraft("decide/words", "");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const said = words.trim();
    const found = problemsIn(answer, grant, refuse, said);
    setProblems(found);
    if (found.length > 0) return;
    const [granted, refused] = [
      GRANT_REASONS.find((one) => answer === "yes" && one === grant),
      REFUSE_REASONS.find((one) => answer === "no" && one === refuse),
    ];
    act.run(async () => {
      if (granted) await erase(visit, body, erasure, granted);
      else if (refused) await keep(visit, body, erasure, refused, said);
      // What was loaded before may show it still.
      if (answer === "yes") visit.lists.delete(erasure.inbox);
      visit.done(
        "decide",
        answer === "yes"
          ? `The letter ${erasure.reference} was erased. Its certificate is with the request.`
          : `The letter ${erasure.reference} is kept. The person is told the reason.`,
      );
      visit.go(paths.erasures);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <Choices
        id="answer"
        label="Do you erase it?"
        kind="radio"
        chosen={[answer]}
        onChange={([one]) => setAnswer(one ?? "")}
        problem={problemOf(problems, "answer")}
        choices={[
          {
            value: "yes",
            label: "Yes, erase it",
            more: <WhyErased chosen={grant} onChange={setGrant} problem={problemOf(problems, "grant")} />,
          },
          {
            value: "no",
            label: "No, keep it",
            more: (
              <>
                <WhyKept chosen={refuse} onChange={setRefuse} problem={problemOf(problems, "refuse")} />
                <TextArea
                  id="words"
                  label="The reason in words"
                  hint="The person who asked is told this. Name how they can complain."
                  value={words}
                  onChange={setWords}
                  problem={problemOf(problems, "words")}
                />
              </>
            ),
          },
        ]}
      />
      {answer === "yes" ? <Warning>Erasing cannot be taken back.</Warning> : null}
      {act.failure ? <Failed failure={act.failure} {...(AGAIN.includes(act.failure.code) ? { again } : {})} /> : null}
      <Button submit {...(answer === "yes" ? { kind: "warning" as const } : {})} working={act.working}>
        {act.working ? "One moment…" : (BUTTONS[answer] ?? "Decide")}
      </Button>
    </form>
  );
}

function problemsIn(answer: string, grant: string, refuse: string, said: string): Problem[] {
  const found: Problem[] = [];
  if (answer === "") found.push({ field: "answer", text: "Select whether the letter is erased" });
  if (answer === "yes" && grant === "") found.push({ field: "grant", text: "Select why it is erased" });
  if (answer === "no" && refuse === "") found.push({ field: "refuse", text: "Select why it is kept" });
  if (answer === "no" && said === "")
    found.push({ field: "words", text: "Enter the reason, for the person who asked" });
  if (answer === "no" && said.length > LONGEST)
    found.push({ field: "words", text: `The reason must be ${LONGEST} characters or fewer` });
  return found;
}

type ReasonProps = {
  readonly chosen: string;
  readonly onChange: (reason: string) => void;
  readonly problem: string | undefined;
};

const WhyErased = (answer: ReasonProps) => (
  <Reasons {...answer} id="grant" label="Why is it erased?" of={GRANT_REASONS} inWords={GRANT_WORDS} />
);

const WhyKept = (answer: ReasonProps) => (
  <Reasons {...answer} id="refuse" label="Why is it kept?" of={REFUSE_REASONS} inWords={REFUSE_WORDS} />
);

type ReasonsProps = ReasonProps & {
  readonly id: string;
  readonly label: string;
  readonly of: readonly string[];
  readonly inWords: Readonly<Record<string, string>>;
};

const Reasons = ({ of, inWords, chosen, onChange, ...question }: ReasonsProps) => (
  <Choices
    {...question}
    kind="radio"
    chosen={[chosen]}
    onChange={([one]) => onChange(one ?? "")}
    choices={of.map((value) => ({ value, label: inWords[value] ?? value }))}
  />
);
