/**
 * Seven new words: shown to be written down, then typed from the paper, which proves that it can be read. What is made of
 * them is the screen's matter.
 */
import { useRef, useState } from "preact/hooks";
import type { Progress } from "../../member/member.ts";
import { Warning, Working } from "./banner.tsx";
import { Button, TextButton } from "./button.tsx";
import { TextField } from "./fields.tsx";
import { problemOf, type Problem } from "./problems.tsx";

type Props = {
  readonly words: string;
  /** what the button says, and what is said while the words are stretched */
  readonly act: string;
  readonly making: string;
  /** null: nothing runs */
  readonly progress: Progress | null;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  /** the words were typed, and are these */
  readonly onTyped: (typed: string) => void;
};

export function NewWords({ words, act, making, progress, problems, onProblems, onTyped }: Props) {
  const [written, setWritten] = useState(false);
  const [typed, setTyped] = useState("");
  const title = useRef<HTMLHeadingElement>(null);
  const turn = (now: boolean) => {
    setWritten(now);
    // What was pressed is gone: whoever listens hears what is asked next.
    setTimeout(() => title.current?.focus());
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (progress) return;
    const wrong = problemOfTyped(typed, words);
    onProblems(wrong === null ? [] : [{ field: "typed", text: wrong }]);
    if (wrong === null) onTyped(typed);
  };
  return written ? (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m" tabIndex={-1} ref={title}>
        Type your passphrase
      </h2>
      <p class="govuk-body">Type it from your paper: that is the proof that it can be read.</p>
      <TextField
        id="typed"
        label="The seven words, from your paper"
        hint="With spaces between them."
        value={typed}
        onChange={setTyped}
        problem={problemOf(problems, "typed")}
      />
      <Button submit working={progress !== null}>
        {act}
      </Button>
      {progress ? (
        <Working
          text={progress.done < progress.total ? making : "Trying them…"}
          done={progress.done}
          total={progress.total}
        />
      ) : (
        <p class="govuk-body">
          <TextButton onPress={() => turn(false)}>Show the words again</TextButton>
        </p>
      )}
    </form>
  ) : (
    <>
      <h2 class="govuk-heading-m" id="passphrase-title" tabIndex={-1} ref={title}>
        Write down your passphrase
      </h2>
      <p class="govuk-body">
        These seven words unlock your keys. They were made in this browser, and nobody else has them.
      </p>
      <ol class="pb-words" aria-labelledby="passphrase-title">
        {words.split(" ").map((word, at) => (
          <li key={at}>{word}</li>
        ))}
      </ol>
      <Warning>Nobody can give them to you again. Keep the paper in a safe place.</Warning>
      <Button onPress={() => turn(true)}>I have written them down</Button>
    </>
  );
}

function problemOfTyped(typed: string, words: string): string | null {
  if (typed.trim() === "") return "Enter the seven words of your passphrase";
  const read = typed
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  return read.join(" ") === words
    ? null
    : "These are not the seven words that were shown. Compare them with your paper";
}
