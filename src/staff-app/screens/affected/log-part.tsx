/** The access log of another system: which requests reached the exposed addresses, and which hours the log covers. */
import { useState } from "preact/hooks";
import type { LogJudged } from "../../../member/hands/tasks.ts";
import { number } from "../../words/format.ts";
import { useAct } from "../../use-load.ts";
import { useDraft } from "../../use-draft.ts";
import { useVisit } from "../../visit.ts";
import { Button } from "../../parts/button.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Working } from "../../parts/banner.tsx";
import { ErrorSummary, type Problem } from "../../parts/problems.tsx";
import { LogAnswer } from "./log-answer.tsx";
import { LogFields, NOTHING, questionIn, type Draft } from "./log-fields.tsx";

export function LogPart() {
  const visit = useVisit();
  const act = useAct();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [typed, setTyped] = useDraft("log/asked", NOTHING);
  const draft: Draft = { ...typed, files };
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [judged, setJudged] = useState<LogJudged | null>(null);
  const set = ({ files: chosen, ...part }: Partial<Draft>) => {
    if (chosen) setFiles(chosen);
    else setTyped((before) => ({ ...before, ...part }));
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setJudged(null);
    const { wrong, question } = questionIn(draft);
    setProblems(wrong);
    if (wrong.length > 0) return;
    act.run(async (tell) => {
      const answer = await visit.hands.call("readLog", { files: draft.files, question }, tell);
      if (answer.ok) setJudged(answer);
      else
        setProblems(
          answer.problems.map((text) => ({ field: /monitor/.test(text) ? "log-agent" : "log-exposed", text })),
        );
    });
  };

  return (
    <section aria-labelledby="log-part">
      <h2 class="govuk-heading-m" id="log-part">
        Who looked: the access log
      </h2>
      <ErrorSummary problems={problems} />
      <form onSubmit={submit} noValidate>
        <LogFields draft={draft} set={set} problems={problems} />
        {act.failure ? <Failed failure={act.failure} /> : null}
        {act.working ? (
          <Working
            text={
              act.progress
                ? `${megabytes(act.progress.done)} of ${megabytes(act.progress.total)} MB read`
                : "Reading the log…"
            }
            {...(act.progress ?? {})}
          />
        ) : null}
        <Button submit working={act.working}>
          Read the log
        </Button>
      </form>
      {judged ? <LogAnswer judged={judged} /> : null}
    </section>
  );
}

const megabytes = (bytes: number): string => number(Math.ceil(bytes / 1e6));
