/** Yes or no to an erasure, each with its reason. */
import { useState } from "preact/hooks";
import { GRANT_REASONS, REFUSE_REASONS } from "../../../domain/log/erasure.ts";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Erasure } from "../../../contract/erasure.ts";
import { GRANT_WORDS, REFUSE_WORDS } from "../../words/words.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Warning } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";

type Props = { readonly body: string; readonly erasure: Erasure; readonly again: () => void };

const LONGEST = 500;

export function DecideErasure({ body, erasure, again }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [answer, setAnswer] = useState("");
  const [grant, setGrant] = useState("");
  const [refuse, setRefuse] = useState("");
  const [words, setWords] = useState("");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const said = words.trim();
    const found: Problem[] = [];
    if (answer === "") found.push({ field: "answer", text: "Select whether the letter is erased" });
    if (answer === "yes" && grant === "") found.push({ field: "grant", text: "Select why it is erased" });
    if (answer === "no" && refuse === "") found.push({ field: "refuse", text: "Select why it is kept" });
    if (answer === "no" && said === "")
      found.push({ field: "words", text: "Enter the reason, for the person who asked" });
    if (answer === "no" && said.length > LONGEST)
      found.push({ field: "words", text: `The reason must be ${LONGEST} characters or fewer` });
    setProblems(found);
    if (found.length > 0) return;
    const [granted, refused] = [
      GRANT_REASONS.find((one) => answer === "yes" && one === grant),
      REFUSE_REASONS.find((one) => answer === "no" && one === refuse),
    ];
    act.run(async () => {
      if (granted) await visit.api.erase(body, erasure.erasure, granted);
      else if (refused) await visit.api.refuseErasure(body, erasure.erasure, refused, said);
      // What was loaded before may show it still.
      if (answer === "yes") visit.lists.delete(erasure.inbox);
      visit.say(
        answer === "yes"
          ? `The letter ${erasure.reference} was erased. Its certificate is with the request.`
          : `The letter ${erasure.reference} is kept. The person is told the reason.`,
      );
      visit.go(paths.erasures);
    });
  };
  const reasons = (
    id: string,
    label: string,
    of: readonly string[],
    inWords: Readonly<Record<string, string>>,
    chosen: string,
    choose: (reason: string) => void,
  ) => (
    <Choices
      id={id}
      label={label}
      kind="radio"
      chosen={[chosen]}
      onChange={([one]) => choose(one ?? "")}
      problem={problemOf(problems, id)}
      choices={of.map((value) => ({ value, label: inWords[value] ?? value }))}
    />
  );
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
            more: reasons("grant", "Why is it erased?", GRANT_REASONS, GRANT_WORDS, grant, setGrant),
          },
          {
            value: "no",
            label: "No, keep it",
            more: (
              <>
                {reasons("refuse", "Why is it kept?", REFUSE_REASONS, REFUSE_WORDS, refuse, setRefuse)}
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
      {act.failure ? (
        <Failed failure={act.failure} {...(act.failure.code === "REFUSED_STATE" ? { again } : {})} />
      ) : null}
      <Button submit {...(answer === "yes" ? { kind: "warning" as const } : {})} working={act.working}>
        {act.working
          ? "One moment…"
          : answer === "yes"
            ? "Erase the letter"
            : answer === "no"
              ? "Keep the letter"
              : "Decide"}
      </Button>
    </form>
  );
}
