/**
 * One question of the report: its answer, where that comes from, a button to copy it, and a small form to type another.
 * Each is saved by itself.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { COUNT_HOW, type Answer, type CountHow } from "../../../domain/incident/report-answer.ts";
import type { ReportField } from "../../../domain/incident/report-fields.ts";
import { typedAnswer } from "../../../domain/incident/report.ts";
import { MOST_WORDS } from "../../../domain/incident/words.ts";
import { answerWords } from "../../words/report.ts";
import { useAct } from "../../use-load.ts";
import { Button, TextButton } from "../../parts/button.tsx";
import { Choices, TextArea, TextField } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Tag } from "../../parts/banner.tsx";
import { useVisit } from "../../visit.ts";
import { useDraft } from "../../use-draft.ts";

type Props = {
  readonly field: ReportField;
  readonly answer: Answer | undefined;
  /** was typed, so that it can be taken away again */
  readonly typed: boolean;
  readonly missing: boolean;
  readonly onSave: (value: Answer | null) => Promise<void>;
};

export function AnswerBlock({ field, answer, typed, missing, onSave }: Props) {
  const [open, setOpen] = useState(false);
  const [copied, setCopied] = useState(false);
  const words = answer ? answerWords(field, answer) : "";
  const copy = () =>
    void navigator.clipboard.writeText(words).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div class={`pb-answer${missing ? " pb-answer--missing" : ""}`} id={`field-${field.id}`}>
      <h3 class="govuk-heading-s pb-answer__question">
        {field.question} {missing ? <Tag colour="red">Missing</Tag> : null}
      </h3>
      {field.hint ? <p class="govuk-hint">{field.hint}</p> : null}
      {open ? (
        <Editor field={field} answer={answer} typed={typed} onSave={onSave} onClose={() => setOpen(false)} />
      ) : (
        <>
          {answer ? <p class="govuk-body pb-written">{words}</p> : null}
          <p class="govuk-body-s pb-answer__foot">
            <span class="pb-quiet">
              {answer && field.from !== "officer" && !typed ? `From ${field.source}. ` : ""}
              {!answer && field.from !== "officer" ? `Comes from ${field.source}. ` : ""}
            </span>
            {field.from === "incident" ? null : (
              <TextButton onPress={() => setOpen(true)} hidden={`: ${field.question}`}>
                {answer ? "Change" : "Answer"}
              </TextButton>
            )}
            {answer ? (
              <TextButton onPress={copy} hidden={`: ${field.question}`}>
                Copy
              </TextButton>
            ) : null}
            <span role="status">{copied ? "Copied" : ""}</span>
          </p>
        </>
      )}
    </div>
  );
}

const WRONG: { readonly [kind in ReportField["kind"]]: string } = {
  words: `Write an answer of at most ${MOST_WORDS} characters`,
  count: "Enter a whole number",
  choice: "Select an answer",
  choices: "Select an answer",
  moment: "Select an answer",
};

const HOWS = Object.entries(COUNT_HOW).map(([value, label]: [string, string]) => ({
  value: value as CountHow,
  label: label.charAt(0).toUpperCase() + label.slice(1),
}));

type Typed = {
  readonly words: string;
  readonly codes: readonly string[];
  readonly count: string;
  readonly how: string | undefined;
};

/** The answer as it was typed, right or wrong. */
function given({ kind }: ReportField, { words, codes, count, how }: Typed): unknown {
  if (kind === "words") return { kind, words: words.trim() };
  if (kind === "count") return { kind, count: /^\d{1,9}$/.test(count.trim()) ? Number(count) : -1, how };
  return kind === "choice" ? { kind, code: codes[0] } : { kind, codes };
}

type EditorProps = Pick<Props, "field" | "answer" | "typed" | "onSave"> & { readonly onClose: () => void };

const codesOf = (answer: EditorProps["answer"]): readonly string[] =>
  answer?.kind === "choices" ? answer.codes : answer?.kind === "choice" ? [answer.code] : [];
const howOf = (answer: EditorProps["answer"]): readonly string[] => [answer?.kind === "count" ? answer.how : "exact"];

function Editor({ field, answer, typed, onSave, onClose }: EditorProps) {
  const visit = useVisit();
  const act = useAct();
  const form = useRef<HTMLFormElement>(null);
  const [words, setWords] = useDraft(`${field.id}/words`, answer?.kind === "words" ? answer.words : "");
  const [codes, setCodes] = useDraft(`${field.id}/codes`, codesOf(answer));
  const [count, setCount] = useDraft(`${field.id}/count`, answer?.kind === "count" ? String(answer.count) : "");
  const [how, setHow] = useDraft(`${field.id}/how`, howOf(answer));
  const [problem, setProblem] = useState<string>();
  useEffect(() => form.current?.querySelector<HTMLElement>("textarea, input")?.focus(), []);
  const id = `edit-${field.id}`;
  const save = (value: Answer | null) =>
    act.run(async () => {
      await onSave(value);
      visit.drafts.forget(window.location.pathname, field.id);
      onClose();
    });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const { answer: checked } = typedAnswer(field.id, given(field, { words, codes, count, how: how[0] }));
      setProblem(undefined);
      save(checked);
    } catch {
      setProblem(WRONG[field.kind]);
    }
  };
  return (
    <form onSubmit={submit} noValidate ref={form}>
      {field.kind === "words" ? (
        <TextArea
          id={id}
          label="Your answer"
          hint="Name nobody who may be affected."
          value={words}
          onChange={setWords}
          problem={problem}
          rows={5}
        />
      ) : null}
      {field.kind === "choice" || field.kind === "choices" ? (
        <Choices
          id={id}
          kind={field.kind === "choice" ? "radio" : "checkbox"}
          label="Your answer"
          choices={Object.entries(field.codes ?? {}).map(([value, label]) => ({ value, label }))}
          chosen={codes}
          onChange={setCodes}
          problem={problem}
        />
      ) : null}
      {field.kind === "count" ? (
        <>
          <TextField id={id} label="How many" value={count} onChange={setCount} problem={problem} width="5" />
          <Choices
            id={`${id}-how`}
            kind="radio"
            label="How well is that known?"
            choices={HOWS}
            chosen={how}
            onChange={setHow}
          />
        </>
      ) : null}
      {act.failure ? <Failed failure={act.failure} /> : null}
      <div class="govuk-button-group">
        <Button submit working={act.working}>
          {act.working ? "Saving…" : "Save"}
        </Button>
        <TextButton onPress={onClose}>Cancel</TextButton>
        {typed ? (
          <TextButton onPress={() => save(null)}>
            {field.from === "suggested" ? `Go back to ${field.source}` : "Take this answer away"}
          </TextButton>
        ) : null}
      </div>
    </form>
  );
}
