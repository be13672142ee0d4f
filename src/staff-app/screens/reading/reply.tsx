/**
 * Answering the letter that is open. No key sends it by accident: first it is looked at, then a button sends it. What
 * was typed outlives a lock, and somebody else's answer that came first.
 */
import { useEffect, useState } from "preact/hooks";
import { checkReply } from "../../../domain/case/text.ts";
import { codeOf } from "../../../domain/problem.ts";
import { sendReply } from "../../../member/flows/replying.ts";
import { findInbox, nameOf, type BodyWorld } from "../../../member/flows/world.ts";
import type { Letter, ThreadReply } from "../../../member/hands/tasks.ts";
import { Success, Warning } from "../../parts/banner.tsx";
import { Button, TextButton } from "../../parts/button.tsx";
import { TextArea } from "../../parts/fields.tsx";
import { focusOn } from "../../parts/focus.ts";
import { Failed } from "../../parts/loading.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { useDraft } from "../../use-draft.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { Written } from "./written.tsx";

type Props = { readonly inbox: string; readonly letter: Letter; readonly world: BodyWorld };

/** It was never sent. */
const NONE = -1;

const textOf = (typed: string): string | null => {
  const checked = checkReply(typed);
  return checked.ok ? checked.text : null;
};

export function Reply({ inbox, letter, world }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [typed, setTyped] = useDraft("reply/text", "");
  // How many replies were known when this one was last sent.
  const [known, setKnown] = useDraft("reply/known", NONE);
  const [shown, setShown] = useState<string | null>(null);
  // The same list until it is looked at again: a new one would take the focus out of the field with each key.
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const newer = known > NONE && letter.thread.ok ? letter.thread.replies.slice(known) : [];
  // Taken by the server, although its answer did not come back: what is typed is not sent a second time.
  const [arrived] = useState(() => newer.some((one) => one.person === visit.me.person && one.text === textOf(typed)));
  useEffect(() => {
    if (!arrived) return;
    setTyped("");
    setKnown(NONE);
  }, []);
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
    act.run(async () => {
      const here = window.location.pathname;
      const isHere = () => window.location.pathname === here;
      setKnown(letter.thread.ok ? letter.thread.replies.length : 0);
      try {
        await sendReply(visit, await findInbox(visit, inbox), letter.submission, text);
      } catch (thrown) {
        if (codeOf(thrown) !== "CASE_MOVED") throw thrown;
        // The letter again, with what they answered; what was typed here stays.
        return isHere() ? visit.go(here) : undefined;
      }
      // Whoever looked at another letter meanwhile stays there, with what is typed there.
      visit.drafts.forget(here, "reply");
      const which = isHere() ? "this letter" : letter.reference;
      visit.say(`Your reply was sent, sealed to whoever has the words of ${which}.`);
      if (isHere()) visit.go(here);
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
      {arrived ? <Success>Your reply had been sent already. It stands above, once.</Success> : null}
      {arrived ? null : <Faster world={world} replies={newer} />}
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

/** Another reply came while this one was written: somebody else's, or one's own from another tab. */
function Faster({ world, replies }: { readonly world: BodyWorld; readonly replies: readonly ThreadReply[] }) {
  const last = replies.at(-1);
  return last ? (
    <Warning>
      {nameOf(world, last.person).name} answered this letter while you were writing. Your reply was not sent, and is
      still here. Read theirs above, then send yours or change it.
    </Warning>
  ) : null;
}
