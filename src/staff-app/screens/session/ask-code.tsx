/** The words were right; their person has turned on a code beside them, which is asked for here. */
import { useState } from "preact/hooks";
import type { Progress } from "../../../member/member.ts";
import { Working } from "../../parts/banner.tsx";
import { Button, TextButton } from "../../parts/button.tsx";
import { CodeField, problemsOfCode } from "../../parts/code-field.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, type Problem } from "../../parts/problems.tsx";

type Props = {
  readonly progress: Progress | null;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly onTyped: (code: string) => void;
  readonly onLeave: () => void;
};

export function AskCode({ progress, problems, onProblems, onTyped, onLeave }: Props) {
  const [code, setCode] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (progress) return;
    const found = problemsOfCode(code, true);
    onProblems(found);
    if (found.length === 0) onTyped(code.trim());
  };
  return (
    <Page title="Enter your code" wrong={problems.length > 0} before={<ErrorSummary problems={problems} />}>
      <form onSubmit={submit} noValidate>
        <p class="govuk-body">Your passphrase is right. You have turned on a code beside it.</p>
        <CodeField value={code} onChange={setCode} problems={problems} recovery />
        <Button submit working={progress !== null}>
          Sign in
        </Button>
        {progress ? (
          <Working text="Signing in…" />
        ) : (
          <p class="govuk-body">
            <TextButton onPress={onLeave}>Sign in another way</TextButton>
          </p>
        )}
      </form>
    </Page>
  );
}
