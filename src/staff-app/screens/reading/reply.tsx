/**
 * Answering the letter that is open. No key sends it by accident: first it is looked at, then a button sends it. What
 * was typed outlives a lock, and somebody else's answer that came first.
 */
import { useState } from "preact/hooks";
import { checkReply } from "../../../domain/case/text.ts";
import { codeOf } from "../../../domain/problem.ts";
import { sendReply } from "../../../member/flows/replying.ts";
import { findInbox, nameOf, type BodyWorld } from "../../../member/flows/world.ts";
import type { Letter, ThreadReply } from "../../../member/hands/tasks.ts";
import { Warning } from "../../parts/banner.tsx";
import { Button, TextButton } from "../../parts/button.tsx";
import { TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { ErrorSummary } from "../../parts/problems.tsx";
import { useDraft } from "../../use-draft.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { Written } from "./written.tsx";

type Props = { readonly inbox: string; readonly letter: Letter; readonly world: BodyWorld };

export function Reply({ inbox, letter, world }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [typed, setTyped] = useDraft("reply/text", "");
  const [moved, setMoved] = useDraft("reply/moved", false);
  const [shown, setShown] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const lookAtIt = () => {
    const checked = checkReply(typed);
    setProblem(checked.ok ? null : checked.problem);
    setShown(checked.ok ? checked.text : null);
  };
  const send = (text: string) =>
    act.run(async () => {
      const here = window.location.pathname;
      try {
        await sendReply(visit, await findInbox(visit, inbox), letter.submission, text);
      } catch (thrown) {
        if (codeOf(thrown) !== "CASE_MOVED") throw thrown;
        // The letter again, with what they answered; what was typed here stays.
        setMoved(true);
        return visit.go(here);
      }
      visit.done("reply", "Your reply was sent, sealed to whoever has the words of this letter.");
      visit.go(here);
    });
  return (
    <section class="pb-no-print" aria-labelledby="reply-heading">
      <h2 class="govuk-heading-m" id="reply-heading">
        Answer this letter
      </h2>
      <p class="govuk-body">
        They see it when they come back with their words. Nobody tells them that it is there: no e-mail and no letter
        goes out.
      </p>
      {moved && letter.thread.ok ? <Faster world={world} replies={letter.thread.replies} /> : null}
      {shown === null ? (
        <>
          <ErrorSummary problems={problem === null ? [] : [{ field: "reply", text: problem }]} />
          <TextArea
            id="reply"
            label="Your reply"
            hint="Plain text. It is sealed in this browser to its writer and to the readers of this form."
            rows={8}
            value={typed}
            onChange={setTyped}
            problem={problem ?? undefined}
          />
          <Button kind="secondary" onPress={lookAtIt}>
            Look at it before it is sent
          </Button>
        </>
      ) : (
        <>
          <h3 class="govuk-heading-s">This is what they will read</h3>
          <p class="govuk-inset-text">
            <Written lines={[shown]} />
          </p>
          {act.failure ? <Failed failure={act.failure} /> : null}
          <div class="govuk-button-group">
            <Button working={act.working} onPress={() => send(shown)}>
              {act.working ? "Sealing and sending…" : "Send this reply"}
            </Button>
            <TextButton onPress={() => setShown(null)}>Change it</TextButton>
          </div>
        </>
      )}
    </section>
  );
}

/** Somebody else's reply came while this one was written. */
function Faster({ world, replies }: { readonly world: BodyWorld; readonly replies: readonly ThreadReply[] }) {
  const last = replies.at(-1);
  return last ? (
    <Warning>
      {nameOf(world, last.person).name} answered this letter while you were writing. Your reply was not sent, and is
      still here. Read theirs above, then send yours or change it.
    </Warning>
  ) : null;
}
