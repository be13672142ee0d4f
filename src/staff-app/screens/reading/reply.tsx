/**
 * Answering the letter that is open. No key sends it by accident: first it is looked at, then a button sends it. What
 * was typed outlives a lock, and somebody else's answer that came first.
 */
import { useState } from "preact/hooks";
import { checkReply } from "../../../domain/case/text.ts";
import { sendReply } from "../../../member/flows/cases.ts";
import type { BodyWorld } from "../../../member/flows/world.ts";
import type { Letter } from "../../../member/hands/tasks.ts";
import { Button, TextButton } from "../../parts/button.tsx";
import { TextArea } from "../../parts/fields.tsx";
import { focusOn } from "../../parts/focus.ts";
import { Failed } from "../../parts/loading.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { useDraft } from "../../use-draft.ts";
import { useVisit } from "../../visit.ts";
import { Faster } from "./faster.tsx";
import { useCaseAct } from "./use-case-act.ts";
import { Written } from "./written.tsx";

type Props = { readonly inbox: string; readonly letter: Letter; readonly world: BodyWorld };

const textOf = (typed: string): string | null => {
  const checked = checkReply(typed);
  return checked.ok ? checked.text : null;
};

export function Reply({ inbox, letter, world }: Props) {
  const visit = useVisit();
  const [typed, setTyped] = useDraft("reply/text", "");
  const act = useCaseAct(
    {
      form: "reply",
      isPossible: true,
      isThis: (one) => one.kind === "case.replied" && one.text !== null && one.text === textOf(typed),
      empty: () => setTyped(""),
    },
    inbox,
    letter,
  );
  const [shown, setShown] = useState<string | null>(null);
  // The same list until it is looked at again: a new one would take the focus out of the field with each key.
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const lookAtIt = () => {
    const checked = checkReply(typed);
    setProblems(checked.ok ? [] : [{ field: "reply", text: checked.problem }]);
    setShown(checked.ok ? checked.text : null);
    if (checked.ok) focusOn("#reply-shown");
  };
  const change = () => {
    setShown(null);
    focusOn("#reply");
  };
  const send = (text: string) =>
    act.run(
      (found) => sendReply(visit, found, letter.submission, text),
      (which) => `Your reply was sent, sealed to whoever has the words of ${which}.`,
    );
  return (
    <section class="pb-no-print" aria-labelledby="reply-heading">
      <h2 class="govuk-heading-m" id="reply-heading">
        Answer this letter
      </h2>
      <p class="govuk-body">
        They see it when they come back with their words. Nobody tells them that it is there: no e-mail and no letter
        goes out.
      </p>
      <Faster
        world={world}
        fate={act.fate}
        during="while you were writing"
        lost="Your reply was not sent, and is still here. Look at what they did above, then send yours or change it."
        had="Your reply had been sent already. It stands above, once."
      />
      {shown === null ? (
        <>
          <ErrorSummary problems={problems} />
          <TextArea
            id="reply"
            label="Your reply"
            hint="Plain text. It is sealed in this browser to whoever has the words of this letter and to the readers of this form."
            rows={8}
            value={typed}
            onChange={setTyped}
            problem={problemOf(problems, "reply")}
          />
          <Button kind="secondary" onPress={lookAtIt}>
            Look at it before it is sent
          </Button>
        </>
      ) : (
        <>
          <h3 class="govuk-heading-s" id="reply-shown" tabIndex={-1}>
            This is what they will read
          </h3>
          <p class="govuk-inset-text">
            <Written lines={[shown]} />
          </p>
          {act.failure ? <Failed failure={act.failure} /> : null}
          <div class="govuk-button-group">
            <Button working={act.working} onPress={() => send(shown)}>
              {act.working ? "Sealing and sending…" : "Send this reply"}
            </Button>
            <TextButton onPress={change}>Change it</TextButton>
          </div>
        </>
      )}
    </section>
  );
}
